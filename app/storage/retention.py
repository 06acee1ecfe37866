"""What has outlived its time: counted, and removed, class by class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from app.storage.calls import Call, NameKey
from app.storage.participants import Participant
from app.storage.responses import ParticipantSession, Response, SaveKey
from app.storage.waves import Wave


def _closed(before: datetime) -> Any:
    return select(Wave.id).where(Wave.closed_at < before)


CONDITIONS: dict[str, tuple[Any, Callable[[datetime], ColumnElement[bool]]]] = {
    "contacts": (
        Participant,
        lambda before: (
            Participant.wave_id.in_(_closed(before))
            & (Participant.sealed_contact.is_not(None) | Participant.sealed_reach.is_not(None))
        ),
    ),
    "sessions": (ParticipantSession, lambda before: ParticipantSession.seen_at < before),
    "form_keys": (SaveKey, lambda before: SaveKey.at < before),
    "answers": (
        Response,
        lambda before: Response.wave_id.in_(_closed(before)) & Response.withdrawn_at.is_(None),
    ),
}


def outlived(session: Session, name: str, before: datetime) -> int:
    """How many rows of a class ended before this moment."""
    table, condition = CONDITIONS[name]
    counted = select(func.count()).select_from(table).where(condition(before))
    return session.scalar(counted) or 0


def remove(session: Session, name: str, before: datetime) -> int:
    """Remove them; how many. Answers are erased one by one: see ``old_responses``."""
    table, condition = CONDITIONS[name]
    if name == "contacts":
        gone = select(Participant.id).where(Participant.wave_id.in_(_closed(before)))
        for other in (NameKey, Call):
            session.execute(delete(other).where(other.participant_id.in_(gone)))
        values = {"sealed_contact": None, "sealed_reach": None, "has_phone": False}
        done = session.execute(update(table).where(condition(before)).values(values))
    else:
        done = session.execute(delete(table).where(condition(before)))
    assert isinstance(done, CursorResult)  # both give one
    return done.rowcount


def old_responses(session: Session, before: datetime, limit: int) -> Sequence[Response]:
    """Responses whose time is over."""
    _table, condition = CONDITIONS["answers"]
    found = select(Response).where(condition(before)).order_by(Response.id).limit(limit)
    return session.scalars(found.with_for_update()).all()
