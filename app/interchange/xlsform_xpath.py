"""Our conditions as the XPath of XLSForm."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.conditions import (
    ORDER,
    All,
    Answered,
    Compare,
    Condition,
    Counted,
    Includes,
    Not,
    as_number,
)
from app.domain.conditions import Any as AnyOf
from app.domain.questionnaire import Kind, Questionnaire


@dataclass(frozen=True)
class Xpath:
    """Says conditions on the items of one questionnaire."""

    questionnaire: Questionnaire

    def of(self, condition: Condition) -> str:
        """The expression that holds where the condition does."""
        if isinstance(condition, Not):
            return f"not({self.of(condition.part)})"
        if isinstance(condition, All | AnyOf):
            joint = " and " if isinstance(condition, All) else " or "
            return joint.join(f"({self.of(part)})" for part in condition.parts)
        name = f"${{{condition.item}}}"
        if isinstance(condition, Answered):
            return f"{name} != ''"
        if isinstance(condition, Compare):
            return self._compare(condition, name)
        if isinstance(condition, Counted):
            return _counted(condition, name)
        joint = " and " if isinstance(condition, Includes) and condition.every else " or "
        return joint.join(self._is(condition.item, code) for code in condition.codes)

    def _is(self, item: str, code: str) -> str:
        question = self.questionnaire.question_by_item.get(item)
        name = f"${{{item}}}"
        if question is not None and question.kind is Kind.CHOICES:
            return f"selected({name}, '{code}')"
        if question is not None and question.kind is Kind.NUMBER:
            return f"{name} = {code}"
        if question is not None and question.kind is Kind.TIME:
            return f"decimal-time({name}) = decimal-time('{code}')"
        return f"{name} = '{code}'"

    def _compare(self, leaf: Compare, name: str) -> str:
        if leaf.op == "=":
            return self._is(leaf.item, leaf.value)
        if leaf.op == "!=":
            return f"{name} != '' and not({self._is(leaf.item, leaf.value)})"
        question = self.questionnaire.question_by_item.get(leaf.item)
        if question is not None and question.options:
            wanted = as_number(leaf.value) or 0.0
            codes = [
                option.code
                for option in question.options
                if option.score is not None and ORDER[leaf.op](option.score, wanted)
            ]
            return " or ".join(self._is(leaf.item, code) for code in codes) or "false()"
        if question is not None and question.kind is Kind.DATE:
            return f"{name} {leaf.op} date('{(leaf.value + '-01-01')[:10]}')"
        if question is not None and question.kind is Kind.TIME:
            return f"decimal-time({name}) {leaf.op} decimal-time('{leaf.value}')"
        return f"{name} {leaf.op} {leaf.value}"


# A year and a month as long as they are on average: whole ones begin a day early or late at most.
_DAYS = {"years": " div 365.25", "months": " div 30.4375", "days": ""}


def _counted(leaf: Counted, name: str) -> str:
    if leaf.unit == "length":
        return f"{name} != '' and string-length({name}) {leaf.op} {leaf.value}"
    return f"{name} != '' and int((today() - {name}){_DAYS[leaf.unit]}) {leaf.op} {leaf.value}"
