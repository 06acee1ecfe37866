"""Two variants of an index beside each other: how far they agree, and which places move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.evaluation.ranking import ranks
from app.evaluation.tables import What
from app.web.evaluators.reading import Reading
from app.workflows.variant_sheets import Variant, measures_of, variants_of


@dataclass(frozen=True, slots=True)
class Moved:
    """A territory's rank in the two variants; ``shift``: places lost (above 0) or won among the
    territories that have both, None where that is not known."""

    name: str
    one: int | None
    other: int | None
    shift: int | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two variants. ``measures``: their agreement by kind."""

    one: Variant
    other: Variant
    measures: dict[str, float | None]
    moved: list[Moved]


def pair_of(r: Reading, one: str, other: str) -> Pair | None:
    """The two that are asked for by name, else the first two; None where there are not two."""
    found = variants_of(r.seen)
    if len(found) < 2:
        return None
    by_name = {each.name: each for each in found}
    first, second = by_name.get(one, found[0]), by_name.get(other, found[1])
    return Pair(first, second, measures_of(r.seen, first, second), _moved(r, first, second))


def _moved(r: Reading, one: Variant, other: Variant) -> list[Moved]:
    found = {
        place: tuple(
            None if seen is None or seen.value is None else round(seen.value)
            for each in (one, other)
            for seen in [r.one(place, What.VARIANT_RANK, each.choice, each.framework)]
        )
        for place in r.places
    }
    both = [place for place, (a, b) in found.items() if a is not None and b is not None]
    whole = {each["territory"] for each in r.seen.manifest["cells"]} <= set(r.places)
    shifts: dict[str, int] = {}
    if whole:  # ranks among those that have both can be told only where all are seen
        columns = np.array([found[place] for place in both], dtype=float).reshape(-1, 2)
        first, second = (ranks(-column) for column in columns.T)
        shifts = dict(zip(both, (second - first).tolist(), strict=True))
    return [Moved(r.name(place), a, b, shifts.get(place)) for place, (a, b) in found.items()]
