"""The audit log: one row for each act, written in the act's own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, cast

from sqlalchemy import ColumnElement, Index, Table, bindparam, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.deeds import Act, Deed
from app.storage.database import AUDIT, Base, now
from app.storage.prepared import Driver, Prepared
from app.storage.scope import in_scope


@dataclass(frozen=True, slots=True)
class Occasion:
    """Which sitting and which request an act belongs to; empty: none."""

    request: str = ""
    sitting: str = ""  # a keyed hash that names a session and opens nothing; or "job-17"


_occasion: ContextVar[Occasion] = ContextVar("occasion", default=Occasion())  # noqa: B039 # frozen


def during(occasion: Occasion | None = None) -> Occasion:
    """The present occasion of this thread; where one is given, it begins now."""
    if occasion is not None:
        _occasion.set(occasion)
    return _occasion.get()


def sits(sitting: str) -> None:
    """The present request acts in this sitting from here on; outside a request: nothing."""
    request = during().request
    if request:
        during(Occasion(request, sitting))


class AuditEntry(Base):
    """Who did what, where, to which thing. No answer, code or name of a participant in it."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_at", "at"), {"schema": AUDIT})

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[int | None]  # account; None: a participant, a command or the system
    origin: Mapped[str]  # web, api, cli, job, participant
    act: Mapped[str]  # one of ``Act``; of an earlier release perhaps another
    outcome: Mapped[str]  # done, refused
    programme_id: Mapped[int | None]
    territory: Mapped[str | None]
    thing: Mapped[str]  # "wave:3", "response:17"
    details: Mapped[dict[str, Any]]
    sitting: Mapped[str | None]  # of staff, "participant-…", "job-…"; commands have none
    request: Mapped[str | None]


def record(
    session: Session,
    *,
    actor: int | None,
    origin: str,
    act: Act,
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
            sitting=during().sitting or None,
            request=during().request or None,
        )
    )


def entries(
    session: Session,
    programme_id: int,
    scope: frozenset[str],
    before: int | None,
    word: str,
    sitting: str,
    limit: int,
) -> Sequence[AuditEntry]:
    """Entries of a programme in these territories, and of none, newest first.

    What belongs to no programme is among them where nobody, or an account of this one, did it:
    signing in, proofs, passwords.

    ``before``: only lower numbers; ``word``: acts that begin with it; ``sitting``: only this one's.
    """
    found = select(AuditEntry).where(_of_programme(programme_id))
    found = found.where(in_scope(AuditEntry.territory, scope) | AuditEntry.territory.is_(None))
    if before is not None:
        found = found.where(AuditEntry.id < before)
    if word:
        found = found.where(AuditEntry.act.startswith(word, autoescape=True))
    if sitting:
        found = found.where(AuditEntry.sitting == sitting)
    return session.scalars(found.order_by(AuditEntry.id.desc()).limit(limit)).all()


def between(
    session: Session,
    programme_id: int,
    scope: frozenset[str],
    since: datetime,
    until: datetime,
    account: int | None,
    limit: int,
) -> Sequence[AuditEntry]:
    """Entries of a programme from ``since`` until ``until``, in these territories and in none, in
    order. ``account``: only this one's.
    """
    found = select(AuditEntry).where(
        _of_programme(programme_id),
        AuditEntry.at >= since,
        AuditEntry.at < until,
        in_scope(AuditEntry.territory, scope) | AuditEntry.territory.is_(None),
    )
    if account is not None:
        found = found.where(AuditEntry.actor == account)
    return session.scalars(found.order_by(AuditEntry.id).limit(limit)).all()


def counted(
    session: Session, programme_id: int, scope: frozenset[str], acts: Sequence[str], since: datetime
) -> Sequence[tuple[int | None, str, str, int]]:
    """How often each account did these acts since a moment: account, act, why, count; most first.

    ``why``: the reason that was given, empty where none is asked.
    """
    why = func.coalesce(AuditEntry.details["why"].as_string(), "").label("why")
    done = (
        select(AuditEntry.actor, AuditEntry.act, why)
        .where(_of_programme(programme_id), AuditEntry.act.in_(acts), AuditEntry.at >= since)
        .where(in_scope(AuditEntry.territory, scope) | AuditEntry.territory.is_(None))
        .where(AuditEntry.outcome == "done")
        .subquery()
    )
    found = (
        select(*done.c, func.count().label("times"))
        .group_by(*done.c)
        .order_by(func.count().desc(), *done.c)
    )
    return [(row.actor, row.act, row.why, row.times) for row in session.execute(found)]


def drawn(
    session: Session,
    programme_id: int,
    acts: Sequence[str],
    since: datetime,
    until: datetime,
    lot: Random,
    most: int,
) -> tuple[int, Sequence[AuditEntry]]:
    """How many of these acts there were between two moments, and some of them drawn by lot."""
    found = select(AuditEntry.id).where(
        AuditEntry.programme_id == programme_id,
        AuditEntry.act.in_(acts),
        AuditEntry.outcome == "done",
        AuditEntry.at >= since,
        AuditEntry.at < until,
    )
    numbers = session.scalars(found.order_by(AuditEntry.id)).all()
    some = lot.sample(numbers, min(most, len(numbers)))
    rows = session.scalars(select(AuditEntry).where(AuditEntry.id.in_(some)))
    return len(numbers), rows.all()


def newest_moment(session: Session) -> datetime | None:
    """When the last act was, by the entries' own times; None where there is no entry."""
    return session.scalar(select(func.max(AuditEntry.at)))


def oldest_moment(session: Session) -> datetime | None:
    """When the first act was that still stands in the log."""
    return session.scalar(select(func.min(AuditEntry.at)))


def _of_programme(programme_id: int) -> ColumnElement[bool]:
    from app.storage.accounts import GrantRow  # the public surface writes, and knows no account

    here = select(GrantRow.account_id).where(GrantRow.programme_id == programme_id)
    by_us = AuditEntry.actor.is_(None) | AuditEntry.actor.in_(here)
    return (AuditEntry.programme_id == programme_id) | (AuditEntry.programme_id.is_(None) & by_us)


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
        sitting=bindparam("sitting"),
        request=bindparam("request"),
    )
    .inline()
)


def record_participant(
    at: Driver | Session, act: Deed, thing: str, territory: str, programme_id: int
) -> None:
    """As ``record``, for an act of a participant."""
    values: dict[str, Any] = {
        "act": act,
        "thing": thing,
        "territory": territory,
        "programme_id": programme_id,
    }
    occasion = during()
    values |= {"sitting": occasion.sitting or None, "request": occasion.request or None}
    _OF_PARTICIPANT.run(at, values | {"at": now()})
