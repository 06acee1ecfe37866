"""Constraints of XLSForm on one answer, to limits: bounds, lengths, patterns, exclusive options."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from math import ceil, floor
from typing import cast

from app.domain.conditions import ISO_DATE, ISO_TIME, Operator, as_number
from app.domain.patterns import compiled
from app.domain.questionnaire import Comparison, Kind, Option, Question
from app.domain.text import Text
from app.interchange.foreign_expressions import (
    Binary,
    Call,
    Expression,
    Literal,
    Name,
    Unreadable,
    read_xpath,
)
from app.interchange.foreign_leaves import Item, Meaning

SELF = Name(".")
_NOTHING = Literal("")
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_OPS = frozenset(_TURNED)
_AS_IT_IS = frozenset({"date", "number", "int", "decimal-time", "time"})


class NoLimit(ValueError):
    """Our limits cannot say this."""


def limited(
    question: Question, written: str, message: Text, meaning: Callable[[str], Meaning | None]
) -> Question:
    """The question with the constraint as its limits. Raises ``NoLimit`` where it has no place."""
    try:
        expression = _given(read_xpath(written))
    except (Unreadable, RecursionError) as error:
        raise NoLimit from error
    if question.kind is Kind.CHOICES:
        return _choices_limited(question, expression)
    for part in _parts(expression):
        question = _one_more(question, part, message, meaning)
    limits = question.limits
    pairs = ((limits.minimum, limits.maximum), (limits.min_length, limits.max_length))
    if any(low is not None and high is not None and low > high for low, high in pairs):  # type: ignore[operator]
        raise NoLimit
    return question


def _given(expression: Expression) -> Expression:
    """The constraint on an answer that is there: what allows none besides is no limit."""
    if not isinstance(expression, Binary) or expression.op != "or":
        return expression
    for one, other in (
        (expression.left, expression.right),
        (expression.right, expression.left),
    ):
        if isinstance(one, Binary) and one.op == "=" and {one.left, one.right} == {SELF, _NOTHING}:
            return _given(other)
    return expression


def _parts(expression: Expression) -> Iterator[Expression]:
    if isinstance(expression, Binary) and expression.op == "and":
        yield from _parts(expression.left)
        yield from _parts(expression.right)
    else:
        yield expression


def _one_more(
    question: Question, part: Expression, message: Text, meaning: Callable[[str], Meaning | None]
) -> Question:
    if isinstance(part, Call):
        return _with_pattern(question, part, message)
    if not isinstance(part, Binary) or part.op not in _OPS:
        raise NoLimit
    left, op, right = _value(part.left), part.op, _value(part.right)
    if right == SELF:
        left, op, right = SELF, _TURNED[op], _value(part.left)
    if isinstance(left, Call) and left.function == "string-length" and left.arguments == (SELF,):
        return _with_length(question, op, right)
    if left != SELF:
        raise NoLimit
    if isinstance(right, Name):
        return _compared(question, op, meaning(right.name))
    if not isinstance(right, Literal):
        raise NoLimit
    return _bounded(question, op, right.value)


def _value(part: Expression) -> Expression:
    if isinstance(part, Call) and part.function in _AS_IT_IS:
        inner = part.arguments[0] if len(part.arguments) == 1 else None
        return inner if isinstance(inner, Literal | Name) else part
    if isinstance(part, Binary) and part.op == "-" and part.left == Literal("0"):
        return Literal(f"-{part.right.value}") if isinstance(part.right, Literal) else part
    return part


def _moment(question: Question, value: str) -> str:
    """A whole date or a time that may be a bound of this question."""
    if question.kind is Kind.DATE and question.precision == "day" and ISO_DATE.fullmatch(value):
        return value if len(value) == 10 else ""
    timed = question.kind is Kind.TIME and ISO_TIME.fullmatch(value[:5])
    return value[:5] if timed else ""


def _bounded(question: Question, op: str, value: str) -> Question:
    limits = question.limits
    moment = _moment(question, value)
    if moment:
        if op not in ("<=", ">="):
            raise NoLimit
        end = {"maximum": moment} if op == "<=" else {"minimum": moment}
        return replace(question, limits=replace(limits, **end))  # type: ignore[arg-type]
    number = as_number(value)
    if question.kind is not Kind.NUMBER or number is None:
        raise NoLimit
    if op in ("<", ">"):
        number = _next(number, limits.decimals, up=op == ">")
    if op in ("<", "<="):
        high = number if limits.maximum is None else min(number, cast("float", limits.maximum))
        return replace(question, limits=replace(limits, maximum=float(high)))
    if op in (">", ">="):
        low = number if limits.minimum is None else max(number, cast("float", limits.minimum))
        return replace(question, limits=replace(limits, minimum=float(low)))
    raise NoLimit


def _next(number: float, decimals: int, *, up: bool) -> float:
    """The next number that an answer with so many decimals can be."""
    unit = 10.0**decimals
    steps = number * unit
    return round((floor(steps) + 1 if up else ceil(steps) - 1) / unit, decimals)


def _compared(question: Question, op: str, other: Meaning | None) -> Question:
    if not isinstance(other, Item) or other.kind is not question.kind:
        raise NoLimit
    if question.kind not in (Kind.NUMBER, Kind.DATE):
        raise NoLimit
    limits = question.limits
    compare = (*limits.compare, Comparison(cast("Operator", op), other.code))
    return replace(question, limits=replace(limits, compare=compare))


def _with_length(question: Question, op: str, right: Expression) -> Question:
    number = as_number(right.value) if isinstance(right, Literal) else None
    if number is None or question.kind not in (Kind.TEXT, Kind.LONG_TEXT) or number > 4_000:
        raise NoLimit
    low = {">": int(number) + 1, ">=": int(number), "=": int(number)}.get(op)
    high = {"<": int(number) - 1, "<=": int(number), "=": int(number)}.get(op)
    if (low is None and high is None) or (high is not None and high < 1):
        raise NoLimit
    limits = question.limits
    if low is not None:
        limits = replace(limits, min_length=low)
    if high is not None:
        limits = replace(limits, max_length=high)
    return replace(question, limits=limits)


def _with_pattern(question: Question, call: Call, message: Text) -> Question:
    given = call.arguments
    wanted = given[1] if call.function == "regex" and len(given) == 2 else None
    if question.kind not in (Kind.TEXT, Kind.LONG_TEXT) or not isinstance(wanted, Literal):
        raise NoLimit
    pattern = wanted.value
    # XForms matches the whole answer or a part of it: the marks say which
    pattern = pattern.removeprefix("^").removesuffix("$")
    if given[0] != SELF or not pattern or compiled(pattern) is None or question.limits.pattern:
        raise NoLimit
    limits = replace(question.limits, pattern=pattern, pattern_text=message)
    return replace(question, limits=limits)


def _choices_limited(question: Question, expression: Expression) -> Question:
    """Exclusive options and the number of ticks, found by trying small sets of options."""
    codes = [option.code for option in question.options]
    if not 1 < len(codes) <= 60:
        raise NoLimit
    allowed = _tried(expression, codes)
    alone = {code for code in codes if allowed[frozenset((code,))]}
    least, most = _counts(expression, codes)
    exclusive = {
        code
        for code in _named(expression)
        if code in alone
        and len(codes) > 1
        and not any(allowed[frozenset((code, other))] for other in codes if other != code)
    }
    if not exclusive and least is None and most is None:
        raise NoLimit
    made = [replace(o, exclusive=o.code in exclusive) for o in question.options]
    for ticked, holds in allowed.items():
        single = len(ticked) == 1
        expected = single or not (ticked & exclusive)
        expected = expected and (most is None or len(ticked) <= most)
        enough = least is None or len(ticked) >= least or (single and bool(ticked & exclusive))
        if holds != (expected and enough):
            raise NoLimit
    limits = replace(question.limits, min_choices=least, max_choices=most)
    return replace(question, options=_offered(made), limits=limits)


def _offered(options: list[Option]) -> tuple[Option, ...]:
    return tuple(options)


def _tried(expression: Expression, codes: list[str]) -> dict[frozenset[str], bool]:
    sets = [frozenset(c) for size in (1, 2) for c in combinations(codes, size)]
    sets += [frozenset(codes[:size]) for size in range(3, len(codes) + 1)]
    return {ticked: bool(_evaluated(expression, ticked)) for ticked in sets}


def _counts(expression: Expression, codes: list[str]) -> tuple[int | None, int | None]:
    """Bounds on the number of ticks that stand in the expression by themselves."""
    least = most = None
    for part in _parts(expression):
        if not isinstance(part, Binary) or not isinstance(part.right, Literal):
            continue
        counted = isinstance(part.left, Call) and part.left.function == "count-selected"
        number = as_number(part.right.value)
        if not counted or number is None:
            continue
        if part.op in ("<", "<=", "="):
            most = int(number) - (part.op == "<")
        if part.op in (">", ">=", "="):
            least = int(number) + (part.op == ">")
    bounds = (least, most)
    if any(bound is not None and not 1 <= bound <= len(codes) for bound in bounds):
        raise NoLimit
    return bounds


def _named(expression: Expression) -> set[str]:
    if isinstance(expression, Binary):
        return _named(expression.left) | _named(expression.right)
    if isinstance(expression, Call):
        return {name for part in expression.arguments for name in _named(part)}
    return {expression.value} if isinstance(expression, Literal) else set()


def _evaluated(part: Expression, ticked: frozenset[str]) -> float:
    """What the expression gives where these options are ticked; truth is 1, else 0."""
    if isinstance(part, Literal):
        number = as_number(part.value)
        if number is None:
            raise NoLimit
        return number
    if isinstance(part, Call):
        return _called(part, ticked)
    if isinstance(part, Binary) and part.op in _ARITHMETIC:
        return _ARITHMETIC[part.op](_evaluated(part.left, ticked), _evaluated(part.right, ticked))
    raise NoLimit


def _called(call: Call, ticked: frozenset[str]) -> float:
    name, given = call.function, call.arguments
    if name == "selected" and len(given) == 2 and given[0] == SELF:
        wanted = given[1]
        if isinstance(wanted, Literal):
            return float(wanted.value in ticked)
    if name == "count-selected" and given == (SELF,):
        return float(len(ticked))
    if name == "not" and len(given) == 1:
        return float(not _evaluated(given[0], ticked))
    if name in ("true", "false") and not given:
        return float(name == "true")
    if name == "if" and len(given) == 3:
        return _evaluated(given[1 if _evaluated(given[0], ticked) else 2], ticked)
    raise NoLimit


_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "and": lambda a, b: float(bool(a) and bool(b)),
    "or": lambda a, b: float(bool(a) or bool(b)),
    "=": lambda a, b: float(a == b),
    "!=": lambda a, b: float(a != b),
    "<": lambda a, b: float(a < b),
    "<=": lambda a, b: float(a <= b),
    ">": lambda a, b: float(a > b),
    ">=": lambda a, b: float(a >= b),
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
}
