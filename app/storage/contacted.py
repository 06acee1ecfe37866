"""What one person of a sample was sent, and taking all of it away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.storage.contacting import Contact, ContactStep, ContactWish
from app.storage.outbox import OutgoingMessage


def of_participant(session: Session, participant_id: int) -> Sequence[Any]:
    """What a person was sent: kind, channel, when, outcome; no text, no address."""
    found = (
        select(ContactStep.kind, Contact.channel, Contact.at, OutgoingMessage.outcome)
        .join(ContactStep, ContactStep.id == Contact.step_id)
        .outerjoin(OutgoingMessage, OutgoingMessage.key == Contact.message_key)
        .where(Contact.participant_id == participant_id)
        .order_by(Contact.id)
    )
    return session.execute(found).all()


def forget(session: Session, participant_id: int, *others: Any) -> None:
    """Remove what was written to a person and what they wished, messages included.

    ``others``: tables about the same person that go with it.
    """
    keys = select(Contact.message_key).where(
        Contact.participant_id == participant_id, Contact.message_key.is_not(None)
    )
    session.execute(delete(OutgoingMessage).where(OutgoingMessage.key.in_(keys)))
    for table in (Contact, ContactWish, *others):
        session.execute(delete(table).where(table.participant_id == participant_id))
