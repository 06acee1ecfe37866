"""Requests for answers of persons without names: who asked for what and why, who decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import PROGRAMME, Base
from app.storage.releases import Release


class ExtractRequest(Base):
    """One request about the data cut of a release; undecided while ``decided_at`` is None."""

    __tablename__ = "extract_request"
    __table_args__ = ({"schema": PROGRAMME},)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int]
    release_id: Mapped[int] = mapped_column(ForeignKey(Release.id))
    places: Mapped[list[Any]]
    audiences: Mapped[list[Any]]
    language: Mapped[str]
    purpose: Mapped[str]
    asked_by: Mapped[int | None]
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    allowed: Mapped[bool | None]
    reason: Mapped[str]
    job_id: Mapped[int | None]


def request_of(session: Session, programme_id: int, request_id: int) -> ExtractRequest | None:
    """The request with this id, if it is of this programme."""
    found = session.get(ExtractRequest, request_id)
    return found if found is not None and found.programme_id == programme_id else None


def requests_of(
    session: Session, programme_id: int, asked_by: int | None = None
) -> Sequence[ExtractRequest]:
    """The requests of a programme, or of one account in it, newest first."""
    statement = select(ExtractRequest).where(ExtractRequest.programme_id == programme_id)
    if asked_by is not None:
        statement = statement.where(ExtractRequest.asked_by == asked_by)
    return session.scalars(statement.order_by(ExtractRequest.id.desc()).limit(200)).all()
