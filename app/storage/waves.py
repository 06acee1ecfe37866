"""Waves: rounds of collection, with the instruments and frameworks frozen at their opening."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import PROGRAMME, Base
from app.storage.frameworks import FrameworkVersion
from app.storage.surveys import Instrument
from app.storage.territories import ProgrammeRow


class Wave(Base):
    """One round of collection. Its state follows from ``opened_at`` and ``closed_at``."""

    __tablename__ = "wave"
    __table_args__ = (UniqueConstraint("programme_id", "code"), {"schema": PROGRAMME})

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    code: Mapped[str]
    title: Mapped[dict[str, Any]]
    frame: Mapped[str]  # who could be asked: all_75, programme_users, plan_holders, linked_cases
    period_start: Mapped[date]
    period_end: Mapped[date]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    notice_version: Mapped[str] = mapped_column(default="1")
    link_after_submission: Mapped[str] = mapped_column(default="keep")  # or "cut"
    partials_from: Mapped[int | None]  # use partial responses from n % of pages; None: leave out
    draft_wordings_accepted: Mapped[str] = mapped_column(default="")  # the recorded decision
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]


class WaveInstrument(Base):
    """Which instrument an audience of a territory answers in a wave."""

    __tablename__ = "wave_instrument"
    __table_args__ = ({"schema": PROGRAMME},)

    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id), primary_key=True)
    territory: Mapped[str] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey(Instrument.id))


class WaveFramework(Base):
    """Which framework versions judge a wave: FR for the national one, else the territory's own."""

    __tablename__ = "wave_framework"
    __table_args__ = ({"schema": PROGRAMME},)

    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id), primary_key=True)
    territory: Mapped[str] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey(FrameworkVersion.id))
