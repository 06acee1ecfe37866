"""How many people a sample has, and how many of them lack a code: in one reading of an index."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.storage.participants import Participant, answered
from app.storage.scope import within_scope


@dataclass(frozen=True, slots=True)
class SampleCounts:
    """``people`` by territory and audience; ``missing``: who never got a code and has not answered
    without one."""

    people: dict[tuple[str, str], int]
    missing: int


def sample_counts(session: Session, wave_id: int, territories: frozenset[str]) -> SampleCounts:
    """The counts of a wave's sample in these territories."""
    # In this order: whether somebody answered is asked only where there is no code.
    missing = case((Participant.coded, 0), (answered(), 0), else_=1)
    counted = (
        select(Participant.territory, Participant.audience, func.count(), func.sum(missing))
        .where(Participant.wave_id == wave_id)
        .group_by(Participant.territory, Participant.audience)
    )
    rows = session.execute(within_scope(counted, Participant.territory, territories)).all()
    return SampleCounts(
        {(territory, audience): number for territory, audience, number, _ in rows},
        sum(int(row[3]) for row in rows),
    )
