"""Conditions on whole columns: ``app.domain.conditions.holds`` for all respondents at once."""

from __future__ import annotations

from functools import reduce

import numpy as np

from app.domain.conditions import (
    ORDER,
    All,
    Answered,
    Any,
    Compare,
    Condition,
    Includes,
    Not,
    OneOf,
    as_number,
)
from app.evaluation.columns import AnswerColumns, Bools, ItemColumn, Status

Leaf = Compare | OneOf | Includes | Answered


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
    if isinstance(condition, Compare) and condition.op in ORDER:
        return _ordered(condition, column)
    if column.ticked is not None:
        return _of_ticked(condition, column, column.ticked)
    return _of_one(condition, column)


def _ordered(condition: Compare, column: ItemColumn) -> Bools:
    limit = as_number(condition.value)
    if limit is None or column.ticked is not None:
        return np.zeros(len(column.status), dtype=bool)
    compare = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
    return np.asarray(compare[condition.op](column.number, limit))  # false for NaN


def _of_one(condition: Leaf, column: ItemColumn) -> Bools:
    """One code (or number) per row: decide once per code, then look up."""
    truth = np.array([_code_holds(condition, code) for code in column.codes], dtype=bool)
    chosen = column.code >= 0
    found = np.zeros(len(column.status), dtype=bool)
    found[chosen] = truth[column.code[chosen]]
    written = np.flatnonzero(~chosen & np.isfinite(column.number))
    if len(written):
        numbers, inverse = np.unique(column.number[written], return_inverse=True)
        holds = np.array([_code_holds(condition, _written(number)) for number in numbers])
        found[written] = holds[inverse]
    return found


def _code_holds(condition: Leaf, code: str) -> bool:
    if isinstance(condition, Compare):
        return _same(code, condition.value) == (condition.op == "=")
    if isinstance(condition, Includes) and condition.every:
        return all(wanted == code for wanted in condition.codes)
    assert not isinstance(condition, Answered)  # decided before
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
        alike = np.array([_same(code, condition.value) for code in column.codes], dtype=bool)
        alone = ticked.sum(axis=1) == 1
        found = ticked[:, same].any(axis=1) | (alone & ticked[:, alike].any(axis=1))
        return np.asarray(found if condition.op == "=" else ~found)
    assert not isinstance(condition, Answered)  # decided before
    if isinstance(condition, Includes) and condition.every:
        if not set(condition.codes) <= set(column.codes):
            return np.zeros(len(ticked), dtype=bool)
        listed = [column.codes.index(code) for code in condition.codes]
        return np.asarray(ticked[:, listed].all(axis=1))
    wanted = np.array([code in condition.codes for code in column.codes], dtype=bool)
    return np.asarray(ticked[:, wanted].any(axis=1))
