"""Do told sets that share nobody make up a withheld one, but for a few people?

The two sides of a gap are such sets, and the groups of a breakdown: who is on neither side keeps
the whole apart from both together, as long as they are several. Where one of these leaves, too few
are left to hide it, and what was told is told. So what is left must be as many as the threshold.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations

import numpy as np

from app.evaluation.isolation import MIXED, Members
from app.evaluation.ledger import Ledger
from app.evaluation.quantities import Cell


def filling(
    shown: Collection[Cell], withheld: Collection[Cell], ledger: Ledger, threshold: int
) -> set[Cell]:
    """Cells to withhold, because two or three told sets that share nobody, of now and before, are
    together the people of a withheld cell but for fewer than ``threshold``. Of each combination the
    smallest set that was not told before."""
    found: set[Cell] = set()
    for cells in ledger.together.values():
        before = [ledger.past[k].members[cell] for k, cell in cells if k >= 0]
        told = {each.tobytes() for each in before}
        now = [c for k, c in cells if k < 0 and ledger.members[c].tobytes() not in told]
        new = [cell for cell in now if cell in shown]
        for whole in (ledger.members[cell] for cell in now if cell in withheld):
            sets = [*(ledger.members[cell] for cell in new), *before]
            while fill := all_but_few(whole, sets, len(new), threshold):
                at = min(fill, key=lambda k: ledger.turn(new[k], len(ledger.members[new[k]])))
                found.add(new.pop(at))
                sets.pop(at)
    return found


def all_but_few(whole: Members, sets: Sequence[Members], now: int, threshold: int) -> list[int]:
    """Those of the first ``now`` sets in a combination of two or three that share nobody and differ
    from ``whole`` by fewer than ``threshold`` people; none where there is none."""
    nearer = [2 * len(np.intersect1d(whole, each, assume_unique=True)) - len(each) for each in sets]
    inside = [k for k, people in enumerate(nearer) if people > 0]
    for several in range(2, MIXED + 1):
        for some in combinations(inside, several):
            apart = len(whole) - sum(nearer[k] for k in some)  # where they share nobody
            if some[0] < now and apart < threshold and _share_nobody([sets[k] for k in some]):
                return [k for k in some if k < now]
    return []


def _share_nobody(sets: Sequence[Members]) -> bool:
    return len(np.unique(np.concatenate(sets))) == sum(len(each) for each in sets)
