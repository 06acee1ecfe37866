"""Sheets keyed from paper, until they have become a response: one row for each keying."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, Row, UniqueConstraint, case, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import ANSWERS, Base
from app.storage.participants import AccessCode, Participant
from app.storage.responses import ParticipantSession, Response
from app.storage.scope import within_scope
from app.storage.surveys import Instrument
from app.storage.waves import Wave


class KeyedEntry(Base):
    """What one person keys from one sheet. ``body`` is packed like a response's.

    It is emptied once the sheet has become a response: answers stand in one place, where they
    can be withdrawn. The counts stay, for the quality of the keying.
    """

    __tablename__ = "keyed_entry"
    __table_args__ = (UniqueConstraint("wave_id", "participant_id", "turn"), {"schema": ANSWERS})

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id))
    participant_id: Mapped[int | None]  # None once the link is cut
    territory: Mapped[str]
    audience: Mapped[str]
    instrument_id: Mapped[int] = mapped_column(ForeignKey(Instrument.id))
    batch: Mapped[str]
    turn: Mapped[int]  # 1, or 2 for the second keying; from 3 on corrections
    operator: Mapped[int | None]  # account
    body: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    again: Mapped[bool] = mapped_column(default=False)  # of a first keying: drawn for a second
    closed_at: Mapped[datetime | None]  # has become a response
    compared: Mapped[int | None]  # items, of a second keying
    differing: Mapped[int | None]
    decided_by: Mapped[int | None]
    corrects: Mapped[int | None]  # the response in whose place it is to stand
    correction: Mapped[str | None]  # why


def person_by_code(
    session: Session, wave_id: int, digest: bytes, scope: frozenset[str]
) -> int | None:
    """Id of the participant with this live access code."""
    found = (
        select(Participant.id)
        .join(AccessCode, AccessCode.participant_id == Participant.id)
        .where(
            Participant.wave_id == wave_id,
            AccessCode.digest == digest,
        )
    )
    return session.scalar(within_scope(found, Participant.territory, scope))


def person_by_reference(
    session: Session, wave_id: int, reference: str, scope: frozenset[str]
) -> int | None:
    """Id of the participant with this reference, which stands on every sheet."""
    found = select(Participant.id).where(
        Participant.wave_id == wave_id, Participant.reference == reference
    )
    return session.scalar(within_scope(found, Participant.territory, scope))


def person(
    session: Session, wave_id: int, participant_id: int, scope: frozenset[str]
) -> Participant | None:
    """The participant, if in this wave and these territories."""
    found = select(Participant).where(
        Participant.id == participant_id, Participant.wave_id == wave_id
    )
    return session.scalar(within_scope(found, Participant.territory, scope))


def response_of(session: Session, participant_id: int, *, lock: bool = False) -> Response | None:
    """The participant's response, sent or not."""
    found = select(Response).where(Response.participant_id == participant_id)
    return session.scalar(found.with_for_update() if lock else found)


def entries_of(session: Session, wave_id: int, participant_id: int) -> Sequence[KeyedEntry]:
    """The keyings of a participant's sheet: the first, then the second."""
    found = select(KeyedEntry).where(
        KeyedEntry.wave_id == wave_id, KeyedEntry.participant_id == participant_id
    )
    return session.scalars(found.order_by(KeyedEntry.turn)).all()


def entry(
    session: Session, entry_id: int, scope: frozenset[str], *, lock: bool = False
) -> KeyedEntry | None:
    """One keying in these territories."""
    found = select(KeyedEntry).where(KeyedEntry.id == entry_id)
    found = within_scope(found, KeyedEntry.territory, scope)
    return session.scalar(found.with_for_update() if lock else found)


def unfinished(session: Session, wave_id: int, operator: int | None) -> Sequence[Row[int, str]]:
    """Keyings that this person began: id and the sheet's reference."""
    found = (
        select(KeyedEntry.id, Participant.reference)
        .join(Participant, Participant.id == KeyedEntry.participant_id)
        .where(
            KeyedEntry.wave_id == wave_id,
            KeyedEntry.operator == operator,
            KeyedEntry.finished_at.is_(None),
        )
        .order_by(KeyedEntry.id)
    )
    return session.execute(found).all()


def waiting(
    session: Session, wave_id: int, scope: frozenset[str]
) -> Sequence[Row[int, int, str, str, int | None, int]]:
    """Sheets that wait for their second keying or for decisions.

    Participant, first keying, reference, batch, who keyed first, number of finished keyings.
    """
    second = (
        select(KeyedEntry.participant_id)
        .where(
            KeyedEntry.wave_id == wave_id,
            KeyedEntry.turn == 2,
            KeyedEntry.finished_at.is_not(None),
        )
        .scalar_subquery()
    )
    found = (
        select(
            Participant.id,
            KeyedEntry.id,
            Participant.reference,
            KeyedEntry.batch,
            KeyedEntry.operator,
            case((Participant.id.in_(second), 2), else_=1),
        )
        .join(Participant, Participant.id == KeyedEntry.participant_id)
        .where(
            KeyedEntry.wave_id == wave_id,
            KeyedEntry.turn == 1,
            KeyedEntry.again,
            KeyedEntry.finished_at.is_not(None),
            KeyedEntry.closed_at.is_(None),
        )
        .order_by(KeyedEntry.batch, Participant.reference)
    )
    return session.execute(within_scope(found, KeyedEntry.territory, scope)).all()


def last_batch(session: Session, wave_id: int, operator: int | None) -> str:
    """The batch that this person keyed last."""
    found = (
        select(KeyedEntry.batch)
        .where(KeyedEntry.wave_id == wave_id, KeyedEntry.operator == operator)
        .order_by(KeyedEntry.id.desc())
        .limit(1)
    )
    return session.scalar(found) or ""


def quality(
    session: Session, wave_id: int, scope: frozenset[str]
) -> Row[int, int, int | None, int | None]:
    """Sheets keyed, sheets keyed twice, items compared, items that differed."""
    found = select(
        func.count(case((KeyedEntry.turn == 1, 1))),
        func.count(case((KeyedEntry.turn == 2, 1))),
        func.coalesce(func.sum(KeyedEntry.compared), 0),
        func.coalesce(func.sum(KeyedEntry.differing), 0),
    ).where(KeyedEntry.wave_id == wave_id, KeyedEntry.closed_at.is_not(None))
    return session.execute(within_scope(found, KeyedEntry.territory, scope)).one()


def close(
    session: Session, wave_id: int, person_id: int, at: datetime, body: bytes, *, cut: bool
) -> None:
    """Say that a sheet has become a response; its keyings get this (emptied) body.

    ``cut``: they no longer name the person either.
    """
    values: dict[str, Any] = {"closed_at": at, "body": body}
    if cut:
        values["participant_id"] = None
    session.execute(
        update(KeyedEntry)
        .where(KeyedEntry.wave_id == wave_id, KeyedEntry.participant_id == person_id)
        .values(values)
    )


def end_sessions(session: Session, response_id: int, at: datetime) -> None:
    """Let nobody go on with this response on a screen."""
    session.execute(
        update(ParticipantSession)
        .where(ParticipantSession.response_id == response_id, ParticipantSession.ended_at.is_(None))
        .values(ended_at=at)
    )
