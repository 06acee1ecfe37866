"""Responses that arrive complete: those already there, and many new ones at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import String, Table, bindparam, insert, select
from sqlalchemy.orm import Session

from app.storage.participants import BATCH, Participant
from app.storage.responses import Response


def by_digest(session: Session, digests: Sequence[bytes]) -> dict[bytes, Response]:
    """The responses that were imported under one of these digests."""
    found: dict[bytes, Response] = {}
    for start in range(0, len(digests), BATCH):
        batch = digests[start : start + BATCH]
        rows = session.scalars(select(Response).where(Response.secret_digest.in_(batch)))
        found |= {row.secret_digest: row for row in rows}
    return found


def answered(session: Session, participants: Sequence[int]) -> frozenset[int]:
    """Which of these participants have a response already."""
    found: set[int] = set()
    for start in range(0, len(participants), BATCH):
        batch = participants[start : start + BATCH]
        rows = session.scalars(
            select(Response.participant_id).where(Response.participant_id.in_(batch))
        )
        found.update(number for number in rows if number is not None)
    return frozenset(found)


# The person is looked up by the database: ids of new people are never read back.
_PERSON = (
    select(Participant.id)
    .where(Participant.wave_id == bindparam("of_wave"))
    .where(Participant.reference == bindparam("of_person", type_=String()))
    .scalar_subquery()
)
_AT = bindparam("at", type_=Response.__table__.c.submitted_at.type)
_ADD = insert(cast(Table, Response.__table__)).values(
    participant_id=_PERSON,
    consented_at=_AT,  # who brings the file answers for the consent given on paper
    started_at=_AT,
    submitted_at=_AT,
)


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert responses from mappings of columns; ``of_person``, ``of_wave``: whose.

    ``at``: when they were answered.
    """
    if rows:
        session.connection().execute(_ADD, list(rows))
