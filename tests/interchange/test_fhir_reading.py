"""FHIR beyond the usual: conditions in FHIRPath, several answers, sets of the standard."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tiny import survey

from app.definitions.files import read_questionnaire, write_questionnaire_yaml
from app.domain.conditions import All, Answered, Any, Compare, Includes, Not
from app.domain.questionnaire import Kind
from app.domain.text import Text
from app.interchange.fhir_reading import read_fhir
from app.interchange.fhir_writing import write_fhir
from app.interchange.import_report import ImportReport, tally

ROOT_ITEM = "%resource.repeat(item).where(linkId='{}').answer.value"
A_YES, M_P = Compare("a", "=", "true"), Includes("m", ("p",), every=False)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (ROOT_ITEM.format("a"), A_YES),
        (f"{ROOT_ITEM.format('m')}.code = 'p' and {ROOT_ITEM.format('n')} >= 3",
         All((M_P, Compare("n", ">=", "3")))),
        ("%resource.item.where(linkId = 'n').answer.exists()", Answered("n")),
        ("item.where(linkId='g').item.where(linkId='n').answer.value.empty()", Not(Answered("n"))),
        (f"{ROOT_ITEM.format('m')}.where(code = 'p').exists().not()", Not(M_P)),
        (f"{ROOT_ITEM.format('m')}.code contains 'p'", M_P),
        (f"iif({ROOT_ITEM.format('n')} >= 3, %yes, false)",
         All((Compare("n", ">=", "3"), A_YES))),
        (f"({ROOT_ITEM.format('n')} > 3).not()",
         All((Answered("n"), Not(Compare("n", ">", "3"))))),
        (f"{ROOT_ITEM.format('m')}.code in ('p' | 'q')", Includes("m", ("p", "q"), every=False)),
        ("%yes and %yes = true", A_YES),
        (f"{ROOT_ITEM.format('n')} != 3",
         All((Answered("n"), Not(Compare("n", "=", "3"))))),
        ("%resource.item.answer.value.matches('x')", None),
    ],
)  # fmt: skip
def test_fhirpath_conditions_are_read(written: str, expected: object) -> None:
    url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"
    value = {"language": "text/fhirpath", "expression": written}
    coded = [{"valueCoding": {"code": code}} for code in "pq"]
    asked = [{"linkId": "a", "type": "boolean"}, {"linkId": "n", "type": "integer"}]
    asked += [{"linkId": "m", "type": "choice", "repeats": True, "answerOption": coded}]
    asked += [
        {"linkId": "z", "type": "string", "extension": [{"url": url, "valueExpression": value}]}
    ]
    variable = {"name": "yes", "expression": ROOT_ITEM.format("a")}
    named = {"url": "http://hl7.org/fhir/StructureDefinition/variable", "valueExpression": variable}
    root = {"resourceType": "Questionnaire", "item": asked, "extension": [named]}
    report = ImportReport()
    found = read_fhir(json.dumps(root).encode(), report).question_by_item["z"].shown_when
    if expected is None:
        assert found is None or isinstance(found, All)
    else:
        assert found == expected
        assert "condition" not in {
            rule for _, rule in {(line.place, line.rule) for line in report.lines}
        }


def test_several_answers_become_a_list_and_sets_of_the_standard_are_known() -> None:
    several = {"linkId": "s", "type": "string", "text": "Which?", "repeats": True}
    numbers = {"linkId": "n", "type": "integer", "text": "How many?", "repeats": True}
    status = "http://hl7.org/fhir/ValueSet/marital-status"
    married = {"linkId": "m", "type": "choice", "text": "Status?", "answerValueSet": status}
    often = {"linkId": "o", "type": "choice", "answerValueSet": "http://loinc.org/vs/LL358-3|2.78"}
    often |= {"text": "How often?"}
    root = {"resourceType": "Questionnaire", "item": [several, numbers, married, often]}
    report = ImportReport()
    found = read_fhir(json.dumps(root).encode(), report)
    asked = found.question_by_item
    assert (asked["s"].kind, asked["s"].each) == (Kind.LIST, ())
    assert [one.kind for one in asked["n"].each] == [Kind.NUMBER]
    assert "M" in asked["m"].option_by_code
    said = [option.text.in_("en") for option in asked["o"].options]
    assert (len(said), said[0]) == (4, "Not at all")
    assert read_questionnaire(write_questionnaire_yaml(found)) == found
    count = tally(report.lines)
    assert (count.questions, count.whole) == (4, 4)


def test_an_open_choice_has_one_field_beside_the_option_that_says_other() -> None:
    coded = [{"valueCoding": {"code": code, "display": code}} for code in ("a", "other")]
    opened = {"linkId": "q", "type": "open-choice", "text": "Which?", "answerOption": coded}
    root = {"resourceType": "Questionnaire", "item": [opened]}
    options = read_fhir(json.dumps(root).encode(), ImportReport()).question_by_item["q"].options
    assert [(option.code, option.specify) for option in options] == [("a", False), ("other", True)]


def test_unread_expressions_do_not_stop_the_ones_after_them() -> None:
    url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"
    written = ["%resource.item.answer.value.matches('x')"] * 40 + [ROOT_ITEM.format("a")]
    asked: list[dict[str, object]] = [{"linkId": "a", "type": "boolean"}]
    for number, expression in enumerate(written):
        value = {"language": "text/fhirpath", "expression": expression}
        own = [{"url": url, "valueExpression": value}]
        asked.append({"linkId": f"q{number}", "type": "string", "extension": own})
    root = {"resourceType": "Questionnaire", "item": asked}
    found = read_fhir(json.dumps(root).encode(), ImportReport()).question_by_item
    assert found["q40"].shown_when == A_YES


def test_several_answers_about_an_entry_are_asked_one_after_the_other() -> None:
    core = "http://hl7.org/fhir/StructureDefinition/"
    many = [{"url": f"{core}questionnaire-maxOccurs", "valueInteger": 2}]
    inner: list[dict[str, object]] = [
        {"linkId": "given", "type": "string", "text": "First name", "repeats": True},
        {"linkId": "seen", "type": "dateTime", "text": "Seen", "repeats": True, "extension": many},
    ]
    group = {"linkId": "g", "type": "group", "text": "Who?", "repeats": True, "item": inner}
    report = ImportReport()
    root = {"resourceType": "Questionnaire", "item": [group]}
    listed = read_fhir(json.dumps(root).encode(), report).questions[0]
    assert [one.code for one in listed.each] == [
        *("given", "given_b", "given_c", "seen", "seen_time", "seen_b", "seen_b_time")
    ]
    assert listed.each[2].shown_when == Answered("given_b")
    assert listed.each[6].shown_when == Answered("seen")
    assert listed.each[1].text.in_("en") == "First name (2)"
    assert tally(report.lines).whole == 2
    assert {line.rule for line in report.lines} >= {"several_asked", "repeat"}


def test_sliders_of_few_steps_are_ratings_and_addresses_have_no_spaces() -> None:
    core = "http://hl7.org/fhir/StructureDefinition/"
    shown = {"coding": [{"code": "slider"}]}
    slider = [
        {"url": f"{core}questionnaire-itemControl", "valueCodeableConcept": shown},
        {"url": f"{core}minValue", "valueInteger": 0},
        {"url": f"{core}maxValue", "valueInteger": 10},
    ]
    asked: list[dict[str, object]] = [
        {"linkId": "s", "type": "integer", "text": "How well?", "extension": slider},
        {"linkId": "u", "type": "url", "text": "Where?"},
    ]
    when = {"question": "s", "operator": ">=", "answerInteger": 5}
    asked.append({"linkId": "z", "type": "string", "text": "Why?", "enableWhen": [when]})
    report = ImportReport()
    root = {"resourceType": "Questionnaire", "item": asked}
    found = read_fhir(json.dumps(root).encode(), report)
    rating, address, why = found.questions
    assert (rating.kind, len(rating.options)) == (Kind.RATING, 11)
    assert why.shown_when == Compare("s", ">=", "5")
    assert (address.kind, address.limits.pattern) == (Kind.TEXT, r"\S+")
    assert tally(report.lines).whole == 3
    again = json.loads(write_fhir(found, ImportReport()))["item"][0]["item"]
    assert [item["type"] for item in again] == ["integer", "url", "string"]
    assert again[2]["enableWhen"][0]["answerInteger"] == 5


@pytest.mark.parametrize(
    "said", [Text.of(fr="Questions propres", en="Own items"), Text.written("DREES 2017")]
)
def test_a_source_goes_out_in_each_language_and_comes_back(said: Text) -> None:
    before = Text.of(fr="Bienvenue.", en="Welcome.")
    asked = replace(survey("choice"), source=said, introduction=before)
    written = write_fhir(asked, ImportReport())
    assert json.loads(written)["publisher"] == said.in_("fr")
    report = ImportReport()
    again = read_fhir(written, report)
    assert (again.source, again.introduction) == (said, before)
    assert not [line for line in report.lines if line.place in ("_publisher", "_description")]


def test_bounds_that_are_none_are_said() -> None:
    core = "http://hl7.org/fhir/StructureDefinition/"
    asked = [
        {
            "linkId": "d",
            "type": "date",
            "extension": [{"url": f"{core}minValue", "valueDate": "x"}],
        },
        {
            "linkId": "n",
            "type": "integer",
            "extension": [
                {"url": f"{core}minValue", "valueInteger": 9},
                {"url": f"{core}maxValue", "valueInteger": 1},
            ],
        },
        {"linkId": "t", "type": "string", "maxLength": 900_000},
    ]
    report = ImportReport()
    read_fhir(json.dumps({"resourceType": "Questionnaire", "item": asked}).encode(), report)
    told = [dict(line.fills)["expression"] for line in report.lines if line.rule == "constraint"]
    assert told == ["minValue=x", "minValue=9.0, maxValue=1.0", "maxLength=900000"]


def test_the_names_of_stu3_are_those_of_r4() -> None:
    coded = [{"valueCoding": {"code": code, "display": code.upper()}} for code in "pq"]
    asked: list[dict[str, object]] = [
        {"linkId": "m", "type": "choice", "text": "Which?", "option": coded},
        {"linkId": "v", "type": "choice", "text": "Or?", "options": {"reference": "#set"}},
        {"linkId": "o", "type": "open-choice", "text": "What?"},
    ]
    whens = [
        {"question": "m", "answerCoding": {"code": "p"}},
        {"question": "v", "hasAnswer": False},
    ]
    asked.append({"linkId": "z", "type": "string", "text": "Why?", "enableWhen": whens})
    concepts = {"system": "x", "concept": [{"code": "r"}, {"code": "s"}]}
    held = [{"resourceType": "ValueSet", "id": "set", "compose": {"include": [concepts]}}]
    report = ImportReport()
    root = {"resourceType": "Questionnaire", "item": asked, "contained": held}
    found = read_fhir(json.dumps(root).encode(), report).question_by_item
    assert [option.code for option in found["v"].options] == ["r", "s"]
    assert found["o"].kind is Kind.TEXT
    assert found["z"].shown_when == Any((Compare("m", "=", "p"), Not(Answered("v"))))
    assert tally(report.lines).whole == 4
