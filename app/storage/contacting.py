"""Who is written to by which step of a wave's plan, who was, and who asked not to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Row,
    Table,
    UniqueConstraint,
    and_,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.contact import MAIL, NO_CONTACT, NO_MESSAGES, STOPS
from app.storage.database import IDENTITY, PROGRAMME, Base
from app.storage.outbox import BOUNCED, REFUSED, OutgoingMessage
from app.storage.participants import AccessCode, Participant, answered, bereaved
from app.storage.waves import Wave


class ContactStep(Base):
    """One step of a wave's plan: whom, how, when, in which words. ``FR``: in every territory."""

    __tablename__ = "contact_step"
    __table_args__ = ({"schema": PROGRAMME},)

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey(Wave.id), index=True)
    territory: Mapped[str]
    audience: Mapped[str]
    channel: Mapped[str]
    kind: Mapped[str]
    after_days: Mapped[int]  # after the opening of the wave
    subject: Mapped[dict[str, Any]]
    text: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    armed_at: Mapped[datetime | None]  # in force from then on
    ended_at: Mapped[datetime | None]  # nothing more of it


class Contact(Base):
    """One person written to by one step: once, whatever happens."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("step_id", "participant_id"),
        Index("ix_contact_of_person", "participant_id", "id", "channel"),
        Index("ix_contact_message", "step_id", "message_key", "participant_id"),
        {"schema": IDENTITY},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey(ContactStep.id))
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id))
    channel: Mapped[str]
    at: Mapped[datetime]
    message_key: Mapped[str | None]  # of the message in the outbox
    job_id: Mapped[int | None] = mapped_column(index=True)  # that prints the letter


class ContactWish(Base):
    """What somebody said on the page of the link in a message; the public pages only add."""

    __tablename__ = "contact_wish"
    __table_args__ = ({"schema": IDENTITY},)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), index=True)
    wish: Mapped[str]
    at: Mapped[datetime]


def wished(*wishes: str) -> ColumnElement[bool]:
    """Whether the participant said one of these."""
    said = select(ContactWish.id).where(
        ContactWish.participant_id == Participant.id, ContactWish.wish.in_(wishes)
    )
    return said.exists()


def reachable(channel: str) -> ColumnElement[bool]:
    """Whether the participant may still be written to this way: the one rule of the plan."""
    said = Participant.disposition
    rule = (
        ~answered()
        & (said.is_(None) | said.not_in(STOPS[channel]))
        & ~bereaved()
        & ~wished(NO_CONTACT)
    )
    if channel not in (MAIL, "sms"):
        return rule
    failed = (
        select(Contact.id)
        .join(OutgoingMessage, OutgoingMessage.key == Contact.message_key)
        .where(
            Contact.participant_id == Participant.id,
            Contact.channel == channel,
            OutgoingMessage.outcome.in_((REFUSED, BOUNCED)),
        )
    )
    has = Participant.by_mail if channel == MAIL else Participant.by_sms
    return rule & has & ~wished(NO_MESSAGES) & ~failed.exists()


def _of_step(step: ContactStep, places: frozenset[str]) -> ColumnElement[bool]:
    here = select(Contact.id).where(
        Contact.step_id == step.id, Contact.participant_id == Participant.id
    )
    return and_(
        Participant.wave_id == step.wave_id,
        Participant.audience == step.audience,
        Participant.territory.in_(places),
        Participant.listed,
        AccessCode.revoked_at.is_(None),
        AccessCode.sealed.is_not(None),
        reachable(step.channel),
        ~here.exists(),
    )


def due(
    session: Session, step: ContactStep, places: frozenset[str], limit: int
) -> Sequence[Row[Participant, AccessCode]]:
    """People of these territories whom the step has still to reach, each with the live code."""
    found = (
        select(Participant, AccessCode)
        .join(AccessCode, AccessCode.participant_id == Participant.id)
        .where(_of_step(step, places))
        .order_by(Participant.id)
        .limit(limit)
    )
    return session.execute(found).all()


def count_due(session: Session, step: ContactStep, places: frozenset[str]) -> int:
    """How many people ``due`` would give in all."""
    counted = (
        select(func.count())
        .select_from(Participant)
        .join(AccessCode, AccessCode.participant_id == Participant.id)
        .where(_of_step(step, places))
    )
    return session.scalar(counted) or 0


def is_wanted(session: Session, step_id: int, participant_id: int) -> bool:
    """Whether a message that waits may still leave: the step stands, the wave takes answers."""
    step = session.get(ContactStep, step_id)
    if step is None or step.ended_at is not None:
        return False
    found = (
        select(Participant.id)
        .join(Wave, Wave.id == Participant.wave_id)
        .where(Participant.id == participant_id, Wave.closed_at.is_(None), reachable(step.channel))
    )
    return session.scalar(found) is not None


def add(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write down who is written to, from mappings of columns."""
    if rows:
        table = Contact.__table__
        assert isinstance(table, Table)  # it is one
        session.execute(insert(table), list(rows))


def add_wish(session: Session, participant_id: int, wish: str, at: datetime) -> None:
    """Write down what somebody asked for; nothing is read."""
    table = ContactWish.__table__
    assert isinstance(table, Table)  # it is one
    values = {"participant_id": participant_id, "wish": wish, "at": at}
    session.execute(insert(table).values(values).inline())


def steps_of(session: Session, wave_id: int, places: frozenset[str]) -> Sequence[ContactStep]:
    """The plan of a wave as these territories see it, in the order of time."""
    found = select(ContactStep).where(
        ContactStep.wave_id == wave_id, ContactStep.territory.in_(places)
    )
    order = (ContactStep.audience, ContactStep.after_days, ContactStep.id)
    return session.scalars(found.order_by(*order)).all()


def step_by_id(
    session: Session, wave_id: int, step_id: int, *, lock: bool = False
) -> ContactStep | None:
    """One step of a wave."""
    found = select(ContactStep).where(ContactStep.id == step_id, ContactStep.wave_id == wave_id)
    return session.scalar(found.with_for_update() if lock else found)


def running(session: Session, at: datetime) -> Sequence[Row[ContactStep, Wave]]:
    """Steps in force of waves that take answers, whose messages leave by themselves."""
    found = (
        select(ContactStep, Wave)
        .join(Wave, Wave.id == ContactStep.wave_id)
        .where(
            ContactStep.armed_at.is_not(None),
            ContactStep.ended_at.is_(None),
            ContactStep.channel != "letter",
            Wave.opened_at.is_not(None),
            Wave.closed_at.is_(None),
            Wave.closes_at > at,
        )
        .order_by(ContactStep.id)
    )
    return session.execute(found).all()


def outcomes(
    session: Session, wave_id: int, places: frozenset[str]
) -> dict[int, dict[str | None, int]]:
    """Number of people by step and by outcome of the message (None: it waits; letter: printed)."""
    counted = (
        select(Contact.step_id, Contact.channel, OutgoingMessage.outcome, func.count())
        .join(Participant, Participant.id == Contact.participant_id)
        .outerjoin(OutgoingMessage, OutgoingMessage.key == Contact.message_key)
        .where(Participant.wave_id == wave_id, Participant.territory.in_(places))
        .group_by(Contact.step_id, Contact.channel, OutgoingMessage.outcome)
    )
    found: dict[int, dict[str | None, int]] = {}
    for step, channel, outcome, count in session.execute(counted):
        found.setdefault(step, {})["printed" if channel == "letter" else outcome] = count
    return found


def doubtful(
    session: Session, wave_id: int, places: frozenset[str], outcomes_: Sequence[str]
) -> Sequence[int]:
    """Ids of messages to people of these territories that nobody knows to have left."""
    found = (
        select(OutgoingMessage.id)
        .join(Contact, Contact.message_key == OutgoingMessage.key)
        .join(Participant, Participant.id == Contact.participant_id)
        .where(
            Participant.wave_id == wave_id,
            Participant.territory.in_(places),
            OutgoingMessage.outcome.in_(outcomes_),
        )
    )
    return session.scalars(found.order_by(OutgoingMessage.id)).all()


def of_batch(
    session: Session, job_id: int, limit_to: frozenset[str]
) -> Sequence[Row[Participant, AccessCode]]:
    """People whose letters a job prints, with their live codes; who has answered since is out."""
    found = (
        select(Participant, AccessCode)
        .join(Contact, Contact.participant_id == Participant.id)
        .join(AccessCode, AccessCode.participant_id == Participant.id)
        .where(
            Contact.job_id == job_id,
            Participant.territory.in_(limit_to),
            AccessCode.revoked_at.is_(None),
            AccessCode.sealed.is_not(None),
            reachable("letter"),
        )
        .order_by(Participant.id)
    )
    return session.execute(found).all()


def batches(session: Session, step_id: int, places: frozenset[str]) -> Sequence[Any]:
    """Letters of a step that were asked for: job, territory, when, how many."""
    found = (
        select(Contact.job_id, Participant.territory, func.min(Contact.at), func.count())
        .join(Participant, Participant.id == Contact.participant_id)
        .where(
            Contact.step_id == step_id,
            Contact.job_id.is_not(None),
            Participant.territory.in_(places),
        )
        .group_by(Contact.job_id, Participant.territory)
        .order_by(Contact.job_id)
    )
    return session.execute(found).all()
