"""Versions of questionnaires and modules, and the instruments composed from them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from app.domain.territories import NATION
from app.storage.database import PROGRAMME, Base
from app.storage.scope import within_scope
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


def questionnaires(
    session: Session, programme_id: int, scope: frozenset[str]
) -> list[QuestionnaireVersion]:
    """Every version and draft of cores and modules in these territories, newest first."""
    statement = select(QuestionnaireVersion).where(
        QuestionnaireVersion.programme_id == programme_id
    )
    statement = within_scope(statement, QuestionnaireVersion.territory, scope)
    return list(session.scalars(statement.order_by(QuestionnaireVersion.id.desc())))


def questionnaire(
    session: Session, programme_id: int, version_id: int, scope: frozenset[str]
) -> QuestionnaireVersion | None:
    """One version or draft, if it is of this programme and these territories."""
    statement = select(QuestionnaireVersion).where(
        QuestionnaireVersion.programme_id == programme_id, QuestionnaireVersion.id == version_id
    )
    return session.scalar(within_scope(statement, QuestionnaireVersion.territory, scope))


def latest_questionnaire(
    session: Session, programme_id: int, audience: str, territory: str = NATION
) -> QuestionnaireVersion | None:
    """The published version with the highest number: of the core, or of a territory's module."""
    return session.scalar(
        select(QuestionnaireVersion)
        .where(
            QuestionnaireVersion.programme_id == programme_id,
            QuestionnaireVersion.audience == audience,
            QuestionnaireVersion.territory == territory,
            QuestionnaireVersion.number.is_not(None),
        )
        .order_by(QuestionnaireVersion.number.desc())
        .limit(1)
    )


def latest_questionnaires(session: Session, programme_id: int) -> list[QuestionnaireVersion]:
    """The latest published version of every core and every module of the programme.

    Their documents are fetched when they are first looked at, within the session.
    """
    newest = (
        select(
            QuestionnaireVersion.audience,
            QuestionnaireVersion.territory,
            func.max(QuestionnaireVersion.number).label("number"),
        )
        .where(QuestionnaireVersion.programme_id == programme_id)
        .group_by(QuestionnaireVersion.audience, QuestionnaireVersion.territory)
        .subquery()
    )
    return list(
        session.scalars(
            select(QuestionnaireVersion)
            .join(
                newest,
                (QuestionnaireVersion.audience == newest.c.audience)
                & (QuestionnaireVersion.territory == newest.c.territory)
                & (QuestionnaireVersion.number == newest.c.number),
            )
            .where(QuestionnaireVersion.programme_id == programme_id)
            .order_by(QuestionnaireVersion.audience, QuestionnaireVersion.territory)
            .options(defer(QuestionnaireVersion.document), defer(QuestionnaireVersion.source))
        )
    )


def published_numbers(session: Session, programme_id: int) -> list[tuple[int, str, str, int]]:
    """Every published version without its content: id, territory (FR: core), audience, number."""
    version = QuestionnaireVersion
    rows = session.execute(
        select(version.id, version.territory, version.audience, version.number)
        .where(version.programme_id == programme_id)
        .order_by(version.audience, version.territory, version.number)
    )
    return [(id_, place, audience, n) for id_, place, audience, n in rows if n is not None]


def versions_by_id(session: Session, ids: Collection[int]) -> dict[int, QuestionnaireVersion]:
    """These versions, with their content, by id."""
    found = select(QuestionnaireVersion).where(QuestionnaireVersion.id.in_(ids))
    return {row.id: row for row in session.scalars(found)}
