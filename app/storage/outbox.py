"""Messages that wait to be sent, and what became of them. Address and text are sealed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CursorResult,
    Index,
    LargeBinary,
    Row,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import IDENTITY, Base

# How a message ended. The text is kept of those that somebody may send again.
SENT, REFUSED, EXPIRED, UNWANTED, DOUBTFUL, BOUNCED = (
    "sent",
    "refused",
    "expired",
    "unwanted",
    "doubtful",
    "bounced",
)
AGAIN = (EXPIRED, DOUBTFUL)


class OutgoingMessage(Base):
    """One message; its key says what it is about, so that nothing is queued twice."""

    __tablename__ = "outgoing_message"
    __table_args__ = (
        Index("ix_outgoing_message_due", "ended_at", "next_at"),
        {"schema": IDENTITY},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]  # mail, sms
    purpose: Mapped[str]
    identity: Mapped[str] = mapped_column(unique=True)  # of its Message-ID: what a bounce names
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # address, subject, text
    queued_at: Mapped[datetime]
    next_at: Mapped[datetime]  # not tried before
    claimed_at: Mapped[datetime | None]  # a worker is handing it over
    tried_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


_COLUMNS = (
    OutgoingMessage.id,
    OutgoingMessage.key,
    OutgoingMessage.channel,
    OutgoingMessage.purpose,
    OutgoingMessage.queued_at,
    OutgoingMessage.next_at,
    OutgoingMessage.attempts,
    OutgoingMessage.ended_at,
    OutgoingMessage.outcome,
)


def known(session: Session, keys: Collection[str]) -> frozenset[str]:
    """Which of these keys are queued already, or were sent."""
    wanted = sorted(keys)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        found.update(
            session.scalars(select(OutgoingMessage.key).where(OutgoingMessage.key.in_(some)))
        )
    return frozenset(found)


def add(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Queue messages from mappings of columns."""
    if rows:
        session.execute(insert(OutgoingMessage), list(rows))


def due(session: Session, channel: str, at: datetime, limit: int) -> Sequence[int]:
    """Ids of messages to try now, in the order in which they were queued."""
    found = select(OutgoingMessage.id).where(
        OutgoingMessage.channel == channel,
        OutgoingMessage.ended_at.is_(None),
        OutgoingMessage.claimed_at.is_(None),
        OutgoingMessage.next_at <= at,
    )
    return session.scalars(found.order_by(OutgoingMessage.id).limit(limit)).all()


def claim(session: Session, message_id: int, at: datetime) -> OutgoingMessage | None:
    """Take a message for one worker; None where it is no longer free."""
    taken = (
        update(OutgoingMessage)
        .where(
            OutgoingMessage.id == message_id,
            OutgoingMessage.ended_at.is_(None),
            OutgoingMessage.claimed_at.is_(None),
        )
        .values(claimed_at=at, tried_at=at, attempts=OutgoingMessage.attempts + 1)
    )
    if _rows(session.execute(taken)) != 1:
        return None
    return session.get_one(OutgoingMessage, message_id, populate_existing=True)


def put_off(session: Session, message_id: int, until: datetime) -> None:
    """Give a claimed message back, to be tried again later."""
    back = update(OutgoingMessage).where(OutgoingMessage.id == message_id)
    session.execute(back.values(claimed_at=None, next_at=until))


def end(session: Session, message_id: int, at: datetime, outcome: str) -> None:
    """Write how it ended; its text stays only where somebody may send it again."""
    values: dict[str, Any] = {"ended_at": at, "outcome": outcome}
    if outcome not in AGAIN:
        values["sealed"] = None
    session.execute(update(OutgoingMessage).where(OutgoingMessage.id == message_id).values(values))


def leave_in_doubt(session: Session, before: datetime, at: datetime) -> int:
    """End those whose worker died while handing them over; how many."""
    left = (
        update(OutgoingMessage)
        .where(OutgoingMessage.ended_at.is_(None), OutgoingMessage.claimed_at < before)
        .values(ended_at=at, outcome=DOUBTFUL)
    )
    return _rows(session.execute(left))


def send_again(session: Session, message_id: int, at: datetime) -> bool:
    """Queue a doubtful or expired message anew; False where it is none, or its text is gone."""
    again = (
        update(OutgoingMessage)
        .where(
            OutgoingMessage.id == message_id,
            OutgoingMessage.outcome.in_(AGAIN),
            OutgoingMessage.sealed.is_not(None),
        )
        .values(ended_at=None, outcome=None, claimed_at=None, next_at=at, queued_at=at, attempts=0)
    )
    return _rows(session.execute(again)) == 1


def tried_since(session: Session, channel: str, since: datetime) -> int:
    """How many messages of the channel were tried since then."""
    counted = select(func.count()).where(
        OutgoingMessage.tried_at > since, OutgoingMessage.channel == channel
    )
    return session.scalar(counted) or 0


def counts(session: Session) -> Sequence[Row[str, str, str | None, int]]:
    """Number of messages by channel, purpose and outcome; no outcome: it waits."""
    told = (OutgoingMessage.channel, OutgoingMessage.purpose, OutgoingMessage.outcome)
    return session.execute(select(*told, func.count()).group_by(*told).order_by(*told)).all()


def unsettled(session: Session, limit: int) -> Sequence[Any]:
    """Doubtful and expired messages, oldest first; without address and text."""
    found = select(*_COLUMNS).where(OutgoingMessage.outcome.in_(AGAIN))
    return session.execute(found.order_by(OutgoingMessage.id).limit(limit)).all()


def bounced(session: Session, identity: str, at: datetime) -> str | None:
    """Record that a message came back; its key, or None where none has this identity."""
    found = session.execute(
        select(OutgoingMessage.id, OutgoingMessage.key).where(OutgoingMessage.identity == identity)
    ).first()
    if found is None:
        return None
    end(session, found.id, at, BOUNCED)
    return str(found.key)


def forget_texts(session: Session, before: datetime) -> int:
    """Drop address and text of what ended before this moment; how many."""
    dropped = (
        update(OutgoingMessage)
        .where(OutgoingMessage.ended_at < before, OutgoingMessage.sealed.is_not(None))
        .values(sealed=None)
    )
    return _rows(session.execute(dropped))


def _rows(result: Any) -> int:
    assert isinstance(result, CursorResult)  # an UPDATE gives one
    return result.rowcount
