"""Conditions put together: and, or, not, at least so many; flat and bounded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from math import comb
from typing import cast

from app.domain.conditions import (
    All,
    Any,
    Condition,
    Includes,
    Not,
    parts_of,
)

MAX_PARTS = 400
MAX_NESTED = 8
MAX_WAYS = 250


class Untranslatable(ValueError):
    """Our conditions cannot say this."""


Result = Condition | bool


def both(one: Result, other: Result) -> Result:
    """When both hold."""
    if isinstance(one, bool):
        return other if one else False
    if isinstance(other, bool):
        return one if other else False
    return All((one, other))


def either(one: Result, other: Result) -> Result:
    """When at least one holds."""
    if isinstance(one, bool):
        return True if one else other
    if isinstance(other, bool):
        return True if other else one
    return Any((one, other))


def negated(found: Result) -> Result:
    """When it does not hold."""
    if isinstance(found, bool):
        return not found
    return found.part if isinstance(found, Not) else Not(found)


def at_least(parts: Sequence[Result], number: int) -> Result:
    """When at least so many of these hold."""
    if number <= 0:
        return True
    if number > len(parts):
        return False
    if comb(len(parts), number) > MAX_WAYS:
        raise Untranslatable
    found: Result = False
    for chosen in combinations(parts, number):
        together: Result = True
        for part in chosen:
            together = both(together, part)
        found = either(found, together)
    return found


def counted(parts: Sequence[Result], op: str, number: float) -> Result:
    """When the number of those that hold stands in this relation to ``number``."""
    low = {">": int(number) + 1, ">=": -int(-number // 1)}.get(op)
    if low is not None:
        return at_least(parts, low)
    if op in ("<", "<="):
        below = -int(-number // 1) if op == "<" else int(number // 1) + 1
        return negated(at_least(parts, below))
    exact = both(at_least(parts, int(number)), negated(at_least(parts, int(number) + 1)))
    return exact if op == "=" else negated(exact)


def flat(condition: Condition) -> Condition:
    """The same condition with neighbours of one sort in one, and ``includes`` joined."""
    if isinstance(condition, Not):
        inner = flat(condition.part)
        return inner.part if isinstance(inner, Not) else Not(inner)
    if not isinstance(condition, All | Any):
        return condition
    sort = type(condition)
    parts: list[Condition] = []
    for part in condition.parts:
        inner = flat(part)
        parts.extend(inner.parts if isinstance(inner, sort) else (inner,))
    unique = _includes_joined(dict.fromkeys(parts), every=sort is All)
    return unique[0] if len(unique) == 1 else sort(tuple(unique))


def _includes_joined(parts: Iterable[Condition], *, every: bool) -> list[Condition]:
    """``includes any [a]`` or ``includes any [b]`` as one."""
    found: list[Condition] = []
    place: dict[str, int] = {}
    for part in parts:
        joins = isinstance(part, Includes) and (len(part.codes) == 1 or part.every == every)
        if not (joins and isinstance(part, Includes)):
            found.append(part)
        elif part.item in place:
            before = cast("Includes", found[place[part.item]])
            codes = tuple(dict.fromkeys((*before.codes, *part.codes)))
            found[place[part.item]] = Includes(part.item, codes, every=every)
        else:
            place[part.item] = len(found)
            found.append(part)
    return found


def bounded(condition: Condition) -> None:
    """Raise ``Untranslatable`` where the condition is too large or too deep."""
    if sum(1 for _ in parts_of(condition)) > MAX_PARTS or nested(condition) > MAX_NESTED:
        raise Untranslatable


def nested(condition: Condition) -> int:
    """How deep the condition is."""
    if isinstance(condition, All | Any):
        return 1 + max(nested(part) for part in condition.parts)
    return 1 + nested(condition.part) if isinstance(condition, Not) else 1
