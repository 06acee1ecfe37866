"""Who is invited and how they come in: cases, participants, access codes, dispositions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import IDENTITY, Base
from app.storage.waves import Wave


class Participant(Base):
    """One person of a wave's sample; ``reference`` is the key in the file it came from."""

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("wave_id", "reference"),
        Index("ix_participant_wave_territory", "wave_id", "territory", "audience"),
        {"schema": IDENTITY},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id))
    reference: Mapped[str]
    territory: Mapped[str]
    audience: Mapped[str]
    case_reference: Mapped[str | None]  # one elderly person and their family
    sub_area: Mapped[str | None]
    stratum: Mapped[str] = mapped_column(default="")
    psu: Mapped[str | None]
    weight: Mapped[float] = mapped_column(default=1.0)
    language: Mapped[str] = mapped_column(default="fr")
    sealed_contact: Mapped[bytes | None] = mapped_column(LargeBinary)  # name and address, sealed
    disposition: Mapped[str | None]  # refused, moved, deceased, …: decision 24
    disposition_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class AccessCode(Base):
    """A participant's code: found by its HMAC; printable while sealed; a new one ends the old."""

    __tablename__ = "access_code"
    __table_args__ = (UniqueConstraint("participant_id", "generation"), {"schema": IDENTITY})

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id))
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # until the wave closes
    generation: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
