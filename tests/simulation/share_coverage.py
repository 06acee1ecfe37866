"""Exact coverage of the intervals of a share: every possible count, no drawing."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom

from app.evaluation.intervals import Interval, korn_graubard, share_interval

SIZES = (12, 20, 30, 50, 100, 200, 400)
GRID = np.round(np.arange(0.10, 0.901, 0.01), 2)


def default(x: int, n: int) -> Interval:
    """The interval that is printed for x of n in a simple random sample."""
    p = x / n
    return share_interval(p, p * (1 - p) / (n - 1), n, x, n - 1, n)


def exact(x: int, n: int) -> Interval:
    """Korn and Graubard's interval alone."""
    return korn_graubard(x / n, n)


def coverage(interval: object, n: int, p: float) -> float:
    """The chance that the interval of a sample of n holds the true share p."""
    assert callable(interval)
    ends = [interval(x, n) for x in range(n + 1)]
    holds = [low <= p <= high for low, high in ends]
    return float(binom.pmf(np.arange(n + 1), n, p) @ holds)


def averages(interval: object) -> dict[int, float]:
    """Coverage averaged over the grid of p, for each n."""
    return {n: float(np.mean([coverage(interval, n, p) for p in GRID])) for n in SIZES}
