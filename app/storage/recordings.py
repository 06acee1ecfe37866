"""Recordings of questions that were sent in: sound, by the fingerprint of what was asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import PROGRAMME, Base
from app.storage.territories import ProgrammeRow


class Recording(Base):
    """One question read aloud in one language; ``name`` is ``<fingerprint>.<language>.mp3``,
    as of those that are shipped, whether the sound is MP3 or WAV."""

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
    """The recording of this name: the same words were asked, in whatever programme."""
    return session.scalars(select(Recording.sound).where(Recording.name == name).limit(1)).first()


def remove_recording(session: Session, programme_id: int, name: str) -> None:
    """Remove a recording, where there is one."""
    found = delete(Recording).where(Recording.programme_id == programme_id, Recording.name == name)
    session.execute(found)
