"""Versions of frameworks, national and territories' own, each with its resolved tree."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import PROGRAMME, Base
from app.storage.territories import ProgrammeRow


class FrameworkVersion(Base):
    """A framework: a draft until it has a number; a numbered row never changes.

    ``document`` is the resolved tree; ``national_id`` pins the national version it extends.
    """

    __tablename__ = "framework_version"
    __table_args__ = (UniqueConstraint("programme_id", "code", "number"), {"schema": PROGRAMME})

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    code: Mapped[str]
    territory: Mapped[str] = mapped_column(default="FR")  # FR: the national framework
    number: Mapped[int | None]
    document: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(Text)
    checksum: Mapped[str]
    based_on: Mapped[int | None]
    national_id: Mapped[int | None] = mapped_column(ForeignKey(f"{PROGRAMME}.framework_version.id"))
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
