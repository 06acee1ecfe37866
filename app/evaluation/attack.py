"""The attacker: what a reader could work out about withheld cells from everything published.

It shares no code with the protection it tests. A published figure is a row: known coefficients on
unknown cells (the cells that are shown are known, so only the withheld ones are unknown). A cell
is determined if its unit vector lies in the row space; it is narrowed down if, knowing that every
cell lies between 0 and 100, the rows leave it a range that is too small.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from app.evaluation.islands import islands
from app.evaluation.limits import SAME, Limits

CellT = TypeVar("CellT", bound=Hashable)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Between(Generic[CellT]):
    """A combination of cells that is known to lie between two figures."""

    weights: Mapping[CellT, float]
    low: float
    high: float


@dataclass(frozen=True)
class Leak:
    """A withheld cell that can be worked out, and the numbers of the rows that give it."""

    rows: tuple[int, ...]


def determined(
    rows: Sequence[Mapping[CellT, float]],
    withheld: Collection[CellT],
    only: CellT | None = None,
) -> dict[CellT, Leak]:
    """The withheld cells that some combination of the published rows gives exactly; or only those
    that rows bind together with this one."""
    found: dict[CellT, Leak] = {}
    for cells, numbers in islands(rows, sorted(withheld, key=repr)):
        if only is not None and only not in cells:
            continue
        leaks = _determined([rows[i] for i in numbers], cells)
        found |= {c: Leak(tuple(numbers[i] for i in leak.rows)) for c, leak in leaks.items()}
    return found


def _determined(rows: Sequence[Mapping[CellT, float]], cells: Sequence[CellT]) -> dict[CellT, Leak]:
    matrix, used, _ = _scaled(rows, cells)
    if not used:
        return {}
    _, sizes, directions = np.linalg.svd(matrix, full_matrices=False)
    space = directions[sizes > 1e-9 * sizes[0]]
    found = {}
    for j in np.flatnonzero((space**2).sum(axis=0) > 1 - SAME).tolist():
        unit = np.zeros(len(cells))
        unit[j] = 1.0
        mix = np.linalg.lstsq(matrix.T, unit, rcond=None)[0]
        found[cells[j]] = Leak(tuple(used[i] for i in np.flatnonzero(np.abs(mix) > SAME)))
    return found


def ranges(
    rows: Sequence[Mapping[CellT, float]],
    truth: Mapping[CellT, float],
    between: Sequence[Between[CellT]] = (),
) -> dict[CellT, tuple[float, float]]:
    """For each withheld cell the interval, within 0 to 100, that the published rows leave open.

    ``truth``: the values of the withheld cells; of these only the published sums are used.
    """
    sums = [sum(weight * truth.get(cell, 0.0) for cell, weight in row.items()) for row in rows]
    return left_open(rows, sums, sorted(truth, key=repr), between)


def left_open(
    rows: Sequence[Mapping[CellT, float]],
    sums: Sequence[float],
    cells: Sequence[CellT],
    between: Sequence[Between[CellT]] = (),
    enough: Mapping[CellT, float] | None = None,
    truth: Mapping[CellT, float] | None = None,
) -> dict[CellT, tuple[float, float]]:
    """The interval of each cell, given the sum that each row has over these cells.

    ``between``: further combinations of cells that are known to lie between two figures. Where
    sums contradict each other (rounding, new weights) they hold as nearly as they can. Where it is
    ``enough`` to know that a cell has some points of room, an interval may be any part of it that
    has them: solutions for other cells show that without solving for it; where 0 is enough nothing
    is looked for. ``truth``: what the cells are, where that is known and is what the sums are of:
    one solution that need not be looked for.
    """
    found = dict.fromkeys(cells, (0.0, 100.0))
    for some, numbers in islands([*rows, *(each.weights for each in between)], cells):
        if enough is not None and not any(enough.get(cell, 100.0) for cell in some):
            continue
        told = [i for i in numbers if i < len(rows)]
        found |= _left_open(
            [rows[i] for i in told],
            [sums[i] for i in told],
            some,
            [between[i - len(rows)] for i in numbers if i >= len(rows)],
            enough,
            truth,
        )
    return found


def _left_open(
    rows: Sequence[Mapping[CellT, float]],
    sums: Sequence[float],
    cells: Sequence[CellT],
    between: Sequence[Between[CellT]],
    enough: Mapping[CellT, float] | None,
    truth: Mapping[CellT, float] | None,
) -> dict[CellT, tuple[float, float]]:
    """The same for cells that the rows bind together."""
    found = dict.fromkeys(cells, (0.0, 100.0))
    matrix, used, sizes = _scaled(rows, cells)
    if not used and not between:
        return found
    right = np.array([sums[i] for i in used]) / sizes
    if len(used) == 1 and not between:
        return found | _of_one_sum(matrix[0], float(right[0]), cells)
    first = None if truth is None else np.array([truth[cell] for cell in cells])
    limits = Limits(matrix, right, *_as_upper(between, cells), first)
    touched = np.abs(np.vstack([matrix, limits.upper])).sum(axis=0) > 0
    for j in np.flatnonzero(touched).tolist():
        wanted = np.inf if enough is None else enough.get(cells[j], np.inf)
        for look in (limits.least, limits.greatest):
            if limits.room(j) < wanted:
                look(j)
        found[cells[j]] = (float(limits.low[j]), float(limits.high[j]))
    return found


def binding(
    rows: Sequence[Mapping[CellT, float]], sums: Sequence[float], aim: Mapping[CellT, float]
) -> list[int]:
    """The numbers of the rows that set the least and the greatest value of a combination of cells
    from 0 to 100: those with a shadow price there. None where the sums contradict each other."""
    cells = sorted({cell for row in (*rows, aim) for cell in row}, key=repr)
    cells, numbers = next(each for each in islands([*rows, aim], cells) if each[1][-1] == len(rows))
    matrix, places, sizes = _scaled([rows[i] for i in numbers[:-1]], cells)
    used = [numbers[i] for i in places]
    right = np.array([sums[i] for i in used]) / sizes
    wanted = _scaled([aim], cells)[0][0]
    found: set[int] = set()
    for sign in (1.0, -1.0):
        solved = linprog(
            sign * wanted, A_eq=matrix, b_eq=right, bounds=(0.0, 100.0), method="highs"
        )
        if solved.success:
            found |= {used[i] for i in np.flatnonzero(np.abs(solved.eqlin.marginals) > SAME)}
    return sorted(found)


def _of_one_sum(
    weights: Floats, right: float, cells: Sequence[CellT]
) -> dict[CellT, tuple[float, float]]:
    """The same for one sum alone, where the others at their ends give the ends."""
    high, low = 100.0 * weights.clip(min=0.0), 100.0 * weights.clip(max=0.0)
    found = {}
    for j in np.flatnonzero(weights).tolist():
        others = (low.sum() - low[j], high.sum() - high[j])
        ends = sorted((right - others[k]) / weights[j] for k in (0, 1))
        found[cells[j]] = (float(max(ends[0], 0.0)), float(min(ends[1], 100.0)))
    return found


def _as_upper(between: Sequence[Between[CellT]], cells: Sequence[CellT]) -> tuple[Floats, Floats]:
    column = {cell: j for j, cell in enumerate(cells)}
    lines = np.zeros((2 * len(between), len(cells)))
    most = np.zeros(2 * len(between))
    for i, each in enumerate(between):
        size = max(abs(weight) for weight in each.weights.values())
        for cell, weight in each.weights.items():
            lines[2 * i, column[cell]] = weight / size
            lines[2 * i + 1, column[cell]] = -weight / size
        most[2 * i], most[2 * i + 1] = each.high / size, -each.low / size
    return lines, most


def _scaled(
    rows: Sequence[Mapping[CellT, float]], cells: Sequence[CellT]
) -> tuple[Floats, list[int], Floats]:
    """Rows that touch a withheld cell, scaled to a largest coefficient of 1; numbers, sizes."""
    column = {cell: j for j, cell in enumerate(cells)}
    lines, used, sizes = [], [], []
    for number, row in enumerate(rows):
        line = np.zeros(len(cells))
        for cell, weight in row.items():
            if cell in column:
                line[column[cell]] = weight
        largest = np.abs(line).max(initial=0.0)
        if largest > 1e-12:
            lines.append(line / largest)
            used.append(number)
            sizes.append(largest)
    return np.array(lines).reshape(len(lines), len(cells)), used, np.array(sizes)
