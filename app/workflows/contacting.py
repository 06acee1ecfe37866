"""The contact plan of a wave: its steps, put in force by a person, carried out by the worker.

Who is written to is written down in the same transaction as the message (or with the job that
prints the letter): a crash leaves either both or neither, and the next turn goes on with the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain import contact
from app.domain.contact import LETTER, MAIL
from app.domain.errors import BadInput, Conflict, NotFound
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.domain.territories import NATION, within
from app.domain.text import Text
from app.storage import contacting as stored
from app.storage import outbox
from app.storage.contacting import ContactStep
from app.storage.database import now
from app.storage.waves import Wave, wave_by_id
from app.workflows import jobs
from app.workflows.acting import Actor, House, act, require
from app.workflows.contact_words import Words
from app.workflows.sample import new_generation


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step as it is filled in."""

    territory: str
    audience: str
    channel: str
    kind: str
    after_days: int
    subject: Text
    text: Text


def add_step(house: House, actor: Actor, wave_id: int, new: NewStep) -> int:
    """Write a step down; nothing is sent before it is put in force. Its id.

    Raises ``BadInput`` with every fault, ``NotFound``, ``NotAllowed``, ``Conflict``.
    """
    if (
        new.channel not in contact.CHANNELS
        or new.kind not in contact.KINDS
        or new.audience not in set(Audience)
        or new.territory not in actor.territories
    ):
        raise NotFound
    faults = list(contact.step_faults(new.channel, new.after_days, new.subject, new.text))
    if faults:
        raise BadInput(faults)
    with act(house, actor, Verb.CONTACT_PLAN, new.territory, f"wave:{wave_id}") as acted:
        _going_on(acted.session, actor, wave_id)
        step = ContactStep(
            wave_id=wave_id,
            territory=new.territory,
            audience=new.audience,
            channel=new.channel,
            kind=new.kind,
            after_days=new.after_days,
            subject=new.subject.as_dict(),
            text=new.text.as_dict(),
            made_at=now(),
            made_by=actor.account_id,
        )
        acted.session.add(step)
        acted.session.flush()
        acted.details = {"did": "add", "step": step.id, "channel": new.channel}
        return step.id


def set_in_force(house: House, actor: Actor, wave_id: int, step_id: int) -> None:
    """From now on the step's messages leave by themselves when their day has come.

    Raises ``Conflict`` where no server or gateway is set, or the step has ended.
    """
    with _changing(house, actor, wave_id, step_id, "in_force") as (session, step):
        _going_on(session, actor, wave_id)
        if step.ended_at is not None:
            raise Conflict(_ENDED)
        if (step.channel == MAIL and house.mail is None) or (
            step.channel == contact.SMS and house.sms is None
        ):
            raise Conflict(_NO_SERVER)
        step.armed_at = step.armed_at or now()


def end_step(house: House, actor: Actor, wave_id: int, step_id: int) -> None:
    """Nothing more of this step; what waits in the outbox does not leave either."""
    with _changing(house, actor, wave_id, step_id, "end") as (_session, step):
        step.ended_at = step.ended_at or now()


@contextmanager
def _changing(
    house: House, actor: Actor, wave_id: int, step_id: int, did: str
) -> Iterator[tuple[Session, ContactStep]]:
    """An act on one step, in the step's own territory."""
    with house.database.read() as session:
        seen = stored.step_by_id(session, wave_id, step_id)
        if seen is None or wave_by_id(session, actor.programme_id, wave_id) is None:
            raise NotFound
    with act(house, actor, Verb.CONTACT_PLAN, seen.territory, f"wave:{wave_id}") as acted:
        acted.details = {"did": did, "step": step_id}
        step = stored.step_by_id(acted.session, wave_id, step_id, lock=True)
        assert step is not None  # steps are ended, never removed
        yield acted.session, step


def _going_on(session: Session, actor: Actor, wave_id: int) -> Wave:
    wave = wave_by_id(session, actor.programme_id, wave_id)
    if wave is None:
        raise NotFound
    if wave.state == "closed":
        raise Conflict(Text.of(fr="Cette vague est close.", en="This wave is closed."))
    return wave


@dataclass(frozen=True, slots=True)
class StepSeen:
    """A step with what came of it among the people of the actor's territories."""

    step: ContactStep
    due: int  # people whom it has still to reach
    outcomes: dict[str | None, int]


def plan(house: House, actor: Actor, wave_id: int) -> list[StepSeen]:
    """The steps that the actor's territories have, in the order of time."""
    scope = actor.scope(Verb.FIELDWORK_VIEW)
    if not scope:
        require(house, actor, Verb.FIELDWORK_VIEW)
    with house.database.read() as session:
        if wave_by_id(session, actor.programme_id, wave_id) is None:
            raise NotFound
        outcomes = stored.outcomes(session, wave_id, scope)
        return [
            StepSeen(
                step,
                stored.count_due(session, step, places_of(actor, step, scope)),
                outcomes.get(step.id, {}),
            )
            for step in stored.steps_of(session, wave_id, scope | {NATION})
        ]


def step_seen(house: House, actor: Actor, wave_id: int, step_id: int) -> StepSeen:
    """One of them. Raises ``NotFound``."""
    found = [seen for seen in plan(house, actor, wave_id) if seen.step.id == step_id]
    if not found:
        raise NotFound
    return found[0]


def places_of(actor: Actor, step: ContactStep, scope: frozenset[str]) -> frozenset[str]:
    """The territories of a step that lie within ``scope``."""
    return within(actor.territories.values(), step.territory) & scope


def print_step(house: House, actor: Actor, wave_id: int, step_id: int, territory: str) -> int:
    """Start the printing of a letter step for one territory; the job's id.

    Everybody whom the step has still to reach is written down with the job: pressing twice prints
    nobody twice. A reminder gives each of them a new code, and the one before ends. Raises
    ``Conflict`` where nobody is left, the step is not in force or is not a letter.
    """
    if territory == NATION or territory not in actor.territories:
        raise NotFound
    with act(house, actor, Verb.LETTERS_PRINT, territory, f"wave:{wave_id}") as acted:
        session = acted.session
        _going_on(session, actor, wave_id)
        step = stored.step_by_id(session, wave_id, step_id, lock=True)
        if step is None or territory not in places_of(actor, step, frozenset(actor.territories)):
            raise NotFound
        if step.channel != LETTER or step.armed_at is None or step.ended_at is not None:
            raise Conflict(_ENDED)
        people = [
            person.id for person, _ in stored.due(session, step, frozenset([territory]), 200_000)
        ]
        if not people:
            raise Conflict(_NOBODY)
        if step.kind == contact.REMINDER:
            new_generation(house, session, people)
        arguments = {"wave": wave_id, "audience": step.audience, "step": step.id}
        job_id = jobs.start(house, actor, "letters", arguments, territory, session=session)
        at = now()
        stored.add(
            session,
            [
                {
                    "step_id": step.id,
                    "participant_id": person,
                    "channel": LETTER,
                    "at": at,
                    "message_key": None,
                    "job_id": job_id,
                }
                for person in people
            ],
        )
        acted.details = {"step": step.id, "letters": len(people)}
        return job_id


def print_again(house: House, actor: Actor, wave_id: int, step_id: int, batch: int) -> int:
    """Print a batch once more, with the same codes; who has answered since is left out."""
    with house.database.read() as session:
        known = {
            job: territory
            for job, territory, _, _ in stored.batches(
                session, step_id, actor.scope(Verb.LETTERS_PRINT)
            )
        }
        step = stored.step_by_id(session, wave_id, step_id)
    if batch not in known or step is None:
        raise NotFound
    with act(house, actor, Verb.LETTERS_PRINT, known[batch], f"wave:{wave_id}") as acted:
        _going_on(acted.session, actor, wave_id)
        arguments = {"wave": wave_id, "audience": step.audience, "step": step_id, "batch": batch}
        acted.details = {"step": step_id, "again": batch}
        return jobs.start(house, actor, "letters", arguments, known[batch], session=acted.session)


def batches(house: House, actor: Actor, step_id: int) -> Sequence[tuple[int, str, str, int]]:
    """The batches of letters of a step in the actor's territories: job, place, when, how many."""
    with house.database.read() as session:
        return [
            (job, territory, f"{at:%d/%m/%Y}", count)
            for job, territory, at, count in stored.batches(
                session, step_id, actor.scope(Verb.LETTERS_PRINT)
            )
        ]


def preview(
    house: House, actor: Actor, wave_id: int, step: ContactStep | NewStep
) -> dict[str, tuple[str, str]]:
    """Subject and text in each language, as a made-up person of the territory would get them."""
    with house.database.read() as session:
        wave = wave_by_id(session, actor.programme_id, wave_id)
        if wave is None:
            raise NotFound
        words = Words.of(session, house, wave)
    place = step.territory
    if place == NATION:
        place = next((code for code in actor.territories if code != NATION), NATION)
    subject, text = _text(step.subject), _text(step.text)
    return {language: words.made_up(place, language, subject, text) for language in ("fr", "en")}


def _text(said: Text | dict[str, str]) -> Text:
    return said if isinstance(said, Text) else Text.of(said)


def settle(house: House, actor: Actor, wave_id: int, *, again: bool) -> int:
    """Decide about messages that may or may not have left: send them again, or not. How many."""
    scope = actor.scope(Verb.CONTACT_PLAN)
    if not scope:
        require(house, actor, Verb.CONTACT_PLAN)
    place = NATION if NATION in scope else sorted(scope)[0]
    with act(house, actor, Verb.CONTACT_PLAN, place, f"wave:{wave_id}") as acted:
        found = stored.doubtful(acted.session, wave_id, scope, outbox.AGAIN)
        for message in found:
            if again:
                outbox.send_again(acted.session, message, now())
            else:
                outbox.end(acted.session, message, now(), outbox.SENT)
        acted.details = {"did": "again" if again else "leave", "messages": len(found)}
        return len(found)


_ENDED = Text.of(
    fr="Cette étape n’est pas en vigueur, ou elle est finie.",
    en="This step is not in force, or it has ended.",
)
_NO_SERVER = Text.of(
    fr="Aucun serveur de messages n’est réglé. Demandez à qui exploite le service.",
    en="No server for such messages is set. Ask whoever operates the service.",
)
_NOBODY = Text.of(
    fr="Cette étape ne doit plus atteindre personne ici.",
    en="There is nobody here whom this step has still to reach.",
)
