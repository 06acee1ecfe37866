"""Edits of drafts made on the screens: one row each, kept after the draft is published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import PROGRAMME, Base
from app.storage.territories import ProgrammeRow


class DraftEdit(Base):
    """One edit: who, when, what, and what it changed, good both ways (``domain.patches``).

    ``turns``: number of the edit that this one undoes, or does again.
    """

    __tablename__ = "draft_edit"
    __table_args__ = (UniqueConstraint("family", "version_id", "number"), {"schema": PROGRAMME})

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    family: Mapped[str]  # questionnaire or framework
    version_id: Mapped[int]
    territory: Mapped[str]
    number: Mapped[int]  # from 1, in each draft
    at: Mapped[datetime]
    account_id: Mapped[int | None]
    did: Mapped[str]  # domain.edit_history.Did
    place: Mapped[str]  # code of what was edited
    changes: Mapped[str] = mapped_column(Text)  # JSON, whose keys stay in their order
    turns: Mapped[int | None]


def edits_of(session: Session, family: str, version_id: int) -> list[DraftEdit]:
    """Every edit of a draft, oldest first."""
    found = select(DraftEdit).where(DraftEdit.family == family, DraftEdit.version_id == version_id)
    return list(session.scalars(found.order_by(DraftEdit.number)))


def turns_of(session: Session, family: str, version_id: int) -> list[tuple[int, str, int | None]]:
    """Number, what was done, and which edit it turns; of every edit, without its content."""
    found = select(DraftEdit.number, DraftEdit.did, DraftEdit.turns).where(
        DraftEdit.family == family, DraftEdit.version_id == version_id
    )
    return [(n, did, turns) for n, did, turns in session.execute(found.order_by(DraftEdit.number))]


def last_edit(session: Session, family: str, version_id: int) -> int:
    """The number of the last edit; 0 where there is none."""
    found = select(func.max(DraftEdit.number)).where(
        DraftEdit.family == family, DraftEdit.version_id == version_id
    )
    return session.scalar(found) or 0


def edit_numbered(session: Session, family: str, version_id: int, number: int) -> DraftEdit | None:
    """One edit of a draft."""
    return session.scalar(
        select(DraftEdit).where(
            DraftEdit.family == family,
            DraftEdit.version_id == version_id,
            DraftEdit.number == number,
        )
    )


def last_edit_of_place(
    session: Session, family: str, version_id: int, place: str
) -> DraftEdit | None:
    """The last edit of one question, section or list of a draft."""
    return session.scalar(
        select(DraftEdit)
        .where(
            DraftEdit.family == family,
            DraftEdit.version_id == version_id,
            DraftEdit.place == place,
        )
        .order_by(DraftEdit.number.desc())
        .limit(1)
    )
