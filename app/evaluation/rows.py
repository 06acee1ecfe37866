"""The rows of one audience in the order the moments need: part by part, PSU by PSU."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.evaluation.columns import Bools, Integers, Respondents

PartKey = tuple[str, int, int]  # territory, stratum, cell
CELLS = 1 << 16  # numbers per call of BLAS: half a megabyte, which stays in cache


@dataclass(frozen=True, eq=False)
class Rows:
    """``order``: the rows sorted (None: they were); ``psu`` sorted; ``parts``: slice by part."""

    order: Integers | None
    psu: Integers
    parts: Mapping[PartKey, slice]

    def units(self, key: PartKey) -> Integers:
        """The PSUs of a part, each once, in order."""
        psu = self.psu[self.parts[key]]
        return psu[_starts(psu)]

    def any(self, matrix: Iterable[Bools], key: PartKey) -> Bools:
        """For each line of ``matrix`` K times bool[n], whether it is true anywhere in a part."""
        take = self.take(self.parts[key])
        return np.array([line[take].any() for line in matrix], dtype=bool)

    def take(self, span: slice) -> slice | Integers:
        """What to index the unsorted arrays with to get these sorted rows."""
        return span if self.order is None else self.order[span]


class Chunk(NamedTuple):
    """Some people of a part, no PSU cut: ``take``: what to index the unsorted arrays with;
    ``starts``: where each PSU starts, None where everybody is one; ``numbers``: of the PSUs."""

    take: slice | Integers
    starts: Integers | None
    numbers: Integers
    people: int


def in_order(who: Respondents) -> Rows:
    """Sort the respondents by territory, stratum, cell and PSU, unless they are sorted already.

    Raises ValueError where a PSU lies in two cells.
    """
    names = sorted(who.territories)
    code = np.array([names.index(name) for name in who.territories], dtype=np.int64)[who.territory]
    cell = np.zeros(who.n, dtype=np.int64) if who.cell is None else who.cell
    if who.cell is not None:
        _check_cells(code, who.stratum, who.psu, cell)
    keys = (code, who.stratum, cell, who.psu)
    order = None if _are_sorted(keys) else np.lexsort(keys[::-1])
    if order is not None:
        keys = (code[order], who.stratum[order], cell[order], who.psu[order])
    starts = np.flatnonzero(np.logical_or.reduce([_steps(key) for key in keys[:3]]))
    parts = {}
    for start, end in zip(starts, np.append(starts, who.n)[1:], strict=True):
        part = (names[int(keys[0][start])], int(keys[1][start]), int(keys[2][start]))
        parts[part] = slice(int(start), int(end))
    return Rows(order, keys[3], parts)


def shared_units(units: list[Integers]) -> tuple[int, Integers]:
    """(number of different PSUs, those that hold more than one audience, in order)."""
    if len(units) == 1:
        return len(units[0]), units[0][:0]
    numbers, times = np.unique(np.concatenate(units), return_counts=True)
    return len(numbers), numbers[times > 1]


def chunks(rows: Rows, key: PartKey, columns: int) -> list[Chunk]:
    """A part in chunks that never cut a PSU, of about ``CELLS`` numbers in so many columns."""
    span = rows.parts[key]
    psu = rows.psu[span]
    starts = _starts(psu)
    alone = len(starts) == len(psu)
    cuts = starts[np.flatnonzero(_steps(starts // max(1, CELLS // columns)))].tolist()
    found = []
    for start, end in zip(cuts, [*cuts[1:], len(psu)], strict=True):
        take = rows.take(slice(span.start + start, span.start + end))
        inside = None
        numbers = psu[start:end]
        if not alone:
            inside = starts[np.searchsorted(starts, start) : np.searchsorted(starts, end)] - start
            numbers = numbers[inside]
        found.append(Chunk(take, inside, numbers, end - start))
    return found


def _steps(values: Integers) -> Bools:
    """Where a value differs from the one before; true at the first."""
    found = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found


def _starts(values: Integers) -> Integers:
    return np.flatnonzero(_steps(values))


def _are_sorted(keys: tuple[Integers, ...]) -> bool:
    """Whether rows are in the order of the first key, within it of the second, and so on."""
    same: Bools | None = None
    for key in keys:
        falls = key[1:] < key[:-1]
        if (falls if same is None else falls & same).any():
            return False
        equal = key[1:] == key[:-1]
        same = equal if same is None else same & equal
    return True


def _check_cells(code: Integers, stratum: Integers, psu: Integers, cell: Integers) -> None:
    numbers = np.sort(psu)
    if (numbers[1:] > numbers[:-1]).all():  # everybody is one
        return
    order = np.lexsort((cell, psu, stratum, code))
    same_unit = ~np.logical_or.reduce([_steps(key[order]) for key in (code, stratum, psu)])
    if (same_unit & _steps(cell[order])).any():
        raise ValueError("a PSU lies in two cells of the calibration margins")
