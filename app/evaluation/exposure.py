"""Which cells of an indicator could be worked out from its national figures, now and before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from app.evaluation import attack
from app.evaluation.attack import Between
from app.evaluation.islands import islands
from app.evaluation.ledger import LEAST_ROOM, NEGLIGIBLE, NOTHING_BEFORE, Before, Label
from app.evaluation.quantities import Cell

Row = tuple[Mapping[Label, float], float]  # weights on unknown labels, their sum
# how many figures of now there are, an island's labels, the only one that is asked for
Place = tuple[int, frozenset[Label], Label | None]


@dataclass(frozen=True, eq=False)
class Exposure:
    """``rows``: the weights of the national figures shown now; ``values``: of every cell now."""

    rows: Sequence[Mapping[Cell, float]]
    values: Mapping[Cell, float]
    before: Before = NOTHING_BEFORE
    _looked_at: dict[Place, set[Label]] = field(default_factory=dict, init=False)

    def unsafe(self, withheld: Collection[Cell], only: Label | None = None) -> set[Label]:
        """The cells, of now or as they were before, that a reader could work out or narrow down
        to less than the room they need, while ``withheld`` are withheld; or only this one."""
        return self._unsafe(self.rows, withheld, only) - self._lost

    @cached_property
    def _lost(self) -> set[Label]:
        """What earlier releases alone give away: nothing can be done about it any more."""
        return self._unsafe((), self.values) if self.before.hidden else set()

    def _unsafe(
        self,
        now: Sequence[Mapping[Cell, float]],
        withheld: Collection[Cell],
        only: Label | None = None,
    ) -> set[Label]:
        unknown = self._unknown(withheld)
        rows, bounds = self._restricted(now, unknown), self._bounds(unknown)
        told = [*(weights for weights, _ in rows), *(each.weights for each in bounds)]
        found: set[Label] = set()
        for labels, numbers in islands(told, unknown):
            if only is not None and only not in labels:
                continue
            place: Place = len(now), frozenset(labels), only  # says which rows bind them, and how
            if place not in self._looked_at:
                self._looked_at[place] = self._unsafe_island(
                    [rows[i] for i in numbers if i < len(rows)],
                    [bounds[i - len(rows)] for i in numbers if i >= len(rows)],
                    labels,
                    only,
                )
            found |= self._looked_at[place]
        return found

    def _unsafe_island(
        self,
        rows: Sequence[Row],
        bounds: Sequence[Between[Label]],
        unknown: Sequence[Label],
        only: Label | None,
    ) -> set[Label]:
        """The same of labels that rows and bounds bind together."""
        found: set[Label] = set()
        for power in (1, 2):  # values, and squared errors with squared weights
            system = [{cell: w**power for cell, w in weights.items()} for weights, _ in rows]
            found |= set(attack.determined(system, unknown, only))
        asked = [label for label in unknown if label not in found and only in (None, label)]
        if not asked or only in found:
            return found if only is None else found & {only}
        open_to = attack.left_open(
            [weights for weights, _ in rows],
            [value for _, value in rows],
            unknown,
            bounds,
            dict.fromkeys(unknown, 0.0) | {label: self._room(label) for label in asked},
            self._truth(unknown),
        )
        narrow = {
            label
            for label in asked  # rules often leave exactly the room: rounding must not decide
            if open_to[label][1] - open_to[label][0] < self._room(label) - NEGLIGIBLE
        }
        return narrow if only is not None else found | narrow

    def _room(self, label: Label) -> float:
        return self.before.room.get(label, LEAST_ROOM)

    def _truth(self, unknown: Collection[Label]) -> dict[Label, float] | None:
        """What the unknown labels are, where nothing but figures of now is known of them."""
        if self.before.relations or self.before.overlaps:
            return None
        return {label: self.values[label[0], label[1]] for label in unknown}

    def _unknown(self, withheld: Collection[Cell]) -> list[Label]:
        """What a reader does not know: withheld now, or not shown then, and never shown else."""
        there = {label for weights, _ in self.before.relations for label in weights}
        there |= set(withheld) | self.before.hidden
        shown = {cell for cell in self.values if cell not in withheld}
        return sorted(there - self.before.known.keys() - shown, key=repr)

    def _value(self, label: Label) -> float:
        known = self.before.known.get(label)
        return self.values[label[0], label[1]] if known is None else known

    def _told(self, weights: Mapping[Label, float], unknown: Collection[Label]) -> float:
        """What the labels that a reader knows add to a row."""
        return sum(w * self._value(label) for label, w in weights.items() if label not in unknown)

    def _restricted(
        self, now: Sequence[Mapping[Cell, float]], unknown: Collection[Label]
    ) -> list[Row]:
        there = set(unknown)
        rows: list[Row] = []
        for row in now:
            left: dict[Label, float] = {cell: w for cell, w in row.items() if cell in there}
            rows.append((left, sum(w * self.values[cell[0], cell[1]] for cell, w in left.items())))
        for weights, value in self.before.relations:
            left = {label: w for label, w in weights.items() if label in there}
            rows.append((left, value - self._told(weights, there)))
        return rows

    def _bounds(self, unknown: Collection[Label]) -> list[Between[Label]]:
        """What overlapping sets say of each other, with the known ones put in."""
        there = set(unknown)
        found = []
        for each in self.before.overlaps:
            left = {label: w for label, w in each.weights.items() if label in there}
            if left:
                told = sum(
                    w * self._value(label)
                    for label, w in each.weights.items()
                    if label not in there
                )
                found.append(Between(left, each.low - told, each.high - told))
        return found
