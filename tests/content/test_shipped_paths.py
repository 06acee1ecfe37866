"""Who is asked what: help numbers, filters, people in someone's place, and the number of pages."""

from __future__ import annotations

import re

import pytest
from shipped_content import AUDIENCES, ROLES, ROOT, TERRITORIES, core, instrument

from app.domain.answers import Answer
from app.domain.lengths import BUDGET, FLOW_PAGES
from app.domain.perspective_checks import check_perspective
from app.domain.possibilities import Possibilities
from app.domain.questionnaire import Audience, Questionnaire, Why
from app.domain.routing import path_through


@pytest.mark.parametrize(
    ("audience", "item", "page"),
    [
        ("elderly", "E04", "E_HELP_NUMBERS"),
        ("elderly", "E05", "E_HELP_NUMBERS"),
        ("family", "F04", "F_HELP_NUMBERS"),
    ],
)
def test_help_numbers_are_shown_to_those_who_answer_often_or_always(
    audience: str, item: str, page: str
) -> None:
    for code, shown in (("3", False), ("4", True), ("5", True)):
        path = path_through(core(audience), {item: Answer(code)})
        assert (path.page(page) is not None) is shown


def test_those_without_help_are_not_asked_about_it() -> None:
    asked = path_through(core("elderly"), {"ECARE": Answer("no")}).items
    assert not asked & {"E12", "E15", "E17", "E18", "E22", "E23"}
    assert {"E12", "E15", "E17", "E18", "E22", "E23"} <= path_through(
        core("elderly"), {"ECARE": Answer("yes")}
    ).items


def test_someone_in_the_persons_place_is_not_asked_for_feelings() -> None:
    asked = path_through(core("elderly"), {"ECARE": Answer("yes")}, "proxy").items
    assert not asked & {"E03", "E04", "E05", "E18"}
    for code in ("E02", "E06", "E09", "E12", "E17", "E22"):
        assert core("elderly").question_by_item[code].proxy_text.has("fr")


def test_no_answer_speaks_of_somebody_else_to_who_answers_in_the_persons_place() -> None:
    for territory in TERRITORIES:
        asked = instrument("elderly", territory)
        for question in asked.questions:
            assert list(check_perspective(question, asked)) == [], question.code


def test_one_is_not_asked_about_working_with_ones_own_role() -> None:
    asked = path_through(core("professional"), {"P16a": Answer("nurse")}).items
    assert "P10_nurse" not in asked
    assert {f"P10_{role}" for role in ROLES if role != "nurse"} <= asked


def test_each_professional_who_is_named_is_asked_about_and_nobody_else() -> None:
    asked = instrument("family", "MAY")
    own = {"QMAY5_1", "QMAY6_1", "QMAY5_2", "QMAY6_2", "QMAY7"}
    for named, expected in ((0, set()), (1, {"QMAY5_1", "QMAY6_1"}), (2, own)):
        names = {f"QMAY4_{place}": Answer(f"Anne {place}") for place in range(1, named + 1)}
        count = Answer(named) if named else Answer(why=Why.NOT_CONCERNED)
        shown = path_through(asked, {"QMAY4": count} | names)
        assert {item for item in shown.items if re.match(r"QMAY[567]", item)} == expected


@pytest.mark.parametrize("audience", ["elderly", "family"])
def test_one_question_on_each_page(audience: str) -> None:
    for territory in TERRITORIES:
        for page in instrument(audience, territory).pages:
            assert len([one for one in page.questions if not one.is_name]) == 1, page.code


def longest(questionnaire: Questionnaire) -> int:
    return Possibilities(questionnaire).most_pages() + FLOW_PAGES


@pytest.mark.parametrize("audience", AUDIENCES)
def test_page_counts_are_those_of_the_document(audience: str) -> None:
    """docs/content.md says, for each instrument, how many pages its longest path has."""
    told = (ROOT / "docs" / "content.md").read_text(encoding="utf-8")
    for territory in TERRITORIES:
        pages = longest(instrument(audience, territory))
        assert re.search(rf"^\| {territory} \|.*\b{audience} {pages}\b", told, re.MULTILINE), (
            territory,
            pages,
        )


@pytest.mark.parametrize("audience", ["family", "professional"])
def test_family_and_professional_instruments_keep_the_budget(audience: str) -> None:
    for territory in TERRITORIES:
        assert longest(instrument(audience, territory)) <= BUDGET[Audience(audience)]
