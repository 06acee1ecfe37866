"""The help desk: somebody calls, is found by code, sheet number or name, and is helped.

It sees where an invitation stands, never an answer. Of professionals it does not even see that:
two nurses of a small town would be known. By name finds only who may open names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.calls import name_keys
from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.protection.codes import typed
from app.protection.keys import digest
from app.storage import calls as stored
from app.storage import contacted, contacting
from app.storage import participants as sample
from app.storage.calls import Call
from app.storage.database import now
from app.storage.keying import response_of
from app.storage.participants import Participant
from app.storage.waves import wave_by_id
from app.workflows.acting import Actor, House, act, require
from app.workflows.calls import note_of
from app.workflows.known_people import name_digest
from app.workflows.looking import reason_of, record_look
from app.workflows.sample import contact_of

MOST = 20
LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Found:
    """One person as the list shows them."""

    reference: str
    territory: str
    audience: str
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """Where one invitation stands. ``stage``: none, opened, consented, submitted; or hidden."""

    reference: str
    territory: str
    audience: str
    language: str
    large_print: bool
    stage: str
    disposition: str | None
    has_code: bool
    contacts: Sequence[Any]
    calls: Sequence[tuple[Call, str]]
    name: str = field(repr=False)


def search(house: House, actor: Actor, wave_id: int, words: str) -> list[Found]:
    """At most twenty people: by code (12 digits), by sheet number, or by the words of a name.

    The names of those found are shown to who may open names, and the audit records it with the
    reason. Raises ``ReasonOwed``.
    """
    scope, reason = _scope(house, actor, wave_id), reason_of(house, actor, wave_id)
    code, by_name = typed(words), _may_see_names(actor)
    with house.database.read() as session:
        people: Sequence[Participant] = ()
        if code is not None:
            one = stored.by_code(session, wave_id, digest(house.keys.lookup, code), scope)
            people = [one] if one else []
        else:
            one = sample.by_reference(session, wave_id, [words.strip()]).get(words.strip())
            people = [one] if one is not None and one.territory in scope else []
            keys = [name_digest(house.keys.lookup, wave_id, key) for key in name_keys(words)]
            if not people and keys and by_name:
                people = stored.by_name(session, wave_id, keys, scope, MOST)
    found = [
        Found(p.reference, p.territory, p.audience, _name(house, p) if by_name else "")
        for p in people
    ]
    record_look(house, actor, wave_id, reason, "search", [each.territory for each in found])
    return found


def seen(house: House, actor: Actor, wave_id: int, reference: str) -> Seen:
    """One person. Raises ``NotFound`` for a reference that is unknown or out of reach, and
    ``ReasonOwed``."""
    reason = reason_of(house, actor, wave_id, reference)
    person = _person(house, actor, wave_id, reference)
    hidden = person.audience == Audience.PROFESSIONAL
    with house.database.read() as session:
        response = response_of(session, person.id)
        stage = "none"
        if person.answered or (response and response.submitted_at):
            stage = "submitted"
        elif response is not None:
            stage = "consented" if response.consented_at else "opened"
        made = stored.calls_of(session, person.id)
        found = Seen(
            person.reference,
            person.territory,
            person.audience,
            person.language,
            person.large_print,
            "hidden" if hidden else stage,
            None if hidden else person.disposition,
            stored.live_code(session, person.id),
            contacted.of_participant(session, person.id),
            [(call, note_of(house, call)) for call in made],
            _name(house, person) if _may_see_names(actor) else "",
        )
    record_look(house, actor, wave_id, reason, "person", [person.territory], person)
    return found


def set_wishes(
    house: House,
    actor: Actor,
    wave_id: int,
    reference: str,
    *,
    language: str,
    large_print: bool,
    results: bool = False,
) -> None:
    """Language and size of what is sent from now on; ``results``: also wants to hear of them."""
    person = _person(house, actor, wave_id, reference)
    if language not in LANGUAGES:
        raise NotFound
    with act(
        house, actor, Verb.DISPOSITION_RECORD, person.territory, f"participant:{person.id}"
    ) as acted:
        row = acted.session.get_one(Participant, person.id)
        row.language, row.large_print = language, large_print
        if results:
            contacting.add_wish(acted.session, person.id, "results", now())
        acted.details = {"language": language, "large": large_print, "results": results}


def revoke(house: House, actor: Actor, wave_id: int, reference: str) -> None:
    """End the person's code; a new one can be made at any time."""
    person = _person(house, actor, wave_id, reference)
    with act(house, actor, Verb.CODES_ISSUE, person.territory, f"participant:{person.id}") as acted:
        sample.revoke_codes(acted.session, [person.id], now())
        acted.details = {"revoked": True}


def _person(house: House, actor: Actor, wave_id: int, reference: str) -> Participant:
    scope = _scope(house, actor, wave_id)
    with house.database.read() as session:
        found = sample.by_reference(session, wave_id, [reference]).get(reference)
    if found is None or found.territory not in scope:
        raise NotFound
    return found


def _scope(house: House, actor: Actor, wave_id: int) -> frozenset[str]:
    scope = actor.scope(Verb.DISPOSITION_RECORD)
    if not scope:
        require(house, actor, Verb.DISPOSITION_RECORD)
    with house.database.read() as session:
        if wave_by_id(session, actor.programme_id, wave_id) is None:
            raise NotFound
    return scope


def _may_see_names(actor: Actor) -> bool:
    return bool(actor.scope(Verb.CODES_ISSUE))


def _name(house: House, person: Participant) -> str:
    return (*contact_of(house, person), "")[0]
