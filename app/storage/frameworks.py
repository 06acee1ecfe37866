"""Versions of frameworks, national and territories' own, each with its resolved tree."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.territories import NATION
from app.storage.database import PROGRAMME, Base
from app.storage.scope import within_scope
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


def frameworks(
    session: Session, programme_id: int, scope: frozenset[str]
) -> list[FrameworkVersion]:
    """Every version and draft of frameworks of these territories, newest first."""
    statement = select(FrameworkVersion).where(FrameworkVersion.programme_id == programme_id)
    statement = within_scope(statement, FrameworkVersion.territory, scope)
    return list(session.scalars(statement.order_by(FrameworkVersion.id.desc())))


def framework(
    session: Session, programme_id: int, version_id: int, scope: frozenset[str]
) -> FrameworkVersion | None:
    """One version or draft, if it is of this programme and these territories."""
    statement = select(FrameworkVersion).where(
        FrameworkVersion.programme_id == programme_id, FrameworkVersion.id == version_id
    )
    return session.scalar(within_scope(statement, FrameworkVersion.territory, scope))


def latest_framework(
    session: Session, programme_id: int, territory: str = NATION
) -> FrameworkVersion | None:
    """The published version with the highest number: the national framework, or a territory's."""
    return session.scalar(
        select(FrameworkVersion)
        .where(
            FrameworkVersion.programme_id == programme_id,
            FrameworkVersion.territory == territory,
            FrameworkVersion.number.is_not(None),
        )
        .order_by(FrameworkVersion.number.desc())
        .limit(1)
    )


def latest_frameworks(session: Session, programme_id: int) -> list[FrameworkVersion]:
    """The latest published version of the national framework and of every territory's own."""
    newest = (
        select(FrameworkVersion.territory, func.max(FrameworkVersion.number).label("number"))
        .where(FrameworkVersion.programme_id == programme_id)
        .group_by(FrameworkVersion.territory)
        .subquery()
    )
    return list(
        session.scalars(
            select(FrameworkVersion)
            .join(
                newest,
                (FrameworkVersion.territory == newest.c.territory)
                & (FrameworkVersion.number == newest.c.number),
            )
            .where(FrameworkVersion.programme_id == programme_id)
            .order_by(FrameworkVersion.territory)
        )
    )


def published_nationals(session: Session, programme_id: int) -> list[FrameworkVersion]:
    """Every published version of the national framework, oldest first."""
    return list(
        session.scalars(
            select(FrameworkVersion)
            .where(
                FrameworkVersion.programme_id == programme_id,
                FrameworkVersion.territory == NATION,
                FrameworkVersion.number.is_not(None),
            )
            .order_by(FrameworkVersion.number)
        )
    )


def published_frameworks(session: Session, programme_id: int) -> list[tuple[int, str, int]]:
    """Every published version without its content: id, territory (FR: national), number."""
    version = FrameworkVersion
    rows = session.execute(
        select(version.id, version.territory, version.number)
        .where(version.programme_id == programme_id)
        .order_by(version.territory, version.number)
    )
    return [(id_, territory, number) for id_, territory, number in rows if number is not None]


def frameworks_by_id(session: Session, ids: Collection[int]) -> list[FrameworkVersion]:
    """These versions, with their content."""
    found = select(FrameworkVersion).where(FrameworkVersion.id.in_(ids))
    return list(session.scalars(found.order_by(FrameworkVersion.territory)))
