"""Intervals for proportions and means. Shares here are fractions, 0 to 1; level 95 %.

Never [0, 0]: at 0, at 1 and with fewer than five positives the Korn-Graubard interval is used.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt

from scipy.special import betaincinv, stdtrit

LEVEL = 0.95
NORMAL_95 = 1.959963984540054
FEW_POSITIVES = 5

Interval = tuple[float, float]


@lru_cache(maxsize=1024)
def student(df: float, level: float = LEVEL) -> float:
    """Two-sided quantile of Student's t; ``df`` > 0."""
    return float(stdtrit(df, 0.5 + level / 2))


def wilson(x: float, n: float, z: float = NORMAL_95) -> Interval:
    """Wilson 1927: interval for x of n; also for an effective n that is not whole."""
    p = x / n
    spread = z / n * sqrt(n * p * (1 - p) + z * z / 4)
    shrink = 1 + z * z / n
    middle = p + z * z / (2 * n)
    return (max(0.0, (middle - spread) / shrink), min(1.0, (middle + spread) / shrink))


def korn_graubard(p: float, n_effective: float, level: float = LEVEL) -> Interval:
    """Korn & Graubard 1998: Clopper-Pearson with an effective n that need not be whole."""
    x, tail = n_effective * p, (1 - level) / 2
    low = 0.0 if x <= 0 else float(betaincinv(x, n_effective - x + 1, tail))
    high = 1.0 if x >= n_effective else float(betaincinv(x + 1, n_effective - x, 1 - tail))
    return (low, high)


def share_interval(
    p: float, variance: float, n: int, positives: float, df: float, n_by_weights: float
) -> Interval:
    """The default interval of a share: Wilson, Korn-Graubard where few people decide.

    ``variance``: design-based, of p; ``n``, ``positives``: people in the base and those who count,
    unweighted; ``df`` > 0: of the design; ``n_by_weights``: Kish's, used at 0 and 1, where the
    variance says nothing. The effective n is never above n. In Wilson the design's df enter by
    Student's quantile, in Korn-Graubard by n (t_(n-1) / t_df)^2.
    """
    few = min(positives, n - positives) < FEW_POSITIVES
    if variance <= 0 or p <= 0 or p >= 1:
        return korn_graubard(p, _for_df(min(n_by_weights, n), n, df))
    n_effective = min(p * (1 - p) / variance, n)
    if few:
        return korn_graubard(p, min(_for_df(n_effective, n, df), n))
    return wilson(p * n_effective, n_effective, student(df))


def mean_interval(mean: float, variance: float, df: float) -> Interval:
    """Student's interval; ``df`` > 0."""
    half = student(df) * sqrt(variance)
    return (mean - half, mean + half)


def _for_df(n_effective: float, n: int, df: float) -> float:
    return n_effective * (student(n - 1) / student(df)) ** 2 if n > 1 else n_effective
