"""Conditions as written in files: atoms as text, combinations as mappings; and back."""

from __future__ import annotations

import re

from app.domain.codes import is_code
from app.domain.conditions import (
    All,
    Answered,
    Any,
    Compare,
    Condition,
    Counted,
    Includes,
    Not,
    OneOf,
    Operator,
)
from app.domain.counting import Unit

Written = str | dict[str, "Written | list[Written]"]

_CODE = r"[A-Za-z][A-Za-z0-9_]{0,31}"
_BARE = r"[^\s\[\]{},=<>!\"]{1,64}"
_VALUE = rf"(?:{_BARE}|\"[^\"]{{1,200}}\")"  # quoted: a code of plain data, with spaces or signs
_LIST = rf"\[\s*({_VALUE}(?:\s*,\s*{_VALUE})*)\s*\]"
_COMPARE = re.compile(rf"({_CODE})\s*(=|!=|<=|>=|<|>)\s*({_VALUE})")
_ONE_OF = re.compile(rf"({_CODE})\s+in\s*{_LIST}")
_INCLUDES = re.compile(rf"({_CODE})\s+includes\s+(any|all)\s*{_LIST}")
_SINCE = re.compile(rf"(years|months|days)\s+since\s+({_CODE})\s*(=|!=|<=|>=|<|>)\s*({_VALUE})")
_LENGTH = re.compile(rf"(length)\s+of\s+({_CODE})\s*(=|!=|<=|>=|<|>)\s*({_VALUE})")
_ANSWERED = re.compile(rf"answered\s+({_CODE})")
_OPERATORS: dict[str, Operator] = {
    "=": "=",
    "!=": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}
MAX_ATOM = 5_000


class UnreadableCondition(ValueError):
    """What is written is no condition; ``path`` leads from the condition to the wrong part."""

    def __init__(self, path: tuple[str | int, ...] = ()) -> None:
        self.path = path
        super().__init__("unreadable condition")


def parse_condition(written: object) -> Condition:
    """The condition written as text, or as a mapping with one of all, any, not."""
    if isinstance(written, str):
        return _parse_atom(written.strip())
    if not isinstance(written, dict) or len(written) != 1:
        raise UnreadableCondition
    ((word, inner),) = written.items()
    if word == "not":
        return Not(_parse_part(inner, "not"))
    if word not in ("all", "any") or not isinstance(inner, list) or not inner:
        raise UnreadableCondition((word,))
    parts = tuple(_parse_part(part, word, index) for index, part in enumerate(inner))
    return All(parts) if word == "all" else Any(parts)


def _parse_part(written: object, *path: str | int) -> Condition:
    try:
        return parse_condition(written)
    except UnreadableCondition as error:
        raise UnreadableCondition((*path, *error.path)) from None


def _parse_atom(text: str) -> Condition:
    if len(text) > MAX_ATOM:
        raise UnreadableCondition
    if found := _COMPARE.fullmatch(text):
        return Compare(found[1], _OPERATORS[found[2]], _unquoted(found[3]))
    if found := _ONE_OF.fullmatch(text):
        return OneOf(found[1], _codes(found[2]))
    if found := _INCLUDES.fullmatch(text):
        return Includes(found[1], _codes(found[3]), found[2] == "all")
    if found := _SINCE.fullmatch(text) or _LENGTH.fullmatch(text):
        unit: Unit = found[1]  # type: ignore[assignment]  # one of four words
        return Counted(found[2], unit, _OPERATORS[found[3]], _unquoted(found[4]))
    if found := _ANSWERED.fullmatch(text):
        return Answered(found[1])
    raise UnreadableCondition


def _codes(listed: str) -> tuple[str, ...]:
    return tuple(_unquoted(code) for code in re.findall(_VALUE, listed))


def _unquoted(value: str) -> str:
    return value[1:-1] if value.startswith('"') else value


def _quoted(value: str) -> str:
    return value if re.fullmatch(_BARE, value) else f'"{value}"'


def parse_operator_and_item(text: str) -> tuple[Operator, str]:
    """``<= Q03`` as operator and item; ValueError where it is neither."""
    found = re.fullmatch(r"\s*(=|!=|<=|>=|<|>)\s*(\S+)\s*", text)
    if found is None or not is_code(found[2]):
        raise ValueError(text)
    return _OPERATORS[found[1]], found[2]


def write_condition(condition: Condition) -> Written:
    """The condition as files write it; ``parse_condition`` gives it back."""
    if isinstance(condition, All | Any):
        word = "all" if isinstance(condition, All) else "any"
        return {word: [write_condition(part) for part in condition.parts]}
    if isinstance(condition, Not):
        return {"not": write_condition(condition.part)}
    if isinstance(condition, Answered):
        return f"answered {condition.item}"
    if isinstance(condition, Compare):
        return f"{condition.item} {condition.op} {_quoted(condition.value)}"
    if isinstance(condition, Counted):
        what = f"{condition.unit} {'of' if condition.unit == 'length' else 'since'}"
        return f"{what} {condition.item} {condition.op} {_quoted(condition.value)}"
    listed = ", ".join(_quoted(code) for code in condition.codes)
    if isinstance(condition, OneOf):
        return f"{condition.item} in [{listed}]"
    return f"{condition.item} includes {'all' if condition.every else 'any'} [{listed}]"
