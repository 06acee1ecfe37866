"""What two levels agree on: modules submitted, comments, decisions, and divergences allowed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ForeignKey, false, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import PROGRAMME, Base
from app.storage.scope import within_scope
from app.storage.surveys import QuestionnaireVersion
from app.storage.territories import ProgrammeRow


class Review(Base):
    """A module submitted as it then was (``checksum``), and what the nation decided."""

    __tablename__ = "review"
    __table_args__ = ({"schema": PROGRAMME},)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    territory: Mapped[str]
    version_id: Mapped[int]
    checksum: Mapped[str]
    note: Mapped[str]
    asked_by: Mapped[int | None]
    asked_at: Mapped[datetime]
    state: Mapped[str]  # waiting, changes, approved, replaced
    words: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]


class ReviewComment(Base):
    """What somebody says about one question of a draft, or about the whole."""

    __tablename__ = "review_comment"
    __table_args__ = ({"schema": PROGRAMME},)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    territory: Mapped[str]
    version_id: Mapped[int]
    place: Mapped[str]  # code of a question; empty: the whole
    words: Mapped[str]
    said_by: Mapped[int | None]
    said_at: Mapped[datetime]


class Divergence(Base):
    """A territory's own form of a national item: why, until when, who asked and who allowed it."""

    __tablename__ = "divergence"
    __table_args__ = ({"schema": PROGRAMME},)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    territory: Mapped[str]
    audience: Mapped[str]
    item: Mapped[str]  # of the core
    own_item: Mapped[str]  # of the module, beside it
    instead: Mapped[bool] = mapped_column(default=False, server_default=false())  # not beside it
    reason: Mapped[str]
    until: Mapped[date]
    asked_by: Mapped[int | None]
    asked_at: Mapped[datetime]
    allowed_by: Mapped[int | None]
    allowed_at: Mapped[datetime | None]


def reviews(session: Session, programme_id: int, scope: frozenset[str]) -> list[Review]:
    """Every submission in these territories, newest first."""
    found = select(Review).where(Review.programme_id == programme_id)
    return list(session.scalars(within_scope(found, Review.territory, scope).order_by(-Review.id)))


def review(
    session: Session, programme_id: int, review_id: int, scope: frozenset[str]
) -> Review | None:
    """One submission."""
    found = select(Review).where(Review.programme_id == programme_id, Review.id == review_id)
    return session.scalar(within_scope(found, Review.territory, scope))


def reviews_of(session: Session, version_id: int) -> list[Review]:
    """The submissions of one draft, newest first."""
    found = select(Review).where(Review.version_id == version_id)
    return list(session.scalars(found.order_by(-Review.id)))


def approved(session: Session, version_id: int, checksum: str) -> bool:
    """Whether the nation approved the draft as it is now."""
    found = select(Review.id).where(
        Review.version_id == version_id, Review.checksum == checksum, Review.state == "approved"
    )
    return session.scalar(found) is not None


def comments(session: Session, version_id: int) -> list[ReviewComment]:
    """What was said about a draft, oldest first."""
    found = select(ReviewComment).where(ReviewComment.version_id == version_id)
    return list(session.scalars(found.order_by(ReviewComment.id)))


def comments_on(session: Session, version_ids: Iterable[int]) -> list[ReviewComment]:
    """What was said about these drafts, oldest first."""
    found = select(ReviewComment).where(ReviewComment.version_id.in_(list(version_ids)))
    return list(session.scalars(found.order_by(ReviewComment.id)))


def divergences(
    session: Session, programme_id: int, scope: frozenset[str], audience: str = ""
) -> list[Divergence]:
    """The divergences of these territories, of one audience or all, by item."""
    found = select(Divergence).where(Divergence.programme_id == programme_id)
    if audience:
        found = found.where(Divergence.audience == audience)
    found = within_scope(found, Divergence.territory, scope)
    return list(session.scalars(found.order_by(Divergence.item, Divergence.id)))


def own_item_renamed(session: Session, draft: QuestionnaireVersion, old: str, new: str) -> None:
    """The divergences of a territory's draft follow the code of their own item."""
    session.execute(
        update(Divergence)
        .where(
            Divergence.programme_id == draft.programme_id,
            Divergence.territory == draft.territory,
            Divergence.audience == draft.audience,
            Divergence.own_item == old,
        )
        .values(own_item=new)
    )


def ending(session: Session, programme_id: int, day: date) -> list[Divergence]:
    """Divergences that were allowed and end by this day, or ended before it."""
    found = select(Divergence).where(
        Divergence.programme_id == programme_id,
        Divergence.allowed_at.is_not(None),
        Divergence.until <= day,
    )
    return list(session.scalars(found.order_by(Divergence.id)))


def drafts_in(
    session: Session, programme_id: int, scope: frozenset[str]
) -> list[QuestionnaireVersion]:
    """The drafts of these territories, newest first."""
    found = select(QuestionnaireVersion).where(
        QuestionnaireVersion.programme_id == programme_id, QuestionnaireVersion.number.is_(None)
    )
    found = within_scope(found, QuestionnaireVersion.territory, scope)
    return list(session.scalars(found.order_by(QuestionnaireVersion.id.desc())))
