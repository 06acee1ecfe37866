"""One-time codes by which somebody may sit beside a participant: hand-overs and visits.

A row is found by the digest of its code, never by its id. A hand-over is used once and gone; a
visit's code works for one day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, ForeignKey, LargeBinary, Row, delete, select
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from app.storage.database import IDENTITY, Base
from app.storage.participants import AccessCode, Participant
from app.storage.scope import within_scope


class Assistance(Base):
    """A hand-over from a member of staff, or the code of a home help for one visit."""

    __tablename__ = "assistance"
    __table_args__ = ({"schema": IDENTITY},)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # the code, for its maker to look at
    kind: Mapped[str]  # handover, visit
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id))
    code_id: Mapped[int | None] = mapped_column(ForeignKey(AccessCode.id))  # of a hand-over
    code_digest: Mapped[bytes | None] = mapped_column(LargeBinary)  # what it opens, likewise
    channel: Mapped[str]  # web_assisted, phone
    made_by: Mapped[int | None]  # account
    made_at: Mapped[datetime]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]


def by_digest(session: Session, digest: bytes, kind: str, at: datetime) -> Assistance | None:
    """The one behind this code, while it is valid; its sealed code is not read, nor may it be."""
    return session.scalar(
        select(Assistance)
        .options(defer(Assistance.sealed, raiseload=True))
        .where(
            Assistance.digest == digest,
            Assistance.kind == kind,
            Assistance.valid_from <= at,
            Assistance.valid_until > at,
        )
    )


def taken(session: Session, digest: bytes) -> bool:
    """Whether some code has this digest."""
    found = select(Assistance.id).where(Assistance.digest == digest)
    return session.scalar(found) is not None


def take(session: Session, digest: bytes, at: datetime) -> bool:
    """Use a hand-over up; False where somebody was quicker, or its minutes are over."""
    done = session.execute(
        delete(Assistance).where(
            Assistance.digest == digest,
            Assistance.kind == "handover",
            Assistance.valid_until > at,
        )
    )
    assert isinstance(done, CursorResult)  # a DELETE gives one
    return done.rowcount == 1


def forget_old(session: Session, at: datetime) -> None:
    """Drop what is no longer valid."""
    session.execute(delete(Assistance).where(Assistance.valid_until <= at))


def own(session: Session, assistance_id: int, account_id: int | None) -> Assistance | None:
    """One that this account made."""
    return session.scalar(
        select(Assistance).where(Assistance.id == assistance_id, Assistance.made_by == account_id)
    )


def visits(
    session: Session, wave_id: int, scope: frozenset[str], at: datetime
) -> Sequence[Row[Assistance, str]]:
    """The codes of visits to come, with the reference of the person visited."""
    found = (
        select(Assistance, Participant.reference)
        .join(Participant, Participant.id == Assistance.participant_id)
        .where(
            Participant.wave_id == wave_id,
            Assistance.kind == "visit",
            Assistance.valid_until > at,
        )
        .order_by(Assistance.valid_from, Participant.reference)
    )
    return session.execute(within_scope(found, Participant.territory, scope)).all()


def territory_of_visit(session: Session, assistance_id: int, scope: frozenset[str]) -> str | None:
    """Where a visit's code was made for; None where there is none in reach."""
    found = (
        select(Participant.territory)
        .join(Assistance, Assistance.participant_id == Participant.id)
        .where(Assistance.id == assistance_id, Assistance.kind == "visit")
    )
    return session.scalar(within_scope(found, Participant.territory, scope))


def remove(session: Session, assistance_id: int) -> None:
    """Remove one."""
    session.execute(delete(Assistance).where(Assistance.id == assistance_id))
