"""What the last release withheld of breakdowns is withheld again where the people are the same.

The pattern was safe then, and another one beside it could be less so: groups have many that are
equally cheap.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.evaluation.ledger import Ledger
from app.evaluation.quantities import Cell
from app.evaluation.suppression import CellBlock, Tier


def kept_back(ledger: Ledger) -> list[Cell]:
    """The yielding cells that the last release withheld, of the same people as now."""
    return [
        cell
        for cell in sorted(ledger.yielding)
        if _same(ledger, cell) and cell not in ledger.past[-1].shown
    ]


def given_up_before(blocks: Sequence[CellBlock], ledger: Ledger) -> dict[str, frozenset[Tier]]:
    """The national figures of groups that the last release gave up, by block, where all people
    are the same."""
    if not ledger.past:
        return {}
    told = {each.code for each in ledger.past[-1].relations}
    return {
        block.code: frozenset(Tier)
        for block in blocks
        if block.rows
        and block.code not in told
        and not ledger.yielding.isdisjoint(block.cells)
        and all(_same(ledger, cell) for cell in block.cells)
    }


def _same(ledger: Ledger, cell: Cell) -> bool:
    if not ledger.past:
        return False
    now, then = ledger.members.get(cell), ledger.past[-1].members.get(cell)
    return now is not None and then is not None and np.array_equal(now, then)
