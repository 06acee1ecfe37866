"""Outliers of a column by its skewness and kurtosis, brought in one after the other.

The rule of the Global Innovation Index and of most indices that the European Commission audits
(JRC): a column whose skewness and kurtosis are both too large has its most extreme values set to
the next one, until either is not. Skewness and excess kurtosis are those of a sample (G1 and G2,
Joanes & Gill 1998), as spreadsheets take them.
"""

from __future__ import annotations

import numpy as np

from app.evaluation.columns import Floats
from app.evaluation.index_refusals import NotComputable
from app.evaluation.ranking import alike

FEWEST = 4  # values that a kurtosis needs


def without_outliers(x: Floats, given: tuple[float, ...], name: str) -> Floats:
    """``given``: skewness, kurtosis and the number of values that may be brought in, each from the
    end to which the column then leans. Raises NotComputable where more would have to be: a
    logarithm is then the usual way."""
    if len(x) < FEWEST:
        return x
    skew, peak, most = given
    ordered, low, high = np.sort(x), 0, 0
    while True:
        found = np.asarray(np.clip(x, ordered[low], ordered[-1 - high]))
        if alike(found) or abs(skewness(found)) <= skew or kurtosis(found) <= peak:
            return found
        if low + high == min(int(most), len(x) - FEWEST):
            raise NotComputable("too_many_outliers", name)
        low, high = (low, high + 1) if skewness(found) > 0 else (low + 1, high)


def skewness(x: Floats) -> float:
    """G1, of three values or more that are not all alike."""
    n, z = len(x), (x - x.mean()) / x.std(ddof=1)
    return float((z**3).sum() * n / ((n - 1) * (n - 2)))


def kurtosis(x: Floats) -> float:
    """G2, in excess of the normal distribution, of four values or more that are not all alike."""
    n, z = len(x), (x - x.mean()) / x.std(ddof=1)
    whole = (z**4).sum() * n * (n + 1) / ((n - 1) * (n - 2) * (n - 3))
    return float(whole - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))
