"""Patterns for text answers: regular expressions that cannot run away.

A backtracking matcher tries at most every way in which a pattern can split a text. That number
is computed beforehand from the pattern's tree, and a pattern with too many ways is refused.
"""

from __future__ import annotations

import importlib
import re
from functools import lru_cache
from typing import Any

MAX_PATTERN = 200
MAX_VALUE = 500
MAX_WAYS = 1_000_000

_parser = importlib.import_module("re._parser")


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern ready for ``fullmatch``; None where it is unreadable, too long or too costly."""
    if len(pattern) > MAX_PATTERN:
        return None
    try:
        if _ways(_parser.parse(pattern)) > MAX_WAYS:
            return None
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError, ValueError):
        return None


def fits(pattern: str, value: str) -> bool:
    """Whether the whole value matches; a value over 500 signs never does."""
    found = compiled(pattern)
    return found is not None and len(value) <= MAX_VALUE and found.fullmatch(value) is not None


def _ways(parsed: Any) -> int:
    """Upper bound of the ways in which this sequence can match a text of ``MAX_VALUE`` signs."""
    ways = 1
    for operation, argument in parsed:
        ways = min(ways * _ways_of(str(operation), argument), MAX_WAYS + 1)
    return ways


def _ways_of(operation: str, argument: Any) -> int:
    if operation in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        low, high, inner = argument
        return _ways_repeated(int(low), min(int(high), MAX_VALUE), _ways(inner))
    if operation == "BRANCH":
        return sum(_ways(branch) for branch in argument[1])
    if operation == "SUBPATTERN":
        return _ways(argument[-1])
    if operation in ("ASSERT", "ASSERT_NOT", "ATOMIC_GROUP", "GROUPREF", "GROUPREF_EXISTS"):
        return MAX_WAYS + 1  # no answer needs these
    return 1


def _ways_repeated(low: int, high: int, inner: int) -> int:
    if inner == 1:
        return max(high - low + 1, 1)
    ways = 0
    for times in range(low, high + 1):
        ways += inner ** min(times, 40)
        if ways > MAX_WAYS:
            break
    return ways
