"""A question answered with a file: in definitions, conditions, when keyed, in extracts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tiny import given, survey, text_of

from app.definitions.files import read_questionnaire
from app.definitions.questionnaire_writing import write_questionnaire_yaml
from app.domain.acceptance import Submitted, accept
from app.domain.answer_files import Medium, SentFile
from app.domain.answers import Answer
from app.domain.conditions import Answered
from app.domain.errors import BadDefinition
from app.domain.keying import Typed, judge
from app.domain.question_differences import question_differences
from app.domain.questionnaire import Questionnaire, Why
from app.domain.questionnaire_checks import check_questionnaire
from app.domain.routing import path_through
from app.domain.severity import Severity
from app.domain.walks import walked
from app.storage.answer_columns import CompletedRow, frame_of
from app.storage.item_layout import layout_of
from app.storage.responses import pack

DAY = "2026-10-05"
JPEG = "jpeg 1234567 0123456789abcdef"


def told(written: str) -> set[str]:
    """The rules that a changed file of ours meets."""
    asked = read_questionnaire(text_of("files").replace(*written.split(" => ")))
    return {found.rule for found in check_questionnaire(asked)}


def test_it_comes_back_from_its_file_and_stands_alone_on_its_page() -> None:
    asked = survey("files")
    assert read_questionnaire(write_questionnaire_yaml(asked)) == asked
    assert asked.question_by_item["F1"].accepts == (Medium.PICTURE,)
    page = text_of("files").replace(
        "      - code: F1\n",
        "      - page:\n          code: both\n          questions:\n"
        "            - {code: F0, type: text, text: {fr: Un, en: One}}\n"
        "            - {code: F9, type: file, accepts: [sound], text: {fr: Un, en: One}}\n"
        "      - code: F1\n",
    )
    with pytest.raises(BadDefinition) as refused:
        read_questionnaire(page)
    assert "a sa propre page" in str(refused.value.findings[0].message.in_("fr"))
    with pytest.raises(BadDefinition):
        read_questionnaire(text_of("files").replace("accepts: [picture]", "accepts: []"))
    with pytest.raises(BadDefinition):
        read_questionnaire(text_of("files").replace("accepts: [picture]", "accepts: [archive]"))


def test_conditions_ask_whether_there_is_one_and_texts_never_say_it() -> None:
    assert "only_answered" in told("answered F1 => F1 = yes")
    assert "pipe_kind" in told("Que voit-on sur la photo ? => Que voit-on ? {answer:F1|rien}")
    asked = survey("files")
    assert asked.question_by_item["F2"].shown_when == Answered("F1")
    assert [page.code for page in path_through(asked, {}).pages][:2] == ["F1", "F3"]
    assert [p.code for p in path_through(asked, given(F1=JPEG)).pages][:2] == ["F1", "F2"]
    assert all(each.by is not None for each in walked(asked))


def _accepted(asked: Questionnaire, sent: Submitted, stored: dict[str, Answer]) -> object:
    (shown,) = path_through(asked, {}).pages[0].questions
    verdict = accept(shown, {"F1": sent}, stored, asked, reminded=True)
    return verdict.answers.get("F1") or verdict.faults[0].place


def test_what_is_there_stays_unless_it_is_to_go() -> None:
    asked, there = survey("files"), given(F1=JPEG)
    new = Submitted(file=SentFile("png", b"another"))
    assert _accepted(asked, Submitted(), there) == Answer(JPEG)
    assert _accepted(asked, Submitted(removed=True), there) == Answer(why=Why.SKIPPED)
    assert str(getattr(_accepted(asked, new, there), "value", "")).startswith("png 7 ")
    assert _accepted(asked, Submitted((JPEG,)), {}) == "F1"  # nobody types a file
    assert _accepted(asked, Submitted(file=SentFile("pdf", b"%PDF-")), there) == "F1"


def test_other_kinds_are_an_addition_and_another_type_is_a_break() -> None:
    question = survey("files").question_by_item["F1"]
    wider = replace(question, accepts=(Medium.PICTURE, Medium.FILM))
    (found,) = question_differences(question, wider)
    assert (found.severity, found.part, found.after) == (
        Severity.ADDITIVE,
        "accepts",
        "picture, film",
    )


def test_what_comes_with_a_sheet_is_not_keyed() -> None:
    asked = survey("files")
    empty = judge(asked, asked.sections[0], {}, {}, "self", DAY)
    assert empty.answers["F1"].why is Why.SKIPPED
    way = judge(asked, asked.sections[0], {"F1": Typed("a")}, {}, "self", DAY)
    assert way.answers["F1"].why is Why.PREFER_NOT
    (fault,) = judge(asked, asked.sections[0], {"F1": Typed(JPEG)}, {}, "self", DAY).faults
    assert fault.place == "F1"


def test_a_column_says_kind_and_size_and_no_mark() -> None:
    layout = layout_of([survey("files")])
    rows = [CompletedRow(n, 1, 1.0, "", None, None, "web") for n in (1, 2)]
    bodies = [pack({"a": {"F1": cell}, "sit": []}) for cell in ({"v": JPEG}, {"why": "skipped"})]
    frame = frame_of(rows, bodies, layout)
    assert frame["F1.written"].to_list() == ["picture 1.2 MB", None]
    assert frame["F1.status"].to_list() == [0, 4]
