"""Options that are offered only after certain answers: the path, what counts, keying, files."""

from __future__ import annotations

import pytest
from tiny import given

from app.definitions.documents import dump, load
from app.definitions.files import read_questionnaire, write_questionnaire_yaml
from app.domain.acceptance import Submitted, accept
from app.domain.answers import Answers
from app.domain.conditions import Compare
from app.domain.differences import questionnaire_differences
from app.domain.keying import Typed, judge
from app.domain.questionnaire import Questionnaire
from app.domain.questionnaire_checks import check_questionnaire
from app.domain.routing import first_open, on_path, path_through
from app.domain.severity import Severity

YAML = """
format: covalue/questionnaire/1
code: TOWNS
audience: family
title: {fr: Villes, en: Towns}
languages: [fr, en]
sections:
  - code: S
    title: {fr: Où, en: Where}
    items:
      - code: COUNTY
        type: choice
        text: {fr: Quel département ?, en: Which county?}
        options:
          - {code: m, text: {fr: Mayenne, en: Mayenne}}
          - {code: g, text: {fr: Gironde, en: Gironde}}
          - {code: x, text: {fr: Ailleurs, en: Elsewhere}}
      - code: TOWN
        type: choice
        text: {fr: Quelle ville ?, en: Which town?}
        options:
          - {code: laval, text: {fr: Laval, en: Laval}, shown_when: COUNTY = m}
          - {code: evron, text: {fr: Évron, en: Évron}, shown_when: COUNTY = m}
          - {code: pessac, text: {fr: Pessac, en: Pessac}, shown_when: COUNTY = g}
      - code: LAST
        type: text
        text: {fr: Pourquoi Laval ?, en: Why Laval?}
        shown_when: TOWN = laval
"""

LISTED = """
format: covalue/questionnaire/1
code: HOMES
audience: family
title: {fr: Logements, en: Homes}
languages: [fr, en]
sections:
  - code: S
    title: {fr: Où, en: Where}
    items:
      - code: HOME
        type: list
        most: 2
        text: {fr: Quels logements ?, en: Which homes?}
        name: {fr: Nom, en: Name}
        entry: {fr: ce logement, en: this home}
        questions:
          - code: COUNTY
            type: choice
            text: {fr: "Où est {entry} ?", en: "Where is {entry}?"}
            options: [{code: m, text: {fr: Mayenne, en: Mayenne}}]
          - code: TOWN
            type: choice
            text: {fr: "Et {entry} ?", en: "And {entry}?"}
            options: [{code: laval, text: {fr: Laval, en: Laval}, shown_when: COUNTY = m}]
"""


@pytest.fixture(scope="module")
def towns() -> Questionnaire:
    return read_questionnaire(YAML)


def offered(asked: Questionnaire, answers: Answers) -> list[str]:
    page = path_through(asked, answers).page("TOWN")
    return [option.code for option in page.questions[0].question.options] if page else []


def test_options_follow_the_answer_before(towns: Questionnaire) -> None:
    assert offered(towns, given(COUNTY="m")) == ["laval", "evron"]
    assert offered(towns, given(COUNTY="g")) == ["pessac"]
    assert not offered(towns, given(COUNTY="x"))  # nothing to choose from: not asked


def test_what_is_offered_no_more_counts_no_more(towns: Questionnaire) -> None:
    answers = given(COUNTY="g", TOWN="laval", LAST="Oui")
    path = path_through(towns, answers)
    assert [page.code for page in path.pages] == ["COUNTY", "TOWN"]
    assert set(on_path(path, answers)) == {"COUNTY"}
    waiting = first_open(path, answers)
    assert waiting is not None
    assert waiting.code == "TOWN"


def test_only_what_is_offered_is_taken(towns: Questionnaire) -> None:
    answers = given(COUNTY="m")
    page = path_through(towns, answers).page("TOWN")
    assert page is not None
    (shown,) = page.questions
    refused = accept(shown, {"TOWN": Submitted(("pessac",))}, answers, towns)
    assert [fault.place for fault in refused.faults] == ["TOWN"]
    taken = accept(shown, {"TOWN": Submitted(("evron",))}, answers, towns)
    assert taken.answers["TOWN"].value == "evron"


def test_on_paper_the_keys_are_those_of_all_options(towns: Questionnaire) -> None:
    typed = {"COUNTY": Typed("2"), "TOWN": Typed("3")}
    judged = judge(towns, towns.sections[0], typed, {}, "self", "")
    assert not judged.faults
    assert judged.answers["TOWN"].value == "pessac"
    wrong = judge(towns, towns.sections[0], typed | {"TOWN": Typed("1")}, {}, "self", "")
    assert [fault.place for fault in wrong.faults] == ["TOWN"]


def test_the_condition_is_kept_in_files_checked_and_compared(towns: Questionnaire) -> None:
    assert read_questionnaire(write_questionnaire_yaml(towns)) == towns
    assert load(Questionnaire, dump(towns)) == towns
    rules = {finding.rule for finding in check_questionnaire(towns)}
    assert not rules & {"unknown_item", "later_item", "never_holds"}
    broken = read_questionnaire(YAML.replace("COUNTY = g", "NOWHERE = g"))
    assert "unknown_item" in {finding.rule for finding in check_questionnaire(broken)}
    other = read_questionnaire(YAML.replace("shown_when: COUNTY = g", "shown_when: COUNTY = x"))
    found = [d for d in questionnaire_differences(towns, other) if d.part.startswith("options.")]
    assert [(d.part, d.severity) for d in found] == [
        ("options.pessac.shown_when", Severity.BREAKING)
    ]


def test_inside_a_list_it_reads_the_answers_about_the_same_entry() -> None:
    asked = read_questionnaire(LISTED).question_by_item
    assert asked["TOWN_2"].options[0].shown_when == Compare("COUNTY_2", "=", "m")
