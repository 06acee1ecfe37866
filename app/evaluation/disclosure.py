"""Protection of everything at once: what is withheld, and the proof that it cannot be worked out.

Indicator by indicator the cheapest safe pattern is found (`suppression`); then everything is drawn
up again without the withheld cells, and the attacker tries all published figures together, across
indicators and composites. What still gives a cell away is withheld too, composites first, until
the attacker finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.evaluation import attack
from app.evaluation.drafting import Withheld
from app.evaluation.observing import Published
from app.evaluation.quantities import Cell
from app.evaluation.suppression import (
    THRESHOLD,
    Cause,
    CellBlock,
    CellFacts,
    suppress,
)
from app.evaluation.tables import Key, Observation, ProtectedTable, What

LEAST_THRESHOLD = 5
GIVEN_UP_FIRST = (What.DIMENSION_BY_POPULATION, What.TOTAL_BY_POPULATION)

DrawUp = Callable[[Withheld], Sequence[Published]]


@dataclass(frozen=True)
class CellRecord:
    """Why a cell is withheld, and the interval of values that a reader could derive for it."""

    territory: str
    component: str
    cause: str
    low: float
    high: float


@dataclass(frozen=True)
class ProtectionRecord:
    """What the public table does not tell. Never leaves the staff who answer for protection.

    ``national``: indicators with the national figures given up; ``observations``: keys of single
    observations withheld because all figures together gave a cell away; ``respondents``: answers
    behind the withheld cells.
    """

    threshold: int
    cells: tuple[CellRecord, ...]
    national: tuple[tuple[str, str], ...]
    observations: tuple[Key, ...]
    respondents: int

    def to_dict(self) -> dict[str, Any]:
        """Plain data for storage."""
        return asdict(self)


def protect(
    draw_up: DrawUp,
    blocks: Sequence[CellBlock],
    facts: Mapping[Cell, CellFacts],
    threshold: int = THRESHOLD,
) -> tuple[ProtectedTable, ProtectionRecord]:
    """Draw up the table that may be shown, and the record of why the rest may not.

    ``draw_up``: everything that would be published under what is withheld; ``facts``: every cell
    that has respondents. Raises ValueError for a threshold under 5.
    """
    if threshold < LEAST_THRESHOLD:
        raise ValueError(f"a threshold under {LEAST_THRESHOLD} protects nobody")
    cells: dict[Cell, Cause] = {}
    national = {}
    for block in blocks:
        found = suppress(block, facts, threshold)
        cells.update(found.cells)
        if found.national:
            national[block.code] = found.national
    withheld = Withheld(cells, national)
    published = draw_up(withheld)
    while given_up := _given_up(published, withheld):
        withheld = replace(withheld, observations=withheld.observations | given_up)
        published = draw_up(withheld)
    table = ProtectedTable(tuple(each.observation for each in published), threshold)
    return table, _record(withheld, blocks, facts, threshold)


def leaking(published: Sequence[Published], cells: Collection[Cell]) -> list[list[Observation]]:
    """For each withheld cell that can be worked out, the observations that together give it.

    Three systems: values; numbers of people in bases (a sum of cells is a row of ones); squared
    errors, which add up with squared weights where at most one cell of a territory enters.
    """
    shown = [each for each in published if each.observation.shown]
    systems = (
        [(each.observation, each.gradient) for each in shown],
        [(each.observation, dict.fromkeys(each.counts, 1.0)) for each in shown],
        [
            (each.observation, {cell: slope**2 for cell, slope in each.gradient.items()})
            for each in shown
            if len({territory for territory, _ in each.gradient}) == len(each.gradient)
        ],
    )
    found = []
    for system in systems:
        leaks = attack.determined([row for _, row in system], cells)
        found += [[system[i][0] for i in leak.rows] for leak in leaks.values()]
    return found


def _given_up(published: Sequence[Published], withheld: Withheld) -> frozenset[Key]:
    """What must be withheld of these observations until nothing gives a cell away."""
    found: set[Key] = set()
    left = list(published)
    while leaks := leaking(left, withheld.cells):
        found.add(_weakest(leaks))
        left = [each for each in left if each.observation.key not in found]
    return frozenset(found)


def _weakest(leaks: Sequence[Sequence[Observation]]) -> Key:
    """The observation to give up: a composite by population before any other."""

    def rank(seen: Observation) -> tuple[int, str]:
        first = [what for what in GIVEN_UP_FIRST if what == seen.what]
        return (GIVEN_UP_FIRST.index(first[0]) if first else len(GIVEN_UP_FIRST), repr(seen.key))

    return min((seen for leak in leaks for seen in leak), key=rank).key


def _record(
    withheld: Withheld,
    blocks: Sequence[CellBlock],
    facts: Mapping[Cell, CellFacts],
    threshold: int,
) -> ProtectionRecord:
    records = []
    for block in blocks:
        given_up = withheld.national.get(block.code, frozenset())
        rows = [row.weights for row in block.rows if row.tier not in given_up]
        truth = {cell: facts[cell].value for cell in block.cells if cell in withheld.cells}
        for (territory, component), (low, high) in attack.ranges(rows, truth).items():
            cause = withheld.cells[territory, component]
            records.append(CellRecord(territory, component, str(cause), low, high))
    return ProtectionRecord(
        threshold,
        tuple(records),
        tuple(
            (code, str(tier)) for code, tiers in withheld.national.items() for tier in sorted(tiers)
        ),
        tuple(sorted(withheld.observations, key=repr)),
        sum(facts[cell].n for cell in withheld.cells),
    )
