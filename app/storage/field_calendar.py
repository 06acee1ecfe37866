"""What is planned of a collection, by day: steps of the contact plan, visits, calls wished for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.territories import NATION
from app.storage.assistance import Assistance
from app.storage.calls import Call
from app.storage.contacting import ContactStep
from app.storage.days import by_day, utc_hour
from app.storage.participants import Participant
from app.storage.scope import within_scope

OfDay = tuple[str, date, int]  # territory, day in Paris, how many


def steps(session: Session, wave_id: int, territories: frozenset[str]) -> Sequence[ContactStep]:
    """Steps of the plan that were not ended, in these territories or in every one."""
    found = select(ContactStep).where(
        ContactStep.wave_id == wave_id, ContactStep.ended_at.is_(None)
    )
    found = within_scope(found, ContactStep.territory, territories | {NATION})
    return session.scalars(found.order_by(ContactStep.id)).all()


def visits(session: Session, wave_id: int, territories: frozenset[str]) -> list[OfDay]:
    """Visits of home helps."""
    found = (
        select(Participant.territory, utc_hour(Assistance.valid_from).label("hour"), func.count())
        .join(Participant, Participant.id == Assistance.participant_id)
        .where(Participant.wave_id == wave_id, Assistance.kind == "visit")
        .group_by(Participant.territory, "hour")
        .order_by(Participant.territory, "hour")
    )
    return _read(session.execute(within_scope(found, Participant.territory, territories)))


def calls(
    session: Session, wave_id: int, territories: frozenset[str], after: datetime
) -> list[OfDay]:
    """Calls that somebody wished for, from this moment on."""
    found = (
        select(Participant.territory, utc_hour(Call.next_at).label("hour"), func.count())
        .join(Participant, Participant.id == Call.participant_id)
        .where(Participant.wave_id == wave_id, Call.next_at >= after)
        .group_by(Participant.territory, "hour")
        .order_by(Participant.territory, "hour")
    )
    return _read(session.execute(within_scope(found, Participant.territory, territories)))


def _read(rows: Any) -> list[OfDay]:
    days = by_day(((row[0],), row[1], row[2]) for row in rows)
    return [(place, day, number) for ((place,), day), number in days.items()]
