"""All ways through a questionnaire, walked by machine: what leads to each page, and what never is.

For each page with a condition the search of ``possibilities`` gives answers under which it is
shown; those answers are given, and the path is computed as for a participant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.answers import Answer, RespondentRole, Value
from app.domain.conditions import All, Condition, Operand
from app.domain.possibilities import Assignment, Possibilities
from app.domain.questionnaire import Kind, Page, Proxy, Questionnaire
from app.domain.routing import path_through


@dataclass(frozen=True)
class Reached:
    """One page. ``by``: item and answer that lead there; None: no answers do, or too many to try.

    ``roles``: who sees the page then: self, proxy.
    """

    page: Page
    by: tuple[tuple[str, Value], ...] | None
    conditional: bool
    roles: tuple[RespondentRole, ...]
    untried: bool = False  # too many answers to try them all


def walked(questionnaire: Questionnaire) -> list[Reached]:
    """Every page with an example of answers that lead to it; pages of entries follow their list."""
    possible, pages = Possibilities(questionnaire), questionnaire.pages
    asked = (page for page in pages if not page.questions[0].of_list)
    return [_reached(questionnaire, possible, page) for page in asked]


def way_to(questionnaire: Questionnaire, reached: Reached) -> tuple[str, ...]:
    """The pages that are seen with the answers that lead to this one, in order; none where no
    answers do."""
    answers = {item: Answer(value) for item, value in reached.by or ()}
    paths = (path_through(questionnaire, answers, role) for role in reached.roles[:1])
    return tuple(page.code for path in paths for page in path.pages)


def _reached(questionnaire: Questionnaire, possible: Possibilities, page: Page) -> Reached:
    conditions = list(_needed(page))
    found: Assignment | None = {}
    if conditions:
        found = next((each for each in map(possible.example, conditions) if each is not None), None)
    if found is None:
        return Reached(page, None, True, (), any(map(possible.can_hold, conditions)))
    answers = {
        item: _answer(questionnaire, item, operand)
        for item, operand in found.items()
        if operand is not None
    }
    roles: tuple[RespondentRole, ...] = ("self", "proxy")
    seen = tuple(
        role for role in roles if path_through(questionnaire, answers, role).page(page.code)
    )
    said = tuple(
        (item, answer.value) for item, answer in answers.items() if answer.value is not None
    )
    return Reached(page, said, bool(conditions), seen)


def _needed(page: Page) -> Iterator[Condition]:
    """The conditions each of which shows the page; none where it is always shown."""
    found: list[Condition] = []
    for question in page.questions:
        if not question.is_name:
            found += _of_question(question.shown_when, [row.shown_when for row in question.rows])
            if question.shown_when is None and not all(row.shown_when for row in question.rows):
                return
            if question.shown_when is None and not question.rows:
                return
    yield from found


def _of_question(own: Condition | None, rows: list[Condition | None]) -> list[Condition]:
    if not rows:
        return [own] if own else []
    both = [All(tuple(each for each in (own, row) if each)) for row in rows if own or row]
    return list(both)


def _answer(questionnaire: Questionnaire, item: str, operand: Operand) -> Answer:
    """The answer that reads as this operand."""
    kind = questionnaire.question_by_item[item].kind
    if kind is Kind.CHOICES:
        return Answer(operand.codes)
    if kind in (Kind.NUMBER, Kind.LIST) and operand.number is not None:
        return Answer(operand.number)
    return Answer(operand.codes[0] if operand.codes else "x", at=operand.day)


def without_variant(questionnaire: Questionnaire) -> list[str]:
    """Questions that a proxy is asked in the words meant for the person: to be looked at.

    A battery stands on several pages and is named once.
    """
    found = (
        question.code
        for question in questionnaire.questions
        if question.kind is not Kind.INFORMATION
        and question.proxy is Proxy.ALLOWED
        and not question.of_list
    )
    return list(dict.fromkeys(found))
