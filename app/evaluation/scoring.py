"""Scores of persons: for each component, who is in its base and how they score, 0 to 100."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.domain import conditions
from app.domain.conditions import Condition
from app.domain.frameworks import Scale, Share, ShareOfItems
from app.evaluation.columns import AnswerColumns, Bools, Floats, ItemColumn, Status
from app.evaluation.components import ComponentDefinition
from app.evaluation.conditions import where

COUNTING = (
    (Status.DONT_KNOW, "dont_know"),
    (Status.NOT_CONCERNED, "not_concerned"),
    (Status.NOT_SHOWN, "not_shown"),
)


@dataclass(frozen=True, eq=False)
class Scores:
    """``x`` float64[n] from 0 to 100, 0 outside the base; ``d`` bool[n]: in the base.

    ``unsure`` bool[n]: would be in the base, but said "don't know" to an item that counts here
    (it may still be in the base where that counts as no).
    """

    x: Floats
    d: Bools
    unsure: Bools


def score(measure: Share | Scale | ShareOfItems, columns: AnswerColumns) -> Scores:
    """Score every row of ``columns``; the rules are those of the measures' docstrings.

    Raises ValueError where a scale reads an item whose scores have no range.
    """
    base = np.ones(columns.n, dtype=bool)
    if measure.base is not None:
        base = where(measure.base, columns)
    if isinstance(measure, Share):
        return _share(measure, columns, base)
    if isinstance(measure, Scale):
        return _scale(measure, columns, base)
    return _share_of_items(measure, columns, base)


def score_component(definition: ComponentDefinition, columns: AnswerColumns) -> Scores:
    """Like ``score``, for one side of a gap only those who are known to be on that side."""
    scores = score(definition.measure, columns)
    if definition.group is None:
        return scores
    side = where(definition.group, columns)
    if not definition.inside:
        read = conditions.items_of(definition.group)
        side = _with_status(columns, read, Status.VALUE, every=True) & ~side
    return Scores(np.where(side, scores.x, 0.0), scores.d & side, scores.unsure & side)


def _with_status(
    columns: AnswerColumns, items: Iterable[str], status: Status, *, every: bool = False
) -> Bools:
    """Rows where any (or every) of the items has this status."""
    found = np.full(columns.n, every)
    wanted = int(status)  # numpy compares bytes with a plain number ten times faster
    for item in sorted(items):
        column = columns.items.get(item)
        if column is None:
            has = np.full(columns.n, status == Status.NOT_SHOWN)
        else:
            has = column.status == wanted
        found = (
            np.logical_and(found, has, out=found) if every else np.logical_or(found, has, out=found)
        )
    return found


def _countable(
    of: Condition, measure: Share | ShareOfItems, columns: AnswerColumns
) -> tuple[Bools, Bools]:
    """(counts at all, has every value) for a condition under the measure's missing rules."""
    items = conditions.items_of(of)
    valued = _with_status(columns, items, Status.VALUE, every=True)
    leaves = _with_status(columns, items, Status.PREFER_NOT)
    leaves |= _with_status(columns, items, Status.SKIPPED)
    for status, rule in COUNTING:
        if getattr(measure, rule) == "out":
            leaves |= _with_status(columns, items, status)
    return ~leaves, valued


def _share(measure: Share, columns: AnswerColumns, base: Bools) -> Scores:
    counts, valued = _countable(measure.of, measure, columns)
    unsure = base & _with_status(columns, conditions.items_of(measure.of), Status.DONT_KNOW)
    in_base = base & counts
    x = np.where(in_base & valued & where(measure.of, columns), 100.0, 0.0)
    return Scores(x, in_base, unsure)


def _scale(measure: Scale, columns: AnswerColumns, base: Bools) -> Scores:
    total = np.zeros(columns.n)
    answered = np.zeros(columns.n, dtype=np.int64)
    for item in measure.items:
        column = columns.items.get(item)
        if column is None:
            continue
        has = (column.status == Status.VALUE) & np.isfinite(column.number)
        rescaled = _rescaled(item, column, has)
        total += np.where(has, 100.0 - rescaled if item in measure.reversed else rescaled, 0.0)
        answered += has
    # Whole numbers on both sides: half of three items is two, with no rounding in between.
    enough = answered * measure.minimum.denominator >= measure.minimum.numerator * len(
        measure.items
    )
    in_base = base & enough & (answered > 0)
    x = np.where(in_base, total / np.maximum(answered, 1), 0.0)
    unsure = base & _with_status(columns, measure.items, Status.DONT_KNOW)
    return Scores(x, in_base, unsure)


def _rescaled(item: str, column: ItemColumn, has: Bools) -> Floats:
    if not has.any():
        return np.zeros(len(has))
    low, high = column.lowest, column.highest
    if low is None or high is None or not low < high:
        raise ValueError(f"the scores of {item} have no range, so it cannot be rescaled")
    return 100.0 * (np.where(has, column.number, low) - low) / (high - low)


def _share_of_items(measure: ShareOfItems, columns: AnswerColumns, base: Bools) -> Scores:
    held = np.zeros(columns.n)
    counted = np.zeros(columns.n)
    unsure = np.zeros(columns.n, dtype=bool)
    for part in measure.parts:
        applies = base if part.when is None else base & where(part.when, columns)
        counts, valued = _countable(part.of, measure, columns)
        counted += applies & counts
        held += applies & counts & valued & where(part.of, columns)
        read = conditions.items_of(part.of)
        unsure |= applies & _with_status(columns, read, Status.DONT_KNOW)
    in_base = counted > 0
    return Scores(100.0 * held / np.maximum(counted, 1.0), in_base, unsure)
