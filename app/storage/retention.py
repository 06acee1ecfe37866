"""What has outlived its time: counted, set aside wave by wave, and removed, class by class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, ForeignKey, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.calls import Call, NameKey
from app.storage.database import PROGRAMME, Base
from app.storage.participants import Participant
from app.storage.responses import ParticipantSession, Response, SaveKey
from app.storage.waves import Wave


class SetAside(Base):
    """A class of data of a wave that is to be removed: set aside first, so that somebody may see it
    coming and, with a reason, keep it until a day."""

    __tablename__ = "set_aside"
    __table_args__ = ({"schema": PROGRAMME},)

    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)  # domain.retention
    at: Mapped[datetime]
    keep_until: Mapped[date | None]
    kept_because: Mapped[str | None]
    kept_by: Mapped[int | None]


BY_WAVE: dict[str, tuple[Any, Callable[[], ColumnElement[bool]]]] = {
    "contacts": (
        Participant,
        lambda: Participant.sealed_contact.is_not(None) | Participant.sealed_reach.is_not(None),
    ),
    "answers": (Response, lambda: Response.withdrawn_at.is_(None)),
}
ALONE: dict[str, tuple[Any, Callable[[datetime], ColumnElement[bool]]]] = {
    "sessions": (ParticipantSession, lambda before: ParticipantSession.seen_at < before),
    "form_keys": (SaveKey, lambda before: SaveKey.at < before),
}


def outlived(session: Session, name: str, before: datetime) -> int:
    """How many rows of a class that belongs to no wave ended before this moment."""
    table, condition = ALONE[name]
    counted = select(func.count()).select_from(table).where(condition(before))
    return session.scalar(counted) or 0


def remove(session: Session, name: str, before: datetime) -> int:
    """Remove them; how many."""
    table, condition = ALONE[name]
    return _rows(session.execute(delete(table).where(condition(before))))


def over(
    session: Session, name: str, before: datetime, *, new: bool = False
) -> Sequence[tuple[Wave, int]]:
    """Waves that closed before this moment and still hold rows of a class, with how many.

    ``new``: only those whose class is not set aside yet.
    """
    table, condition = BY_WAVE[name]
    found = (
        select(Wave, func.count())
        .join(table, table.wave_id == Wave.id)
        .where(Wave.closed_at < before, condition())
        .group_by(Wave.id)
        .order_by(Wave.id)
    )
    if new:
        aside = select(SetAside.wave_id).where(SetAside.name == name)
        found = found.where(Wave.id.not_in(aside))
    return [(wave, count) for wave, count in session.execute(found)]


def set_aside(session: Session, name: str, wave_id: int) -> SetAside | None:
    """Whether, and since when, a class of a wave is set aside."""
    return session.get(SetAside, (wave_id, name))


def put_aside(session: Session, name: str, wave_id: int, at: datetime) -> None:
    """Set a class of a wave aside."""
    session.add(SetAside(wave_id=wave_id, name=name, at=at))


def forget_contacts(session: Session, wave_id: int) -> int:
    """Remove names, addresses, calls and words of names of a wave's people; how many people."""
    gone = select(Participant.id).where(Participant.wave_id == wave_id)
    for other in (NameKey, Call):
        session.execute(delete(other).where(other.participant_id.in_(gone)))
    _table, condition = BY_WAVE["contacts"]
    values = {"sealed_contact": None, "sealed_reach": None, "has_phone": False}
    emptied = update(Participant).where(Participant.wave_id == wave_id, condition())
    return _rows(session.execute(emptied.values(values)))


def answers_of(session: Session, wave_id: int, limit: int) -> Sequence[Response]:
    """Responses of a wave that are not erased, some of them, to be erased."""
    _table, condition = BY_WAVE["answers"]
    found = select(Response).where(Response.wave_id == wave_id, condition())
    return session.scalars(found.order_by(Response.id).limit(limit).with_for_update()).all()


def _rows(done: Any) -> int:
    assert isinstance(done, CursorResult)  # a DELETE or an UPDATE gives one
    return done.rowcount
