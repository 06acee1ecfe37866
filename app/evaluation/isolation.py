"""Does any combination of published sets leave a few people alone, or some who answered alike?

Each set is a row of ones over the people in it; a combination of rows that is zero but for fewer
people than the threshold tells their sum. People in the same sets are one atom. Two sets: their
difference. More: the smallest support in the row space, exactly (HiGHS), over the atoms that are
small enough to matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import null_space
from scipy.optimize import Bounds, LinearConstraint, milp

Members = NDArray[np.int64]
Floats = NDArray[np.float64]
NEGLIGIBLE = 1e-7
LARGEST = 1e3  # of a coefficient in a combination
SAME = 1e-6  # points
MIXED = 3  # sets at most in a combination that is looked through for people alike


def isolating(sets: Sequence[Members], now: Sequence[int], threshold: int) -> list[int]:
    """The sets of ``now`` in a combination that isolates 1 to ``threshold`` - 1 people, or none."""
    for k in now:
        for other in range(len(sets)):
            apart = len(np.setxor1d(sets[k], sets[other], assume_unique=True))
            if 0 < apart < threshold:
                return sorted({k} | ({other} & set(now)))
    first: dict[bytes, int] = {}
    for k in (*now, *range(len(sets))):  # one of each set, those of now before all
        first.setdefault(sets[k].tobytes(), k)
    distinct = list(first.values())
    if len(distinct) < 3:
        return []
    mix = _smallest([sets[k] for k in distinct], threshold)
    return [k for k, weight in zip(distinct, mix, strict=True) if weight and k in set(now)]


def _smallest(sets: Sequence[Members], threshold: int) -> list[bool]:
    """Which sets enter the combination with the fewest people, if those are too few."""
    people = np.unique(np.concatenate(sets))
    pattern = np.array([np.isin(people, each, assume_unique=True) for each in sets])
    atoms, sizes = np.unique(pattern, axis=1, return_counts=True)
    small = sizes < threshold
    nothing = [False] * len(sets)
    if not small.any():
        return nothing
    free = null_space(atoms[:, ~small].T.astype(float)) if (~small).any() else np.eye(len(sets))
    space = free.T @ atoms[:, small].astype(float)  # combinations that spare every large atom
    if not free.size or np.abs(space).max(initial=0.0) < NEGLIGIBLE:
        return nothing
    for j in np.flatnonzero(np.abs(space).max(axis=0) > NEGLIGIBLE):
        mix = _support(space, sizes[small], int(j), threshold)
        if mix is not None:
            return [bool(each) for each in np.abs(free @ mix) > 1e-6]
    return nothing


def _support(space: Floats, sizes: Members, j: int, threshold: int) -> Floats | None:
    """A combination in which atom ``j`` counts one and fewer than ``threshold`` people count."""
    rank, atoms = space.shape
    wide = np.hstack([space.T, -LARGEST * np.eye(atoms)])
    narrow = np.hstack([-space.T, -LARGEST * np.eye(atoms)])
    unit = np.concatenate([space[:, j], np.zeros(atoms)])
    solved = milp(
        np.concatenate([np.zeros(rank), sizes.astype(float)]),
        constraints=[
            LinearConstraint(np.vstack([wide, narrow]), ub=0.0),
            LinearConstraint(unit[None, :], lb=1.0, ub=1.0),
        ],
        integrality=np.concatenate([np.zeros(rank), np.ones(atoms)]),
        bounds=Bounds(
            np.concatenate([np.full(rank, -LARGEST), np.zeros(atoms)]),
            np.concatenate([np.full(rank, LARGEST), np.ones(atoms)]),
        ),
    )
    if not solved.success or solved.fun > threshold - 0.5:
        return None
    return np.asarray(solved.x[:rank])


def telling_alike(
    sets: Sequence[Members],
    bases: Sequence[float],
    means: Sequence[float],
    now: int,
) -> list[int]:
    """The sets of now in a combination of two or three, added and taken away, that leaves some
    people once each and nobody else, all of whom gave the lowest or the highest answer: their mean
    is 0 or 100. None where there is no such combination.

    ``bases``: the weights of each set's people together; ``means``: of each set, 0 to 100; the
    first ``now`` sets are those of now.
    """
    if not now or len(sets) < 2:
        return []
    people = np.unique(np.concatenate(sets))
    pattern = np.array([np.isin(people, each, assume_unique=True) for each in sets])
    atoms = np.unique(pattern, axis=1)
    mixes = _mixes(len(sets), now)
    left = mixes @ atoms.astype(np.int64)
    once = (left.min(axis=1) >= 0) & (left.max(axis=1) == 1)
    weight = mixes @ np.asarray(bases, dtype=float)
    total = mixes @ (np.asarray(bases, dtype=float) * np.asarray(means, dtype=float))
    end = np.minimum(np.abs(total), np.abs(100.0 * weight - total))
    found = np.flatnonzero(once & (weight > 0) & (end < SAME * weight))
    return np.flatnonzero(mixes[found[0], :now]).tolist() if len(found) else []


@lru_cache(maxsize=16)
def _mixes(several: int, now: int) -> NDArray[np.int8]:
    """Every way to add and take away two or three of the sets, one of the first ``now`` in it."""
    rows = []
    for size in range(2, MIXED + 1):
        signs = [each for each in product((1, -1), repeat=size) if len(set(each)) == 2]
        for places in combinations(range(several), size):
            if places[0] < now:
                for each in signs:
                    row = np.zeros(several, dtype=np.int8)
                    row[list(places)] = each
                    rows.append(row)
    return np.array(rows)
