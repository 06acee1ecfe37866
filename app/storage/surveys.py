"""Versions of questionnaires and modules, and the instruments composed from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import PROGRAMME, Base
from app.storage.territories import ProgrammeRow


class QuestionnaireVersion(Base):
    """A core questionnaire (no territory) or a territory's module: a draft until it has a number.

    A numbered row never changes. ``document`` is the frozen definition, ``source`` the file.
    """

    __tablename__ = "questionnaire_version"
    __table_args__ = (
        UniqueConstraint("programme_id", "audience", "territory", "number"),
        Index("ix_questionnaire_version_checksum", "programme_id", "checksum"),
        {"schema": PROGRAMME},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    audience: Mapped[str]
    territory: Mapped[str] = mapped_column(default="FR")  # FR: the national core
    number: Mapped[int | None]
    document: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(Text)
    checksum: Mapped[str]
    based_on: Mapped[int | None]  # number of the version it was made from
    core_id: Mapped[int | None] = mapped_column(
        ForeignKey(f"{PROGRAMME}.questionnaire_version.id")
    )  # of a module: the core version it was checked against
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")


class Instrument(Base):
    """What a person answers: a core version with a module version or none, composed and frozen."""

    __tablename__ = "instrument"
    __table_args__ = (UniqueConstraint("programme_id", "checksum"), {"schema": PROGRAMME})

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    audience: Mapped[str]
    core_id: Mapped[int] = mapped_column(ForeignKey(QuestionnaireVersion.id))
    module_id: Mapped[int | None] = mapped_column(ForeignKey(QuestionnaireVersion.id))
    document: Mapped[dict[str, Any]]
    checksum: Mapped[str]
