"""Data protection: the dossier of each wave, and the notices with which people are informed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.dossier_fields import EASY
from app.domain.text import Text
from app.storage.database import PROGRAMME, Base
from app.storage.prepared import Driver, Prepared
from app.storage.territories import ProgrammeRow
from app.storage.waves import Wave


class Notice(Base):
    """What people are told about their data, in one version: it never changes.

    ``kind``: ``participants``, who answer; ``described``, about whom others answer.
    """

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("programme_id", "kind", "number"), {"schema": PROGRAMME})

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    kind: Mapped[str]
    number: Mapped[int]
    # by language, and once more in easy words: paragraphs, lists and emphasis in Markdown
    document: Mapped[dict[str, Any]]
    checksum: Mapped[str]
    published_at: Mapped[datetime]
    published_by: Mapped[int | None]

    @property
    def text(self) -> Text:
        """The whole notice."""
        return Text.of({tag: told for tag, told in self.document.items() if "_" not in tag})

    @property
    def easy(self) -> Text | None:
        """The same in words that are easy to read, where somebody wrote it."""
        told = {
            tag.removeprefix(EASY): words for tag, words in self.document.items() if EASY in tag
        }
        return Text.of(told) if told else None


class Dossier(Base):
    """The dossier of a wave; approved as it was when its checksum was ``approved``."""

    __tablename__ = "dossier"
    __table_args__ = ({"schema": PROGRAMME},)

    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id), primary_key=True)
    fields: Mapped[dict[str, Any]]  # domain.dossier_fields
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None]
    approved: Mapped[str | None]  # checksum of the fields
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[int | None]


_PUBLISHED = Prepared(
    select(Notice.id).where(
        Notice.programme_id == bindparam("programme"),
        Notice.kind == bindparam("kind"),
        Notice.number == bindparam("number"),
    )
)


def dossier_of(session: Session, wave_id: int) -> Dossier | None:
    """The wave's dossier, if somebody began it."""
    return session.get(Dossier, wave_id)


def dossiers_of(session: Session, programme_id: int) -> Sequence[tuple[Wave, Dossier | None]]:
    """Every wave of the programme with its dossier, newest first."""
    found = (
        select(Wave, Dossier)
        .outerjoin(Dossier, Dossier.wave_id == Wave.id)
        .where(Wave.programme_id == programme_id)
        .order_by(Wave.id.desc())
    )
    return [(wave, dossier) for wave, dossier in session.execute(found)]


def notices_of(session: Session, programme_id: int) -> Sequence[Notice]:
    """Every version of every notice, newest first."""
    found = select(Notice).where(Notice.programme_id == programme_id)
    return session.scalars(found.order_by(Notice.kind, Notice.number.desc())).all()


def notice(session: Session, programme_id: int, kind: str, number: int) -> Notice | None:
    """One version."""
    return session.scalar(
        select(Notice).where(
            Notice.programme_id == programme_id, Notice.kind == kind, Notice.number == number
        )
    )


def is_published(driver: Driver, programme_id: int, kind: str, number: int) -> bool:
    """Whether there is this version: asked at the door until there is one."""
    values = {"programme": programme_id, "kind": kind, "number": number}
    return _PUBLISHED.row(driver, values) is not None


def notice_by_id(session: Session, programme_id: int, notice_id: int) -> Notice | None:
    """The version with this number of the table, if it is of the programme."""
    found = select(Notice).where(Notice.id == notice_id, Notice.programme_id == programme_id)
    return session.scalar(found)


def newest_notice(session: Session, programme_id: int, kind: str) -> Notice | None:
    """The version published last."""
    found = select(Notice).where(Notice.programme_id == programme_id, Notice.kind == kind)
    return session.scalars(found.order_by(Notice.number.desc()).limit(1)).first()


def next_number(session: Session, programme_id: int, kind: str) -> int:
    """The number of the version that comes next."""
    found = select(func.max(Notice.number)).where(
        Notice.programme_id == programme_id, Notice.kind == kind
    )
    return (session.scalar(found) or 0) + 1
