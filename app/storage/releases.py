"""Data cuts and releases: what is frozen, computed from it, and given out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.database import PROGRAMME, Base
from app.storage.waves import Wave


class DataCut(Base):
    """A frozen set of completed responses of a wave: numbers and revisions, and their extract."""

    __tablename__ = "data_cut"
    __table_args__ = ({"schema": PROGRAMME},)

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id))
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    membership: Mapped[bytes] = mapped_column(LargeBinary)  # bitmap over response numbers
    counts: Mapped[dict[str, Any]]  # invited, opened, submitted by territory and audience
    extract: Mapped[str]  # folder of the frozen columns, relative to the data folder
    checksum: Mapped[str]


class Release(Base):
    """Everything given out from one data cut, protected once as a whole and frozen."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("cut_id", "number"), {"schema": PROGRAMME})

    id: Mapped[int] = mapped_column(primary_key=True)
    cut_id: Mapped[int] = mapped_column(ForeignKey(DataCut.id))
    number: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    threshold: Mapped[int]
    manifest: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]  # the ProtectedTable
    protection: Mapped[dict[str, Any]]  # why each cell is withheld: for the protection officer only
    checksum: Mapped[str]
    withdrawn_at: Mapped[datetime | None]


class ReleaseMembership(Base):
    """Which responses stand behind a published cell: what later releases are checked against."""

    __tablename__ = "release_membership"
    __table_args__ = ({"schema": PROGRAMME},)

    release_id: Mapped[int] = mapped_column(ForeignKey(Release.id), primary_key=True)
    cell: Mapped[str] = mapped_column(primary_key=True)  # territory|component
    bitmap: Mapped[bytes] = mapped_column(LargeBinary)  # over response numbers, no answer in it


class Download(Base):
    """A figure file handed out: who, when, which."""

    __tablename__ = "download"
    __table_args__ = ({"schema": PROGRAMME},)

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey(Release.id))
    account_id: Mapped[int | None]
    file: Mapped[str]
    sha256: Mapped[str]
    at: Mapped[datetime]
