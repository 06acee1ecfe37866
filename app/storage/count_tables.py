"""Counts of a published release that anybody may ask for: tables with noise, made in advance.

The public surface reads them where they are open, and nothing that they were made from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    LargeBinary,
    PrimaryKeyConstraint,
    bindparam,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import PROGRAMME, Base, Database
from app.storage.prepared import Prepared
from app.storage.territories import ProgrammeRow


class CountKeys(Base):
    """What the keys of a cut's people are made of. Counts of a wave come from one cut for ever:
    those of another would differ by the people who came or went."""

    __tablename__ = "count_keys"
    __table_args__ = ({"schema": PROGRAMME},)

    wave_id: Mapped[int] = mapped_column(ForeignKey(f"{PROGRAMME}.wave.id"), primary_key=True)
    cut_id: Mapped[int] = mapped_column(ForeignKey(f"{PROGRAMME}.data_cut.id"))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]


class CountTable(Base):
    """The table of two questions (``columns`` empty: of one) of an audience of a release. With
    both empty, what may be asked of the audience. Only ``open`` ever changes."""

    __tablename__ = "count_table"
    __table_args__ = (
        PrimaryKeyConstraint("address", "audience", "rows", "columns"),
        {"schema": PROGRAMME},
    )

    address: Mapped[str]  # PROGRAMME/RELEASE, as the release's public pages
    audience: Mapped[str]
    rows: Mapped[str]
    columns: Mapped[str]
    # named by its words: the public surface reads this table and loads no release
    release_id: Mapped[int] = mapped_column(ForeignKey(f"{PROGRAMME}.release.id"), index=True)
    open: Mapped[bool]
    body: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class Counted:
    """A table before it is kept."""

    audience: str
    rows: str
    columns: str
    body: bytes


def keep_counts(session: Session, release_id: int, address: str, tables: Iterable[Counted]) -> None:
    """Keep the tables of a release for good, and open them."""
    rows = [
        {
            "address": address,
            "audience": each.audience,
            "rows": each.rows,
            "columns": each.columns,
            "release_id": release_id,
            "open": True,
            "body": each.body,
        }
        for each in tables
    ]
    if rows:
        session.execute(insert(CountTable), rows)


def kept_counts(session: Session, release_id: int) -> dict[tuple[str, str, str], bytes]:
    """The tables of a release, open or not."""
    found = session.execute(
        select(CountTable.audience, CountTable.rows, CountTable.columns, CountTable.body).where(
            CountTable.release_id == release_id
        )
    )
    return {(audience, rows, columns): body for audience, rows, columns, body in found}


def set_open(session: Session, release_id: int, *, opened: bool) -> None:
    """Show a release's tables, or hide them; they stay as they are."""
    session.execute(
        update(CountTable).where(CountTable.release_id == release_id).values(open=opened)
    )


def counts_are_asked(session: Session, programme_id: int) -> bool:
    """Whether the programme lets anybody ask for counts of its published releases."""
    return bool(session.get_one(ProgrammeRow, programme_id).public_counts)


_OPEN = Prepared(
    select(CountTable.body).where(
        CountTable.address == bindparam("address"),
        CountTable.audience == bindparam("audience"),
        CountTable.rows == bindparam("rows"),
        CountTable.columns == bindparam("columns"),
        CountTable.open == true(),
    )
)


def open_table(
    database: Database, address: str, audience: str, rows: str = "", columns: str = ""
) -> bytes | None:
    """The open table of these questions; without them, what may be asked of the audience."""
    asked = {"address": address, "audience": audience, "rows": rows, "columns": columns}
    with database.at_once() as driver:
        found = _OPEN.row(driver, asked)
    return None if found is None else bytes(found[0])


def asked_of(database: Database, address: str, audiences: Sequence[str]) -> dict[str, bytes]:
    """What may be asked of each of these audiences of a release that has open tables."""
    found = {each: open_table(database, address, each) for each in audiences}
    return {audience: body for audience, body in found.items() if body is not None}


def open_releases(session: Session, programme: str) -> frozenset[str]:
    """The addresses of the releases of a programme of which something may be asked."""
    found = session.scalars(
        select(CountTable.address)
        .where(CountTable.address.startswith(f"{programme}/", autoescape=True))
        .where(CountTable.rows != "", CountTable.open == true())
        .distinct()
    )
    return frozenset(found)
