"""Scores of indicators by other normalisations, for one territory and the rest of them.

Everything here is a value without error: published are only the signs that come of it. Methods that
read the territories' values read those that are shown; a column that does not vary scores 50 for
all, so it moves nothing. Source: OECD/JRC *Handbook on Constructing Composite Indicators*, ch. 5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.frameworks import Indicator
from app.domain.method_choices import Normalisation
from app.evaluation.columns import Bools, Floats

SAME = 1e-9  # points: territories that differ by less do not differ
Pair = tuple[Floats, Floats]  # scores here, and of the rest


@dataclass(frozen=True, eq=False)
class Values:
    """Values of some indicators in their own units, float64[territories, indicators].

    NaN where there is none; ``shown`` bool of the same shape: may be read by the reader.
    """

    indicators: Sequence[Indicator]
    values: Floats
    shown: Bools


def here_and_rest(found: Values, place: int, kind: Normalisation) -> Pair:
    """Scores of the territory in row ``place`` and of the rest, 0 to 100 unless outside the scale.

    The rest is the plain mean of the other territories, except by rank, where it is the mean rank
    of the others that are shown.
    """
    here = found.values[place]
    others = np.delete(found.values, place, axis=0)
    rest = np.nanmean(others, axis=0)
    if kind is Normalisation.GOALPOSTS:
        return _between_goalposts(found, here), _between_goalposts(found, rest)
    ups = np.array([each.higher_is_better for each in found.indicators])
    turn = np.where(ups, 1.0, -1.0)
    seen = np.where(found.shown, found.values * turn, np.nan)
    if kind is Normalisation.RANK:
        return _ranks_here_and_rest(seen, place)
    low, unit = _to_target(found.indicators) if kind in _FIXED else _FITTED[kind](seen)
    varies = unit > SAME
    safe = np.where(varies, unit, 1.0)
    one, other = (
        np.where(varies, 100.0 * (each * turn - low) / safe, 50.0) for each in (here, rest)
    )
    return one, other


def _between_goalposts(found: Values, values: Floats) -> Floats:
    low, high = (np.array([each.goalposts[k] for each in found.indicators]) for k in (0, 1))
    scores = np.clip(100.0 * (values - low) / (high - low), 0.0, 100.0)
    ups = np.array([each.higher_is_better for each in found.indicators])
    return np.asarray(np.where(ups, scores, 100.0 - scores))


def _ranks_here_and_rest(seen: Floats, place: int) -> Pair:
    """By the share of the other shown territories that are lower, as 0 to 100."""
    known = np.isfinite(seen)
    lower = (seen[:, None, :] > seen[None, :, :] + SAME).sum(axis=1)
    ranks = 100.0 * lower / np.maximum(known.sum(axis=0) - 1, 1)
    others = np.delete(known, place, axis=0)
    rest = np.where(others, np.delete(ranks, place, axis=0), 0.0).sum(axis=0)
    alone = ~others.any(axis=0)
    here = np.where(alone, 50.0, ranks[place])
    return here, np.where(alone, 50.0, rest / np.maximum(others.sum(axis=0), 1))


def _min_max(seen: Floats) -> Pair:
    low = np.nanmin(seen, axis=0)
    return low, np.nanmax(seen, axis=0) - low


def _z(seen: Floats) -> Pair:
    """50 + 10 z: the zero of the scale lies five standard deviations below the mean."""
    several = np.isfinite(seen).sum(axis=0) > 1
    middle = np.nanmean(seen, axis=0)
    squares = np.nansum((seen - middle) ** 2, axis=0)
    spread = np.sqrt(squares / np.maximum(np.isfinite(seen).sum(axis=0) - 1, 1))
    return middle - 5.0 * spread, np.where(several, 10.0 * spread, 0.0)


def _to_target(indicators: Sequence[Indicator]) -> Pair:
    """From the low goalpost to the target, to the high one where nobody set a target."""
    ends = []
    for each in indicators:
        low, high = each.goalposts if each.higher_is_better else (-g for g in each.goalposts[::-1])
        if each.target is not None:
            high = each.target.value if each.higher_is_better else -each.target.value
        ends.append((low, high))
    low, high = np.array(ends).T
    return low, high - low


_FIXED = (Normalisation.DISTANCE_TO_TARGET,)
_FITTED: dict[Normalisation, Callable[[Floats], Pair]] = {
    Normalisation.MIN_MAX: _min_max,
    Normalisation.Z: _z,
}
