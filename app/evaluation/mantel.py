"""DIF of items with ordered answers: Mantel 1963 and the standardised mean difference.

Mantel's chi-square (1 df) compares sums of scores within strata of equal total score. SMD: Dorans
& Schmitt 1991, error: Zwick & Thayer 1996; classes AA, BB, CC: Zwick, Thayer & Mazzeo 1997.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import chdtrc

from app.evaluation.matching import Matched
from app.evaluation.undefined import Figure, Undefined

SIGNIFICANT = 0.05
SLIGHT, LARGE = 0.17, 0.25


@dataclass(frozen=True)
class Mantel:
    """One item. ``smd``: focal minus reference in the item's unit, at the focal group's totals;
    ``smd_se``: its error; ``effect``: ``smd`` over the item's sd (n - 1, both groups);
    ``size``: AA, BB or CC; ``left_out``: people in strata of one.
    """

    chi2: Figure
    p: Figure
    smd: Figure
    smd_se: Figure
    effect: Figure
    size: str | Undefined
    strata: int
    left_out: int

    @property
    def test(self) -> str:
        """The name of the test."""
        return "mantel"

    @property
    def flag_p(self) -> Figure:
        """The p value by which an item is flagged."""
        return self.p


def mantel(strata: Matched, sd: float) -> Mantel:
    """The test; ``sd``: of everybody's answers to the item (n - 1)."""
    variance = float(strata.variance.sum())
    if not variance > 0:
        none = Undefined("groups_do_not_overlap")
        return Mantel(none, none, none, none, none, none, len(strata.people), strata.left_out)
    chi2 = float((strata.focal_sum - strata.expected).sum()) ** 2 / variance
    p = float(chdtrc(1, chi2))
    smd, se = _smd(strata)
    effect = smd / sd
    return Mantel(chi2, p, smd, se, effect, _size(effect, p), len(strata.people), strata.left_out)


def _smd(strata: Matched) -> tuple[float, float]:
    """Over strata that hold both groups, weighted by the focal people in them."""
    both = (strata.focal > 0) & (strata.reference > 0)
    focal, reference = strata.focal[both], strata.reference[both]
    share = focal / focal.sum()
    means = strata.focal_sum[both] / focal - strata.reference_sum[both] / reference
    factor = share * (1 / focal + 1 / reference)
    variance = float(np.sum(factor**2 * strata.variance[both]))
    return float(np.sum(share * means)), sqrt(variance)


def _size(effect: float, p: float) -> str:
    if p >= SIGNIFICANT or abs(effect) <= SLIGHT:
        return "AA"
    return "CC" if abs(effect) > LARGE else "BB"
