"""Conditions on whole columns: ``app.domain.conditions.holds`` for all respondents at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import numpy as np

from app.domain.conditions import (
    ORDER,
    All,
    Answered,
    Any,
    Compare,
    Condition,
    Counted,
    Includes,
    Leaf,
    Not,
    Operand,
    as_number,
    holds,
)
from app.evaluation.columns import AnswerColumns, Bools, ItemColumn, Status

COMPARE = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
MOST_RUNS = 2  # of options side by side


def where(condition: Condition, columns: AnswerColumns) -> Bools:
    """For whom ``condition`` holds, bool[n]: the same truth as ``holds`` row by row.

    A number item without codes is compared as a number; a list of codes reads whole numbers as
    they are usually written (3, not 3.0).
    """
    if isinstance(condition, All):
        parts = (where(part, columns) for part in condition.parts)
        return reduce(np.logical_and, parts, np.ones(columns.n, dtype=bool))
    if isinstance(condition, Any):
        parts = (where(part, columns) for part in condition.parts)
        return reduce(np.logical_or, parts, np.zeros(columns.n, dtype=bool))
    if isinstance(condition, Not):
        return ~where(condition.part, columns)
    column = columns.items.get(condition.item)
    if column is None:
        return np.zeros(columns.n, dtype=bool)
    return np.asarray((column.status == int(Status.VALUE)) & _leaf(condition, column))


def _leaf(condition: Leaf, column: ItemColumn) -> Bools:
    if isinstance(condition, Answered):
        return np.ones(len(column.status), dtype=bool)
    if isinstance(condition, Counted):  # no measure may: see domain.measure_checks
        return np.zeros(len(column.status), dtype=bool)
    if isinstance(condition, Compare) and condition.op in ORDER:
        return _ordered(condition, column)
    if column.ticked is not None:
        return _of_ticked(condition, column, column.ticked)
    return _of_one(condition, column)


def _ordered(condition: Compare, column: ItemColumn) -> Bools:
    if column.ticked is not None:
        return np.zeros(len(column.status), dtype=bool)
    limit = as_number(condition.value)
    compare = COMPARE[condition.op]
    if column.scores is not None:
        above = compare(column.scores, np.nan if limit is None else limit)  # false for NaN
        unordered = np.isnan(column.scores) | (limit is None)
        for place in np.flatnonzero(unordered & column.written).tolist():
            written = Operand((column.codes[place],))  # a date or a time, if it is anything
            above[place] = holds(condition, {condition.item: written}.get)
        return by_code(above, column)
    return np.asarray(compare(column.number, np.nan if limit is None else limit))


def _of_one(condition: Leaf, column: ItemColumn) -> Bools:
    """One code (or number) per row: decide once per code, then look up."""
    same = _same if column.written else str.__eq__
    truth = np.array([_code_holds(condition, code, same) for code in column.codes], dtype=bool)
    found = by_code(truth, column)
    if column.given is None:
        return found
    written = np.flatnonzero((column.code < 0) & np.isfinite(column.given))
    if len(written):
        numbers, inverse = np.unique(column.given[written], return_inverse=True)
        holds = np.array([_code_holds(condition, _written(number), _same) for number in numbers])
        found[written] = holds[inverse]
    return found


def by_code(truth: Bools, column: ItemColumn) -> Bools:
    """What is true of the chosen option, by ``truth`` bool[codes]; false without one, bool[n].

    Options that stand side by side are two comparisons, which are several times faster than
    looking each row up.
    """
    ends = np.flatnonzero(np.diff(truth, prepend=False, append=False)).reshape(-1, 2)
    if len(ends) > MOST_RUNS:
        return np.asarray(np.append(truth, False)[column.code])  # -1 takes the last one
    found = np.zeros(len(column.code), dtype=bool)
    for first, end in ends.tolist():
        run = column.code >= first
        if end < len(truth):
            run &= column.code < end
        found |= run
    return found


def _code_holds(condition: Leaf, code: str, same: Callable[[str, str], bool]) -> bool:
    if isinstance(condition, Compare):
        return same(code, condition.value) == (condition.op == "=")
    if isinstance(condition, Includes) and condition.every:
        return all(wanted == code for wanted in condition.codes)
    assert not isinstance(condition, Answered | Counted)  # decided before
    return code in condition.codes


def _written(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(float(number))


def _same(code: str, value: str) -> bool:
    if code == value:
        return True
    left, right = as_number(code), as_number(value)
    return left is not None and left == right


def _of_ticked(condition: Leaf, column: ItemColumn, ticked: Bools) -> Bools:
    if isinstance(condition, Compare):
        same = np.array([code == condition.value for code in column.codes], dtype=bool)
        found = ticked[:, same].any(axis=1)
        return np.asarray(found if condition.op == "=" else ~found)
    assert not isinstance(condition, Answered | Counted)  # decided before
    if isinstance(condition, Includes) and condition.every:
        if not set(condition.codes) <= set(column.codes):
            return np.zeros(len(ticked), dtype=bool)
        listed = [column.codes.index(code) for code in condition.codes]
        return np.asarray(ticked[:, listed].all(axis=1))
    wanted = np.array([code in condition.codes for code in column.codes], dtype=bool)
    return np.asarray(ticked[:, wanted].any(axis=1))
