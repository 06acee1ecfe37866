"""Normalisation of a column: from units of measure to something that can be added.

Methods take values float64[n] already turned so that more is better, NaN where missing, and
give float64[n] with the same gaps. OECD/JRC Handbook on Constructing Composite Indicators (2008).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.evaluation.columns import Floats
from app.evaluation.index_framework import IndexIndicator, Method
from app.evaluation.index_refusals import NotComputable
from app.evaluation.index_steps import fixed
from app.evaluation.ranking import alike

ZERO_TO_ONE = frozenset(Method) - {Method.Z_SCORE, Method.RANK, Method.BORDA, Method.NONE}


def goalposts(values: Floats, low: float, high: float, *, capped: bool = True) -> Floats:
    """(x - low) / (high - low), cut to 0..1 where ``capped``; low < high are fixed in advance."""
    found = (values - low) / (high - low)
    return np.clip(found, 0.0, 1.0) if capped else found


def min_max(values: Floats) -> Floats:
    """(x - min) / (max - min) over the units that are there."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return (values - low) / (high - low)


def z_score(values: Floats) -> Floats:
    """(x - mean) / sd with n - 1."""
    return np.asarray((values - np.nanmean(values)) / np.nanstd(values, ddof=1))


def rank(values: Floats) -> Floats:
    """1 for the lowest; equal values, to the last digit, share the lower rank."""
    known = np.isfinite(values)
    found = np.full(len(values), np.nan)
    found[known] = 1 + np.searchsorted(np.sort(values[known]), values[known], side="left")
    return found


def borda(values: Floats) -> Floats:
    """How many units are lower: rank - 1."""
    return rank(values) - 1


def percentile_rank(values: Floats) -> Floats:
    """(rank - 1) / (n - 1) over the units that are there: two or more."""
    return borda(values) / (int(np.isfinite(values).sum()) - 1)


def distance_to_target(values: Floats, target: float, *, capped: bool) -> Floats:
    """(x - min) / (target - min): 1 at the target, above it where not ``capped``."""
    low = float(np.nanmin(values))
    found = (values - low) / (target - low)
    return np.minimum(found, 1.0) if capped else found


def distance_to_maximum(values: Floats) -> Floats:
    """1 - (max - x) / (max - min): the same as ``min_max``, said from the best unit."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return 1 - (high - values) / (high - low)


def none(values: Floats) -> Floats:
    """Values that others made comparable already, as they stand."""
    return values


_BY_DATA: dict[Method, Callable[[Floats], Floats]] = {
    Method.MIN_MAX: min_max,
    Method.Z_SCORE: z_score,
    Method.RANK: rank,
    Method.BORDA: borda,
    Method.PERCENTILE_RANK: percentile_rank,
    Method.DISTANCE_TO_MAXIMUM: distance_to_maximum,
    Method.NONE: none,
}
_WANTS_SPREAD = {Method.MIN_MAX, Method.Z_SCORE, Method.DISTANCE_TO_MAXIMUM}


def normalised(
    values: Floats, indicator: IndexIndicator, method: Method, scale: tuple[float, float]
) -> Floats:
    """A column after its steps by one method; those from 0 to 1 go from end to end of ``scale``.

    Turned first so that more is better. Raises NotComputable with the column's name: constant
    column, missing goalposts or target, goalposts that the steps make one.
    """
    turned, ends, target = _turned(values, indicator)
    known = turned[np.isfinite(turned)]
    if not len(known):
        raise NotComputable("no_values", indicator.column)
    if method is Method.GOALPOSTS:
        found = goalposts(turned, *_two(ends, indicator), capped=indicator.capped is not False)
    elif method is Method.DISTANCE_TO_TARGET:
        if target is None:
            raise NotComputable("no_target", indicator.column)
        if target <= known.min():
            raise NotComputable("target_at_worst", indicator.column)
        found = distance_to_target(turned, target, capped=indicator.capped is True)
    else:
        single = method is Method.PERCENTILE_RANK and len(known) == 1
        if single or (method in _WANTS_SPREAD and alike(known)):
            raise NotComputable("constant_column", indicator.column)
        found = _BY_DATA[method](turned)
    low, high = scale
    return low + found * (high - low) if method in ZERO_TO_ONE else found


def _two(ends: tuple[float, float] | None, indicator: IndexIndicator) -> tuple[float, float]:
    if ends is None:
        raise NotComputable("no_goalposts", indicator.column)
    if ends[0] == ends[1]:
        raise NotComputable("one_goalpost", indicator.column)
    return ends


def _turned(
    values: Floats, indicator: IndexIndicator
) -> tuple[Floats, tuple[float, float] | None, float | None]:
    """Values, goalposts and target (through the steps), signs changed where less is better."""
    ends, target = indicator.goalposts, indicator.target
    if ends is not None:
        low, high = sorted(fixed(ends, indicator.steps, indicator.column))
        ends = (low, high)
    if target is not None:
        (target,) = fixed((target,), indicator.steps, indicator.column)
    if indicator.higher_is_better:
        return values, ends, target
    return -values, ends and (-ends[1], -ends[0]), None if target is None else -target
