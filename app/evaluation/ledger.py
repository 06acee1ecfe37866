"""The ledger: who stands behind every figure ever given out of a wave, and what must not follow.

A figure is a set of people and a statistic. Sets are numbers of responses that are never used
again, without any answer. Asked of it: which cells of a release would, with anything shown now or
before, leave a few people alone (``isolated``) or some who all answered alike (``alike``); and what
earlier releases tell of an indicator's cells (``before``), so that its pattern is safe with them.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from app.evaluation.attack import Between
from app.evaluation.isolation import isolating, telling_alike
from app.evaluation.quantities import Cell

Members = NDArray[np.int64]  # numbers of responses, ascending
Label = tuple[str, ...]  # a cell of now, or (territory, component, release) with another set
NEGLIGIBLE = 1e-6  # points
NO_BASES: Mapping[Cell, float] = MappingProxyType({})
LEAST_ROOM = 10.0  # points that the published figures must leave open around a withheld cell


@dataclass(frozen=True)
class Relation:
    """A figure that was given out: weights on cells, and its value.

    ``code``: the indicator of which it is a national figure; empty for a composite, of which only
    the part that withheld cells have is kept.
    """

    code: str
    weights: Mapping[Cell, float]
    value: float


@dataclass(frozen=True, eq=False)
class GivenOut:
    """One earlier release: who stood behind each cell, shown or not, and what was told.

    A person of whom it told something else than is counted now (a corrected answer, another
    weight) stands in ``members`` under a number below 0, where they are few in a cell; ``bands``:
    the sets of people behind the shares of a distribution; ``bases``: weights of the people of the
    cells that were shown.
    """

    members: Mapping[Cell, Members]
    shown: Mapping[Cell, float]
    relations: Sequence[Relation] = ()
    bands: Mapping[Cell, Sequence[Members]] = field(default_factory=dict)
    bases: Mapping[Cell, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Before:
    """What earlier releases say of an indicator's cells.

    ``relations``: weights on labels and their sum; ``known``: values that were shown; ``room``:
    points to leave open around a label; ``overlaps``: sets that share people bind each other's
    values; ``hidden``: what was never shown; ``kept``: cells that the last release withheld too.
    """

    relations: tuple[tuple[Mapping[Label, float], float], ...] = ()
    known: Mapping[Label, float] = field(default_factory=dict)
    room: Mapping[Label, float] = field(default_factory=dict)
    overlaps: tuple[Between[Label], ...] = ()
    hidden: frozenset[Label] = frozenset()
    kept: frozenset[Cell] = frozenset()


NOTHING_BEFORE = Before()


@dataclass(frozen=True, eq=False)
class Ledger:
    """``members``: who stands behind each cell now; ``statistics``: what each component computes
    of a person; ``past``: everything given out of this wave, oldest first; ``yielding``: cells
    that are withheld before any other where one of several must be."""

    members: Mapping[Cell, Members] = field(default_factory=dict)
    statistics: Mapping[str, Hashable] = field(default_factory=dict)
    past: tuple[GivenOut, ...] = ()
    yielding: frozenset[Cell] = frozenset()
    _isolating: dict[Hashable, list[int]] = field(default_factory=dict, init=False)  # asked before

    def turn(self, cell: Cell, size: int) -> tuple[bool, int, Cell]:
        """The order in which cells go where one of several must: ``size``, people in it."""
        return (cell not in self.yielding, size, cell)

    def before(self, code: str, cells: Collection[Cell]) -> Before:
        """What earlier releases say of the cells of an indicator."""
        if not self.past:
            return NOTHING_BEFORE
        relations = tuple(
            ({self._labels[k][cell]: w for cell, w in each.weights.items()}, each.value)
            for k, given in enumerate(self.past)
            for each in given.relations
            if each.code == code and each.weights.keys() <= self._labels[k].keys()
        )
        wanted = set(cells) | {(each[0], each[1]) for weights, _ in relations for each in weights}
        known = {
            self._labels[k][cell]: value
            for k, given in enumerate(self.past)
            for cell, value in given.shown.items()
            if cell in wanted and cell in self._labels[k]
        }
        hidden = {
            label
            for cell in wanted
            for label in self._of_cell.get(cell, ())
            if label != cell and label not in known
        }
        told = {label for weights, _ in relations for label in weights}
        labels = sorted(told | hidden | set(cells))
        last = self.past[-1]
        return Before(
            relations=relations,
            known=known,
            room={label: self._room(label, known) for label in labels},
            overlaps=tuple(self._overlaps(labels, known)),
            hidden=frozenset(hidden),
            kept=frozenset(c for c in cells if c in last.members and c not in last.shown),
        )

    @cached_property
    def _labels(self) -> list[dict[Cell, Label]]:
        """By earlier release the label of each cell: the cell where the set is that of now."""
        found: list[dict[Cell, Label]] = []
        for k, given in enumerate(self.past):
            labels: dict[Cell, Label] = {}
            for cell, members in given.members.items():
                same = [
                    earlier[cell]
                    for j, earlier in enumerate(found)
                    if cell in earlier and np.array_equal(self.past[j].members[cell], members)
                ]
                if cell in self.members and np.array_equal(self.members[cell], members):
                    labels[cell] = cell
                else:
                    labels[cell] = same[0] if same else (*cell, str(k))
            found.append(labels)
        return found

    @cached_property
    def _sets(self) -> dict[Label, Members]:
        found: dict[Label, Members] = dict(self.members.items())
        for labels, given in zip(self._labels, self.past, strict=True):
            for cell, label in labels.items():
                found.setdefault(label, given.members[cell])
        return found

    @cached_property
    def _of_cell(self) -> dict[Cell, list[Label]]:
        found: dict[Cell, list[Label]] = {}
        for label in self._sets:
            found.setdefault((label[0], label[1]), []).append(label)
        return found

    def _room(self, label: Label, known: Mapping[Label, float]) -> float:
        """Ten points around the mean of the people that a reader does not know already."""
        mine = self._sets.get(label)
        if mine is None or not len(mine):
            return LEAST_ROOM
        others = [
            len(np.setxor1d(mine, self._sets[each]))
            for each in self._of_cell[label[0], label[1]]
            if each in known and each != label
        ]
        return LEAST_ROOM * min([1.0, *(changed / len(mine) for changed in others if changed)])

    def _overlaps(
        self, labels: Sequence[Label], known: Mapping[Label, float]
    ) -> Iterator[Between[Label]]:
        """For sets of one cell: the sums of their answers differ by what the others can add."""
        for label in labels:
            mine = self._sets.get(label, np.zeros(0, dtype=np.int64))
            for other in self._of_cell.get((label[0], label[1]), ()):
                theirs = self._sets[other]
                if other == label or (other in labels and other < label):
                    continue
                if other not in labels and other not in known:
                    continue
                shared = len(np.intersect1d(mine, theirs))
                if shared:
                    weights: dict[Label, float] = {
                        label: float(len(mine)), other: -float(len(theirs))
                    }  # fmt: skip
                    low, high = -100.0 * (len(theirs) - shared), 100.0 * (len(mine) - shared)
                    yield Between(weights, low, high)

    def twins(self, withheld: Collection[Cell]) -> set[Cell]:
        """Cells with the people and the statistic of a withheld one, under another code."""
        return {
            twin
            for cells in self.together.values()
            for release, cell in cells
            if release < 0 and cell in withheld
            for other, twin in cells
            if other < 0
            and twin not in withheld
            and np.array_equal(self.members[cell], self.members[twin])
        }

    def isolated(
        self, shown: Collection[Cell], sizes: Mapping[Cell, int], threshold: int
    ) -> set[Cell]:
        """Cells to withhold, so that nothing shown now and before leaves fewer than ``threshold``
        people alone: of each combination that does the smallest cell of now."""
        found: set[Cell] = set()
        for cells in self.together.values():
            there = [each for each in cells if each[1] in shown or each[0] >= 0]
            while exposing := self._exposing(there, threshold):
                weakest = min(exposing, key=lambda cell: self.turn(cell, sizes.get(cell, 0)))
                found.add(weakest)
                there = [each for each in there if each != (-1, weakest)]
        return found

    def alike(
        self,
        shown: Collection[Cell],
        values: Mapping[Cell, float],
        bases: Mapping[Cell, float] = NO_BASES,
    ) -> set[Cell]:
        """Cells to withhold, because up to three told sets, added and taken away, leave people
        apart, however many, who all gave the lowest or the highest answer. Of each combination the
        smallest set of now. ``bases``: weights of the people of each cell (else their number).
        """
        found: set[Cell] = set()
        for cells in self.together.values():
            there = sorted(
                (each for each in cells if each[1] in shown or each[0] >= 0),
                key=lambda each: each[0] >= 0,
            )
            while telling := self._alike(there, values, bases):
                weakest = min(telling, key=lambda cell: self.turn(cell, len(self.members[cell])))
                found.add(weakest)
                there.remove((-1, weakest))
        return found

    def _alike(
        self,
        there: Sequence[tuple[int, Cell]],
        values: Mapping[Cell, float],
        bases: Mapping[Cell, float],
    ) -> list[Cell]:
        """The cells of now in such a combination. Corrected people stand in earlier sets as they
        were: a difference that holds them tells of nobody."""
        sets, weights, means = [], [], []
        for release, cell in there:
            given = self if release < 0 else self.past[release]
            sets.append(given.members[cell])
            means.append(values[cell] if release < 0 else self.past[release].shown[cell])
            known = bases if release < 0 else self.past[release].bases
            weights.append(known.get(cell) or float(len(sets[-1])))
        now = sum(release < 0 for release, _ in there)
        return [there[k][1] for k in telling_alike(sets, weights, means, now)]

    def _exposing(self, there: Sequence[tuple[int, Cell]], threshold: int) -> list[Cell]:
        """Cells of now in a combination that isolates a few people; none where there is none."""
        now = [k for k, (release, _) in enumerate(there) if release < 0]
        if not now or len(there) < 2:
            return []
        asked = (*there, threshold)
        if asked not in self._isolating:
            self._isolating[asked] = isolating([*map(self._set, there)], now, threshold)
        return [there[k][1] for k in self._isolating[asked]]

    def _set(self, each: tuple[int, Cell]) -> Members:
        """Who stands behind a figure. Who was corrected since is left out of the earlier one: the
        two differ by these people."""
        release, cell = each
        found = self.members[cell] if release < 0 else self.past[release].members[cell]
        return found if release < 0 else found[found >= 0]

    @cached_property
    def together(self) -> dict[Hashable, list[tuple[int, Cell]]]:
        """Sets of one statistic in one territory: (release or -1 for now, cell)."""
        found: dict[Hashable, list[tuple[int, Cell]]] = {}
        for k, given in enumerate(self.past):
            for cell in given.shown:
                if cell in given.members:
                    found.setdefault(self.statistic(cell), []).append((k, cell))
        for cell in self.members:
            found.setdefault(self.statistic(cell), []).append((-1, cell))
        return {key: cells for key, cells in found.items() if len(cells) > 1}

    def statistic(self, cell: Cell) -> Hashable:
        """What tells the sets that answer one question about one territory."""
        return cell[0], self.statistics.get(cell[1], cell[1])


NO_LEDGER = Ledger()
