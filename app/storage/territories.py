"""Programmes and their territories."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.definitions.documents import dump, load
from app.domain.territories import Territory
from app.domain.text import Text
from app.storage.database import PROGRAMME, Base


class ProgrammeRow(Base):
    """A public programme: owns everything else."""

    __tablename__ = "programme"
    __table_args__ = ({"schema": PROGRAMME},)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[dict[str, Any]]
    synthetic: Mapped[bool] = mapped_column(default=False)  # demonstration: says so everywhere
    public_results: Mapped[bool | None]  # published releases are shown to everybody


class TerritoryRow(Base):
    """A place of a programme. ``document`` is the whole ``Territory``, columns are for queries."""

    __tablename__ = "territory"
    __table_args__ = (UniqueConstraint("programme_id", "code"), {"schema": PROGRAMME})

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    code: Mapped[str]
    parent: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    document: Mapped[dict[str, Any]]


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


def territories_of(session: Session, programme_id: int) -> dict[str, Territory]:
    """Every territory of the programme by its code, in the order in which they were loaded."""
    rows = session.scalars(
        select(TerritoryRow.document)
        .where(TerritoryRow.programme_id == programme_id)
        .order_by(TerritoryRow.id)
    )
    found = (load(Territory, document) for document in rows)
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
    document = dump(territory)
    row = session.scalar(
        select(TerritoryRow).where(
            TerritoryRow.programme_id == programme_id, TerritoryRow.code == territory.code
        )
    )
    if row is None:
        row = TerritoryRow(programme_id=programme_id, code=territory.code)
        session.add(row)
    elif row.document == document:
        return False
    row.parent = territory.parent
    row.valid_from = territory.valid_from
    row.valid_to = territory.valid_to
    row.document = document
    return True
