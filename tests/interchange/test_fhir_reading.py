"""FHIR beyond the usual: conditions in FHIRPath, several answers, sets of the standard."""

from __future__ import annotations

import json

import pytest

from app.definitions.files import read_questionnaire, write_questionnaire_yaml
from app.domain.conditions import All, Answered, Compare, Includes, Not
from app.domain.questionnaire import Kind
from app.interchange.fhir_reading import read_fhir
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
        (f"{ROOT_ITEM.format('m')}.where(code = 'p').exists().not()", None),
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
    root = {"resourceType": "Questionnaire", "item": [several, numbers, married]}
    report = ImportReport()
    found = read_fhir(json.dumps(root).encode(), report)
    asked = found.question_by_item
    assert (asked["s"].kind, asked["s"].each) == (Kind.LIST, ())
    assert [one.kind for one in asked["n"].each] == [Kind.NUMBER]
    assert "M" in asked["m"].option_by_code
    assert read_questionnaire(write_questionnaire_yaml(found)) == found
    count = tally(report.lines)
    assert (count.questions, count.whole) == (3, 3)


def test_an_open_choice_has_one_field_beside_the_option_that_says_other() -> None:
    coded = [{"valueCoding": {"code": code, "display": code}} for code in ("a", "other")]
    opened = {"linkId": "q", "type": "open-choice", "text": "Which?", "answerOption": coded}
    root = {"resourceType": "Questionnaire", "item": [opened]}
    options = read_fhir(json.dumps(root).encode(), ImportReport()).question_by_item["q"].options
    assert [(option.code, option.specify) for option in options] == [("a", False), ("other", True)]
