"""Estimates of a territory's components with their full covariance, from moments.

A component's mean is the ratio sum w x / sum w over its base. With the influence
z_c = sum over PSU c of w d (x - mean) / sum w d, the covariance by Taylor linearisation is

    V = sum over strata h of n_h / (n_h - 1) * sum over PSUs c of (z_hc - zbar_h)(z_hc - zbar_h)'

where zbar_h is over all n_h PSUs of the stratum, those with nobody in the base counting as 0 (a
domain is not a smaller sample). First stage only; times the share not drawn where the wave counts
its finite population. Where weights were calibrated z is the residual on the margins
(``weighted_moments``). A stratum with one PSU is centred on the mean of all, which is 0 ("adjust"
of R's survey), and flagged.
Sources: Lumley 2010, *Complex Surveys*, ch. 2; R survey, checked to 1e-8 in the tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np

from app.evaluation.columns import Floats
from app.evaluation.intervals import Interval, mean_interval, share_interval
from app.evaluation.moments import MIDDLE, Layout, Moments, Part
from app.evaluation.rows import PartKey
from app.evaluation.weighted_moments import (
    AS_DRAWN,
    Weighting,
    audience_columns,
    residual_parts,
    reweighted,
)

ROUNDING = 1e-7  # squared points: a spread below this is none


@dataclass(frozen=True)
class Estimate:
    """One component in one territory, on 0 to 100.

    ``df``: PSUs minus strata that the base touches; ``n``: people in the base; ``n_effective``:
    variance between people over the variance of the mean, None where that is 0; ``n_by_weights``:
    Kish, (sum w)^2 / sum w^2; ``heaviest``: largest share of the weighted base that one person
    carries; ``interval``: None without degrees of freedom.
    """

    mean: float
    variance: float
    df: int
    n: int
    weighted_base: float
    n_effective: float | None
    n_by_weights: float
    interval: Interval | None
    uniform: bool
    heaviest: float
    proxies: float
    dont_know: float
    lonely: bool

    @property
    def se(self) -> float:
        """Standard error of the mean."""
        return sqrt(self.variance)


@dataclass(frozen=True, eq=False)
class TerritoryEstimates:
    """All components of a territory: those with an empty base are not in ``by_component``.

    ``covariance`` float64[K, K] in the order of ``components`` (zero rows where the base is empty).
    """

    territory: str
    components: tuple[str, ...]
    covariance: Floats
    by_component: Mapping[str, Estimate]
    psus: int
    strata: int

    @cached_property
    def index(self) -> dict[str, int]:
        """The row of each component in ``covariance``."""
        return {name: k for k, name in enumerate(self.components)}


def estimates(
    moments: Moments, shares: frozenset[str], weighting: Weighting = AS_DRAWN
) -> dict[str, TerritoryEstimates]:
    """Estimates by territory. ``shares``: the components whose scores are 0 or 100 only;
    ``weighting``: what brings these moments, of design weights, to known totals."""
    territories: dict[str, dict[PartKey, Part]] = {}
    for key, part in reweighted(moments, weighting).parts.items():
        territories.setdefault(key[0], {})[key] = part
    return {
        territory: _estimates(territory, parts, moments.layout, shares, weighting)
        for territory, parts in sorted(territories.items())
    }


def _by_stratum(parts: Mapping[PartKey, Part]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = {}
    for (_, stratum, _), part in parts.items():
        found.setdefault(stratum, []).append(part)
    return found


@dataclass(frozen=True, eq=False)
class _Sums:
    """The sums over a territory that its estimates are made of; arrays over components."""

    parts: Sequence[Sequence[Part]]  # by stratum

    def over(self, name: str) -> Floats:
        """Sum of one array over all parts."""
        arrays = [getattr(part, name) for parts in self.parts for part in parts]
        return np.asarray(np.sum(arrays, axis=0))

    @cached_property
    def heaviest(self) -> Floats:
        """Largest weight in the base."""
        arrays = [part.heaviest for parts in self.parts for part in parts]
        return np.asarray(np.max(arrays, axis=0))

    @cached_property
    def touched(self) -> Floats:
        """PSUs with somebody in the base, float64[strata, components]."""
        return np.array([np.sum([part.touched for part in parts], axis=0) for parts in self.parts])

    @cached_property
    def psus(self) -> list[int]:
        """Number of PSUs of each stratum."""
        return [sum(part.psus for part in parts) for parts in self.parts]


def _estimates(
    territory: str,
    parts: Mapping[PartKey, Part],
    layout: Layout,
    shares: frozenset[str],
    weighting: Weighting,
) -> TerritoryEstimates:
    sums = _Sums(list(_by_stratum(parts).values()))
    total = sums.over("total")
    base = total[layout.base_columns]
    some = base > 0
    safe = np.where(some, base, 1.0)
    offset = np.where(some, total[layout.score_columns] / safe, 0.0)
    calibrated = weighting.calibrated.get(territory, {})
    left = residual_parts(parts, layout, offset, calibrated) if calibrated else parts
    spread = _spread(territory, _by_stratum(left), layout, weighting)
    covariance = _linearised(spread, layout, offset, np.where(some, 1.0 / safe, 0.0))
    df = sums.touched.sum(axis=0) - (sums.touched > 0).sum(axis=0)
    lonely = ((sums.touched > 0) & (np.array(sums.psus)[:, np.newaxis] == 1)).any(axis=0)
    found = {}
    figures = {name: sums.over(name) for name in _OVER_PEOPLE}
    for k in np.flatnonzero(some):
        found[layout.ids[k]] = _estimate(
            {name: float(values[k]) for name, values in figures.items()},
            base=float(base[k]),
            offset=float(offset[k]),
            variance=max(float(covariance[k, k]), 0.0),
            df=int(df[k]),
            heaviest=float(sums.heaviest[k]),
            lonely=bool(lonely[k]),
            is_share=layout.ids[k] in shares,
        )
    alike = [k for k, name in enumerate(layout.ids) if name in found and found[name].uniform]
    covariance[alike, :] = covariance[:, alike] = 0.0
    return TerritoryEstimates(
        territory, layout.ids, covariance, found, sum(sums.psus), len(sums.psus)
    )


_OVER_PEOPLE = (
    "count", "proxies", "score", "squared_weight", "squares", "unsure", "unsure_outside",
)  # fmt: skip


def _spread(
    territory: str, strata: Mapping[int, Sequence[Part]], layout: Layout, weighting: Weighting
) -> Floats:
    """Sum over strata of (1-f) n/(n-1) sum (u - ubar)(u - ubar)'."""
    spread = np.zeros((layout.width, layout.width))
    for stratum, parts in strata.items():
        n = sum(part.psus for part in parts)
        cross = np.sum([part.cross for part in parts], axis=0)
        if n > 1:
            total = np.sum([part.total for part in parts], axis=0)
            cross = n / (n - 1) * (cross - np.outer(total, total) / n)
        remaining = weighting.remaining.get((territory, stratum))
        if remaining:
            root = np.sqrt(audience_columns(layout, remaining))
            cross = cross * np.outer(root, root)
        spread += cross
    return spread


def _linearised(spread: Floats, layout: Layout, offset: Floats, inverse: Floats) -> Floats:
    """A spread A' for z_k = (score column - offset_k base column) / base_k."""
    bases, scores = layout.base_columns, layout.score_columns
    of_scores = spread[np.ix_(scores, scores)]
    of_both = spread[np.ix_(scores, bases)] * offset
    of_bases = spread[np.ix_(bases, bases)] * np.outer(offset, offset)
    found = (of_scores - of_both - of_both.T + of_bases) * np.outer(inverse, inverse)
    return np.asarray((found + found.T) / 2)


def _estimate(
    over: Mapping[str, float],
    *,
    base: float,
    offset: float,
    variance: float,
    df: int,
    heaviest: float,
    lonely: bool,
    is_share: bool,
) -> Estimate:
    n = round(over["count"])
    between = max(over["squares"] / base - offset * offset, 0.0)
    uniform = between < ROUNDING
    if uniform:
        between = variance = 0.0
    by_weights = base * base / over["squared_weight"]
    mean = min(max(MIDDLE + offset, 0.0), 100.0)
    interval = None
    if df > 0 and (is_share or variance == 0.0):
        # Of all scores with this mean, 0 and 100 spread most: safe where none is seen.
        low, high = share_interval(
            mean / 100, variance / 1e4, n, round(over["score"] / 100), df, by_weights
        )
        interval = (100 * low, 100 * high)
    elif df > 0:
        interval = mean_interval(mean, variance, df)
    unsure = over["unsure"]
    return Estimate(
        mean=mean,
        variance=variance,
        df=df,
        n=n,
        weighted_base=base,
        n_effective=between / variance if variance > 0 else None,
        n_by_weights=by_weights,
        interval=interval,
        uniform=uniform,
        heaviest=heaviest / base,
        proxies=over["proxies"] / n,
        dont_know=unsure / (n + over["unsure_outside"]),
        lonely=lonely,
    )
