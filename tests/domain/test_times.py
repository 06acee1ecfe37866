"""Times of day: what people write, what is kept, how conditions and limits read it."""

from __future__ import annotations

import pytest
from tiny import given

from app.definitions.files import read_questionnaire, write_questionnaire_yaml
from app.domain.acceptance import Submitted, accept
from app.domain.errors import BadDefinition
from app.domain.questionnaire import Questionnaire
from app.domain.questionnaire_checks import check_questionnaire
from app.domain.routing import path_through
from app.domain.times import iso_time, spoken_time

YAML = """
format: covalue/questionnaire/1
code: TIMES
audience: family
title: {fr: Heures, en: Times}
languages: [fr, en]
sections:
  - code: S
    title: {fr: Quand, en: When}
    items:
      - code: UP
        type: time
        text: {fr: À quelle heure vous levez-vous ?, en: At what time do you get up?}
        limits: {minimum: "04:00", maximum: "12:30"}
      - code: WHY
        type: text
        text: {fr: Pourquoi si tôt ?, en: Why so early?}
        shown_when: UP < 06:00
"""


@pytest.fixture(scope="module")
def times() -> Questionnaire:
    return read_questionnaire(YAML)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("14:30", "14:30"),
        ("14 h 30", "14:30"),
        ("14h", "14:00"),
        ("7\u00a0h\u00a005", "07:05"),
        ("7", "07:00"),
        ("8 heures 15", "08:15"),
        ("9.45", "09:45"),
        ("2:30 pm", "14:30"),
        ("12 a.m.", "00:00"),
        ("24:00", None),
        ("7:5", None),
        ("13 pm", None),
        ("midi", None),
        ("14:60", None),
    ],
)
def test_what_people_write_is_kept_as_hours_and_minutes(written: str, kept: str | None) -> None:
    assert iso_time(written) == kept


def test_a_text_without_end_is_no_time_and_is_not_looked_at_for_ever() -> None:
    """A thousand spaces alone took four seconds, and eight times as long twice as many."""
    assert iso_time("14 h" + " " * 500_000 + "x") is None
    assert iso_time(" " * 500_000 + "14 h" + " " * 500_000) == "14:00"


def test_it_is_said_in_the_language_of_the_page() -> None:
    assert spoken_time("07:05").as_dict() == {"fr": "7\u00a0h\u00a005", "en": "7:05"}


@pytest.mark.parametrize(
    ("written", "rule"),
    [("3 h 59", "trop tôt"), ("12:31", "trop tard"), ("25 h", "n’existe pas")],
)
def test_limits_are_kept_in_words(times: Questionnaire, written: str, rule: str) -> None:
    (shown,) = path_through(times, {}).pages[0].questions
    verdict = accept(shown, {"UP": Submitted((written,))}, {}, times)
    assert rule in verdict.faults[0].reason.in_("fr")
    taken = accept(shown, {"UP": Submitted(("4 h",))}, {}, times)
    assert taken.answers["UP"].value == "04:00"


def test_conditions_compare_times(times: Questionnaire) -> None:
    shown = {up: path_through(times, given(UP=up)).page("WHY") for up in ("05:59", "06:00")}
    assert shown["05:59"] is not None
    assert shown["06:00"] is None
    rules = {finding.rule for finding in check_questionnaire(times)}
    assert not rules & {"not_comparable", "not_a_bound", "never_holds"}
    never = read_questionnaire(YAML.replace("UP < 06:00", "UP < 04:00"))
    assert "never_holds" in {finding.rule for finding in check_questionnaire(never)}
    wrong = read_questionnaire(YAML.replace("UP < 06:00", "UP < 1960"))
    assert "not_a_bound" in {finding.rule for finding in check_questionnaire(wrong)}


def test_it_is_kept_in_files_and_bounds_must_be_times(times: Questionnaire) -> None:
    assert read_questionnaire(write_questionnaire_yaml(times)) == times
    with pytest.raises(BadDefinition) as refused:
        read_questionnaire(YAML.replace('"12:30"', '"25:30"'))
    assert [finding.rule for finding in refused.value.findings] == ["time"]
