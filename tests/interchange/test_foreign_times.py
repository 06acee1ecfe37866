"""Times of day, alone and with a date, from and for other programs."""

from __future__ import annotations

import json

import foreign_files

from app.domain.conditions import Compare
from app.domain.questionnaire import Kind, Questionnaire
from app.interchange.fhir_reading import read_fhir
from app.interchange.fhir_writing import write_fhir
from app.interchange.import_report import ImportReport, tally
from app.interchange.xlsform_reading import read_xlsform
from app.interchange.xlsform_writing import write_xlsform


def _xlsform() -> tuple[Questionnaire, ImportReport]:
    rows = [["type", "name", "label", "constraint", "relevant"]]
    rows += [["time", "up", "Up at?", "decimal-time(.) >= decimal-time('04:00')", ""]]
    rows += [["dateTime", "fell", "Fell when?", "", "decimal-time(${up}) < decimal-time('06:00')"]]
    report = ImportReport()
    return read_xlsform(foreign_files.workbook(survey=rows), report), report


def test_an_xlsform_asks_for_times_and_for_date_and_time_in_two() -> None:
    found, report = _xlsform()
    asked = found.question_by_item
    assert [(code, q.kind) for code, q in asked.items()] == [
        ("up", Kind.TIME),
        ("fell", Kind.DATE),
        ("fell_time", Kind.TIME),
    ]
    assert asked["up"].limits.minimum == "04:00"
    assert asked["fell_time"].text.in_("en") == "Fell when?\nAt what time?"
    assert asked["fell_time"].shown_when == Compare("up", "<", "06:00")
    count = tally(report.lines)
    assert (count.questions, count.whole) == (2, 2)


def test_times_go_out_and_come_back() -> None:
    found, _ = _xlsform()
    for write, read in ((write_xlsform, read_xlsform), (write_fhir, read_fhir)):
        back = read(write(found, ImportReport()), ImportReport()).question_by_item
        for code, question in found.question_by_item.items():
            assert back[code].kind is question.kind
            assert back[code].shown_when == question.shown_when
            assert back[code].limits.minimum == question.limits.minimum


def test_a_fhir_questionnaire_asks_for_times() -> None:
    early = {"question": "t", "operator": "<", "answerTime": "06:00:00"}
    asked = [{"linkId": "t", "type": "time", "text": "Up at?"}]
    asked += [{"linkId": "d", "type": "dateTime", "text": "When?", "enableWhen": [early]}]
    root = {"resourceType": "Questionnaire", "item": asked}
    report = ImportReport()
    found = read_fhir(json.dumps(root).encode(), report).question_by_item
    kinds = {code: question.kind for code, question in found.items()}
    assert kinds == {"t": Kind.TIME, "d": Kind.DATE, "d_time": Kind.TIME}
    assert found["d_time"].shown_when == Compare("t", "<", "06:00")
    assert tally(report.lines).whole == 2


def test_limits_beside_no_answer_and_bounds_that_are_left_out() -> None:
    rows = [["type", "name", "label", "constraint"]]
    rows += [["text", "post", "Postcode?", "regex(., '^[0-9]{5}$') or . = ''"]]
    rows += [["decimal", "area", "Area?", ". > 0 and . < 500.5"]]
    report = ImportReport()
    post, area = read_xlsform(foreign_files.workbook(survey=rows), report).questions
    assert post.limits.pattern == "[0-9]{5}"
    assert (area.limits.minimum, area.limits.maximum) == (0.000001, 500.499999)
    assert not any(line.about == "limits" for line in report.lines)
