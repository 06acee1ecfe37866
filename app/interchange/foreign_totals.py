"""Totals of answers with options, such as a score, compared with a number.

Each term of a total has a few values, each under a condition. What the terms before the last
come to says which values of the last are enough, so that a score of three or four questions is
said as conditions on their options. Longer ones are too long for anybody to check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import ceil, floor, prod, trunc

from app.domain.conditions import (
    COMPARISONS,
    Answered,
    Compare,
    Condition,
    Not,
    OneOf,
    as_number,
)
from app.domain.questionnaire import Kind
from app.interchange.foreign_expressions import Binary, Call, Expression, Literal, Name
from app.interchange.foreign_leaves import Formula, Item, Meaning
from app.interchange.foreign_logic import (
    MAX_PARTS,
    Result,
    Untranslatable,
    both,
    either,
    negated,
)

MAX_STEPS = 300  # for one condition: values can stand for values that stand for values
MAX_WAYS = 300  # in which the answers can add up
Cases = dict[float, Result]  # the values that a term may have, and when it has each
_TRUTHS = frozenset({"selected", "not", "true", "false", "boolean", "is_empty", "empty"})
_ITSELF = frozenset({"number", "once", "intval", "floatval"})
_ROUNDED: dict[str, Callable[[float], float]] = {
    "int": trunc,
    "round": lambda value: floor(value + 0.5),
    "floor": floor,
    "ceiling": ceil,
}
_SUMS = {"+": 1.0, "-": -1.0}


@dataclass
class Totals:
    """``truth``: when an expression holds; ``meaning``: what a name stands for, or raises.

    ``blank_is_zero``: an answer that is not there counts as 0; else the total has no value.
    """

    truth: Callable[[Expression], Result]
    meaning: Callable[[str], Meaning]
    blank_is_zero: bool = False
    steps: int = 0
    _found: dict[tuple[int, float], tuple[Result, int]] = field(default_factory=dict)

    def compared(self, part: Expression, op: str, bound: float) -> Result:
        """When ``part op bound`` holds. Raises ``Untranslatable``."""
        if op == "!=":  # also true where there is no total
            return negated(self.compared(part, "=", bound))
        terms, added = self._terms(part, blank_is_zero=self.blank_is_zero)
        self._found = {}
        if prod(map(len, terms)) > MAX_WAYS:
            raise Untranslatable
        if not terms:
            return COMPARISONS[op](added, bound)
        return self._reached(terms, 0, op, round(bound - added, 9))[0]

    def _reached(self, terms: list[Cases], at: int, op: str, bound: float) -> tuple[Result, int]:
        """When the terms from ``at`` on come to what is wanted, and how long that is to say."""
        if at == len(terms):
            return COMPARISONS[op](0.0, bound), 0
        if (at, bound) in self._found:
            return self._found[at, bound]
        whens: dict[Result, list[Result]] = {}
        sizes: dict[Result, int] = {}
        for value, when in terms[at].items():
            rest, size = self._reached(terms, at + 1, op, round(bound - value, 9))
            if rest is not False:
                whens.setdefault(rest, []).append(when)
                sizes[rest] = size
        found: Result = False
        for rest, each in whens.items():
            found = either(found, both(_any(each), rest))
        total = sum(sizes[rest] + len(each) for rest, each in whens.items())
        if total > MAX_PARTS:
            raise Untranslatable
        self._found[at, bound] = found, total
        return found, total

    def _terms(self, part: Expression, *, blank_is_zero: bool) -> tuple[list[Cases], float]:
        """What is added up: the terms that depend on answers, and the number that does not."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Untranslatable
        if isinstance(part, Literal):
            return [], _number(part.value)
        if isinstance(part, Binary) and part.op in _SUMS:
            left = self._terms(part.left, blank_is_zero=blank_is_zero)
            right = self._terms(part.right, blank_is_zero=blank_is_zero)
            return _added(left, right, _SUMS[part.op])
        if isinstance(part, Binary) and part.op in ("*", "/"):
            return self._scaled(part, blank_is_zero=blank_is_zero)
        inner = self._inside(part)
        if inner is not None:
            return self._terms(inner, blank_is_zero=blank_is_zero)
        if isinstance(part, Call) and part.function == "sum":
            found: tuple[list[Cases], float] = ([], 0.0)
            for one in part.arguments:
                found = _added(found, self._terms(one, blank_is_zero=True), 1.0)
            return found
        return [self._cases(part, blank_is_zero=blank_is_zero)], 0.0

    def _inside(self, part: Expression) -> Expression | None:
        """What a calculated value stands for, or what a function only hands on."""
        if isinstance(part, Name):
            meant = self.meaning(part.name)
            return meant.expression if isinstance(meant, Formula) else None
        handed_on = isinstance(part, Call) and part.function in _ITSELF and len(part.arguments) == 1
        return part.arguments[0] if isinstance(part, Call) and handed_on else None

    def _scaled(self, part: Binary, *, blank_is_zero: bool) -> tuple[list[Cases], float]:
        terms, added = self._terms(part.left, blank_is_zero=blank_is_zero)
        others, factor = self._terms(part.right, blank_is_zero=blank_is_zero)
        if part.op == "*" and others and not terms:
            terms, added, others, factor = others, factor, terms, added
        if others or not factor:
            raise Untranslatable
        factor = factor if part.op == "*" else 1 / factor
        return [_mapped(term, lambda v: v * factor) for term in terms], added * factor

    def _cases(self, part: Expression, *, blank_is_zero: bool) -> Cases:
        if isinstance(part, Literal):
            return {_number(part.value): True}
        if isinstance(part, Name):
            return self._answers(part, blank_is_zero=blank_is_zero)
        if isinstance(part, Binary):
            return self._either_way(part)
        if part.function in ("if", "iif") and len(part.arguments) == 3:
            when = self.truth(part.arguments[0])
            yes, no = (self._one(side, blank_is_zero) for side in part.arguments[1:])
            found = {value: both(when, holds) for value, holds in yes.items()}
            return _joined(found, {value: both(negated(when), h) for value, h in no.items()})
        if part.function == "coalesce" and len(part.arguments) == 2:
            first, rest = (self._one(side, False) for side in part.arguments)
            missing = negated(self.truth(part.arguments[0]))
            return _joined(first, {value: both(missing, holds) for value, holds in rest.items()})
        if part.function in _ROUNDED and len(part.arguments) == 1:
            return _mapped(self._one(part.arguments[0], blank_is_zero), _ROUNDED[part.function])
        return self._either_way(part)

    def _one(self, part: Expression, blank_is_zero: bool) -> Cases:
        """An expression of at most one term."""
        terms, added = self._terms(part, blank_is_zero=blank_is_zero)
        if len(terms) > 1:
            raise Untranslatable
        return _mapped(terms[0], lambda value: value + added) if terms else {added: True}

    def _answers(self, name: Name, *, blank_is_zero: bool) -> Cases:
        """The options of a question that are numbers."""
        item = self.meaning(name.name)
        if not isinstance(item, Item) or item.kind not in (Kind.CHOICE, Kind.RATING):
            raise Untranslatable
        numbers = {as_number(written): code for written, code in item.options.items()}
        if not numbers or (blank_is_zero and None in numbers):
            raise Untranslatable
        found: Cases = {
            number: Compare(item.code, "=", code)
            for number, code in numbers.items()
            if number is not None
        }
        return _joined(found, {0.0: Not(Answered(item.code))}) if blank_is_zero else found

    def _either_way(self, part: Expression) -> Cases:
        """A condition among numbers: 1 where it holds, else 0."""
        tested = isinstance(part, Binary) and (part.op in COMPARISONS or part.op in ("and", "or"))
        if not tested and not (isinstance(part, Call) and part.function in _TRUTHS):
            raise Untranslatable
        holds = self.truth(part)
        return {1.0: holds, 0.0: negated(holds)}


def _number(written: str) -> float:
    number = as_number(written)
    if number is None:
        raise Untranslatable
    return number


def _added(
    left: tuple[list[Cases], float], right: tuple[list[Cases], float], sign: float
) -> tuple[list[Cases], float]:
    terms = [_mapped(term, lambda value: sign * value) for term in right[0]]
    return [*left[0], *terms], left[1] + sign * right[1]


def _mapped(cases: Cases, to: Callable[[float], float]) -> Cases:
    found: Cases = {}
    for value, when in cases.items():
        found = _joined(found, {float(to(value)): when})
    return found


def _joined(one: Cases, other: Cases) -> Cases:
    found = dict(one)
    for value, when in other.items():
        found[value] = either(found.get(value, False), when)
    return found


def _any(whens: Iterable[Result]) -> Result:
    """When one of these holds; options of the same question in one list."""
    codes: dict[str, list[str]] = {}
    found: Result = False
    for when in whens:
        if isinstance(when, Compare) and when.op == "=":
            codes.setdefault(when.item, []).append(when.value)
        else:
            found = either(found, when)
    for item, chosen in codes.items():
        one: Condition = OneOf(item, tuple(chosen))
        found = either(Compare(item, "=", chosen[0]) if len(chosen) == 1 else one, found)
    return found
