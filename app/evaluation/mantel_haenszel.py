"""Mantel-Haenszel DIF for items answered 0 or 1, matched on the total score.

Mantel & Haenszel 1959; Holland & Thayer 1988; variance of the log odds ratio: Robins, Breslow &
Greenland 1986; classes A, B, C of the Educational Testing Service: Zieky 1993.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

from scipy.special import chdtrc, ndtri

from app.evaluation.matching import Matched
from app.evaluation.undefined import Figure, Undefined

DELTA = -2.35
SIGNIFICANT = 0.05
LEVEL = 0.95


@dataclass(frozen=True)
class MantelHaenszel:
    """One item. Odds ratio above 1, delta below 0: easier for the reference group.

    ``chi2``: with the correction of 1/2 as in R ``mantelhaen.test`` (never more than the
    difference itself); ``chi2_plain_correction``: with 1/2 throughout (as difR);
    ``chi2_uncorrected``: without; one degree of freedom each; ``p`` belongs to ``chi2``;
    ``log_se``: of the log odds ratio; ``low``, ``high``: 95 % interval of the odds ratio;
    ``delta``, ``delta_se``: on the ETS scale; ``size``: A, B or C.
    """

    chi2: Figure
    p: Figure
    chi2_plain_correction: Figure
    p_plain_correction: Figure
    chi2_uncorrected: Figure
    p_uncorrected: Figure
    odds_ratio: Figure
    log_se: Figure
    low: Figure
    high: Figure
    delta: Figure
    delta_se: Figure
    size: str | Undefined
    strata: int
    left_out: int

    @property
    def test(self) -> str:
        """The name of the test."""
        return "mantel_haenszel"

    @property
    def flag_p(self) -> Figure:
        """The p value by which an item is flagged."""
        return self.p


def mantel_haenszel(strata: Matched) -> MantelHaenszel:
    """The test from strata of answers 0 and 1."""
    difference = abs(float((strata.focal_sum - strata.expected).sum()))
    variance = float(strata.variance.sum())
    chi2 = [
        _chi2(difference, correction, variance) for correction in (min(0.5, difference), 0.5, 0.0)
    ]
    p = [each if isinstance(each, Undefined) else float(chdtrc(1, each)) for each in chi2]
    ratio, se = _odds_ratio(strata)
    known = isinstance(ratio, float) and isinstance(se, float)
    half = float(ndtri(0.5 + LEVEL / 2)) * se if known and isinstance(se, float) else 0.0
    return MantelHaenszel(
        *(chi2[0], p[0], chi2[1], p[1], chi2[2], p[2]),
        odds_ratio=ratio,
        log_se=se,
        low=exp(log(ratio) - half) if known and isinstance(ratio, float) else ratio,
        high=exp(log(ratio) + half) if known and isinstance(ratio, float) else ratio,
        delta=DELTA * log(ratio) if isinstance(ratio, float) else ratio,
        delta_se=-DELTA * se if isinstance(se, float) else se,
        size=_size(ratio, se, p[0]),
        strata=len(strata.people),
        left_out=strata.left_out,
    )


def _chi2(difference: float, correction: float, variance: float) -> Figure:
    if not variance > 0:
        return Undefined("groups_do_not_overlap")
    return (difference - correction) ** 2 / variance


def _odds_ratio(strata: Matched) -> tuple[Figure, Figure]:
    """The common odds ratio and the standard error of its logarithm."""
    people = strata.people
    a, c = strata.reference_sum, strata.focal_sum
    b, d = strata.reference - a, strata.focal - c
    for_reference, for_focal = a * d / people, b * c / people
    r, s = float(for_reference.sum()), float(for_focal.sum())
    if not (r > 0 and s > 0):
        nothing = Undefined("odds_ratio_without_bound" if r != s else "groups_do_not_overlap")
        return nothing, nothing
    p, q = (a + d) / people, (b + c) / people
    variance = (
        float((p * for_reference).sum()) / (2 * r * r)
        + float((p * for_focal + q * for_reference).sum()) / (2 * r * s)
        + float((q * for_focal).sum()) / (2 * s * s)
    )
    return r / s, sqrt(variance)


def _size(ratio: Figure, se: Figure, p: Figure) -> str | Undefined:
    """A: |delta| under 1 or not significant; C: at least 1.5 and significantly above 1; else B."""
    if isinstance(ratio, Undefined) or isinstance(se, Undefined) or isinstance(p, Undefined):
        return next(each for each in (ratio, se, p) if isinstance(each, Undefined))
    delta = abs(DELTA * log(ratio))
    if delta < 1 or p >= SIGNIFICANT:
        return "A"
    beyond_one = (delta - 1) / (-DELTA * se) > float(ndtri(1 - SIGNIFICANT))
    return "C" if delta >= 1.5 and beyond_one else "B"
