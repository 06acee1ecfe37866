"""What names stand for in foreign expressions, and the comparisons that end in one answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.codes import is_option_code
from app.domain.conditions import (
    COMPARISONS,
    ISO_DATE,
    ISO_TIME,
    All,
    Answered,
    Any,
    Compare,
    Includes,
    Not,
    as_number,
)
from app.domain.questionnaire import Kind
from app.interchange.foreign_expressions import Binary, Call, Expression, Literal, Name
from app.interchange.foreign_logic import Result, Untranslatable, negated

_VALUE = re.compile(r"[^\s\[\]{},=<>!]{1,64}")


@dataclass(frozen=True, slots=True)
class Item:
    """A question that came in; ``options``: our code by the form's own."""

    code: str
    kind: Kind
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ticked:
    """One option of a question with several, which the form treats as a question of its own."""

    item: str
    option: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A calculated value."""

    expression: Expression


Meaning = Item | Ticked | Formula


Line = tuple[float, float, Expression | None]


def known(left: str, op: str, right: str) -> bool:
    """Two values that stand in the expression itself."""
    one, other = as_number(left), as_number(right)
    if one is not None and other is not None:
        return COMPARISONS[op](one, other)
    if op in ("=", "!="):
        return (left == right) == (op == "=")
    return False


def tick_against(ticked: Ticked, op: str, value: str) -> Result:
    """``Q1_SQ1 == "Y"``: LimeSurvey says Y for a tick and nothing else."""
    yes = Includes(ticked.item, (ticked.option,), every=False)
    if op in ("=", "!=") and value in ("Y", "1", "", "N"):
        same = (value in ("Y", "1")) == (op == "=")
        return yes if same else Not(yes)
    raise Untranslatable


def has_option(item: Item, value: str) -> bool:
    """Whether the question has an option that the form calls so."""
    return value in item.options or number_text(value) in item.options


def fits(item: Item, value: str) -> bool:
    """Whether an answer without options may be so."""
    if item.kind is Kind.NUMBER:
        return as_number(value) is not None
    if item.kind is Kind.DATE:
        return ISO_DATE.fullmatch(value) is not None
    if item.kind is Kind.TIME:
        return ISO_TIME.fullmatch(value[:5]) is not None
    written = item.kind not in (Kind.INFORMATION, Kind.LIST, Kind.PLACE, Kind.FILE)
    return written and _VALUE.fullmatch(value) is not None


def option_is(item: Item, value: str, *, any_of: bool) -> Result:
    """When this option is chosen; of several: it alone, or ``any_of``."""
    code = item.options.get(value) or item.options.get(number_text(value))
    if code is None and is_option_code(value):
        code = value  # an option that the form itself lacks: the check of the draft names it
    if code is None:
        raise Untranslatable
    if item.kind is not Kind.CHOICES:
        return Compare(item.code, "=", code)
    alone = Includes(item.code, (code,), every=False)
    others = tuple(dict.fromkeys(other for other in item.options.values() if other != code))
    if any_of or not others:
        return alone
    return All((alone, Not(Includes(item.code, others, every=False))))


def emptiness(filled: Result, op: str, value: str) -> Result:
    """The length of a text against 0 or 1."""
    if (op, value) in ((">", "0"), (">=", "1"), ("!=", "0")):
        return filled
    if (op, value) in (("=", "0"), ("<", "1"), ("<=", "0")):
        return negated(filled)
    raise Untranslatable


def number_text(value: str) -> str:
    """``5.0`` as ``5``; anything else as it is."""
    number = as_number(value)
    return value if number is None or not number.is_integer() else str(int(number))


_PLAIN = frozenset({"date", "string", "number", "decimal-time", "time"})


def folded(part: Expression) -> Expression:
    """``date('2020-01-31')`` and ``-1`` as plain values."""
    if isinstance(part, Call) and part.function in _PLAIN:
        inner = part.arguments[0] if len(part.arguments) == 1 else None
        return inner if isinstance(inner, Literal) else part
    if isinstance(part, Binary) and part.op == "-" and part.left == Literal("0"):
        right = part.right
        if isinstance(right, Literal) and as_number(right.value) is not None:
            return Literal(f"-{right.value}")
    return part


def joined(op: str, left: Line, right: Line) -> Line:
    """Two straight lines put together by + - * /."""
    names = {name for name in (left[2], right[2]) if name is not None}
    if len(names) > 1:
        raise Untranslatable
    name = names.pop() if names else None
    if op in ("+", "-"):
        sign = 1 if op == "+" else -1
        return left[0] + sign * right[0], left[1] + sign * right[1], name
    if op == "*" and left[2] is None:
        return left[1] * right[0], left[1] * right[1], name
    if op in ("*", "/") and right[2] is None and right[1]:
        factor = right[1] if op == "*" else 1 / right[1]
        return left[0] * factor, left[1] * factor, name
    raise Untranslatable


def line_of(part: Expression, found: Callable[[str], Meaning]) -> Line:
    """The expression as a straight line: its slope, what is added, and the one answer in it."""
    if isinstance(part, Literal):
        number = as_number(part.value)
        if number is None:
            raise Untranslatable
        return 0.0, number, None
    if isinstance(part, Name):
        item = found(part.name)
        if not isinstance(item, Item) or item.kind is not Kind.NUMBER:
            raise Untranslatable
        return 1.0, 0.0, part
    if not isinstance(part, Binary):
        raise Untranslatable
    return joined(part.op, line_of(part.left, found), line_of(part.right, found))


def same_choice(one: Meaning, op: str, other: Meaning) -> Result:
    """Two single choices from options that have the same names."""
    if not (isinstance(one, Item) and isinstance(other, Item) and op in ("=", "!=")):
        raise Untranslatable
    shared = [name for name in one.options if name in other.options]
    if not shared or len(shared) > 20 or {one.kind, other.kind} != {Kind.CHOICE}:
        raise Untranslatable
    pairs = (
        All((Compare(one.code, "=", one.options[n]), Compare(other.code, "=", other.options[n])))
        for n in shared
    )
    both_empty = All((Not(Answered(one.code)), Not(Answered(other.code))))
    same = Any((*pairs, both_empty))
    return same if op == "=" else Not(same)
