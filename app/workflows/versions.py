"""Rows of versions: the same few steps for questionnaires, modules and frameworks."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.frameworks import Framework
from app.domain.territories import NATION
from app.storage.database import now
from app.storage.frameworks import (
    FrameworkVersion,
    frameworks,
    latest_framework,
    published_nationals,
)
from app.storage.surveys import QuestionnaireVersion, latest_questionnaire, questionnaires
from app.workflows.examining import Examined

Version = QuestionnaireVersion | FrameworkVersion


def latest_of(session: Session, programme_id: int, audience: str, territory: str) -> Version | None:
    """The latest published version; without an audience, of a framework."""
    if audience:
        return latest_questionnaire(session, programme_id, audience, territory)
    return latest_framework(session, programme_id, territory)


def same_draft(session: Session, programme_id: int, examined: Examined) -> Version | None:
    """The draft that says exactly this already."""
    here = frozenset({examined.territory})
    rows: list[Version] = (
        [*questionnaires(session, programme_id, here)]
        if examined.audience
        else [*frameworks(session, programme_id, here)]
    )
    found = (row for row in rows if row.number is None and row.checksum == examined.checksum)
    return next(found, None)


def new_version(
    session: Session, programme_id: int, examined: Examined, source: str, author: int | None
) -> Version:
    """A draft row of what was examined, added to the session and based on the latest version."""
    row: Version
    if isinstance(examined.thing, Framework):
        row = FrameworkVersion(code=examined.thing.code)
    else:
        row = QuestionnaireVersion(audience=examined.audience)
    row.programme_id = programme_id
    row.territory = examined.territory
    row.created_by = author
    row.note = ""
    fill_version(session, row, examined, source)
    session.add(row)
    return row


def fill_version(session: Session, row: Version, examined: Examined, source: str) -> None:
    """Put what was examined into a draft row, pinned to the latest versions around it."""
    latest = latest_of(session, row.programme_id, examined.audience, examined.territory)
    row.document = examined.document
    row.source = source
    row.checksum = examined.checksum
    row.based_on = latest.number if latest else None
    row.created_at = now()
    if isinstance(row, FrameworkVersion):
        row.national_id = _national_id(session, row.programme_id, examined)
    elif examined.territory != NATION:
        core = latest_questionnaire(session, row.programme_id, examined.audience)
        row.core_id = core.id if core else None


def _national_id(session: Session, programme_id: int, examined: Examined) -> int | None:
    assert isinstance(examined.thing, Framework)
    if examined.thing.extends is None:
        return None
    number = examined.thing.extends[1]
    pinned = [row.id for row in published_nationals(session, programme_id) if row.number == number]
    return pinned[0] if pinned else None
