"""What tells early that a collection goes wrong: silence, messages that come back, keying, where
people leave, who is there twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session, aliased

from app.storage.calls import NameKey
from app.storage.contacting import Contact
from app.storage.keying import KeyedEntry
from app.storage.outbox import BOUNCED, REFUSED, SENT, OutgoingMessage
from app.storage.participants import Participant
from app.storage.responses import Response, SaveKey
from app.storage.scope import within_scope

Place = tuple[str, str]  # territory, audience


def last_sent(session: Session, wave_id: int, territories: frozenset[str]) -> dict[Place, datetime]:
    """When the last answers of each audience of each territory were sent."""
    found = (
        select(Response.territory, Response.audience, func.max(Response.submitted_at))
        .where(Response.wave_id == wave_id, Response.submitted_at.is_not(None))
        .group_by(Response.territory, Response.audience)
    )
    rows = session.execute(within_scope(found, Response.territory, territories))
    return {(territory, audience): at for territory, audience, at in rows if at is not None}


def messages(
    session: Session, wave_id: int, territories: frozenset[str]
) -> dict[str, tuple[int, int]]:
    """By territory: messages that left, and those of them that came back or were refused."""
    back = func.sum(case((OutgoingMessage.outcome.in_((BOUNCED, REFUSED)), 1), else_=0))
    found = (
        select(Participant.territory, func.count(), back)
        .select_from(Contact)
        .join(Participant, Participant.id == Contact.participant_id)
        .join(OutgoingMessage, OutgoingMessage.key == Contact.message_key)
        .where(
            Participant.wave_id == wave_id,
            OutgoingMessage.outcome.in_((SENT, BOUNCED, REFUSED)),
        )
        .group_by(Participant.territory)
    )
    rows: Any = session.execute(within_scope(found, Participant.territory, territories))
    return {territory: (count, int(gone or 0)) for territory, count, gone in rows}


def keyed_twice(
    session: Session, wave_id: int, territories: frozenset[str]
) -> dict[str, tuple[int, int]]:
    """By territory: entries keyed by two people, and those in which they differed."""
    found = (
        select(
            KeyedEntry.territory,
            func.coalesce(func.sum(KeyedEntry.compared), 0),
            func.coalesce(func.sum(KeyedEntry.differing), 0),
        )
        .where(KeyedEntry.wave_id == wave_id)
        .group_by(KeyedEntry.territory)
    )
    rows: Any = session.execute(within_scope(found, KeyedEntry.territory, territories))
    return {territory: (int(compared), int(differing)) for territory, compared, differing in rows}


def left_at(
    session: Session, wave_id: int, territories: frozenset[str], before: datetime
) -> Sequence[Row[str, int, str | None, int]]:
    """Where answers that were begun and not sent were left: audience, instrument, the page that
    was to come next (None: the first one), people. Not touched since ``before``.
    """
    begun = (
        select(Response.id, Response.audience, Response.instrument_id, func.max(SaveKey.id))
        .outerjoin(SaveKey, SaveKey.response_id == Response.id)
        .where(
            Response.wave_id == wave_id,
            Response.consented_at.is_not(None),
            Response.submitted_at.is_(None),
            Response.withdrawn_at.is_(None),
            Response.superseded_by.is_(None),
            Response.saved_at < before,
        )
        .group_by(Response.id, Response.audience, Response.instrument_id)
    )
    last = within_scope(begun, Response.territory, territories).subquery()
    _, audience, instrument, save = last.c
    found = (
        select(audience, instrument, SaveKey.goes_to, func.count())
        .outerjoin(SaveKey, SaveKey.id == save)
        .group_by(audience, instrument, SaveKey.goes_to)
    )
    return session.execute(found).all()


def there_twice(
    session: Session, wave_id: int, territories: frozenset[str], limit: int
) -> Sequence[Row[bytes, str, str, str]]:
    """People whose name and address somebody else of the sample has: digest, reference, territory,
    audience; those of one digest together.
    """
    here = (
        select(NameKey.digest)
        .join(Participant, Participant.id == NameKey.participant_id)
        .where(NameKey.wave_id == wave_id, NameKey.whole)
        .group_by(NameKey.digest)
        .having(func.count() > 1)
    )
    several = within_scope(here, Participant.territory, territories).order_by(NameKey.digest)
    found = (
        select(NameKey.digest, Participant.reference, Participant.territory, Participant.audience)
        .join(Participant, Participant.id == NameKey.participant_id)
        .where(
            NameKey.wave_id == wave_id,
            NameKey.whole,
            NameKey.digest.in_(several.limit(limit)),
        )
        .order_by(NameKey.digest, Participant.id)
    )
    return session.execute(within_scope(found, Participant.territory, territories)).all()


def there_before(
    session: Session, wave_id: int, territories: frozenset[str]
) -> Sequence[Row[int, str, int]]:
    """How many of the sample, by territory, are in another wave too: wave, territory, people."""
    other, before = aliased(NameKey), aliased(Participant)
    found = (
        select(other.wave_id, Participant.territory, func.count(NameKey.participant_id.distinct()))
        .join(Participant, Participant.id == NameKey.participant_id)
        .join(other, (other.digest == NameKey.digest) & (other.wave_id != wave_id))
        .join(before, before.id == other.participant_id)
        .where(NameKey.wave_id == wave_id, NameKey.whole, other.whole)
        .group_by(other.wave_id, Participant.territory)
        .order_by(other.wave_id, Participant.territory)
    )
    found = within_scope(found, Participant.territory, territories)
    return session.execute(within_scope(found, before.territory, territories)).all()
