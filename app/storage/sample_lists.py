"""The people of a sample as a list, a page of it at a time: nothing of who they are or answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from app.domain.questionnaire import Audience
from app.storage.participants import Participant
from app.storage.scope import in_scope


def people(
    session: Session, wave_id: int, territories: frozenset[str], start: int, limit: int
) -> tuple[int, Sequence[Participant]]:
    """How many there are, and those from ``start`` on, in the order in which they came."""
    mine = _mine(wave_id, territories)
    found = select(Participant).where(*mine).order_by(Participant.id)
    count = session.scalar(select(func.count()).select_from(Participant).where(*mine)) or 0
    return count, session.scalars(found.offset(start).limit(limit)).all()


def said_of(
    session: Session, wave_id: int, territories: frozenset[str], start: int, limit: int
) -> tuple[int, Sequence[Row[str, str, str, str | None, datetime | None]]]:
    """How many invitations have a disposition, and a page of them.

    Reference, territory, audience, disposition, when. Professionals are few and know each other:
    theirs are left out.
    """
    mine = (
        *_mine(wave_id, territories),
        Participant.disposition.is_not(None),
        Participant.audience != Audience.PROFESSIONAL,
    )
    found = select(
        Participant.reference,
        Participant.territory,
        Participant.audience,
        Participant.disposition,
        Participant.disposition_at,
    )
    count = session.scalar(select(func.count()).select_from(Participant).where(*mine)) or 0
    page = found.where(*mine).order_by(Participant.id).offset(start).limit(limit)
    return count, session.execute(page).all()


def _mine(wave_id: int, territories: frozenset[str]) -> tuple[ColumnElement[bool], ...]:
    return Participant.wave_id == wave_id, in_scope(Participant.territory, territories)
