"""What an evaluator is told about a standing shift: one verdict for every interval and margin."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from scipy.special import stdtrit

from app.evaluation.columns import Floats
from app.evaluation.intervals import LEVEL, student

DRAWS = 200_000
POWER = 0.80
KEPT = 0.95  # of the admissible methods must give the sign


class Verdict(StrEnum):
    """The verdicts in the order in which they are tried."""

    SAME_BY_CONSTRUCTION = "same_by_construction"
    DEPENDS_ON_THE_METHOD = "depends_on_the_method"
    NO_DIFFERENCE_THAT_MATTERS = "no_difference_that_matters"
    NO_DIFFERENCE_THAT_MATTERS_DETECTABLE = "no_difference_that_matters_detectable"
    STANDS_HIGHER = "stands_higher"
    STANDS_LOWER = "stands_lower"
    HIGHER_SIZE_UNCERTAIN = "higher_size_uncertain"
    LOWER_SIZE_UNCERTAIN = "lower_size_uncertain"
    CANNOT_TELL = "cannot_tell"


def verdict(
    low: float, high: float, margin: float, *, same: bool = False, kept: float = 1.0
) -> Verdict:
    """The verdict on a shift with this interval, where less than ``margin`` does not matter.

    ``same``: both frameworks weigh what everyone was asked alike, so there is nothing to find;
    ``kept``: the share of the admissible methods under which the shift keeps its sign.
    """
    if same:
        return Verdict.SAME_BY_CONSTRUCTION
    if kept < KEPT:
        return Verdict.DEPENDS_ON_THE_METHOD
    if -margin <= low and high <= margin:
        detectable = low > 0 or high < 0
        return (
            Verdict.NO_DIFFERENCE_THAT_MATTERS_DETECTABLE
            if detectable
            else Verdict.NO_DIFFERENCE_THAT_MATTERS
        )
    if low > 0:
        return Verdict.STANDS_HIGHER if low > margin else Verdict.HIGHER_SIZE_UNCERTAIN
    if high < 0:
        return Verdict.STANDS_LOWER if high < -margin else Verdict.LOWER_SIZE_UNCERTAIN
    return Verdict.CANNOT_TELL


def critical_value(covariance: Floats, df: float, seed: int) -> float:
    """Single-step max-|t|: the factor of the errors that makes all intervals hold together.

    ``covariance`` float64[m, m] of the shifts; ``df``: the least of their degrees of freedom. The
    95 % quantile of max |T| for a multivariate t with this correlation, by 200,000 seeded draws
    (Hothorn, Bretz & Westfall 2008); for one shift Student's quantile itself.
    """
    spread = np.sqrt(np.diag(covariance))
    some = np.flatnonzero(spread > 0)
    if len(some) <= 1:
        return student(df)
    correlation = covariance[np.ix_(some, some)] / np.outer(spread[some], spread[some])
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    rng = np.random.default_rng(seed)
    draws = np.abs(rng.standard_normal((DRAWS, len(some))) @ root.T).max(axis=1)
    draws /= np.sqrt(rng.chisquare(df, DRAWS) / df)
    return max(float(np.quantile(draws, LEVEL)), student(df))


def smallest_detectable(se: float, critical: float, df: float) -> float:
    """The shift that this survey would have found with 80 % chance."""
    return float((critical + stdtrit(df, POWER)) * se)
