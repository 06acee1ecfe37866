"""The attacker: what a reader could work out about withheld cells from everything published.

It shares no code with the protection it tests. A published figure is a row: known coefficients on
unknown cells (the cells that are shown are known, so only the withheld ones are unknown). A cell
is determined if its unit vector lies in the row space; it is narrowed down if, knowing that every
cell lies between 0 and 100, the rows leave it a range that is too small.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

CellT = TypeVar("CellT", bound=Hashable)
SAME = 1e-7


@dataclass(frozen=True)
class Leak:
    """A withheld cell that can be worked out, and the numbers of the rows that give it."""

    rows: tuple[int, ...]


def determined(
    rows: Sequence[Mapping[CellT, float]], withheld: Collection[CellT]
) -> dict[CellT, Leak]:
    """The withheld cells that some combination of the published rows gives exactly."""
    cells = sorted(withheld, key=repr)
    matrix, used = _unknowns(rows, cells)
    if not used:
        return {}
    _, sizes, directions = np.linalg.svd(matrix, full_matrices=False)
    space = directions[sizes > 1e-9 * sizes[0]]
    found = {}
    for j in np.flatnonzero((space**2).sum(axis=0) > 1 - SAME):
        unit = np.zeros(len(cells))
        unit[j] = 1.0
        mix = np.linalg.lstsq(matrix.T, unit, rcond=None)[0]
        found[cells[j]] = Leak(tuple(used[i] for i in np.flatnonzero(np.abs(mix) > SAME)))
    return found


def ranges(
    rows: Sequence[Mapping[CellT, float]], truth: Mapping[CellT, float]
) -> dict[CellT, tuple[float, float]]:
    """For each withheld cell the interval, within 0 to 100, that the published rows leave open.

    ``truth``: the values of the withheld cells; of these only the published sums are used.
    """
    cells = sorted(truth, key=repr)
    found = dict.fromkeys(cells, (0.0, 100.0))
    matrix, used = _unknowns(rows, cells)
    if not used:
        return found
    sums = matrix @ np.array([truth[cell] for cell in cells])
    for j in np.flatnonzero(np.abs(matrix).sum(axis=0) > 0):
        ends = []
        for sign in (1.0, -1.0):
            aim = np.zeros(len(cells))
            aim[j] = sign
            solved = linprog(aim, A_eq=matrix, b_eq=sums, bounds=(0.0, 100.0), method="highs")
            ends.append(sign * solved.fun if solved.success else truth[cells[j]])
        found[cells[j]] = (ends[0], ends[1])
    return found


def _unknowns(
    rows: Sequence[Mapping[CellT, float]], cells: Sequence[CellT]
) -> tuple[NDArray[np.float64], list[int]]:
    """Rows that touch a withheld cell, scaled to a largest coefficient of 1, and their numbers."""
    column = {cell: j for j, cell in enumerate(cells)}
    lines, used = [], []
    for number, row in enumerate(rows):
        line = np.zeros(len(cells))
        for cell, weight in row.items():
            if cell in column:
                line[column[cell]] = weight
        largest = np.abs(line).max(initial=0.0)
        if largest > 1e-12:
            lines.append(line / largest)
            used.append(number)
    return np.array(lines).reshape(len(lines), len(cells)), used
