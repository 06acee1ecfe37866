"""The seals of the audit log: links beside the entries, daily heads, headers of pruned segments.

Entries are only ever inserted, by the act that they record; a link is added later, by the one
sealer, so that no act waits for another. Triggers refuse to change or remove what stands, except
entries that a signed header stands for.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, cast

from sqlalchemy import (
    DDL,
    CursorResult,
    LargeBinary,
    Row,
    Table,
    delete,
    event,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.protection.audit_chain import Head, Link, Segment, canonical
from app.storage.append_only import append_only
from app.storage.audit import AuditEntry
from app.storage.database import AUDIT, Base

LATEST = 20_000  # numbers in which an act may still be on its way while later ones are committed
_LOCK = 7_201_114  # of the one sealer


class AuditLink(Base):
    """A position of the chain: which entry, and the hash over it and all before."""

    __tablename__ = "audit_link"
    __table_args__ = ({"schema": AUDIT},)

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime]


class AuditHead(Base):
    """The last hash of a day, signed: what is published and kept by others."""

    __tablename__ = "audit_head"
    __table_args__ = ({"schema": AUDIT},)

    day: Mapped[date] = mapped_column(primary_key=True)
    position: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]


class AuditSegment(Base):
    """Positions whose entries were pruned after their time, and what proves the chain across."""

    __tablename__ = "audit_segment"
    __table_args__ = ({"schema": AUDIT},)

    first: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
    before: Mapped[bytes] = mapped_column(LargeBinary)
    after: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    until: Mapped[date]  # entries before this day
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]


def lock(session: Session) -> None:
    """One sealer at a time; SQLite's writers are one anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def last_link(session: Session) -> tuple[int, bytes] | None:
    """Position and hash of the newest link; that of the last pruned segment where none is left."""
    found = select(AuditLink.position, AuditLink.hash).order_by(AuditLink.position.desc()).limit(1)
    row = session.execute(found).first()
    if row is None:
        pruned = select(AuditSegment.last, AuditSegment.after)
        row = session.execute(pruned.order_by(AuditSegment.last.desc()).limit(1)).first()
    return None if row is None else (row[0], row[1])


def first_kept(session: Session) -> int:
    """Position of the oldest link that was not pruned; 0 where there is none."""
    return session.scalar(select(func.min(AuditLink.position))) or 0


def unsealed(session: Session, limit: int, *, all_of_them: bool = False) -> Sequence[AuditEntry]:
    """Entries that no link seals yet, oldest first."""
    linked = select(AuditLink.entry_id).where(AuditLink.entry_id == AuditEntry.id)
    found = select(AuditEntry).where(~linked.exists())
    if not all_of_them:
        newest = session.scalar(select(func.max(AuditLink.entry_id))) or 0
        found = found.where(AuditEntry.id > newest - LATEST)
    return session.scalars(found.order_by(AuditEntry.id).limit(limit)).all()


def oldest_unsealed(session: Session) -> datetime | None:
    """When the act was done that has waited longest for its seal."""
    waiting = unsealed(session, 1, all_of_them=True)
    return waiting[0].at if waiting else None


def add_links(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert links from mappings of columns."""
    if rows:
        session.execute(insert(cast(Table, AuditLink.__table__)), list(rows))


def sealed(
    session: Session, after: int = 0, until: int | None = None
) -> Generator[Link, None, None]:
    """Every link after a position, up to another, in order, with its entry's words."""
    found = (
        select(AuditLink.position, AuditLink.hash, *cast(Table, AuditEntry.__table__).c)
        .outerjoin(AuditEntry, AuditEntry.id == AuditLink.entry_id)
        .where(AuditLink.position > after)
        .order_by(AuditLink.position)
        .execution_options(yield_per=2000)
    )
    if until is not None:
        found = found.where(AuditLink.position <= until)
    with session.execute(found) as rows:
        for row in rows:
            payload = None if row.id is None else payload_of(row)
            yield Link(row.position, row.hash, payload, row.at)


def payload_of(entry: AuditEntry | Row[Any]) -> bytes:
    """The entry as it is sealed; one without sitting or request as such entries always were."""
    occasion = {"sitting": entry.sitting, "request": entry.request}
    return canonical(
        {name: value for name, value in occasion.items() if value is not None}
        | {
            "id": entry.id,
            "at": entry.at.isoformat(timespec="microseconds"),
            "actor": entry.actor,
            "origin": entry.origin,
            "act": entry.act,
            "outcome": entry.outcome,
            "programme": entry.programme_id,
            "territory": entry.territory,
            "thing": entry.thing,
            "details": entry.details,
        }
    )


def newest_head(session: Session) -> AuditHead | None:
    """The head that was made last; None before the first."""
    return session.scalar(select(AuditHead).order_by(AuditHead.day.desc()).limit(1))


def last_of_days(
    session: Session, known: AuditHead | None, before: datetime
) -> Sequence[tuple[datetime, int, bytes]]:
    """Sealing time, position and hash of the links sealed on days after a head's, until a moment.

    In order; the last one of each day is that day's head.
    """
    found = select(AuditLink.sealed_at, AuditLink.position, AuditLink.hash)
    found = found.where(AuditLink.sealed_at < before).order_by(AuditLink.position)
    if known is not None:
        over = datetime.combine(known.day, time.max, UTC)
        found = found.where(AuditLink.position > known.position, AuditLink.sealed_at > over)
    return [(at, position, hash_) for at, position, hash_ in session.execute(found)]


def heads(session: Session) -> list[Head]:
    """Every head that was made, oldest first."""
    rows = session.scalars(select(AuditHead).order_by(AuditHead.day))
    return [Head(row.day.isoformat(), row.position, row.hash, row.signature) for row in rows]


def segments(session: Session) -> list[Segment]:
    """The header of every pruned segment, in order."""
    rows = session.scalars(select(AuditSegment).order_by(AuditSegment.first))
    return [
        Segment(row.first, row.last, row.before, row.after, row.digest, row.signature)
        for row in rows
    ]


def remove_pruned(session: Session) -> int:
    """Remove the entries and links that headers stand for; how many entries."""
    covered = [
        AuditLink.position.between(first, last)
        for first, last in session.execute(select(AuditSegment.first, AuditSegment.last))
    ]
    if not covered:
        return 0
    numbers = select(AuditLink.entry_id).where(or_(*covered))
    gone = session.execute(delete(AuditEntry).where(AuditEntry.id.in_(numbers)))
    session.execute(delete(AuditLink).where(or_(*covered)))
    assert isinstance(gone, CursorResult)  # a DELETE gives one
    return gone.rowcount


for _dialect in ("sqlite", "postgresql"):
    for _statement in append_only(_dialect):
        event.listen(
            Base.metadata,
            "after_create",
            DDL(_statement).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call] # SQLAlchemy gives none
        )
