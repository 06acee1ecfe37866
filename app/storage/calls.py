"""Calls made to people of a sample, and the keyed words by which a name is found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    false,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from app.storage.contacting import reachable
from app.storage.database import IDENTITY, Base
from app.storage.participants import BATCH, AccessCode, Participant
from app.storage.waves import Wave


class Call(Base):
    """One call: what came of it, when to try again, and a short note, sealed."""

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_of_person", "participant_id", "id", "result"),
        Index("ix_call_next", "next_at", "participant_id"),
        {"schema": IDENTITY},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id))
    at: Mapped[datetime]
    made_by: Mapped[int | None]
    result: Mapped[str]
    next_at: Mapped[datetime | None]
    sealed_note: Mapped[bytes | None] = mapped_column(LargeBinary)


class NameKey(Base):
    """A keyed digest of one word of a name, or of the whole: it finds, and cannot be read."""

    __tablename__ = "name_key"
    __table_args__ = (
        Index("ix_name_key_word", "wave_id", "digest", "participant_id"),
        Index("ix_name_key_whole", "whole", "wave_id", "digest", "participant_id"),
        Index("ix_name_key_waves", "digest", "wave_id", "whole", "participant_id"),
        {"schema": IDENTITY},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id))
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    whole: Mapped[bool] = mapped_column(default=False, server_default=false())  # name and address


def add_name_keys(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Insert keyed words from mappings of columns."""
    if rows:
        table = NameKey.__table__
        assert isinstance(table, Table)  # it is one
        session.execute(insert(table), list(rows))


def waves_with(session: Session, digests: Sequence[bytes]) -> dict[bytes, set[int]]:
    """In which waves these digests are."""
    found: dict[bytes, set[int]] = {}
    for start in range(0, len(digests), BATCH):
        some = digests[start : start + BATCH]
        rows = session.execute(
            select(NameKey.digest, NameKey.wave_id).where(NameKey.digest.in_(some))
        )
        for digest, wave_id in rows:
            found.setdefault(digest, set()).add(wave_id)
    return found


def by_name(
    session: Session, wave_id: int, digests: Collection[bytes], places: frozenset[str], limit: int
) -> Sequence[Participant]:
    """People whose name has all of these words, in the order in which they came.

    Those with the rarest word are gone through, until there are ``limit``.
    """
    rarest, *others = sorted(digests, key=lambda digest: _how_many(session, wave_id, digest))
    found = (
        select(Participant)
        .join(NameKey, NameKey.participant_id == Participant.id)
        .where(
            NameKey.wave_id == wave_id,
            NameKey.digest == rarest,
            Participant.territory.in_(places),
            *(_has_word(wave_id, other) for other in others),
        )
        .order_by(NameKey.participant_id)
        .limit(limit)
    )
    return list(dict.fromkeys(session.scalars(found)))


def names_somebody(session: Session, wave_id: int, digests: Collection[bytes]) -> bool:
    """Whether one of these words is of the name of somebody of the wave."""
    found = select(NameKey.id).where(NameKey.wave_id == wave_id, NameKey.digest.in_(digests))
    return session.scalar(found.limit(1)) is not None


def _how_many(session: Session, wave_id: int, digest: bytes) -> int:
    """How many have this word, counted up to a thousand."""
    some = select(NameKey.id).where(NameKey.wave_id == wave_id, NameKey.digest == digest)
    counted = select(func.count()).select_from(some.limit(1000).subquery())
    return session.scalar(counted) or 0


def _has_word(wave_id: int, digest: bytes) -> ColumnElement[bool]:
    other = aliased(NameKey)
    return (
        select(other.id)
        .where(
            other.wave_id == wave_id,
            other.digest == digest,
            other.participant_id == Participant.id,
        )
        .exists()
    )


def by_code(
    session: Session, wave_id: int, digest: bytes, places: frozenset[str]
) -> Participant | None:
    """The person whose code this is or was."""
    return session.scalar(
        select(Participant)
        .join(AccessCode, AccessCode.participant_id == Participant.id)
        .where(
            AccessCode.digest == digest,
            Participant.wave_id == wave_id,
            Participant.territory.in_(places),
        )
    )


def to_call(
    session: Session,
    wave_id: int,
    places: frozenset[str],
    assigned_to: int | None,
    at: datetime,
    limit: int,
) -> Sequence[tuple[Participant, datetime | None, int]]:
    """People to call now: whose next time has come, the earliest first, then who was never called.

    ``assigned_to``: only those given to this account; None: all.
    """
    # Not the plain columns: both lists follow an index from its beginning, until they are full.
    mine = [
        func.coalesce(Participant.territory, "").in_(places),
        Participant.has_phone,
        Participant.listed,
        reachable("letter"),
    ]
    if assigned_to is not None:
        mine.append(Participant.assigned_to == assigned_to)
    later, every = aliased(Call), aliased(Call)
    tries = select(func.count(every.id)).where(every.participant_id == Participant.id)
    due = (
        select(Participant, Call.next_at, tries.scalar_subquery())
        .join(Call, Call.participant_id == Participant.id)
        .where(
            Call.next_at <= at,
            func.coalesce(Participant.wave_id, 0) == wave_id,
            ~select(later.id)
            .where(later.participant_id == Call.participant_id, later.id > Call.id)
            .exists(),
            *mine,
        )
        .order_by(Call.next_at, Call.participant_id)
        .limit(limit)
    )
    found = [(row[0], row[1], row[2]) for row in session.execute(due)]
    called = select(Call.id).where(Call.participant_id == Participant.id)
    fresh = select(Participant).where(Participant.wave_id == wave_id, ~called.exists(), *mine)
    fresh = fresh.order_by(Participant.id)
    people = session.scalars(fresh.limit(limit - len(found)))
    return [*found, *((person, None, 0) for person in people)]


def calls_of(session: Session, participant_id: int) -> Sequence[Call]:
    """The calls to a person, first to last."""
    return session.scalars(
        select(Call).where(Call.participant_id == participant_id).order_by(Call.id)
    ).all()


def live_code(session: Session, participant_id: int) -> bool:
    """Whether the person has a code that opens the door."""
    found = select(AccessCode.id).where(
        AccessCode.participant_id == participant_id, AccessCode.revoked_at.is_(None)
    )
    return session.scalar(found) is not None


def assign(session: Session, wave_id: int, territory: str, account_id: int | None) -> int:
    """Give who has nobody yet to an account, or take everybody back (None); how many."""
    free = Participant.assigned_to.is_(None) if account_id else Participant.assigned_to.is_not(None)
    given = session.execute(
        update(Participant)
        .where(Participant.wave_id == wave_id, Participant.territory == territory, free)
        .values(assigned_to=account_id)
    )
    assert isinstance(given, CursorResult)  # an UPDATE gives one
    return given.rowcount


def ids_of(session: Session, wave_id: int, references: Sequence[str]) -> dict[str, int]:
    """Ids of the participants of a wave that have one of these references."""
    found: dict[str, int] = {}
    for batch in (references[n : n + BATCH] for n in range(0, len(references), BATCH)):
        rows = session.execute(
            select(Participant.reference, Participant.id).where(
                Participant.wave_id == wave_id, Participant.reference.in_(batch)
            )
        )
        found |= {row[0]: row[1] for row in rows}
    return found
