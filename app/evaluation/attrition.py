"""Who of an earlier wave is missing in a later one, told without telling anybody apart.

Outcomes with 1 to threshold - 1 people are put together as ``not_again``; where that is still so
few, nothing but the reason is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from app.evaluation.quantities import Reason
from app.evaluation.tables import Observation, What


class Outcome(StrEnum):
    """What became of somebody who answered then."""

    AGAIN = "again"  # answered now too
    DECEASED = "deceased"
    MOVED = "moved"
    NOT_INVITED = "not_invited"
    SILENT = "silent"  # invited, and did not answer


TOGETHER = "not_again"
Counts = Mapping[tuple[str, str], Mapping[Outcome, int]]  # by territory and audience


def attrition(counts: Counts, wave: str, threshold: int) -> Iterator[Observation]:
    """Shares of 1 of those who answered in ``wave``, by outcome; ``n``: how many they were."""
    for (territory, audience), by_outcome in sorted(counts.items()):
        n = sum(by_outcome.values())
        told = _told(by_outcome, threshold)
        if told is None or n < threshold:
            yield Observation(
                territory,
                None,
                What.ATTRITION,
                f"{TOGETHER}@{wave}",
                audience,
                confidentiality="N",
                reason=str(Reason.WITHHELD),
            )
            continue
        for outcome, count in told.items():
            code = f"{outcome}@{wave}"
            yield Observation(territory, None, What.ATTRITION, code, audience, value=count / n, n=n)


def _told(by_outcome: Mapping[Outcome, int], threshold: int) -> dict[str, int] | None:
    """The outcomes that may be told, with their numbers; None where none may."""
    found = {str(each): by_outcome.get(each, 0) for each in Outcome}
    if not any(0 < count < threshold for count in found.values()):
        return found
    again = by_outcome.get(Outcome.AGAIN, 0)
    rest = sum(by_outcome.values()) - again
    if any(0 < count < threshold for count in (again, rest)):
        return None
    return {str(Outcome.AGAIN): again, TOGETHER: rest}
