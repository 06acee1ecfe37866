"""Places on the map: what people and devices write, what is kept, what leaves, what may read it."""

from __future__ import annotations

import pytest
from tiny import given

from app.definitions.files import read_questionnaire, write_questionnaire_yaml
from app.domain.acceptance import Submitted, accept, as_submitted
from app.domain.answers import Answer
from app.domain.places import coarse, parts_of, point_of, spoken_place
from app.domain.questionnaire import Questionnaire
from app.domain.questionnaire_checks import check_questionnaire
from app.domain.routing import path_through

YAML = """
format: covalue/questionnaire/1
code: PLACES
audience: family
title: {fr: Lieux, en: Places}
languages: [fr, en]
sections:
  - code: S
    title: {fr: Où, en: Where}
    items:
      - code: STOP
        type: place
        text: {fr: Où prenez-vous le bus ?, en: Where do you take the bus?}
        ways_out: [prefer_not]
      - code: TAG
        type: text
        scan: true
        text: {fr: Quel code porte l’arrêt ?, en: Which code is on the stop?}
        shown_when: answered STOP
"""


@pytest.fixture(scope="module")
def places() -> Questionnaire:
    return read_questionnaire(YAML)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("44.8378 -0.5792", "44.8378 -0.5792"),
        ("44,8378 ; -0,5792", "44.8378 -0.5792"),
        ("44.8378, −0.5792", "44.8378 -0.5792"),
        ("44.8378,-0.5792", "44.8378 -0.5792"),
        ("44,8378 -0,5792", "44.8378 -0.5792"),
        ("44°50'16\" N 0°34'45\" O", "44.837778 -0.579167"),
        ("44°50’16’’ nord, 0°34’45’’ ouest", "44.837778 -0.579167"),
        ("N 44.8378 W 0.5792", "44.8378 -0.5792"),
        ("33 S 151 E", "-33 151"),
        ("38.25 21.73 12.5 4.0", "38.25 21.73 12.5 4"),
        ("0 -0", "0 0"),
        ("91 0", None),
        ("44.8 181", None),
        ("44,8", None),
        ("44.8 E 0.5 W", None),
        ("-44.8 N 0.5 W", None),
        ("44°60' N 0°5' W", None),
        ("44.8 -0.5 12 -4", None),
        ("44.8 -0.5 12 4 1", None),
        ("Bordeaux", None),
    ],
)
def test_what_people_and_devices_write_is_kept_in_degrees(written: str, kept: str | None) -> None:
    found = point_of(parts_of(written))
    assert (found and found.written) == kept
    if kept:  # and it is taken again
        assert point_of(parts_of(kept)) == found


def test_it_is_said_in_words_and_leaves_to_a_tenth_of_a_degree() -> None:
    kept = "44.8378 -0.5792 12 8"
    assert spoken_place(kept).as_dict() == {
        "fr": "44,8378°\u00a0nord, 0,5792°\u00a0ouest (à 8\u00a0m près)",
        "en": "44.8378°\u00a0north, 0.5792°\u00a0west (within 8\u00a0m)",
    }
    assert coarse(kept) == "44.8 -0.6"
    assert coarse("-0.04 0.04") == "0 0"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (("44,8378", ""), "Il manque"),
        (("95", "0"), "latitude"),
        (("44,8378", "5 N"), "longitude"),
        (("44,8378", "0,5", "beaucoup"), "pas un lieu"),
        (("4" * 200, "0"), "pas un lieu"),
    ],
)
def test_what_is_no_place_is_told_in_words(
    places: Questionnaire, typed: tuple[str, ...], reason: str
) -> None:
    (shown,) = path_through(places, {}).pages[0].questions
    (fault,) = accept(shown, {"STOP": Submitted(typed)}, {}, places).faults
    assert reason in fault.reason.in_("fr")


def test_it_comes_as_two_fields_or_as_one_text_and_goes_back_into_the_fields(
    places: Questionnaire,
) -> None:
    (shown,) = path_through(places, {}).pages[0].questions
    for typed in (("44,8378", "0,5792 O", "12.0 8.0"), ("44.8378 -0.5792 12 8",)):
        answer = accept(shown, {"STOP": Submitted(typed)}, {}, places).answers["STOP"]
        assert answer == Answer("44.8378 -0.5792 12 8")
    again = as_submitted(shown.question, answer)
    assert again.values == ("44.8378", "-0.5792", "12 8")
    assert accept(shown, {"STOP": again}, {}, places).answers["STOP"] == answer


def test_conditions_ask_whether_there_is_one_and_nothing_else(places: Questionnaire) -> None:
    assert path_through(places, given(STOP="44 0")).page("TAG")
    assert not path_through(places, {}).page("TAG")
    assert not [f for f in check_questionnaire(places) if f.rule in ("only_answered", "pipe_kind")]
    for condition in ("STOP = 44", "STOP in [a, b]"):
        wrong = read_questionnaire(YAML.replace("answered STOP", f'"{condition}"'))
        assert "only_answered" in {finding.rule for finding in check_questionnaire(wrong)}
    above = read_questionnaire(YAML.replace("answered STOP", '"STOP > 44"'))
    assert "not_comparable" in {finding.rule for finding in check_questionnaire(above)}
    said = read_questionnaire(YAML.replace("Which code is on the stop?", '"{answer:STOP|There}"'))
    assert "pipe_kind" in {finding.rule for finding in check_questionnaire(said)}


def test_files_keep_it_with_the_code_that_a_camera_reads(places: Questionnaire) -> None:
    assert [question.scan for question in places.questions] == [False, True]
    assert read_questionnaire(write_questionnaire_yaml(places)) == places
