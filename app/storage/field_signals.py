"""What tells early that a collection goes wrong: silence, messages that come back, keying, where
people leave, who is there twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, false, func, select
from sqlalchemy.orm import Session, aliased

from app.storage.calls import NameKey
from app.storage.contacting import Contact, ContactStep
from app.storage.keying import KeyedEntry
from app.storage.outbox import BOUNCED, REFUSED, SENT, OutgoingMessage
from app.storage.participants import Participant
from app.storage.responses import Response, SaveKey
from app.storage.scope import within_scope


def messages(
    session: Session, wave_id: int, territories: frozenset[str]
) -> dict[str, tuple[int, int]]:
    """By territory: messages that left, and those of them that came back or were refused."""
    back = func.sum(case((OutgoingMessage.outcome.in_((BOUNCED, REFUSED)), 1), else_=0))
    found = (
        select(Participant.territory, func.count(), back)
        .select_from(ContactStep)
        .join(Contact, (Contact.step_id == ContactStep.id) & Contact.message_key.is_not(None))
        .join(OutgoingMessage, OutgoingMessage.key == Contact.message_key)
        .join(Participant, Participant.id == Contact.participant_id)
        .where(
            ContactStep.wave_id == wave_id,
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
    here, other = aliased(NameKey), aliased(NameKey)
    pairs = (  # distinct: found before anybody is looked up
        select(here.participant_id, other.wave_id, other.participant_id.label("before"))
        .join(other, (other.digest == here.digest) & (other.wave_id != here.wave_id))
        # Not the plain column: it goes from the people of this wave to those of others.
        .where(here.wave_id == wave_id, here.whole, func.coalesce(other.whole, false()))
        .distinct()
        .subquery()
    )
    before = aliased(Participant)
    found = (
        select(
            pairs.c.wave_id, Participant.territory, func.count(pairs.c.participant_id.distinct())
        )
        .select_from(pairs)
        .join(Participant, Participant.id == pairs.c.participant_id)
        .join(before, before.id == pairs.c.before)
        .group_by(pairs.c.wave_id, Participant.territory)
        .order_by(pairs.c.wave_id, Participant.territory)
    )
    found = within_scope(found, Participant.territory, territories)
    return session.execute(within_scope(found, before.territory, territories)).all()
