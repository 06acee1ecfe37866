"""Programmes and their territories."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import PROGRAMME, Base


class ProgrammeRow(Base):
    """A public programme: owns everything else."""

    __tablename__ = "programme"
    __table_args__ = ({"schema": PROGRAMME},)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[dict[str, Any]]
    synthetic: Mapped[bool] = mapped_column(default=False)  # demonstration: says so everywhere


class TerritoryRow(Base):
    """A place of a programme. ``document`` holds names, terms and sources."""

    __tablename__ = "territory"
    __table_args__ = (UniqueConstraint("programme_id", "code"), {"schema": PROGRAMME})

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    code: Mapped[str]
    parent: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    document: Mapped[dict[str, Any]]
