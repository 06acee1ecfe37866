"""Ages and lengths in the conditions of other programs, in and out again."""

from __future__ import annotations

import json

import foreign_files
import pytest

from app.definitions.conditions import write_condition
from app.domain.conditions import Answered, Counted, Not
from app.domain.questionnaire import Kind
from app.interchange.fhir_reading import read_fhir
from app.interchange.fhir_writing import write_fhir
from app.interchange.foreign_conditions import Translator
from app.interchange.foreign_expressions import read_lime, read_xpath
from app.interchange.foreign_leaves import Formula, Item, Meaning
from app.interchange.foreign_logic import Untranslatable
from app.interchange.import_report import ImportReport
from app.interchange.xlsform_reading import read_xlsform
from app.interchange.xlsform_writing import write_xlsform

MEANINGS: dict[str, Meaning] = {
    "dob": Item("dob", Kind.DATE, {}),
    "end": Item("end", Kind.DATE, {}),
    "said": Item("said", Kind.TEXT, {}),
    "age": Formula(read_xpath("int((today() - ${dob}) div 365.25)")),
    "days": Formula(read_xpath("today() - ${dob}")),
    "known": Formula(read_xpath("if(${said} != '', 40, ${age})")),
}
XPATH = {
    "int((today() - ${dob}) div 365.25) >= 18": "years since dob >= 18",
    "${age} > 17": "years since dob >= 18",
    "${age} < 5": "years since dob < 5",
    "(today() - ${dob}) div 365.25 > 18": "years since dob >= 18",
    "int(${days} div 365) <= 4": "years since dob < 5",
    "(today() - ${dob}) div 365.25 >= 17.5": "days since dob >= 6392",
    "(today() - ${dob}) div 365.25 < 0.5": "days since dob < 183",
    "(${dob} - today()) div 30.4 < -6.5": "days since dob >= 198",
    "int((today() - ${dob}) div 365.25) >= 17.5": "years since dob >= 18",
    "floor((decimal-date-time(today()) - number(${dob})) div 30.44) < 2": "months since dob < 2",
    "${days} div 7 < 6": "days since dob < 42",
    "today() > ${end}": "days since end >= 1",
    "${end} <= today()": "days since end >= 0",
    "date(${end}) < date(today() - 30)": "days since end >= 31",
    "${end} > today() + 7": "days since end < -7",
    "string-length(${said}) > 3": "length of said >= 4",
    "string-length(${said}) = 10": "length of said = 10",
    "string-length(${said}) > 0": "answered said",
}
LIME = {
    "strlen(said) >= 5": "length of said >= 5",
    "floor((time() - strtotime(dob)) / (60 * 60 * 24 * 365.25)) >= 65": "years since dob >= 65",
    "strtotime(dob) <= strtotime('-18 years')": "years since dob >= 18",
    "dob < date('Y-m-d', strtotime('today'))": "days since dob >= 1",
}  # fmt: skip


def translator() -> Translator:
    return Translator(MEANINGS.get, lambda _item: None)


@pytest.mark.parametrize(("written", "ours"), [*XPATH.items()])
def test_xpath_counts(written: str, ours: str) -> None:
    found = translator().condition(read_xpath(written))
    assert not isinstance(found, bool)
    assert write_condition(found) == ours


@pytest.mark.parametrize(("written", "ours"), [*LIME.items()])
def test_limesurvey_counts(written: str, ours: str) -> None:
    found = translator().condition(read_lime(written))
    assert not isinstance(found, bool)
    assert write_condition(found) == ours


def test_a_text_that_is_not_there_has_no_sign() -> None:
    found = translator().condition(read_xpath("string-length(${said}) < 3"))
    assert found == Not(Counted("said", "length", ">=", "3"))
    assert translator().condition(read_xpath("string-length(${said}) < 1")) == Not(Answered("said"))


@pytest.mark.parametrize(
    "written",
    [
        "${dob} < ${end}",
        "today() - ${said} > 3",
        "format-date(today(), '%Y') - format-date(${dob}, '%Y') > 18",
        "int((today() - ${dob}) * 2) > 3",
        "${dob} - 30 > today() * 2",
        "int((today() - ${dob}) div 365.25) = 17.5",
    ],
)
def test_what_is_counted_otherwise_is_said_to_be_unreadable(written: str) -> None:
    with pytest.raises(Untranslatable):
        translator().condition(read_xpath(written))


def test_a_form_that_asks_from_an_age_on_comes_in_and_goes_out() -> None:
    rows = [["type", "name", "label", "relevant", "calculation"]]
    rows += [["date", "dob", "Born?", "", ""], ["text", "said", "Why?", "", ""]]
    rows += [["calculate", "age", "", "", "int((today() - ${dob}) div 365.25)"]]
    rows += [["text", "work", "Work?", "${age} >= 15 and string-length(${said}) > 3", ""]]
    rows += [["text", "visit", "Visit?", "${dob} <= today()", ""]]
    report = ImportReport()
    found = read_xlsform(foreign_files.workbook(survey=rows), report)
    assert [line.place for line in report.lines if line.about == "condition"] == []
    asked = found.question_by_item
    work, visit = asked["work"].shown_when, asked["visit"].shown_when
    assert work is not None
    assert write_condition(work) == {"all": ["years since dob >= 15", "length of said >= 4"]}
    told = ImportReport()
    again = read_fhir(write_fhir(found, told), told).question_by_item
    assert (again["work"].shown_when, again["visit"].shown_when) == (work, visit)
    again = read_xlsform(write_xlsform(found, told), told).question_by_item
    for condition in (again["work"].shown_when, again["visit"].shown_when):
        assert condition is not None
    assert "years since dob >= 15" in str(write_condition(again["work"].shown_when))  # type: ignore[arg-type]
    assert not [line for line in told.lines if line.about == "condition"]


@pytest.mark.parametrize(
    ("expression", "ours"),
    [
        ("%resource.item.where(linkId='b').answer.value <= today() - 18 years",
         "years since b >= 18"),
        ("today() - 6 months < %resource.item.where(linkId='b').answer.value",
         "months since b < 6"),
        ("%resource.item.where(linkId='b').answer.value < today()", "days since b >= 1"),
        ("%resource.item.where(linkId='s').answer.value.length() > 3", "length of s >= 4"),
        ("%resource.item.where(linkId='b').answer.value <= today() - 'many' years", None),
        ("%resource.item.where(linkId='b').answer.value <= today() - 'nan' days", None),
        ("%resource.item.where(linkId='b').answer.value <= today() - 1.5 years", None),
    ],
)  # fmt: skip
def test_fhir_paths_count(expression: str, ours: str | None) -> None:
    url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"
    said = {"language": "text/fhirpath", "expression": expression}
    items = [
        {"linkId": "b", "type": "date", "text": "Born?"},
        {"linkId": "s", "type": "string", "text": "Why?"},
        {"linkId": "t", "type": "string", "text": "Then?"}
        | {"extension": [{"url": url, "valueExpression": said}]},
    ]
    root = {"resourceType": "Questionnaire", "status": "draft", "language": "en", "item": items}
    report = ImportReport()
    found = read_fhir(json.dumps(root).encode(), report).question_by_item["t"].shown_when
    assert (found and write_condition(found)) == ours
    assert ours or report.lines, "what is left out is said"
