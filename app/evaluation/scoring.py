"""Scores of persons: for each component, who is in its base and how they score, 0 to 100."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.domain import conditions
from app.domain.conditions import Condition
from app.domain.frameworks import Scale, Share, ShareOfItems, items_of
from app.evaluation.columns import AnswerColumns, Bools, Floats, ItemColumn, Status
from app.evaluation.components import ComponentDefinition, Within
from app.evaluation.conditions import where

COUNTING = (
    (Status.DONT_KNOW, "dont_know"),
    (Status.NOT_CONCERNED, "not_concerned"),
    (Status.NOT_SHOWN, "not_shown"),
)


@dataclass(frozen=True, eq=False)
class Scores:
    """``points`` float64[n] from 0 to 100, 0 outside the base, or of a share bool[n]: 100 or 0;
    ``d`` bool[n]: in the base.

    ``unsure`` bool[n]: would be in the base, but said "don't know" to an item that counts here
    (it may still be in the base where that counts as no).
    """

    points: Floats | Bools
    d: Bools
    unsure: Bools

    @property
    def x(self) -> Floats:
        """The scores from 0 to 100, 0 outside the base, float64[n]."""
        whole = 100.0 if self.points.dtype == bool else 1.0
        return np.asarray(self.points * whole)


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
    """Like ``score``, for one side of a gap only those who are known to be on that side, in a
    group of a breakdown only those who are in it."""
    scores = score(definition.measure, columns)
    if definition.within is not None:
        return _only(scores, _in_group(definition, definition.within, columns))
    if definition.group is None:
        return scores
    side = where(definition.group, columns)
    if not definition.inside:
        read = conditions.items_of(definition.group)
        side = _with_status(columns, read, Status.VALUE, every=True) & ~side
    return _only(scores, side)


def _only(scores: Scores, side: Bools) -> Scores:
    return Scores(scores.points * side, scores.d & side, scores.unsure & side)


def _in_group(definition: ComponentDefinition, within: Within, columns: AnswerColumns) -> Bools:
    if within.who is not None:
        return where(within.who, columns)
    if columns.by_proxy is None:
        return np.full(columns.n, not within.proxy)
    proxied = columns.by_proxy.any_of(items_of(definition.measure))
    return proxied if within.proxy else ~proxied


def _with_status(
    columns: AnswerColumns, items: Iterable[str], status: Status, *, every: bool = False
) -> Bools:
    """Rows where any (or every) of the items has this status."""
    found: Bools | None = None
    wanted = int(status)  # numpy compares bytes with a plain number ten times faster
    join = np.logical_and if every else np.logical_or
    for item in sorted(items):
        column = columns.items.get(item)
        if column is None:
            has = np.full(columns.n, status == Status.NOT_SHOWN)
        else:
            has = column.status == wanted
        found = has if found is None else join(found, has, out=found)
    return np.full(columns.n, every) if found is None else found


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
    return Scores(in_base & valued & where(measure.of, columns), in_base, unsure)


def _scale(measure: Scale, columns: AnswerColumns, base: Bools) -> Scores:
    total = np.zeros(columns.n)
    answered = np.zeros(columns.n, dtype=np.int64)
    for item in measure.items:
        column = columns.items.get(item)
        if column is None:
            continue
        rescaled = _rescaled(item, column)
        has = np.isfinite(rescaled)
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


def _rescaled(item: str, column: ItemColumn) -> Floats:
    """Numbers on 0 to 100 between the item's lowest and highest, NaN without one."""
    low, high = column.lowest, column.highest
    valued = column.status == int(Status.VALUE)
    if low is None or high is None or not low < high:
        if (valued & np.isfinite(column.number)).any():
            raise ValueError(f"the scores of {item} have no range, so it cannot be rescaled")
        return np.full(len(valued), np.nan)
    if column.scores is None:
        rescaled = 100.0 * (column.number - low) / (high - low)
    else:  # each option once
        rescaled = np.append(100.0 * (column.scores - low) / (high - low), np.nan)[column.code]
    return np.where(valued, rescaled, np.nan)


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
