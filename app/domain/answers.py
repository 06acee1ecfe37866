"""Answers: what a person gave, and the one place that decides whether a value may be accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.domain.conditions import Known, Operand
from app.domain.questionnaire import Kind, Question, Questionnaire, Why

Value = str | int | float | tuple[str, ...]


RespondentRole = Literal["self", "helped", "proxy"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A value, or the reason why there is none; who gave it (sitting) and when (UTC, ISO 8601).

    ``value``: option code (choice, rating, battery row), tuple of option codes in the order of the
    options (choices), whole or decimal number, text, ISO date cut to its precision, or place as
    ``domain.places`` writes it.
    """

    value: Value | None = None
    why: Why | None = None
    other: str | None = None  # what was written beside an option that asks to specify
    sitting: int = 0
    at: str = ""
    entry: str = ""  # beside the name of an entry of a list: the entry's random number
    lang: str = ""  # language it was given in, where that is not the sitting's

    @property
    def content(self) -> tuple[Value | None, Why | None, str | None]:
        """What was said, without who and when: equal content is the same answer."""
        return (self.value, self.why, self.other)


Answers = Mapping[str, Answer]


def operand_of(question: Question, answer: Answer | None) -> Operand | None:
    """What a condition may know of this answer; None without a value."""
    if answer is None or answer.value is None:
        return None
    value = answer.value
    if question.kind in (Kind.CHOICE, Kind.RATING, Kind.BATTERY):
        option = question.option_by_code.get(str(value))
        return Operand((str(value),), option.score if option else None, chosen=True)
    if isinstance(value, tuple):
        return Operand(value, chosen=True)
    day = answer.at[:10] if question.kind is Kind.DATE else ""
    return Operand((str(value),), float(value) if isinstance(value, int | float) else None, day)


def known_from(questionnaire: Questionnaire, answers: Answers) -> Known:
    """A look-up of operands for ``conditions.holds`` over these answers."""

    def known(item: str) -> Operand | None:
        question = questionnaire.question_by_item.get(item)
        return operand_of(question, answers.get(item)) if question else None

    return known
