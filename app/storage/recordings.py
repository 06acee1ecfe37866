"""Recordings of questions that were sent in: sound, by the fingerprint of what was asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.sound_names import ENDINGS
from app.storage.database import PROGRAMME, Base
from app.storage.territories import ProgrammeRow


class Recording(Base):
    """One question read aloud in one language; ``name``: ``app.domain.sound_names``."""

    __tablename__ = "recording"
    __table_args__ = (UniqueConstraint("programme_id", "name"), {"schema": PROGRAMME})

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    territory: Mapped[str]
    name: Mapped[str]
    sound: Mapped[bytes] = mapped_column(LargeBinary)
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]


def recording_names(session: Session) -> frozenset[str]:
    """The names of all recordings."""
    return frozenset(session.scalars(select(Recording.name)))


def recorded_sound(session: Session, name: str) -> bytes | None:
    """The recording of this name: the same words were asked, in whatever programme. One in the
    other format may have taken its place since a page named it."""
    stem = name.rpartition(".")[0]
    found = select(Recording.sound).where(Recording.name.in_(_names(stem))).limit(1)
    return session.scalars(found).first()


def remove_recording(session: Session, programme_id: int, stem: str) -> None:
    """Remove the recording of these words, where there is one."""
    found = delete(Recording).where(
        Recording.programme_id == programme_id, Recording.name.in_(_names(stem))
    )
    session.execute(found)


def _names(stem: str) -> list[str]:
    return [stem + ending for ending in ENDINGS]
