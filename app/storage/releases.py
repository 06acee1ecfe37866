"""Data cuts and releases: what is frozen, computed from it, and given out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, LargeBinary, Row, UniqueConstraint, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, aliased, defer, mapped_column

from app.storage.database import PROGRAMME, Base, Database
from app.storage.prepared import Prepared
from app.storage.waves import Wave

ReleaseState = Literal["draft", "checked", "approved", "published", "withdrawn"]


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
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[int | None]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[int | None]  # another person than who made or checked it
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None]
    withdrawal: Mapped[str | None]  # why, in the words of who did it
    corrects_id: Mapped[int | None]  # the release that it corrects

    @property
    def state(self) -> ReleaseState:
        """How far it is: the last thing that was done to it."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.published_at is not None:
            return "published"
        if self.approved_at is not None:
            return "approved"
        return "draft" if self.checked_at is None else "checked"


class ReleaseMembership(Base):
    """Which responses stand behind a cell, shown or not: later releases are checked with it."""

    __tablename__ = "release_membership"
    __table_args__ = ({"schema": PROGRAMME},)

    release_id: Mapped[int] = mapped_column(ForeignKey(Release.id), primary_key=True)
    cell: Mapped[str] = mapped_column(primary_key=True)  # territory|component
    bitmap: Mapped[bytes] = mapped_column(LargeBinary)  # over response numbers, no answer in it


class Download(Base):
    """A figure file handed out: who, when, which. ``choice``: as the address says it; None: the
    whole, or a file of which nothing can be chosen."""

    __tablename__ = "download"
    __table_args__ = ({"schema": PROGRAMME},)

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey(Release.id))
    account_id: Mapped[int | None]
    file: Mapped[str]
    sha256: Mapped[str]
    at: Mapped[datetime]
    choice: Mapped[dict[str, Any] | None]


# For what asks how far a release is: all of its figures are a megabyte to read and decode.
WITHOUT_FIGURES = (defer(Release.figures), defer(Release.protection))


def cut_of(session: Session, programme_id: int, cut_id: int) -> Row[DataCut, Wave] | None:
    """The data cut with its wave, if it is of this programme."""
    return session.execute(
        select(DataCut, Wave)
        .join(Wave, Wave.id == DataCut.wave_id)
        .where(DataCut.id == cut_id, Wave.programme_id == programme_id)
    ).one_or_none()


def cuts_of(session: Session, wave_id: int) -> Sequence[DataCut]:
    """The data cuts of a wave, oldest first."""
    found = select(DataCut).where(DataCut.wave_id == wave_id).order_by(DataCut.id)
    return session.scalars(found).all()


def cuts_in(session: Session, programme_id: int) -> Sequence[Row[datetime, Wave]]:
    """When each data cut of the programme was made, with its wave, oldest first."""
    return session.execute(
        select(DataCut.made_at, Wave)
        .join(Wave, Wave.id == DataCut.wave_id)
        .where(Wave.programme_id == programme_id)
        .order_by(DataCut.made_at, DataCut.id)
    ).all()


def releases_of(session: Session, programme_id: int) -> Sequence[Row[Release, DataCut, Wave]]:
    """The releases of a programme with their cut and wave, newest first; figures when read."""
    return session.execute(
        select(Release, DataCut, Wave)
        .options(*WITHOUT_FIGURES)
        .join(DataCut, DataCut.id == Release.cut_id)
        .join(Wave, Wave.id == DataCut.wave_id)
        .where(Wave.programme_id == programme_id)
        .order_by(Release.id.desc())
    ).all()


def release_of(
    session: Session, programme_id: int, release_id: int
) -> Row[Release, DataCut, Wave] | None:
    """The release with its cut and wave, if it is of this programme."""
    return session.execute(
        select(Release, DataCut, Wave)
        .join(DataCut, DataCut.id == Release.cut_id)
        .join(Wave, Wave.id == DataCut.wave_id)
        .where(Release.id == release_id, Wave.programme_id == programme_id)
    ).one_or_none()


def standing_of(session: Session, programme_id: int, release_id: int) -> Release | None:
    """The release without its figures and manifest, if it is of this programme."""
    return session.scalars(
        select(Release)
        .options(*WITHOUT_FIGURES, defer(Release.manifest))
        .join(DataCut, DataCut.id == Release.cut_id)
        .join(Wave, Wave.id == DataCut.wave_id)
        .where(Release.id == release_id, Wave.programme_id == programme_id)
    ).one_or_none()


_LATER = aliased(Release)
_STATE = Prepared(
    select(
        Release.checksum,
        Release.checked_at,
        Release.approved_at,
        Release.published_at,
        Release.withdrawn_at,
        Release.withdrawal,
        Release.corrects_id,
        select(func.max(_LATER.id))
        .where(_LATER.corrects_id == Release.id, _LATER.published_at.is_not(None))
        .scalar_subquery()
        .label("correction"),
    )
    .join(DataCut, DataCut.id == Release.cut_id)
    .join(Wave, Wave.id == DataCut.wave_id)
    .where(Release.id == bindparam("release"), Wave.programme_id == bindparam("programme"))
)


def state_of(database: Database, programme_id: int, release_id: int) -> tuple[Any, ...] | None:
    """Everything about a release of this programme that can change, with the checksum of what
    cannot: while it is the same, so is every page of it."""
    with database.at_once() as driver:
        found = _STATE.row(driver, {"release": release_id, "programme": programme_id})
    return None if found is None else tuple(found)


def earlier_releases(session: Session, wave_id: int, before: int | None) -> Sequence[Release]:
    """The wave's releases made before this one (None: all that there are), oldest first."""
    statement = (
        select(Release)
        .join(DataCut, DataCut.id == Release.cut_id)
        .where(DataCut.wave_id == wave_id)
        .order_by(Release.id)
    )
    if before is not None:
        statement = statement.where(Release.id < before)
    return session.scalars(statement).all()


def correction_of(session: Session, release_id: int) -> int | None:
    """The number of the published release that corrects this one."""
    return session.scalars(
        select(Release.id)
        .where(Release.corrects_id == release_id, Release.published_at.is_not(None))
        .order_by(Release.id.desc())
    ).first()


def next_number(session: Session, cut_id: int) -> int:
    """The number of the next release of a cut, from 1."""
    last = session.scalar(select(func.max(Release.number)).where(Release.cut_id == cut_id))
    return (last or 0) + 1


def memberships(session: Session, release_id: int) -> dict[str, bytes]:
    """The bitmap of each published cell of a release."""
    rows = session.scalars(
        select(ReleaseMembership).where(ReleaseMembership.release_id == release_id)
    )
    return {row.cell: row.bitmap for row in rows}


def add_memberships(session: Session, release_id: int, cells: Iterable[tuple[str, bytes]]) -> None:
    """Keep which responses stand behind each published cell."""
    session.add_all(
        ReleaseMembership(release_id=release_id, cell=cell, bitmap=bitmap) for cell, bitmap in cells
    )


def taken_by(
    session: Session, programme_id: int, account_id: int | None
) -> Sequence[Row[Download, Release, Wave]]:
    """The last hundred files that an account took, newest first."""
    return session.execute(
        select(Download, Release, Wave)
        .join(Release, Release.id == Download.release_id)
        .join(DataCut, DataCut.id == Release.cut_id)
        .join(Wave, Wave.id == DataCut.wave_id)
        .where(Wave.programme_id == programme_id, Download.account_id == account_id)
        .order_by(Download.id.desc())
        .limit(100)
    ).all()


def downloads_of(session: Session, release_id: int) -> Sequence[Download]:
    """What was handed out of a release, oldest first."""
    found = select(Download).where(Download.release_id == release_id).order_by(Download.id)
    return session.scalars(found).all()
