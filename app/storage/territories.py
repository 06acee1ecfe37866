"""Programmes and their territories, each with its history."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Literal

from sqlalchemy import ForeignKey, UniqueConstraint, bindparam, cast, select
from sqlalchemy import Text as TextOf
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.definitions.documents import dump, load
from app.domain.territories import Territory
from app.domain.territory_history import tree_as_of
from app.domain.text import Text
from app.storage.database import PROGRAMME, Base, now
from app.storage.prepared import Driver, Prepared


class ProgrammeRow(Base):
    """A public programme: owns everything else."""

    __tablename__ = "programme"
    __table_args__ = ({"schema": PROGRAMME},)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[dict[str, Any]]
    synthetic: Mapped[bool] = mapped_column(default=False)  # demonstration: says so everywhere
    public_results: Mapped[bool | None]  # published releases are shown to everybody
    public_counts: Mapped[bool | None]  # who may also ask for counts, with noise


class TerritoryRow(Base):
    """A place of a programme. ``document`` is the whole ``Territory``, columns are for queries.

    ``loaded``: the document of the file that it was last loaded from; None: made on the pages.
    """

    __tablename__ = "territory"
    __table_args__ = (UniqueConstraint("programme_id", "code"), {"schema": PROGRAMME})

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    code: Mapped[str]
    parent: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    document: Mapped[dict[str, Any]]
    loaded: Mapped[dict[str, Any] | None]


Loaded = Literal["same", "taken", "diverged"]


def programmes(session: Session) -> list[ProgrammeRow]:
    """Every programme of the installation, oldest first."""
    return list(session.scalars(select(ProgrammeRow).order_by(ProgrammeRow.id)))


def programme_by_code(session: Session, code: str) -> ProgrammeRow | None:
    """The programme with this code."""
    return session.scalar(select(ProgrammeRow).where(ProgrammeRow.code == code))


def programme_by_id(session: Session, programme_id: int) -> ProgrammeRow | None:
    """The programme with this number."""
    return session.get(ProgrammeRow, programme_id)


def lock_programme(session: Session, programme_id: int) -> None:
    """Make acts that give out numbers in this programme wait for each other."""
    session.get(ProgrammeRow, programme_id, with_for_update=True)


_DOCUMENTS = Prepared(
    select(cast(TerritoryRow.document, TextOf))
    .where(TerritoryRow.programme_id == bindparam("programme"))
    .order_by(TerritoryRow.id)
)
_read: dict[int, tuple[list[str], date, dict[str, Territory]]] = {}  # what was read last


def tree_of(session: Session, programme_id: int) -> dict[str, Territory]:
    """Every territory of the programme with its history, in the order in which they were added."""
    return _tree(_documents(session, programme_id))


def territories_of(at: Driver | Session, programme_id: int) -> dict[str, Territory]:
    """Every territory of the programme as it stands today; one that ended, as it ended.

    What is computed about a wave reads ``wave_territories`` instead: the borders of its time.
    """
    documents, today = _documents(at, programme_id), now().date()
    known = _read.get(programme_id)
    if known is None or known[:2] != (documents, today):
        known = _read[programme_id] = (documents, today, tree_as_of(_tree(documents), today))
    return dict(known[2])


def _documents(at: Driver | Session, programme_id: int) -> list[str]:
    return [document for (document,) in _DOCUMENTS.rows(at, {"programme": programme_id})]


def _tree(documents: list[str]) -> dict[str, Territory]:
    found = (load(Territory, json.loads(document)) for document in documents)
    return {territory.code: territory for territory in found}


def put_programme(session: Session, code: str, title: Text, *, synthetic: bool) -> ProgrammeRow:
    """The programme, made or brought up to date. What was once synthetic stays so."""
    row = programme_by_code(session, code)
    if row is None:
        row = ProgrammeRow(code=code, title=title.as_dict(), synthetic=synthetic)
        session.add(row)
        session.flush()
    else:
        row.title = title.as_dict()
        row.synthetic = row.synthetic or synthetic
    return row


def put_territory(session: Session, programme_id: int, territory: Territory) -> bool:
    """Make or bring up to date one territory; whether anything changed."""
    row = _row(session, programme_id, territory.code)
    if row is not None and row.document == dump(territory):
        return False
    _write(session, programme_id, territory, row)
    return True


def load_territory(session: Session, programme_id: int, territory: Territory) -> Loaded:
    """Take over a territory from a file, unless somebody changed it on the pages since."""
    document = dump(territory)
    row = _row(session, programme_id, territory.code)
    if row is not None and row.loaded == document:
        return "same"
    if row is not None and row.document == document:
        row.loaded = document
        return "same"
    if row is not None and row.document != row.loaded:
        return "diverged"
    _write(session, programme_id, territory, row).loaded = document
    return "taken"


def _row(session: Session, programme_id: int, code: str) -> TerritoryRow | None:
    return session.scalar(
        select(TerritoryRow).where(
            TerritoryRow.programme_id == programme_id, TerritoryRow.code == code
        )
    )


def _write(
    session: Session, programme_id: int, territory: Territory, row: TerritoryRow | None
) -> TerritoryRow:
    if row is None:
        row = TerritoryRow(programme_id=programme_id, code=territory.code)
        session.add(row)
    row.parent = territory.parent
    row.valid_from = territory.valid_from
    row.valid_to = territory.valid_to
    row.document = dump(territory)
    return row
