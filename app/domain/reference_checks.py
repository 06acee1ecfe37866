"""Whether what a question reads is asked before it: conditions and comparisons."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.conditions import All, Condition, items_of
from app.domain.questionnaire import Page, Questionnaire


def check_references(questionnaire: Questionnaire) -> Iterator[Finding]:
    """A finding for each item that is read but not asked on an earlier page."""
    asked = questionnaire.question_by_item
    earlier: set[str] = set()
    for page in questionnaire.pages:
        for place, items in read_by(page):
            for item in sorted(items - earlier):
                yield finding("later_item" if item in asked else "unknown_item", place, item=item)
        earlier.update(code for question in page.questions for code in question.item_codes)


def read_by(page: Page) -> Iterator[tuple[str, frozenset[str]]]:
    """Codes on the page with the items that they depend on, by condition or comparison."""
    for place, condition in conditions_of(page):
        yield place, items_of(condition)
    for question in page.questions:
        yield question.written_code, frozenset(found.item for found in question.limits.compare)


def conditions_of(page: Page) -> Iterator[tuple[str, Condition]]:
    """Each condition of the page with the code it is about.

    That of a row or an option includes its question's; an option's is about its question.
    """
    for question in page.questions:
        if question.shown_when is not None:
            yield question.written_code, question.shown_when
        parts = [(row.code, row.shown_when) for row in question.rows]
        offered = dict.fromkeys(option.shown_when for option in question.options)
        parts += [(question.written_code, condition) for condition in offered]
        for code, condition in parts:
            if condition is not None and question.shown_when is not None:
                yield code, All((question.shown_when, condition))
            elif condition is not None:
                yield code, condition
