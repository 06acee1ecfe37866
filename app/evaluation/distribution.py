"""How the scores of a cell spread: the share of its people in each band from 0 to 100.

Bands begin as five of 20 points, which are the answers of a question with five. A band that fewer
people than the threshold are in, or that one person carries over half of, joins its smaller
neighbour; so does one that leaves a few people alone with a band of an earlier release. So every
share rests on enough people, and a cell of one band has no distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.evaluation.isolation import Members, isolating

BANDS = 5
STEP = 100 // BANDS
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Band:
    """``share``: percent of the weight with a score from ``low`` to under ``high`` (100: up to it);
    ``members``: whose scores these are."""

    low: int
    high: int
    share: float
    members: Members


def bands(
    scores: Floats,
    weights: Floats,
    numbers: Members,
    threshold: int,
    before: Sequence[Members] = (),
) -> tuple[Band, ...]:
    """The bands of a cell, lowest first, or none where there would be one only.

    ``scores`` float64[n] 0 to 100, ``weights`` float64[n] >= 0, ``numbers`` int64[n]: each person
    once; ``before``: sets of people of whom something was told earlier of the same score.
    """
    place = np.minimum((scores // STEP).astype(np.int64), BANDS - 1)
    groups = [[each] for each in range(BANDS)]
    while len(groups) > 1:
        inside = [np.isin(place, group) for group in groups]
        weak = _weak(inside, weights, numbers, threshold, before)
        if weak is None:
            whole = weights.sum()
            return tuple(
                Band(
                    group[0] * STEP,
                    (group[-1] + 1) * STEP,
                    100.0 * float(weights[mask].sum() / whole),
                    np.sort(numbers[mask]),
                )
                for group, mask in zip(groups, inside, strict=True)
            )
        beside = [k for k in (weak - 1, weak + 1) if 0 <= k < len(groups)]
        other = min(beside, key=lambda k: int(inside[k].sum()))
        first, last = sorted((weak, other))
        groups[first : last + 1] = [groups[first] + groups[last]]
    return ()


def _weak(
    inside: Sequence[NDArray[np.bool_]],
    weights: Floats,
    numbers: Members,
    threshold: int,
    before: Sequence[Members],
) -> int | None:
    """The first band that may not stand alone."""
    for k, mask in enumerate(inside):
        mine = weights[mask]
        if len(mine) < threshold or mine.max() > 0.5 * mine.sum():
            return k
    if not before:
        return None
    now = [np.sort(numbers[mask]) for mask in inside]
    exposing = isolating([*now, np.sort(numbers), *before], range(len(now)), threshold)
    return min(exposing, key=lambda k: len(now[k])) if exposing else None
