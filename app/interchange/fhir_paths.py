"""Our conditions as FHIRPath, for those that ``enableWhen`` has no short way to say."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.conditions import (
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
from app.domain.questionnaire import Kind, Question
from app.interchange.fhir_conditions import NotSaid, is_boolean, is_scale, scored


def path_of(condition: Condition, asked: Mapping[str, Question]) -> str:
    """The expression that is true where the condition holds, else false. Raises ``NotSaid``."""
    if isinstance(condition, Not):
        return f"({path_of(condition.part, asked)}).not()"
    if isinstance(condition, All | AnyOf):
        joint = " and " if isinstance(condition, All) else " or "
        return joint.join(f"({path_of(part, asked)})" for part in condition.parts)
    question = asked.get(condition.item)
    if question is None or question.kind in (Kind.LIST, Kind.INFORMATION):
        raise NotSaid
    answer = f"%resource.descendants().where(linkId = '{condition.item}').answer"
    if isinstance(condition, Answered):
        return f"{answer}.exists()"
    if isinstance(condition, Counted):
        return f"{answer}.where({_counted(condition)}).exists()"
    if isinstance(condition, Compare):
        return _compared(condition, question, answer)
    if isinstance(condition, Includes) and condition.every:
        return " and ".join(_has(question, answer, code) for code in condition.codes)
    return " or ".join(_has(question, answer, code) for code in condition.codes)


def _compared(leaf: Compare, question: Question, answer: str) -> str:
    if leaf.op == "=":
        return _has(question, answer, leaf.value)
    if leaf.op == "!=":
        return f"{answer}.exists() and ({_has(question, answer, leaf.value)}).not()"
    if question.options:
        return " or ".join(_has(question, answer, code) for code in scored(question, leaf))
    return f"{answer}.where(value {leaf.op} {_literal(question, leaf.value)}).exists()"


_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _counted(leaf: Counted) -> str:
    """What an answer must be: so long a text, or a date so long before the day of answering."""
    if leaf.unit == "length":
        return f"value.length() {leaf.op} {leaf.value}"
    number = as_number(leaf.value)
    if number is None or not number.is_integer() or leaf.op not in (">=", "<"):
        raise NotSaid
    return f"value {_TURNED[leaf.op]} today() - {number:.0f} {leaf.unit}"


def _has(question: Question, answer: str, code: str) -> str:
    if is_boolean(question):
        return f"{answer}.where(value = {code}).exists()"
    if question.options and not is_scale(question):
        return f"{answer}.value.where(code = '{code}').exists()"
    return f"{answer}.where(value = {_literal(question, code)}).exists()"


def _literal(question: Question, value: str) -> str:
    if question.kind is Kind.NUMBER or is_scale(question):
        if as_number(value) is None:
            raise NotSaid
        return value
    if question.kind is Kind.DATE:
        return f"@{value}"
    if question.kind is Kind.TIME:
        return f"@T{value}:00"
    written = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{written}'"
