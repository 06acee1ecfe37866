"""Bulk writing of made-up responses; the demonstration is its only caller."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.storage.participants import AccessCode, Participant
from app.storage.responses import Response


def people_of(session: Session, wave_id: int) -> Sequence[Participant]:
    """Every participant of the wave, in the order of the sample."""
    return session.scalars(
        select(Participant).where(Participant.wave_id == wave_id).order_by(Participant.id)
    ).all()


def add_responses(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert responses from mappings of columns."""
    if rows:
        session.execute(insert(Response), list(rows))


def set_dispositions(session: Session, by_person: Mapping[int, str], at: datetime) -> None:
    """Give participants a disposition."""
    for person, disposition in by_person.items():
        session.execute(
            update(Participant)
            .where(Participant.id == person)
            .values(disposition=disposition, disposition_at=at)
        )


def unused_codes(
    session: Session, wave_id: int, territory: str
) -> Iterator[tuple[str, AccessCode]]:
    """For each audience, the live code of one participant who has not begun."""
    begun = select(Response.participant_id).where(Response.participant_id.is_not(None))
    rows = session.execute(
        select(AccessCode, Participant.audience)
        .join(Participant, Participant.id == AccessCode.participant_id)
        .where(
            Participant.wave_id == wave_id,
            Participant.territory == territory,
            Participant.id.not_in(begun),
            Participant.disposition.is_(None),
            Participant.language == "fr",
            AccessCode.revoked_at.is_(None),
            AccessCode.sealed.is_not(None),
        )
        .order_by(Participant.id)
    )
    seen: set[str] = set()
    for code, audience in rows:
        if audience not in seen:
            seen.add(audience)
            yield audience, code
