"""Conditions on answers: the one small language behind ``shown_when`` and measures.

A condition is a tree of the classes below. It reads answers through ``Operand``: what is known
of one item. A comparison with an item that has no value is false, also for ``!=``; ``Not`` is
plain negation, and the checker warns where the two meet.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from app.domain.counting import Unit, counted

Operator = Literal["=", "!=", "<", "<=", ">", ">="]
ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
COMPARISONS: dict[str, Callable[..., bool]] = {"=": operator.eq, "!=": operator.ne, **ORDER}
TEXT_ORDER: dict[str, Callable[[str, str], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ISO_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
ISO_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Operand:
    """What a condition may know of an item's answer.

    ``codes``: the option codes chosen (one for a choice), or the text, date or number as written.
    ``number``: the option's score or the number itself; None where there is none. ``day``: of a
    date, the ISO day on which it was given. ``chosen``: the codes are of options, which are
    compared as they are written: 1 and 01 are two.
    """

    codes: tuple[str, ...]
    number: float | None = None
    day: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """``E01 >= 4`` compares scores or numbers; ``E10 = yes`` compares codes."""

    item: str
    op: Operator
    value: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """``P16 in [gp, nurse]``: the chosen code is one of these."""

    item: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Includes:
    """``E24 includes any [a, b]``: any, or all, of these were ticked."""

    item: str
    codes: tuple[str, ...]
    every: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """``years since E08 >= 18``, to the day it was answered; ``length of E09 > 3``."""

    item: str
    unit: Unit
    op: Operator
    value: str


@dataclass(frozen=True, slots=True)
class Answered:
    """``answered E10``: the item has a value (a way out is not one)."""

    item: str


@dataclass(frozen=True, slots=True)
class All:
    """True when every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """True when at least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when the part does not hold."""

    part: Condition


Leaf = Compare | OneOf | Includes | Counted | Answered
Condition = Leaf | All | Any | Not
Known = Callable[[str], Operand | None]


def holds(condition: Condition, known: Known) -> bool:
    """Whether ``condition`` is true; ``known(item)`` gives the operand, or None without a value."""
    if isinstance(condition, All):
        return all(holds(part, known) for part in condition.parts)
    if isinstance(condition, Any):
        return any(holds(part, known) for part in condition.parts)
    if isinstance(condition, Not):
        return not holds(condition.part, known)
    operand = known(condition.item)
    return operand is not None and _leaf_holds(condition, operand)


def _leaf_holds(condition: Leaf, operand: Operand) -> bool:
    if isinstance(condition, Answered):
        return True
    if isinstance(condition, Counted):
        return _counts(condition, operand)
    if isinstance(condition, OneOf):
        return any(code in condition.codes for code in operand.codes)
    if isinstance(condition, Includes):
        test = all if condition.every else any
        return test(code in operand.codes for code in condition.codes)
    return _compares(condition, operand)


def _counts(condition: Counted, operand: Operand) -> bool:
    number = counted(condition.unit, operand.codes[0], operand.day) if operand.codes else None
    value = as_number(condition.value)
    if number is None or value is None:
        return False
    if condition.op in ORDER:
        return ORDER[condition.op](number, value)
    return (number == value) == (condition.op == "=")


def _compares(condition: Compare, operand: Operand) -> bool:
    if condition.op in ORDER:
        return _ordered(condition, operand)
    same = condition.value in operand.codes
    if not same and not operand.chosen and len(operand.codes) == 1:
        left, right = as_number(operand.codes[0]), as_number(condition.value)
        same = left is not None and left == right
    return same if condition.op == "=" else not same


def _ordered(condition: Compare, operand: Operand) -> bool:
    value = as_number(condition.value)
    if operand.number is not None and value is not None:
        return ORDER[condition.op](operand.number, value)
    if operand.chosen:  # an option without a score stands in no order, whatever its code says
        return False
    dates = (*operand.codes, condition.value)
    alike = any(all(form.fullmatch(text) for text in dates) for form in (ISO_DATE, ISO_TIME))
    if operand.number is not None or not alike:
        return False
    length = min(len(text) for text in dates)  # as precise as the coarser of the two
    return len(dates) == 2 and TEXT_ORDER[condition.op](dates[0][:length], dates[1][:length])


def as_number(text: str) -> float | None:
    """The finite number written in ``text``, in plain digits, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    if "_" in text or not text.isascii():  # float takes them
        return None
    return number if number == number and abs(number) != float("inf") else None


def parts_of(condition: Condition) -> Iterator[Condition]:
    """The condition and all that it is made of, outermost first."""
    yield condition
    if isinstance(condition, All | Any):
        for part in condition.parts:
            yield from parts_of(part)
    elif isinstance(condition, Not):
        yield from parts_of(condition.part)


def items_of(condition: Condition) -> frozenset[str]:
    """The codes of the items that the condition reads."""
    return frozenset(part.item for part in parts_of(condition) if isinstance(part, Leaf))


def renamed(condition: Condition, names: Mapping[str, str]) -> Condition:
    """The condition on other items; ``names``: new code by old."""
    if isinstance(condition, All | Any):
        return type(condition)(tuple(renamed(part, names) for part in condition.parts))
    if isinstance(condition, Not):
        return Not(renamed(condition.part, names))
    return replace(condition, item=names.get(condition.item, condition.item))
