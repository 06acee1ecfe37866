"""Equations taken apart into islands: unknowns that rows bind together share one, others none.

What is known of an island does not depend on any other, and small systems are solved faster.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

CellT = TypeVar("CellT", bound=Hashable)


def islands(
    rows: Sequence[Mapping[CellT, float]], cells: Sequence[CellT]
) -> Iterator[tuple[list[CellT], list[int]]]:
    """The cells that rows bind together, directly or through others, with the numbers of these
    rows; both in order. Cells of no row are not among them."""
    column = {cell: j for j, cell in enumerate(cells)}
    pairs = [
        (i, column[cell]) for i, row in enumerate(rows) for cell, w in row.items()
        if w and cell in column
    ]  # fmt: skip
    if not pairs:
        return
    at, to = np.array(pairs).T
    size = len(rows) + len(cells)
    graph = coo_array((np.ones(len(at)), (at, len(rows) + to)), shape=(size, size))
    label = connected_components(graph, directed=False)[1]
    mine: dict[int, tuple[list[CellT], list[int]]] = {label[i]: ([], []) for i in at}
    for j in np.unique(to).tolist():
        mine[label[len(rows) + j]][0].append(cells[j])
    for i in np.unique(at).tolist():
        mine[label[i]][1].append(i)
    yield from mine.values()
