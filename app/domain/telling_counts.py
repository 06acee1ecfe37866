"""Answers around what a condition counts: dates so many years ago, texts of so many signs.

Which day it is when somebody answers is not known beforehand. So a date is tried with the day that
makes it as old as the condition wants, one day younger and one day older; some of them with a day
that stands for any. Dates that hang on each other by the day of answering are not told apart.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from app.domain.conditions import Operand
from app.domain.counting import SINCE, Unit, first_day
from app.domain.questionnaire import Kind, Question

Count = tuple[Unit, int]
TODAY = date(2026, 1, 15)  # stands for the day of answering in examples
_AROUND = (timedelta(-1), timedelta(0), timedelta(1))
_PRECISION = {"day": 10, "month": 7, "year": 4}
_LONGEST = {Kind.TEXT: 250, Kind.LONG_TEXT: 4_000}


def days_counted(
    question: Question, dates: Iterable[str], counted: Iterable[Count]
) -> list[Operand]:
    """Dates that an answer may be, each with a day of answering so far from it."""
    length = _PRECISION[question.precision]
    low = str(question.limits.minimum or "0001-01-01")[:length]
    high = str(question.limits.maximum or "9999-12-31")[:length]
    counts = [count for count in counted if count[0] in SINCE]
    found = [(day.isoformat()[:length], TODAY) for day in _around(TODAY, counts, back=True)]
    for text in dates:
        begun = first_day(text[:length])
        if begun is not None and counts and low <= text[:length] <= high:
            found += [(text[:length], day) for day in _around(begun, counts, back=False)]
    kept = {(text, day.isoformat()) for text, day in found if low <= text <= high}
    return [Operand((text,), day=day) for text, day in sorted(kept, key=_near_today)]


def _near_today(pair: tuple[str, str]) -> tuple[bool, str, str]:
    return (pair[1] != TODAY.isoformat(), *pair)


def _around(day: date, counts: Iterable[Count], *, back: bool) -> Iterator[date]:
    """Days so far before or after ``day``, and their neighbours."""
    for unit, number in counts:
        there = _moved(day, unit, -number if back else number)
        for step in _AROUND if there is not None else ():
            assert there is not None
            if date.min + _AROUND[2] < there < date.max + _AROUND[0]:
                yield there + step


def _moved(day: date, unit: Unit, number: int) -> date | None:
    """The day ``number`` years, months or days later; None beyond the calendar."""
    if unit == "days":
        place = day.toordinal() + number
        return date.fromordinal(place) if 1 <= place <= date.max.toordinal() else None
    months = day.year * 12 + day.month - 1 + number * (12 if unit == "years" else 1)
    year, month = divmod(months, 12)
    if not 1 <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def texts_counted(question: Question, counted: Iterable[Count]) -> list[str]:
    """Texts as long as a condition wants, one sign shorter and one longer."""
    low = question.limits.min_length or 1
    high = question.limits.max_length or _LONGEST.get(question.kind, 0)
    near = {number + side for unit, number in counted if unit == "length" for side in (-1, 0, 1)}
    return ["x" * size for size in sorted(near) if low <= size <= high]
