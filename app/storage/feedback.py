"""What participants of a territory are told, with the release that it was made from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.contact import NO_CONTACT, RESULTS
from app.storage.contacting import wished
from app.storage.database import PROGRAMME, Base
from app.storage.participants import Participant
from app.storage.waves import Wave


class FeedbackPage(Base):
    """A territory's page about a wave. ``said`` is the whole of it, figures in words included."""

    __tablename__ = "feedback_page"
    __table_args__ = (UniqueConstraint("wave_id", "territory"), {"schema": PROGRAMME})

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id))
    territory: Mapped[str]
    # named by its words: the public surface reads this table and loads no release
    release_id: Mapped[int] = mapped_column(ForeignKey(f"{PROGRAMME}.release.id"))
    said: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    published_at: Mapped[datetime | None]


def page_of(
    session: Session, wave_id: int, territory: str, *, lock: bool = False
) -> FeedbackPage | None:
    """A territory's page, whether published or not."""
    found = select(FeedbackPage).where(
        FeedbackPage.wave_id == wave_id, FeedbackPage.territory == territory
    )
    return session.scalar(found.with_for_update() if lock else found)


def published_page(session: Session, wave: str, territory: str) -> FeedbackPage | None:
    """The published page of a territory about the wave with this code."""
    return session.scalar(
        select(FeedbackPage)
        .join(Wave, Wave.id == FeedbackPage.wave_id)
        .where(
            Wave.code == wave,
            FeedbackPage.territory == territory,
            FeedbackPage.published_at.is_not(None),
        )
    )


def asked_for(session: Session, wave_id: int, territory: str) -> Sequence[Participant]:
    """People of the territory who asked for the results. Whether they answered is not looked at."""
    return session.scalars(
        select(Participant)
        .where(
            Participant.wave_id == wave_id,
            Participant.territory == territory,
            wished(RESULTS),
            ~wished(NO_CONTACT),
            Participant.disposition.is_distinct_from("deceased"),
        )
        .order_by(Participant.id)
    ).all()
