"""What foreign conditions count in one answer: its age in years, months or days, or its signs.

``int((today() - ${born}) div 365.25) >= 18``, ``today() > ${visit}``, ``string-length(${x}) > 3``;
LimeSurvey's ``strlen`` and ``time() - strtotime(…)``; FHIR's ``today() - 18 years``. A year of
365 to 366 days is a year, so many seconds too: whole ones differ by a day at most.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor

from app.domain.conditions import Counted, Operator, as_number
from app.domain.counting import SINCE, Unit
from app.domain.questionnaire import Kind
from app.interchange.foreign_expressions import Binary, Call, Expression, Literal, Name
from app.interchange.foreign_leaves import Formula, Item, Meaning
from app.interchange.foreign_logic import Result, Untranslatable, both, negated

BEFORE = "today-less"  # FHIR's ``today() - 18 years`` as a call: the number, the unit
LENGTHS = frozenset({"string-length", "strlen"})
_DAY = 86_400.0
_NOW = frozenset({"today", "now", "time"})
_HANDED_ON = frozenset(
    "date date-time number decimal-date-time once strtotime intval floatval".split()
)
_WHOLE = frozenset({"int", "floor", "intval", "trunc"})
_FLIPPED: dict[str, str] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NAMED: dict[str, Unit] = {unit: unit for unit in SINCE}
_AGO = re.compile(r"-?([0-9]{1,5}) (year|month|day)s?(?: ago)?")  # LimeSurvey's strtotime
_DEPTH = 12


@dataclass(frozen=True, slots=True)
class _Age:
    """Days from the answer to today, divided; ``whole``: without what is over."""

    item: Item
    days: float = 1.0  # that one of what is counted has
    sign: int = 1
    whole: bool = False


@dataclass
class Counts:
    """``meaning``: what a name stands for, or raises."""

    meaning: Callable[[str], Meaning]

    def compared(self, left: Expression, op: str, right: Expression) -> Result | None:
        """When ``left op right`` holds; None where nothing is counted.

        Raises ``Untranslatable``.
        """
        if isinstance(right, Literal):
            return self._against(left, op, right.value)
        dated: Expression = left
        other: Expression = right
        if self._date(dated) is None:
            dated, other, op = right, left, _FLIPPED.get(op, op)
        item = self._date(dated)
        cut = _cut(other)
        if item is None or cut is None or op not in _FLIPPED:
            return None
        number, unit = cut
        if unit != "days" and op in ("<", ">="):  # the very day apart
            op = {"<": "<=", ">=": ">"}[op]
        return _at_least(item, unit, _FLIPPED[op], number)

    def _against(self, left: Expression, op: str, value: str) -> Result | None:
        number = as_number(value)
        if number is None:
            return None
        if isinstance(left, Call) and left.function in LENGTHS and len(left.arguments) == 1:
            return self._length(left.arguments[0], op, number)
        age = self._age(left, 0)
        if age is None:
            return None
        unit = _unit(age.days)
        if age.sign < 0:
            op, number = _FLIPPED.get(op, op), -number
        if unit is None or not (age.whole or number.is_integer()):  # of what is no year or month
            number, unit = number * age.days, "days"
        elif unit != "days" and not age.whole and op in ("<=", ">"):  # the very moment apart
            op = {"<=": "<", ">": ">="}[op]
        return _at_least(age.item, unit, op, number)

    def _length(self, part: Expression, op: str, number: float) -> Result | None:
        found = self.meaning(part.name) if isinstance(part, Name) else None
        if not isinstance(found, Item) or found.kind not in (Kind.TEXT, Kind.LONG_TEXT):
            return None
        if number <= 1 and (op, number) not in ((">", 1), ("<=", 1), ("=", 1), ("!=", 1)):
            return None  # whether there is one at all
        return _long(found.code, op, number)

    def _date(self, part: Expression) -> Item | None:
        """The question for a day that the expression is."""
        for _ in range(_DEPTH):
            part = _inside(part)
            found = self.meaning(part.name) if isinstance(part, Name) else None
            if not isinstance(found, Formula):
                break
            part = found.expression
        return found if isinstance(found, Item) and found.kind is Kind.DATE else None

    def _age(self, part: Expression, depth: int) -> _Age | None:
        if depth > _DEPTH:
            return None
        if isinstance(part, Name):
            found = self.meaning(part.name)
            return self._age(found.expression, depth + 1) if isinstance(found, Formula) else None
        if isinstance(part, Call) and len(part.arguments) == 1:
            inner = self._age(part.arguments[0], depth + 1)
            if inner is None or part.function not in _WHOLE | _HANDED_ON:
                return None
            whole = inner.whole or part.function in _WHOLE
            return _Age(inner.item, inner.days, inner.sign, whole)
        if not isinstance(part, Binary):
            return None
        if part.op == "-":
            return self._between(part.left, part.right)
        divisor = _constant(part.right)
        inner = self._age(part.left, depth + 1) if part.op == "/" and divisor else None
        if inner is None or divisor is None or divisor <= 0 or inner.whole:
            return None
        return _Age(inner.item, inner.days * divisor, inner.sign)

    def _between(self, left: Expression, right: Expression) -> _Age | None:
        for one, other, sign in ((left, right, 1), (right, left, -1)):
            item = self._date(other)
            if item is not None and _is_now(one):
                seconds = _in_seconds(one) or _in_seconds(other)
                return _Age(item, 1 / _DAY if seconds else 1.0, sign)
        return None


def _inside(part: Expression) -> Expression:
    """What is left without the functions that say in which form a day is given."""
    while isinstance(part, Call):
        if part.function in _HANDED_ON and len(part.arguments) == 1:
            part = part.arguments[0]
        elif part.function == "date" and len(part.arguments) == 2:  # LimeSurvey: form, moment
            part = part.arguments[1]
        else:
            break
    return part


def _is_now(part: Expression) -> bool:
    part = _inside(part)
    if isinstance(part, Call):
        return part.function in _NOW and not part.arguments
    return isinstance(part, Literal) and part.value.strip().casefold() in ("now", "today")


def _in_seconds(part: Expression) -> bool:
    return isinstance(part, Call) and part.function in ("time", "strtotime")


def _cut(part: Expression) -> tuple[float, Unit] | None:
    """How long before today the expression is."""
    if _is_now(part):
        return 0.0, "days"
    part = _inside(part)
    if isinstance(part, Literal) and (found := _AGO.fullmatch(part.value.strip().casefold())):
        ago: Unit = found[2] + "s"  # type: ignore[assignment]  # one of three
        return float(found[1]), ago
    if isinstance(part, Call) and part.function == BEFORE:
        written, unit = part.arguments
        assert isinstance(written, Literal)
        assert isinstance(unit, Literal)
        number = as_number(written.value)  # it may be in quotes, and anything
        return (number, _NAMED[unit.value]) if number is not None and number.is_integer() else None
    if isinstance(part, Binary) and part.op in ("-", "+") and _is_now(part.left):
        days = _constant(part.right)
        return None if days is None else (days if part.op == "-" else -days, "days")
    return None


def _constant(part: Expression) -> float | None:
    """The number that an expression of numbers alone comes to."""
    if isinstance(part, Literal):
        return as_number(part.value)
    if not isinstance(part, Binary) or part.op != "*":
        return None
    left, right = _constant(part.left), _constant(part.right)
    return None if left is None or right is None else left * right


def _unit(days: float) -> Unit | None:
    """What so many days are."""
    for unit, low, high in (("years", 365, 366), ("months", 30, 31), ("days", 1, 1)):
        if low - 1e-6 <= days <= high + 1e-6:
            found: Unit = unit  # type: ignore[assignment]  # one of the three
            return found
    return None


def _at_least(item: Item, unit: Unit, op: str, number: float) -> Result:
    """The comparison by "so many or more" and "fewer than", as rows of a form have it."""

    def over(bound: int) -> Counted:
        return Counted(item.code, unit, ">=", str(bound))

    def under(bound: int) -> Counted:
        return Counted(item.code, unit, "<", str(bound))

    if abs(number) > 100_000:
        raise Untranslatable
    if op in (">=", ">"):
        return over(ceil(number) if op == ">=" else floor(number) + 1)
    if op in ("<", "<="):
        return under(ceil(number) if op == "<" else floor(number) + 1)
    if not number.is_integer():
        raise Untranslatable
    same = both(over(int(number)), under(int(number) + 1))
    return same if op == "=" else negated(same)


def _long(item: str, op: str, number: float) -> Result:
    """When a text is so long; one that is not there has no sign."""
    if number > 100_000:
        raise Untranslatable

    def over(bound: int) -> Counted:
        return Counted(item, "length", ">=", str(bound))

    if op in (">=", ">"):
        return over(ceil(number) if op == ">=" else floor(number) + 1)
    if op in ("<", "<="):
        return negated(over(ceil(number) if op == "<" else floor(number) + 1))
    equal: Operator = "="
    same = Counted(item, "length", equal, f"{number:g}")
    return same if op == "=" else negated(same)
