"""An indicator in the groups of a breakdown: its figures, and the others less the first."""

from __future__ import annotations

from app.domain.breakdowns import Breakdown
from app.evaluation.tables import Observation, What
from app.storage.published import Published

Figures = tuple[Observation | None, ...]


def in_groups(
    seen: Published, breakdown: Breakdown, place: str, code: str
) -> tuple[Figures, Figures]:
    """Of a territory or the nation: the figure in each group, in their order, and the difference
    of each but the first from the first. None where the release has none, not even a withheld."""
    first, *others = (each.code for each in breakdown.groups)

    def one(what: What, group: str) -> Observation | None:
        audience = breakdown.audience.value
        return seen.table.one(place, None, what, code, audience, f"{breakdown.code}.{group}")

    levels = tuple(one(What.GROUP, group) for group in (first, *others))
    return levels, tuple(one(What.GROUP_GAP, f"{group}-{first}") for group in others)
