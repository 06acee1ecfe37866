"""What the published errors give away: unknown covariances, bases, and the people behind them.

An error squared is a sum of covariances of cells with the squared weights of the figure, a base is
a sum of bases; both are equations like those of the values, with the same shape in each release.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence

import numpy as np
from attack_reading import Line, Published, Release

EXACT = 1e-6
Row = dict[Hashable, float]


def spread_of(known: Published, release: int, line: Line) -> Row:
    """The variance of a figure as weights on covariances of two sets of people. Territories are
    sampled apart; the two sides of a gap, and the groups of a breakdown, are different people."""
    found: Row = {}
    cells = [(cell, weight) for cell, weight in sorted(line.items()) if weight]
    for k, ((place, one), weight) in enumerate(cells):
        for (where, other), its in cells[k:]:
            if place != where or (one != other and not _joined(one, other)):
                continue
            ends = sorted(
                (known.statistic[name], tuple(sorted(known.sets[release, place, name])))
                for name in (one, other)
            )
            key = (place, *ends)
            twice = 1.0 if one == other else 2.0
            found[key] = found.get(key, 0.0) + twice * weight * its
    return found


def _joined(one: str, other: str) -> bool:
    if "@" in one and "@" in other:
        return False
    first, second = one.split("."), other.split(".")
    sides = first[2:], second[2:]
    return not (all(sides) and sides[0] != sides[1])


def shown_cells(known: Published, release: int) -> set[tuple[str, str]]:
    """The cells of a release of which a component or a group was told."""
    read = Release(known, release)
    return {
        cell
        for row in known.rows[release]
        if row["what"] in ("component", "group") and "value" in row and row["territory"] != "FR"
        for cell in read.line(row) or ()
    }


def spreads(known: Published, release: int) -> list[tuple[Line, float]]:
    """Squared errors of a release, each with the figure that it is the error of."""
    read = Release(known, release)
    return [
        (line, row["se"] ** 2)
        for row in known.rows[release]
        if "se" in row and (line := read.line(row))
    ]


def bases(known: Published, release: int) -> list[Row]:
    """Numbers of people of a release: sums of the bases of cells."""
    read = Release(known, release)
    return [
        dict.fromkeys(line, 1.0)
        for row in known.rows[release]
        if "n" in row and (line := read.line(row))
    ]


def given_by(rows: Sequence[Mapping[Hashable, float]], wanted: Collection[Hashable]) -> set:
    """The unknowns that some combination of the rows is."""
    column = {key: j for j, key in enumerate(dict.fromkeys(key for row in rows for key in row))}
    matrix = np.zeros((len(rows), len(column)))
    for i, row in enumerate(rows):
        for key, weight in row.items():
            matrix[i, column[key]] = weight
        matrix[i] /= np.abs(matrix[i]).max(initial=1e-300)
    _, sizes, space = np.linalg.svd(matrix, full_matrices=False)
    space = space[sizes > 1e-9 * sizes[0]]
    there = (space**2).sum(axis=0)
    return {key for key in wanted if key in column and there[column[key]] > 1 - EXACT}
