"""Which places units may hold: confidence sets of ranks, from scores and their covariance.

Place 1 is the highest score. For every pair both one-sided questions are asked, "is i above j?"
and "is j above i?", with one critical value for a whole family: the 95 % quantile of the largest
studentised difference, by draws from the known covariance (parametric bootstrap). What is rejected
leaves the family and the rest is asked again (step-down, Romano & Wolf 2005). A unit's set starts
after all units that stand above it and ends before all that stand below. Marginal: the family is
one unit's pairs, for the reader of one row; simultaneous: all pairs, for the whole table. Source:
Mogstad, Romano, Shaikh & Wilhelm 2024, *Review of Economic Studies* 91 (R package csranks).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.evaluation.columns import Bools, Floats
from app.evaluation.intervals import LEVEL

DRAWS = 10_000
TINY = 1e-9  # points: a difference with a smaller error has none to judge it by

Places = tuple[tuple[int, int], ...]  # first and last place of each unit


@dataclass(frozen=True)
class RankSets:
    """Of m units, in their order.

    ``first``: probability of the first place among draws around the scores; ``above``: the pairs
    (i, j) of which all together say that i stands above j.
    """

    marginal: Places
    simultaneous: Places
    first: tuple[float, ...]
    above: frozenset[tuple[int, int]]


def rank_sets(values: Sequence[float], covariance: Floats, df: float, seed: int) -> RankSets:
    """Rank sets at 95 % from scores, their covariance float64[m, m] and the least of their df.

    The draws are of a multivariate t, so that few degrees of freedom widen the sets.
    """
    return _rank_sets(tuple(values), tuple(map(tuple, covariance.tolist())), df, seed)


@lru_cache(maxsize=64)  # drafts of one release ask for the same sets again
def _rank_sets(
    values: tuple[float, ...], covariance: tuple[tuple[float, ...], ...], df: float, seed: int
) -> RankSets:
    scores, spread = np.array(values), np.array(covariance)
    draws = _draws(spread, df, seed)
    variances = np.diag(spread)
    error = np.sqrt(np.maximum(variances[:, None] + variances[None, :] - 2 * spread, 0.0))
    known = error > TINY
    safe = np.where(known, error, 1.0)
    steps = np.where(known, (scores[:, None] - scores[None, :]) / safe, 0.0)
    together = _above(steps, draws, safe, known)
    marginal = []
    for unit in range(len(scores)):
        family = np.zeros_like(known)
        family[unit, :] = family[:, unit] = True
        marginal.append(_places(_above(steps, draws, safe, known & family))[unit])
    highest = (scores + draws).argmax(axis=1)
    first = np.bincount(highest, minlength=len(scores)) / len(draws)
    pairs = frozenset((int(i), int(j)) for i, j in np.argwhere(together))
    return RankSets(tuple(marginal), _places(together), tuple(first.tolist()), pairs)


def _draws(covariance: Floats, df: float, seed: int) -> Floats:
    """Draws of the scores' errors, float64[DRAWS, m]."""
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    rng = np.random.default_rng(seed)
    normal = rng.standard_normal((DRAWS, len(covariance))) @ root.T
    return np.asarray(normal / np.sqrt(rng.chisquare(df, DRAWS) / df)[:, None])


def _above(steps: Floats, draws: Floats, error: Floats, family: Bools) -> Bools:
    """Of the pairs of a family those that are settled: bool[m, m], whether i stands above j."""
    found = np.zeros_like(family)
    left = family.copy()
    while left.any():
        limit = np.quantile(_largest(draws, error, left), LEVEL)
        settled = left & (steps > limit)
        if not settled.any():
            break
        found |= settled
        left &= ~settled
    return found


def _largest(draws: Floats, error: Floats, pairs: Bools) -> Floats:
    """The largest studentised difference of these pairs in every draw, float64[DRAWS].

    One unit after the other: of two hundred units all pairs at once would be gigabytes.
    """
    found = np.full(len(draws), -np.inf)
    for unit in np.flatnonzero(pairs.any(axis=1)):
        others = np.flatnonzero(pairs[unit])
        apart = (draws[:, unit, None] - draws[:, others]) / error[unit, others]
        np.maximum(found, apart.max(axis=1), out=found)
    return found


def _places(above: Bools) -> Places:
    m = len(above)
    return tuple(
        (1 + int(above[:, unit].sum()), m - int(above[unit, :].sum())) for unit in range(m)
    )
