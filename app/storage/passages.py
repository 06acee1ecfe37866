"""Free text that a reviewer has looked at: what may be read of it, sealed, or that nothing may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, Row, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import ANSWERS, Base
from app.storage.response_keys import ResponseKey
from app.storage.responses import Response
from app.storage.scope import within_scope
from app.storage.waves import Wave


class Passage(Base):
    """What was decided on one free text of one response; the original stays in the response."""

    __tablename__ = "passage"
    __table_args__ = (UniqueConstraint("response_id", "item"), {"schema": ANSWERS})

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id))
    territory: Mapped[str]
    audience: Mapped[str]
    response_id: Mapped[int] = mapped_column(ForeignKey(Response.id))
    item: Mapped[str]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # masked; None: not to be read
    reviewed_at: Mapped[datetime]
    reviewed_by: Mapped[int | None]


def to_review(
    session: Session, wave_id: int, territories: frozenset[str], after: int, limit: int
) -> Sequence[Response]:
    """Sent responses of a wave by number, from after this one on."""
    found = select(Response).where(
        Response.wave_id == wave_id,
        Response.id > after,
        Response.submitted_at.is_not(None),
        Response.withdrawn_at.is_(None),
        Response.superseded_by.is_(None),
    )
    found = within_scope(found, Response.territory, territories)
    return session.scalars(found.order_by(Response.id).limit(limit)).all()


def decided(session: Session, responses: Sequence[int]) -> set[tuple[int, str]]:
    """Of these responses the (response, item) that somebody has decided on."""
    found = select(Passage.response_id, Passage.item).where(Passage.response_id.in_(responses))
    return {(response, item) for response, item in session.execute(found)}


def readable(
    session: Session, programme_id: int, wave_id: int
) -> Sequence[Row[Passage, bytes, bytes | None]]:
    """What may be read of a closed wave, of responses that stand.

    With each the own secret (digest) and the sealed key of its response.
    """
    found = (
        select(Passage, Response.secret_digest, ResponseKey.sealed)
        .join(Wave, Wave.id == Passage.wave_id)
        .join(Response, Response.id == Passage.response_id)
        .outerjoin(ResponseKey, ResponseKey.secret_digest == Response.secret_digest)
        .where(
            Wave.programme_id == programme_id,
            Wave.id == wave_id,
            Wave.closed_at.is_not(None),
            Passage.sealed.is_not(None),
            Response.withdrawn_at.is_(None),
            Response.superseded_by.is_(None),
        )
    )
    return session.execute(found).all()


def forget_of_erased(session: Session) -> None:
    """Remove what was decided on responses that were erased since."""
    erased = select(Response.id).where(Response.withdrawn_at.is_not(None))
    session.execute(delete(Passage).where(Passage.response_id.in_(erased)))
