"""The cells of breakdowns as the protection sees them: one block for each group of a component.

That the groups of a territory add up to the whole is known to the ledger, which has the people
behind every cell: groups and whole are sets of one statistic. Where one of several cells must be
withheld a group goes before the whole, so that a breakdown costs no figure that is shown without
it. A group that holds everybody in the base says what the whole says: it is withheld with it only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from app.evaluation.breakdowns import BrokenDown
from app.evaluation.components import ComponentDefinition, component_id
from app.evaluation.drafting import Withheld
from app.evaluation.figures import Programme
from app.evaluation.group_figures import GroupFigures
from app.evaluation.quantities import Cell, Quantity
from app.evaluation.suppression import CellBlock, CellFacts, NationalRow, Tier


def group_facts(programme: Programme) -> dict[Cell, CellFacts]:
    """What the primary rules read, for every group with somebody in it."""
    return {
        (territory, name): CellFacts(
            one.n, one.mean, one.uniform, one.heaviest, one.weighted_base
        )
        for each in programme.breakdowns
        for territory, found in each.estimates.items()
        for name, one in found.by_component.items()
        if programme.asked.here(territory, each.definitions[name])
    }  # fmt: skip


def group_blocks(programme: Programme, facts: Mapping[Cell, CellFacts]) -> list[CellBlock]:
    """A block for each group of each component, with its national figure where there is one."""
    return [
        block
        for broken in programme.breakdowns
        for block in _blocks(programme, broken, facts)
        if block.cells
    ]


def _blocks(
    programme: Programme, broken: BrokenDown, facts: Mapping[Cell, CellFacts]
) -> Iterator[CellBlock]:
    figures = GroupFigures(programme, broken, Withheld())
    for name, each in broken.definitions.items():
        cells = tuple(
            (territory, name)
            for territory in programme.territories
            if (territory, name) in facts and programme.concerns(territory, each.indicator)
        )
        nation = figures.nation(each)
        rows: tuple[NationalRow, ...] = ()
        if isinstance(nation, Quantity):
            rows = (NationalRow(Tier.PLAIN, nation.gradient),)
        fixed = frozenset(cell for cell in cells if _everybody(cell, each, facts))
        yield CellBlock(name, cells, rows, fixed=fixed)


def _everybody(cell: Cell, each: ComponentDefinition, facts: Mapping[Cell, CellFacts]) -> bool:
    whole = facts.get((cell[0], component_id(each.indicator, each.audience)))
    return whole is not None and whole.n == facts[cell].n


def yielding(blocks: Sequence[CellBlock]) -> frozenset[Cell]:
    """The cells that go before any other."""
    return frozenset(cell for block in blocks for cell in block.cells if cell not in block.fixed)
