"""Rare combinations of what may identify somebody: blanked, or their rows left out (k-map).

Sources: Sweeney (2002); the k-map of El Emam and Dankar (2008), with the weights of a
combination's rows as the estimate of how many people of the population share it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.evaluation.columns import Bools, Floats, Integers

BLANK = -1


@dataclass(frozen=True, eq=False)
class Cleared:
    """``keys``: as given, with ``BLANK`` where a value is taken out; ``left_out``: combinations
    that would still be rare; ``rows``: of each; ``blanked``: how many values of rows by column;
    ``smallest``: people behind the rarest combination that stays (0 without any row)."""

    keys: Integers
    left_out: Bools
    rows: Integers
    blanked: tuple[int, ...]
    smallest: float

    @property
    def people_left_out(self) -> int:
        """How many rows are left out."""
        return int(self.rows[self.left_out].sum())


def clear(keys: Integers, rows: Integers, weight: Floats, k: float, kept: int) -> Cleared:
    """Take values out until every combination stands for at least ``k`` people.

    ``keys`` int[g, q]: each row of it a combination; columns are blanked from the last to the
    first, but never the first ``kept``. ``rows`` int[g] and ``weight`` float[g] >= 0: how many
    people have it, and the sum of their weights. A combination stands for that sum; never for more
    than its rows where weights are below 1, nor for fewer else.
    """
    made = keys.copy()
    rare = _people(made, rows, weight) < k
    for column in range(keys.shape[1] - 1, kept - 1, -1):
        made[rare, column] = BLANK
        rare = _people(made, rows, weight) < k
    rare = _joined(made, rows, weight, k, kept, rare)
    told = _people(made[~rare], rows[~rare], weight[~rare])
    gone = (made[~rare] != keys[~rare]) * rows[~rare, None]
    return Cleared(
        made,
        rare,
        rows,
        tuple(int(each) for each in gone.sum(axis=0)),
        float(told.min(initial=np.inf)) if len(told) else 0.0,
    )


def _joined(
    keys: Integers, rows: Integers, weight: Floats, k: float, kept: int, rare: Bools
) -> Bools:
    """Blank the smallest other combinations of the same kept values until those that are blank are
    many enough; what is still rare then has too few people altogether. Changes ``keys``."""
    for place in np.unique(keys[rare, :kept], axis=0):
        here = (keys[:, :kept] == place).all(axis=1)
        while (people := _people(keys, rows, weight))[here & rare].min() < k:
            others = here & (keys[:, kept:] != BLANK).any(axis=1)
            if not others.any():
                break
            least = others & (people == people[others].min())
            first = keys[np.flatnonzero(least)[0]]
            keys[(keys == first).all(axis=1), kept:] = BLANK
    return _people(keys, rows, weight) < k


def _people(keys: Integers, rows: Integers, weight: Floats) -> Floats:
    """How many people stand behind each combination."""
    if not len(keys):
        return np.zeros(0)
    _, place = np.unique(keys, axis=0, return_inverse=True)
    place = place.reshape(-1)
    people = np.bincount(place, rows)
    weights = np.bincount(place, weight)
    return np.where(weights < people, weights, np.maximum(people, weights))[place]


def numbered(columns: Sequence[Sequence[object]]) -> Integers:
    """Columns of values as int[n, q]: equal values get equal numbers from 0, nothing -1."""
    found = []
    for column in columns:
        places: dict[object, int] = {}
        found.append([BLANK if v is None else places.setdefault(v, len(places)) for v in column])
    return np.array(found, dtype=np.int64).T.reshape(-1, len(columns))
