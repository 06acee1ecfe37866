"""The library of a programme: entries, and their versions, which never change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.library import EntryKind
from app.domain.territories import NATION
from app.storage.database import PROGRAMME, Base
from app.storage.scope import within_scope
from app.storage.territories import ProgrammeRow


class LibraryEntry(Base):
    """A question, a block, a list of options or an instrument; the nation's or a territory's."""

    __tablename__ = "library_entry"
    __table_args__ = (UniqueConstraint("programme_id", "territory", "code"), {"schema": PROGRAMME})

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    territory: Mapped[str]
    code: Mapped[str]
    kind: Mapped[str]  # domain.library.EntryKind
    title: Mapped[str]


class LibraryVersion(Base):
    """One version of an entry. ``document``: ``entries`` or ``options``; none: to be supplied."""

    __tablename__ = "library_version"
    __table_args__ = (UniqueConstraint("entry_id", "number"), {"schema": PROGRAMME})

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey(LibraryEntry.id))
    number: Mapped[int]  # from 1, in each entry
    document: Mapped[dict[str, Any]]
    checksum: Mapped[str]
    licence: Mapped[str]  # domain.library.Licence
    source: Mapped[str]
    locked: Mapped[bool]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]


def entries(session: Session, programme_id: int, scope: frozenset[str]) -> list[LibraryEntry]:
    """The entries of these territories, by code."""
    found = select(LibraryEntry).where(LibraryEntry.programme_id == programme_id)
    found = within_scope(found, LibraryEntry.territory, scope)
    return list(session.scalars(found.order_by(LibraryEntry.code, LibraryEntry.territory)))


def entry(
    session: Session, programme_id: int, entry_id: int, scope: frozenset[str]
) -> LibraryEntry | None:
    """One entry, if it is of this programme and these territories."""
    found = select(LibraryEntry).where(
        LibraryEntry.programme_id == programme_id, LibraryEntry.id == entry_id
    )
    return session.scalar(within_scope(found, LibraryEntry.territory, scope))


def versions(session: Session, entry_id: int) -> list[LibraryVersion]:
    """The versions of an entry, newest first."""
    found = select(LibraryVersion).where(LibraryVersion.entry_id == entry_id)
    return list(session.scalars(found.order_by(LibraryVersion.number.desc())))


def instruments(session: Session, programme_id: int) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """What the locked versions of the nation's instruments ask, by code and number."""
    found = (
        select(LibraryEntry.code, LibraryVersion.number, LibraryVersion.document)
        .join(LibraryVersion, LibraryVersion.entry_id == LibraryEntry.id)
        .where(
            LibraryEntry.programme_id == programme_id,
            LibraryEntry.territory == NATION,
            LibraryEntry.kind == EntryKind.INSTRUMENT,
            LibraryVersion.locked,
        )
    )
    return {
        (code, number): document.get("entries", [])
        for code, number, document in session.execute(found)
    }
