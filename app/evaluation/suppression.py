"""Which cells of an indicator must be withheld so that no small group can be read.

Primary: a base under the threshold, one of any size that all answered alike (it tells of each, also
once some have left), or one person who carries over half of the weight. Complementary: further
cells, so that no published sum gives a withheld one back. Per indicator the cells that hide the
fewest respondents are found exactly (integer programming with cuts from the attacker: if a cell can
be worked out while H is withheld, it can while any part of H is, so something outside H must go
too). National figures are kept if that is possible at all: first the mean weighted by population is
given up, then the plain one. Sources: *Handbook on SDC*, ch. 5; Fischetti & Salazar 2000.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from app.evaluation.exposure import Exposure
from app.evaluation.ledger import NOTHING_BEFORE, Before, Label
from app.evaluation.quantities import Cell

THRESHOLD = 11
FRAGILE = 30
EASY_TURNS = 4  # of a search, before its cuts are made as strong as they can be
MOST_TURNS = 200  # twenty are many; where figures nearly contradict each other it might not end


class Cause(StrEnum):
    """Why a cell is withheld; told apart in the protection record only."""

    SMALL = "small"
    UNIFORM = "uniform"
    DOMINATED = "dominated"
    TOGETHER = "together"  # the other side of a gap, or another cell that falls with this one
    DIFFERENCE = "difference"  # with another figure, of now or before, it leaves a few people alone
    COMPLEMENTARY = "complementary"


@dataclass(frozen=True)
class CellFacts:
    """What the rules read of a cell: people, value 0 to 100, who they are, their weights together
    (0: as many as people)."""

    n: int
    value: float
    uniform: bool = False
    heaviest: float = 0.0
    base: float = 0.0


class Tier(StrEnum):
    """The national figures of an indicator that can be given up, the first one first."""

    BY_POPULATION = "by_population"
    PLAIN = "plain"


@dataclass(frozen=True)
class NationalRow:
    """A published national figure: its weights on the territories' cells."""

    tier: Tier
    weights: Mapping[Cell, float]


@dataclass(frozen=True)
class CellBlock:
    """The cells of one indicator over all territories, and what the nation shows of them.

    ``together``: sets of cells that are withheld all or none; ``fixed``: cells that hide nothing,
    since another block tells the same: they are withheld for a cause only.
    """

    code: str
    cells: tuple[Cell, ...]
    rows: tuple[NationalRow, ...] = ()
    together: tuple[frozenset[Cell], ...] = ()
    fixed: frozenset[Cell] = frozenset()


@dataclass(frozen=True)
class Suppression:
    """What is withheld of a block: cells with their cause, and national tiers."""

    cells: Mapping[Cell, Cause]
    national: frozenset[Tier]


def primary(facts: Mapping[Cell, CellFacts], threshold: int) -> dict[Cell, Cause]:
    """The cells that may not be shown by themselves."""
    found = {}
    for cell, each in facts.items():
        if each.n < threshold:
            found[cell] = Cause.SMALL
        elif each.uniform:
            found[cell] = Cause.UNIFORM
        elif each.heaviest > 0.5:
            found[cell] = Cause.DOMINATED
    return found


NO_CAUSES: Mapping[Cell, Cause] = MappingProxyType({})


def suppress(
    block: CellBlock,
    facts: Mapping[Cell, CellFacts],
    threshold: int,
    forced: Mapping[Cell, Cause] = NO_CAUSES,
    before: Before = NOTHING_BEFORE,
) -> Suppression:
    """The cheapest safe pattern of a block: fewest respondents hidden, the nation kept if it can.

    ``facts`` of every cell of the block; ``threshold``: least number of people in a base;
    ``forced``: cells that must go for another reason; ``before``: what earlier releases told.
    """
    causes = _causes(block, facts, threshold, forced)
    given_up: frozenset[Tier] = frozenset()
    in_nation: dict[str, int] = {}
    for territory, component in block.cells:
        people = facts[territory, component].n
        in_nation[component] = in_nation.get(component, 0) + people
    if min(in_nation.values()) < threshold:
        given_up = frozenset(Tier)
    withheld: frozenset[Cell] | None = None
    for tier in (None, *Tier):
        given_up |= {tier} if tier else set()
        withheld = _search(block, facts, causes, given_up, before)
        if withheld is not None:
            break
    if withheld is None:  # earlier releases are not safe with anything shown now
        withheld = frozenset(block.cells) - block.fixed | causes.keys()
    cells = {cell: causes.get(cell, Cause.COMPLEMENTARY) for cell in sorted(withheld)}
    return Suppression(cells, given_up)


def _causes(
    block: CellBlock,
    facts: Mapping[Cell, CellFacts],
    threshold: int,
    forced: Mapping[Cell, Cause],
) -> dict[Cell, Cause]:
    """The cells that must go whatever else is withheld."""
    causes = {cell: forced[cell] for cell in block.cells if cell in forced}
    causes |= primary({cell: facts[cell] for cell in block.cells}, threshold)
    while touched := [
        group for group in block.together if group & causes.keys() and group - causes.keys()
    ]:
        for cell in sorted(touched[0] - causes.keys()):
            causes[cell] = Cause.TOGETHER
    return causes


def _search(
    block: CellBlock,
    facts: Mapping[Cell, CellFacts],
    causes: Collection[Cell],
    given_up: Collection[Tier],
    before: Before,
) -> frozenset[Cell] | None:
    """Exact search by cutting planes; None if no pattern is safe with these national figures, or
    none was found in ``MOST_TURNS``."""
    if not causes and not before.hidden:
        return frozenset()
    exposure = exposure_of(block, facts, given_up, before)
    column = {cell: j for j, cell in enumerate(block.cells)}
    # Among equals what was withheld before goes, else the last in order: the same input gives the
    # same pattern.
    cost = np.array(
        [
            facts[cell].n + 1e-6 * (len(column) - j) * (cell not in before.kept)
            for cell, j in column.items()
        ]
    )
    lower = np.array([float(cell in causes) for cell in block.cells])
    upper = np.array([float(cell in causes or cell not in block.fixed) for cell in block.cells])
    conditions = [_alike(group, column) for group in block.together if len(group) > 1]
    withheld: frozenset[Cell] | None = frozenset(causes)  # without a cut nothing else must go
    for turn in range(MOST_TURNS):
        if withheld is None:
            break
        unsafe = exposure.unsafe(withheld)
        if not unsafe:
            return withheld
        if turn >= EASY_TURNS:
            order = [cell for _, cell in sorted(zip(cost.tolist(), block.cells, strict=True))]
            order = [cell for cell in order if cell not in block.fixed]
            withheld, unsafe = _grown(withheld, min(unsafe, key=repr), order, exposure)
        for label in sorted(unsafe, key=repr):
            cut = np.array([float(each not in withheld) for each in block.cells])
            there = (label[0], label[1]) if len(label) == 2 else None
            if there in column:  # its own showing would end it too
                cut[column[there]] -= 1.0
            conditions.append(LinearConstraint(cut, lb=0.0 if there in column else 1.0))
        withheld = _cheapest(block.cells, cost, Bounds(lower, upper), conditions)
    return None


def _grown(
    withheld: frozenset[Cell], label: Label, order: Sequence[Cell], exposure: Exposure
) -> tuple[frozenset[Cell], set[Label]]:
    """As many cells as can be withheld with ``label`` still unsafe, the cheap ones first, and all
    that is unsafe then: the cut that this makes leaves the fewest patterns to try."""
    for cell in order:
        more = withheld | {cell}
        if cell not in withheld and exposure.unsafe(more, only=label):
            withheld = more
    return withheld, exposure.unsafe(withheld)


def exposure_of(
    block: CellBlock,
    facts: Mapping[Cell, CellFacts],
    given_up: Collection[Tier],
    before: Before = NOTHING_BEFORE,
) -> Exposure:
    """What a reader has of the block's cells, with these national figures given up."""
    rows = [row.weights for row in block.rows if row.tier not in given_up]
    return Exposure(rows, {cell: facts[cell].value for cell in block.cells}, before)


def unsafe_cells(rows: Sequence[Mapping[Cell, float]], truth: Mapping[Cell, float]) -> set[Cell]:
    """The withheld cells that these rows determine, or leave less than ten points of room.

    The same rows are published for values and for errors, there with squared weights; bases have
    no rows of other cells than values.
    """
    known = {cell: 0.0 for row in rows for cell in row} | dict(truth)
    return {(label[0], label[1]) for label in Exposure(rows, known).unsafe(truth)}


def _alike(group: frozenset[Cell], column: Mapping[Cell, int]) -> LinearConstraint:
    """All cells of a group are withheld, or none."""
    first, *others = sorted(group)
    matrix = np.zeros((len(others), len(column)))
    for i, cell in enumerate(others):
        matrix[i, column[first]], matrix[i, column[cell]] = 1.0, -1.0
    return LinearConstraint(matrix, lb=0.0, ub=0.0)


def _stacked(conditions: Sequence[LinearConstraint]) -> list[LinearConstraint]:
    """The same rows as one condition: the solver converts each condition it is given by itself."""
    if not conditions:
        return []
    lengths = [len(each.A) for each in conditions]
    low, high = (
        np.concatenate(
            [
                np.broadcast_to(getattr(each, end), length)
                for each, length in zip(conditions, lengths, strict=True)
            ]
        )
        for end in ("lb", "ub")
    )
    return [LinearConstraint(np.vstack([each.A for each in conditions]), low, high)]


def _cheapest(
    cells: Sequence[Cell],
    cost: np.ndarray[tuple[int], np.dtype[np.float64]],
    bounds: Bounds,
    conditions: Sequence[LinearConstraint],
) -> frozenset[Cell] | None:
    solved = milp(
        cost,
        constraints=_stacked(conditions),
        integrality=np.ones(len(cells)),
        bounds=bounds,
        options={"mip_rel_gap": 0.0},
    )
    if not solved.success:
        return None
    return frozenset(cell for cell, y in zip(cells, solved.x, strict=True) if y > 0.5)
