"""The worker's turn of the contact plan: what has fallen due is queued, batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.domain.contact import MAIL, due_on, kind_hour
from app.domain.territories import within
from app.domain.text import Text
from app.storage import contacting as stored
from app.storage import outbox
from app.storage.contacting import ContactStep
from app.storage.database import now
from app.storage.participants import AccessCode, Participant
from app.storage.waves import Wave
from app.workflows.acting import House
from app.workflows.contact_words import ZONE, Words
from app.workflows.mail import WANTED, row
from app.workflows.sample import reach_of

PURPOSE = "contact"
BATCH = 200  # people in one transaction


def queue_due(house: House, at: datetime | None = None) -> int:
    """Queue the messages of every step in force whose day has come; how many. Safe to repeat.

    Each batch is one transaction: messages, and who is written to. Where the worker dies, the
    batch is not there, and the next turn takes the same people.
    """
    moment = at or now()
    with house.database.read() as session:
        steps = [
            (step, wave, Words.of(session, house, wave))
            for step, wave in stored.running(session, moment)
            if _is_due(step, wave, moment) and _can_send(house, step)
        ]
    return sum(_step(house, step, words, moment) for step, _wave, words in steps)


def _is_due(step: ContactStep, wave: Wave, moment: datetime) -> bool:
    assert wave.opened_at is not None  # the query wants it
    opened = max(wave.opened_at, wave.opens_at).astimezone(ZONE).date()
    return due_on(opened, step.after_days) <= moment.astimezone(ZONE).date()


def _can_send(house: House, step: ContactStep) -> bool:
    return (house.mail if step.channel == MAIL else house.sms) is not None


def _step(house: House, step: ContactStep, words: Words, moment: datetime) -> int:
    places = within(words.territories.values(), step.territory)
    total = 0
    while True:
        with house.database.write() as session:
            people = stored.due(session, step, places, BATCH)
            if not people:
                return total
            _queue(house, session, step, words, people, moment)
            total += len(people)


def _queue(
    house: House,
    session: Session,
    step: ContactStep,
    words: Words,
    people: Sequence[Row[Participant, AccessCode]],
    moment: datetime,
) -> None:
    subject, text = Text.of(step.subject), Text.of(step.text)
    not_before = kind_hour(moment.astimezone(ZONE))
    messages: list[dict[str, Any]] = []
    contacts: list[dict[str, Any]] = []
    for person, code in people:
        key = f"{PURPOSE}:{step.id}:{person.id}"
        headline, body, stop = words.of_person(person, code, subject, text)
        reach = reach_of(house, person)
        content = {"to": reach["phone"], "text": body}
        if step.channel == MAIL:
            content = {"to": reach["email"], "subject": headline, "text": body, "unsubscribe": stop}
        messages.append(row(house, step.channel, PURPOSE, key, content, not_before))
        contacts.append(
            {
                "step_id": step.id,
                "participant_id": person.id,
                "channel": step.channel,
                "at": moment,
                "message_key": key,
                "job_id": None,
            }
        )
    outbox.add(session, messages)
    stored.add(session, contacts)


def still_wanted(session: Session, key: str) -> bool:
    """Asked right before a message leaves: no answer, refusal, death or wish came in between."""
    _purpose, step, person = key.split(":")
    return stored.is_wanted(session, int(step), int(person))


WANTED[PURPOSE] = still_wanted
