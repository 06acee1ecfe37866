"""Kinds of question of other programs that become several of ours, and names of their own."""

from __future__ import annotations

import json

import foreign_files

from app.domain.conditions import All, Answered, Any, Compare, Includes
from app.domain.questionnaire import Kind
from app.interchange.fhir_reading import read_fhir
from app.interchange.fhir_writing import write_fhir
from app.interchange.import_report import ImportReport
from app.interchange.lss_reading import read_lss
from app.interchange.xlsform_reading import read_xlsform
from app.interchange.xlsform_writing import write_xlsform


def test_a_ranking_asks_for_each_rank_among_what_has_none_yet() -> None:
    rows = [["type", "name", "label::English (en)"], ["rank fruit", "best", "Best?"]]
    choices = [
        ["list_name", "name", "label::English (en)"],
        *(["fruit", code, code] for code in "abc"),
    ]
    report = ImportReport()
    found = read_xlsform(foreign_files.workbook(survey=rows, choices=choices), report)
    asked = found.question_by_item
    assert [asked[f"best_{rank}"].text.in_("en") for rank in (1, 2)] == [
        "Best?\nRank 1",
        "Best?\nRank 2",
    ]
    assert asked["best_1"].shown_when is None
    assert asked["best_2"].options[0].shown_when == Compare("best_1", "!=", "a")
    free = (Compare("best_1", "!=", "c"), Compare("best_2", "!=", "c"))
    assert asked["best_3"].options[2].shown_when == All(free)
    assert {line.rule for line in report.lines if line.fate != "in"} == {"as_ranks"}


def test_places_and_codes_come_in_as_such_and_lines_in_words() -> None:
    rows = [["type", "name", "label", "relevant"], ["geopoint", "where", "Where?", ""]]
    rows += [["text", "what", "What?", "${where} != ''"], ["barcode", "tag", "Tag?", ""]]
    rows += [["geoshape", "field", "Field?", ""]]
    report = ImportReport()
    found = read_xlsform(foreign_files.workbook(survey=rows), report)
    asked = found.question_by_item
    assert [asked[code].kind for code in ("where", "tag")] == [Kind.PLACE, Kind.TEXT]
    assert (asked["tag"].scan, asked["what"].scan) == (True, False)
    assert asked["what"].shown_when == Answered("where")
    assert [line.place for line in report.lines if line.fate != "in"] == ["survey:5"]
    again = ImportReport()
    back = read_xlsform(write_xlsform(found, again), again)
    assert [(q.code, q.kind, q.scan) for q in back.questions] == [
        (q.code, q.kind, q.scan) for q in found.questions
    ]
    lost = ImportReport()
    write_fhir(found, lost)
    told = {"where", "tag"}
    assert {line.place for line in lost.lines if line.about == "type"} == told


def test_a_title_of_a_group_inside_a_repeat_stands_above_its_questions() -> None:
    rows = [["type", "name", "label"], ["begin repeat", "people", "People"]]
    rows += [["begin group", "health", "Health"], ["text", "how", "How?"]]
    rows += [["end group", "", ""], ["end repeat", "", ""]]
    found = read_xlsform(foreign_files.workbook(survey=rows), ImportReport())
    assert found.question_by_item["people"].each[0].text.in_("en") == "Health\nHow?"


def test_two_texts_of_one_language_and_unused_lists_are_said() -> None:
    rows = [["type", "name", "label", "label::English (en)", "label"], ["text", "a", "How", "Why"]]
    choices = [["list_name", "name", "label", "weight"], ["spare", "x", "X", "2"]]
    report = ImportReport()
    read_xlsform(foreign_files.workbook(survey=rows, choices=choices), report)
    said = {(line.place, line.rule) for line in report.lines if line.fate != "in"}
    assert said == {
        ("survey:2", "wording_twice"),
        ("survey:1", "column_twice"),
        ("choices:2", "list_unused"),
        ("choices:1", "column"),
    }


def test_limesurvey_conditions_name_questions_by_number() -> None:
    kinds = [("11", "A", "M", ""), ("12", "B", "L", ""), ("13", "C", "S", "Q11_S21.NAOK == 'Y'")]
    kinds += [("14", "D", "S", "((Q12.NAOK == '1')) || !is_empty(Q12_Cother)")]
    kinds += [("15", "E", "S", "countif('Y', A_S1, A_S2) > 1 and !is_empty(join(C, D))")]
    questions = [
        {"qid": q, "parent_qid": "0", "gid": "1", "type": kind, "title": title, "relevance": when}
        | {"question": title, "question_order": q, "language": "en"}
        | {"other": "Y" if kind == "L" else "N"}
        for q, title, kind, when in kinds
    ]
    parts = [
        {"qid": q, "parent_qid": "11", "title": title, "question": title, "language": "en"}
        for q, title in (("21", "S1"), ("22", "S2"))
    ]
    answers = [{"qid": "12", "code": "1", "answer": "One", "language": "en"}]
    tables = {"questions": questions, "subquestions": parts, "answers": answers}
    tables |= {"groups": [{"gid": "1"}], "surveys": [{"sid": "7", "language": "en"}]}
    body = "".join(foreign_files.table(name, rows) for name, rows in tables.items())
    head = "<LimeSurveyDocType>Survey</LimeSurveyDocType>"
    report = ImportReport()
    found = read_lss(f"<document>{head}{body}</document>".encode(), report).question_by_item
    assert found["C"].shown_when == Includes("A", ("S1",), every=False)
    assert found["D"].shown_when == Any((Compare("B", "=", "1"), Compare("B", "=", "other")))
    assert found["E"].shown_when is not None
    assert not [line for line in report.lines if line.about == "condition"]


def test_fhir_options_that_are_switched_off_have_conditions() -> None:
    sdc = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
    coding = [{"valueCoding": {"code": code, "display": code}} for code in ("a", "b")]
    path = "%resource.item.where(linkId='1').answer.value = true"
    inner = [{"url": "option", "valueCoding": {"code": "b"}}]
    inner.append({"url": "expression", "valueExpression": {"expression": path}})
    toggle = {"url": f"{sdc}answerOptionsToggleExpression", "extension": inner}
    asked = {"linkId": "2", "type": "choice", "text": "Which?", "answerOption": coding}
    doctor = {"valueReference": {"reference": "Practitioner/1", "display": "Dr A"}}
    items = [{"linkId": "1", "type": "boolean", "text": "All?"}, {**asked, "extension": [toggle]}]
    items += [{"linkId": "3", "type": "reference", "text": "Who?", "answerOption": [doctor]}]
    report = ImportReport()
    root = {"resourceType": "Questionnaire", "language": "en", "item": items}
    found = read_fhir(json.dumps(root).encode(), report).question_by_item
    shown = [option.shown_when for option in found["Q2"].options]
    assert shown == [None, Compare("Q1", "=", "true")]
    assert [option.text.in_("en") for option in found["Q3"].options] == ["Dr A"]
    assert {line.rule for line in report.lines if line.fate != "in"} <= {
        "renamed",
        "option_renamed",
        "one_option",
    }


def test_blocks_of_kobo_share_their_options() -> None:
    head = ["type", "name", "label::English (en)", "kobo--score-choices", "kobo--rank-items"]
    rows = [head, ["begin_score", "s", "How often?", "often", ""]]
    rows += [["score__row", "walk", "You walk", "", ""], ["end_score", "", "", "", ""]]
    rows += [["begin_rank", "r", "What first?", "", "often"]]
    rows += [["rank__level", "r1", "First", "", ""], ["rank__level", "r2", "Second", "", ""]]
    rows += [["end_rank", "", "", "", ""]]
    choices = [["list_name", "name", "label::English (en)"]]
    choices += [["often", "1", "Never"], ["often", "2", "Daily"]]
    report = ImportReport()
    content = foreign_files.workbook(survey=rows, choices=choices)
    found = read_xlsform(content, report).question_by_item
    assert [o.code for o in found["walk"].options] == ["1", "2"]
    assert found["r2"].options[0].shown_when == Compare("r1", "!=", "1")
    assert {line.rule for line in report.lines if line.fate != "in"} == {"as_ranks"}
