"""Ranks with a stated tie rule, and how far two orders of the same units agree.

Scores are compared to the thirteenth digit of the largest, so that units that differ by rounding
noise only are tied, whatever their unit of measure.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log10, sqrt

import numpy as np

from app.evaluation.columns import Floats, Integers
from app.evaluation.undefined import Figure, Undefined

DIGITS = 13


def rounded(scores: Floats) -> Floats:
    """Scores as they are compared; minus zero is zero."""
    known = scores[np.isfinite(scores)]
    largest = float(np.abs(known).max(initial=0.0))
    if largest == 0:
        return scores + 0.0
    return np.asarray(np.round(scores, DIGITS - ceil(log10(largest))) + 0.0)


def alike(values: Floats) -> bool:
    """Whether finite values are all the same but for the last digit a number has."""
    return float(np.ptp(values)) <= 1e-15 * float(np.abs(values).max())


def ranks(scores: Floats) -> Integers:
    """1 for the highest score; equal scores share the better rank; 0 where there is no score."""
    values = rounded(scores)
    known = np.isfinite(values)
    ordered = np.sort(values[known])
    found = np.zeros(len(values), dtype=np.int64)
    found[known] = 1 + len(ordered) - np.searchsorted(ordered, values[known], side="right")
    return found


def middle_ranks(values: Floats) -> Floats:
    """1 for the lowest of finite values; equal values share the mean of their ranks."""
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, side="left")
    upto = np.searchsorted(ordered, values, side="right")
    return np.asarray((below + upto + 1) / 2)


@dataclass(frozen=True)
class Agreement:
    """Two scores of the same ``n`` units, ranked among those that have both.

    ``moved``: share of units with another rank; ``reversed_pairs``: share of all pairs that stand
    the other way round, (1 - tau) / 2 where nothing is tied.
    """

    n: int
    kendall_tau_b: Figure
    spearman: Figure
    mean_shift: Figure
    max_shift: Figure
    moved: Figure
    reversed_pairs: Figure


def agreement(one: Floats, other: Floats) -> Agreement:
    """How far the orders by two scores float64[n] agree; NaN where a unit has no score."""
    both = np.isfinite(one) & np.isfinite(other)
    x, y = rounded(one[both]), rounded(other[both])
    n = len(x)
    if n < 2:
        few = Undefined("fewer_than_two_units")
        return Agreement(n, few, few, few, few, few, few)
    shift = np.abs(ranks(x) - ranks(y))
    agreeing, against, known_x, known_y = _pairs(x, y)
    tied = Undefined("all_units_tied")
    defined = known_x > 0 and known_y > 0
    tau = (agreeing - against) / sqrt(known_x * known_y) if defined else tied
    return Agreement(
        n=n,
        kendall_tau_b=tau,
        spearman=pearson(middle_ranks(x), middle_ranks(y)) if defined else tied,
        mean_shift=float(shift.mean()),
        max_shift=float(shift.max()),
        moved=float((shift > 0).mean()),
        reversed_pairs=against / (n * (n - 1) / 2),
    )


def pearson(x: Floats, y: Floats) -> Figure:
    """Pearson's correlation of finite values; undefined where one of them does not vary."""
    if len(x) < 2:
        return Undefined("fewer_than_two_units")
    a, b = x - x.mean(), y - y.mean()
    wide, high = float(np.abs(a).max()), float(np.abs(b).max())
    if wide <= 1e-12 * float(np.abs(x).max()) or high <= 1e-12 * float(np.abs(y).max()):
        return Undefined("no_variance")
    a, b = a / wide, b / high
    return float(np.clip(a @ b / sqrt(float(a @ a) * float(b @ b)), -1, 1))


def _pairs(x: Floats, y: Floats) -> tuple[int, int, int, int]:
    """Pairs in the same order, in the other order, not tied in x, not tied in y."""
    agreeing = against = known_x = known_y = 0
    for i in range(len(x) - 1):
        dx, dy = np.sign(x[i + 1 :] - x[i]), np.sign(y[i + 1 :] - y[i])
        product = dx * dy
        agreeing += int((product > 0).sum())
        against += int((product < 0).sum())
        known_x += int((dx != 0).sum())
        known_y += int((dy != 0).sum())
    return agreeing, against, known_x, known_y
