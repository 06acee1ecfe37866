"""Trees of foreign expressions to our conditions, with the same meaning or not at all.

In both languages a comparison with an unanswered question is false, but ``!=`` is true; so
``!=`` becomes ``not =``. A calculated value is put in where it is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from app.domain.conditions import (
    COMPARISONS,
    ISO_DATE,
    ISO_TIME,
    Answered,
    Compare,
    Includes,
    Not,
    Operator,
    as_number,
)
from app.domain.questionnaire import Kind
from app.interchange.foreign_counts import Counts
from app.interchange.foreign_expressions import Binary, Call, Expression, Literal, Name
from app.interchange.foreign_leaves import (
    Formula,
    Item,
    Meaning,
    Ticked,
    emptiness,
    fits,
    folded,
    has_option,
    known,
    line_of,
    number_text,
    option_is,
    same_choice,
    tick_against,
)
from app.interchange.foreign_logic import (
    Result,
    Untranslatable,
    both,
    bounded,
    either,
    flat,
    negated,
)
from app.interchange.foreign_several import COUNTS, Several
from app.interchange.foreign_totals import Totals

MAX_INLINED = 12
MAX_STEPS = 4_000
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_AS_IT_IS = frozenset("number int string once round intval floatval trim time decimal-time".split())


@dataclass
class Translator:
    """``meaning``: what a name stands for; ``scored`` is told of items whose order is compared.

    ``all_options``: an option that a question does not have is never chosen; else the check of
    the draft names it.
    """

    meaning: Callable[[str], Meaning | None]
    scored: Callable[[str], None]
    all_options: bool = False
    blank_is_zero: bool = False  # in totals
    _depth: int = 0
    _steps: int = 0

    def __post_init__(self) -> None:
        self.counts = Counts(self._found)
        self.several = Several(self.truth, self.compared, self._found)
        self.totals = Totals(self.truth, self._found, self.blank_is_zero)

    def condition(self, expression: Expression) -> Result:
        """The condition, or whether it always or never holds. Raises ``Untranslatable``."""
        self._depth = self._steps = self.totals.steps = 0
        try:
            found = self.truth(expression)
        except RecursionError:
            raise Untranslatable from None
        if not isinstance(found, bool):
            found = flat(found)
            bounded(found)
        return found

    def truth(self, expression: Expression) -> Result:
        """When the expression is true."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise Untranslatable
        if isinstance(expression, Literal):
            number = as_number(expression.value)
            return bool(expression.value) if number is None else number != 0
        if isinstance(expression, Name):
            return self._filled(expression)
        if isinstance(expression, Call):
            return self._called(expression)
        if expression.op == "and":
            return both(self.truth(expression.left), self.truth(expression.right))
        if expression.op == "or":
            return either(self.truth(expression.left), self.truth(expression.right))
        if expression.op in COMPARISONS:
            return self.compared(expression.left, expression.op, expression.right)
        raise Untranslatable

    def _found(self, name: str) -> Meaning:
        found = self.meaning(name)
        if found is None:
            raise Untranslatable
        return found

    def _inlined(self, formula: Formula, use: Callable[[Expression], Result]) -> Result:
        self._depth += 1
        if self._depth > MAX_INLINED:
            raise Untranslatable
        try:
            return use(formula.expression)
        finally:
            self._depth -= 1

    def _filled(self, name: Name) -> Result:
        found = self._found(name.name)
        if isinstance(found, Formula):
            return self._inlined(found, self.truth)
        if isinstance(found, Ticked):
            return Includes(found.item, (found.option,), every=False)
        return Answered(found.code)

    def _called(self, call: Call) -> Result:
        name, given = call.function, call.arguments
        if name in ("true", "false") and not given:
            return name == "true"
        if name in ("not", "is_empty", "empty") and len(given) == 1:
            return negated(self.truth(given[0]))
        if name in ("boolean", "once", "string", "boolean-from-string") and len(given) == 1:
            return self.truth(given[0])
        if name == "selected" and len(given) == 2:
            return self._selected(given[0], given[1])
        if name in ("if", "iif") and len(given) == 3:
            return self._chosen(given, self.truth)
        if name == "coalesce" and len(given) == 2:
            return either(self.truth(given[0]), self.truth(given[1]))
        return self.several.one_of(call)

    def _chosen(self, given: Sequence[Expression], use: Callable[[Expression], Result]) -> Result:
        when = self.truth(given[0])
        return either(both(when, use(given[1])), both(negated(when), use(given[2])))

    def _selected(self, asked: Expression, wanted: Expression) -> Result:
        if isinstance(asked, Literal):  # one of several words is what was chosen
            found_any: Result = False
            for word in dict.fromkeys(asked.value.split()[:200]):
                found_any = either(found_any, self.compared(wanted, "=", Literal(word)))
            return found_any
        if not isinstance(asked, Name) or not isinstance(wanted, Literal):
            raise Untranslatable
        found = self._found(asked.name)
        if isinstance(found, Formula) and isinstance(found.expression, Name):
            return self._selected(found.expression, wanted)
        if isinstance(found, Ticked):
            return tick_against(found, "=", wanted.value)
        if not isinstance(found, Item):
            raise Untranslatable
        return self._is(found, wanted.value, any_of=True)

    def compared(self, left: Expression, op: str, right: Expression) -> Result:
        """When ``left op right`` holds."""
        left, right = folded(left), folded(right)
        if isinstance(left, Literal) and isinstance(right, Literal):
            return known(left.value, op, right.value)
        if isinstance(left, Literal):
            return self.compared(right, _FLIPPED.get(op, op), left)
        counted = self.counts.compared(left, op, right)
        if counted is not None:
            return counted
        if isinstance(right, Call) and right.function in ("true", "false") and op in ("=", "!="):
            same = (right.function == "true") == (op == "=")
            return self.truth(left) if same else negated(self.truth(left))
        if isinstance(right, Literal):
            return self._against(left, op, right.value)
        if isinstance(left, Name) and isinstance(right, Name):
            with suppress(Untranslatable):
                return same_choice(self._found(left.name), op, self._found(right.name))
        return self.totals.compared(Binary("-", left, right), op, 0.0)

    def _against(self, left: Expression, op: str, value: str) -> Result:
        if isinstance(left, Name):
            return self._name_against(left, op, value)
        try:
            return self._worked_out(left, op, value)
        except Untranslatable:
            number = as_number(value)
            if number is None:
                raise
            return self.totals.compared(left, op, number)

    def _worked_out(self, left: Expression, op: str, value: str) -> Result:
        if isinstance(left, Call):
            return self._call_against(left, op, value)
        if isinstance(left, Binary) and left.op in ("+", "-", "*", "/"):
            return self._solved(left, op, value)
        return self._truth_against(left, op, value)

    def _name_against(self, name: Name, op: str, value: str) -> Result:
        found = self._found(name.name)
        if isinstance(found, Formula):
            return self._inlined(found, lambda inner: self.compared(inner, op, Literal(value)))
        if isinstance(found, Ticked):
            return tick_against(found, op, value)
        if op in ("=", "!="):
            same = self._is(found, value, any_of=False)
            return same if op == "=" else negated(same)
        return self._ordered(found, op, value)

    def _ordered(self, item: Item, op: str, value: str) -> Result:
        if item.kind in (Kind.CHOICE, Kind.RATING) and as_number(value) is not None:
            self.scored(item.code)
        elif item.kind is Kind.TIME and ISO_TIME.fullmatch(value[:5]):
            value = value[:5]
        elif item.kind is Kind.DATE:
            if not ISO_DATE.fullmatch(value):
                raise Untranslatable
        elif item.kind is not Kind.NUMBER or as_number(value) is None:
            raise Untranslatable
        return Compare(item.code, cast("Operator", op), number_text(value))

    def _is(self, item: Item, value: str, *, any_of: bool) -> Result:
        if value.strip() == "":
            return Not(Answered(item.code))
        if item.options:
            if self.all_options and not has_option(item, value):
                return False
            return option_is(item, value, any_of=any_of)
        if not fits(item, value):
            raise Untranslatable
        return Compare(item.code, "=", value[:5] if item.kind is Kind.TIME else value)

    def _call_against(self, call: Call, op: str, value: str) -> Result:
        name, given = call.function, call.arguments
        if name in _AS_IT_IS and len(given) == 1:
            return self.compared(given[0], op, Literal(value))
        if name in ("if", "iif") and len(given) == 3:
            return self._chosen(given, lambda side: self.compared(side, op, Literal(value)))
        if name == "coalesce" and len(given) == 2:
            first = self.compared(given[0], op, Literal(value))
            rest = both(negated(self.truth(given[0])), self.compared(given[1], op, Literal(value)))
            return either(both(self.truth(given[0]), first), rest)
        if name in ("string-length", "strlen") and len(given) == 1:
            return emptiness(self.truth(given[0]), op, value)
        number = as_number(value)
        if name in COUNTS and number is not None:
            return self.several.number_of(call, op, number)
        return self._truth_against(call, op, value)

    def _truth_against(self, expression: Expression, op: str, value: str) -> Result:
        """A condition compared with 1, 0 or nothing."""
        number = as_number(value or "0")
        if op not in ("=", "!=") or number not in (0.0, 1.0):
            raise Untranslatable
        found = self.truth(expression)
        return found if (number == 1.0) == (op == "=") else negated(found)

    def _solved(self, left: Binary, op: str, value: str) -> Result:
        """``${a} * 2 + 1 > 5`` as a bound on the one answer in it."""
        number = as_number(value)
        slope, rest, name = line_of(left, self._found)
        if number is None or not slope or name is None:
            raise Untranslatable
        bound = (number - rest) / slope
        turned = _FLIPPED.get(op, op) if slope < 0 else op
        return self.compared(name, turned, Literal(f"{bound:.15g}"))
