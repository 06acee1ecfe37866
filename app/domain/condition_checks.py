"""Whether a condition makes sense: the items, options and bounds that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.conditions import (
    ISO_DATE,
    ISO_TIME,
    ORDER,
    All,
    Answered,
    Any,
    Compare,
    Condition,
    Counted,
    Includes,
    Leaf,
    Not,
    OneOf,
    as_number,
    items_of,
    parts_of,
)
from app.domain.counting import SINCE, Unit
from app.domain.questionnaire import Kind, Question, Required

QuestionOf = Callable[[str], Question | None]
OPTION_KINDS = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.RATING, Kind.BATTERY})


# What may be counted in an answer of each kind.
COUNTED: dict[Kind, tuple[Unit, ...]] = {
    Kind.DATE: SINCE,
    Kind.TEXT: ("length",),
    Kind.LONG_TEXT: ("length",),
}


def check_condition(condition: Condition, place: str, question_of: QuestionOf) -> Iterator[Finding]:
    """What is wrong in a condition; items that nobody asks are left to the caller."""
    for part in parts_of(condition):
        if isinstance(part, All | Any | Not | Answered):
            continue
        question = question_of(part.item)
        if question is not None:
            yield from _check_leaf(part, question, place)
    yield from _check_not(condition, place, question_of, frozenset())


def _check_leaf(
    part: Compare | OneOf | Includes | Counted, question: Question, place: str
) -> Iterator[Finding]:
    if isinstance(part, Counted):
        yield from _check_counted(part, question, place)
        return
    if isinstance(part, Compare) and part.op in ORDER:
        yield from _check_order(part, question, place)
        return
    if isinstance(part, Includes) and question.kind is not Kind.CHOICES:
        yield finding("not_choices", place, item=part.item)
        return
    if question.kind in (Kind.PLACE, Kind.FILE):
        yield finding("only_answered", place, item=part.item)
    if question.kind in OPTION_KINDS:
        codes = (part.value,) if isinstance(part, Compare) else part.codes
        for code in codes:
            if code not in question.option_by_code:
                allowed = ", ".join(question.option_by_code)
                yield finding("unknown_option", place, item=part.item, option=code, allowed=allowed)


def _check_counted(part: Counted, question: Question, place: str) -> Iterator[Finding]:
    if part.unit not in COUNTED.get(question.kind, ()):
        yield finding("not_counted", place, item=part.item)
    elif as_number(part.value) is None:
        yield finding("not_a_bound", place, item=part.item, value=part.value)


def _check_order(part: Compare, question: Question, place: str) -> Iterator[Finding]:
    if not comparable(question):
        yield finding("not_comparable", place, item=part.item)
    elif question.kind in (Kind.DATE, Kind.TIME):
        form = ISO_DATE if question.kind is Kind.DATE else ISO_TIME
        if not form.fullmatch(part.value):
            yield finding("not_a_bound", place, item=part.item, value=part.value)
    elif as_number(part.value) is None:
        yield finding("not_a_bound", place, item=part.item, value=part.value)


def comparable(question: Question) -> bool:
    """Whether answers stand in an order: numbers, dates, single options with scores."""
    if question.kind in (Kind.NUMBER, Kind.DATE, Kind.TIME, Kind.LIST):
        return True
    scored = any(option.score is not None for option in question.options)
    return scored and question.kind is not Kind.CHOICES


def _check_not(
    condition: Condition, place: str, question_of: QuestionOf, guarded: frozenset[str]
) -> Iterator[Finding]:
    """Where ``not`` meets an item that may be empty and nothing beside it says "answered"."""
    if isinstance(condition, Not):
        for item in sorted(_compared(condition.part) - guarded):
            question = question_of(item)
            if question is not None and may_be_empty(question):
                yield finding("not_of_empty", place, item=item)
    elif isinstance(condition, All | Any):
        if isinstance(condition, All):
            guarded |= {item for part in condition.parts for item in _needed(part)}
        for part in condition.parts:
            yield from _check_not(part, place, question_of, guarded)


def _compared(condition: Condition) -> frozenset[str]:
    return frozenset(
        part.item
        for part in parts_of(condition)
        if isinstance(part, Leaf) and not isinstance(part, Answered)
    )


def _needed(condition: Condition) -> frozenset[str]:
    """The items that must have a value for this part to hold."""
    return frozenset() if isinstance(condition, All | Any | Not) else items_of(condition)


def may_be_empty(question: Question) -> bool:
    """Whether a person may pass the question, or never see it."""
    always_answered = question.required is Required.HARD and not question.ways_out
    return not always_answered or question.shown_when is not None or bool(question.rows)
