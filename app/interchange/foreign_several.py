"""Functions of foreign expressions over several answers or options: one of them, or how many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.conditions import Includes
from app.domain.questionnaire import Kind
from app.interchange.foreign_expressions import Call, Expression, Literal, Name
from app.interchange.foreign_leaves import Item, Meaning
from app.interchange.foreign_logic import Result, Untranslatable, counted, either

COUNTS = frozenset({"count-selected", "count", "countif"})
_TOGETHER = frozenset({"concat", "join", "list", "implode"})


@dataclass(frozen=True)
class Several:
    """``truth``, ``compared``: when an expression, or two with a sign between, hold."""

    truth: Callable[[Expression], Result]
    compared: Callable[[Expression, str, Expression], Result]
    meaning: Callable[[str], Meaning]

    def one_of(self, call: Call) -> Result:
        """Whether one of several holds, is filled, or is the first. Raises ``Untranslatable``."""
        found: Result = False
        if call.function in COUNTS:
            return self.number_of(call, ">", 0)
        if call.function == "in_array" and call.arguments:
            asked, *wanted = call.arguments
            for each in wanted:
                found = either(found, self.compared(asked, "=", each))
            return found
        if call.function not in _TOGETHER:
            raise Untranslatable
        for each in call.arguments:
            if not isinstance(each, Literal):
                found = either(found, self.truth(each))
        return found

    def number_of(self, call: Call, op: str, number: float) -> Result:
        """How many options are ticked, or answers given, against a number."""
        return counted(self._countable(call), op, number)

    def _countable(self, call: Call) -> list[Result]:
        """The options that may be ticked, or the answers that may be given."""
        if call.function == "count":
            return [self.truth(each) for each in call.arguments]
        if call.function == "countif" and call.arguments:
            wanted, *asked = call.arguments
            return [self.compared(each, "=", wanted) for each in asked]
        if len(call.arguments) != 1 or not isinstance(call.arguments[0], Name):
            raise Untranslatable
        item = self.meaning(call.arguments[0].name)
        if not isinstance(item, Item) or item.kind is not Kind.CHOICES:
            raise Untranslatable
        codes = dict.fromkeys(item.options.values())
        return [Includes(item.code, (code,), every=False) for code in codes]
