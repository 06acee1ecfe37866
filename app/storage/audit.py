"""The audit log: one row for each act, written in the act's own transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Index, Table, bindparam, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import AUDIT, Base, now
from app.storage.prepared import Driver, Prepared


class AuditEntry(Base):
    """Who did what, where, to which thing. No answer, code or name of a participant in it."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_at", "at"), {"schema": AUDIT})

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[int | None]  # account; None: a participant, a command or the system
    origin: Mapped[str]  # web, api, cli, job, participant
    act: Mapped[str]  # the permission's verb
    outcome: Mapped[str]  # done, refused
    programme_id: Mapped[int | None]
    territory: Mapped[str | None]
    thing: Mapped[str]  # "wave:3", "response:17"
    details: Mapped[dict[str, Any]]


def record(
    session: Session,
    *,
    actor: int | None,
    origin: str,
    act: str,
    thing: str = "",
    territory: str | None = None,
    programme_id: int | None = None,
    outcome: str = "done",
    details: dict[str, Any] | None = None,
) -> None:
    """Add the entry to the transaction of ``session``: both are committed or neither."""
    session.add(
        AuditEntry(
            at=now(),
            actor=actor,
            origin=origin,
            act=act,
            outcome=outcome,
            programme_id=programme_id,
            territory=territory,
            thing=thing,
            details=details or {},
        )
    )


_OF_PARTICIPANT = Prepared(
    insert(cast(Table, AuditEntry.__table__))
    .values(
        at=bindparam("at"),
        actor=None,
        origin="participant",
        act=bindparam("act"),
        outcome="done",
        programme_id=bindparam("programme_id"),
        territory=bindparam("territory"),
        thing=bindparam("thing"),
        details={},
    )
    .inline()
)


def record_participant(
    at: Driver | Session, act: str, thing: str, territory: str, programme_id: int
) -> None:
    """As ``record``, for an act of a participant."""
    values = {"act": act, "thing": thing, "territory": territory, "programme_id": programme_id}
    _OF_PARTICIPANT.run(at, values | {"at": now()})
