"""Calling people of a sample: whom next, what came of it, who calls whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.calls import LONGEST_NOTE, RESULTS, speaks_of_health
from app.domain.errors import BadInput, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.text import Text
from app.protection.sealing import seal, unseal
from app.storage import calls as stored
from app.storage import participants as sample
from app.storage.accounts import Account, holders_of
from app.storage.calls import Call
from app.storage.database import now
from app.storage.waves import wave_by_id
from app.workflows.acting import Actor, House, act, require
from app.workflows.looking import reason_of, record_look
from app.workflows.sample import contact_of, reach_of

LISTED = 50


@dataclass(frozen=True, slots=True)
class ToCall:
    """One person to call: who, the number, how often it was tried; nothing about answers."""

    reference: str
    territory: str
    audience: str
    language: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    tries: int
    next_at: datetime | None


def call_list(house: House, actor: Actor, wave_id: int) -> list[ToCall]:
    """The next fifty to call in the actor's territories; who does not invite sees their own.

    Names and numbers are opened for it, which the audit records with the reason. Raises
    ``NotFound``, ``ReasonOwed``.
    """
    scope = actor.scope(Verb.DISPOSITION_RECORD)
    if not scope:
        require(house, actor, Verb.DISPOSITION_RECORD)
    leads = bool(actor.scope(Verb.CODES_ISSUE))
    reason = reason_of(house, actor, wave_id, many=True)
    with house.database.read() as session:
        wave = wave_by_id(session, actor.programme_id, wave_id)
        if wave is None:
            raise NotFound
        if wave.state != "open":
            return []
        own = None if leads else actor.account_id or 0
        rows = stored.to_call(session, wave_id, scope, own, now(), LISTED)
        found = []
        for person, next_at, tries in rows:
            name = (*contact_of(house, person), "")[0]
            phone = reach_of(house, person)["phone"]
            found.append(
                ToCall(
                    person.reference,
                    person.territory,
                    person.audience,
                    person.language,
                    name,
                    phone,
                    tries,
                    next_at,
                )
            )
    if found:
        record_look(house, actor, wave_id, reason, "calls", [each.territory for each in found])
    return found


def record_call(
    house: House,
    actor: Actor,
    wave_id: int,
    reference: str,
    result: str,
    next_at: datetime | None = None,
    note: str = "",
) -> None:
    """Write down a call. A wrong number is not tried again.

    Raises ``BadInput`` for an unknown result or a note that is long or speaks of health,
    ``NotFound`` for a reference that is unknown or out of reach.
    """
    faults = list(_faults(result, note.strip()))
    if faults:
        raise BadInput(faults)
    scope = actor.scope(Verb.DISPOSITION_RECORD)
    with house.database.read() as session:
        wave = wave_by_id(session, actor.programme_id, wave_id)
        person = sample.by_reference(session, wave_id, [reference]).get(reference) if wave else None
    if person is None or person.territory not in scope:
        raise NotFound
    with act(
        house, actor, Verb.DISPOSITION_RECORD, person.territory, f"participant:{person.id}"
    ) as acted:
        call = Call(
            participant_id=person.id,
            at=now(),
            made_by=actor.account_id,
            result=result,
            next_at=None if result == "wrong_number" else next_at,
        )
        acted.session.add(call)
        acted.session.flush()
        if note.strip():
            call.sealed_note = seal(house.keys.sealing, note.strip(), note_place(call))
        acted.details = {"call": result}


def note_place(call: Call) -> str:
    """Where the sealed note of a call is bound to."""
    return f"call:{call.id}"


def note_of(house: House, call: Call) -> str:
    """The note, unsealed; empty where there is none."""
    if call.sealed_note is None:
        return ""
    return unseal(house.keys.sealing, call.sealed_note, note_place(call))


def _faults(result: str, note: str) -> Sequence[Fault]:
    found = []
    if result not in RESULTS:
        found.append(
            Fault(
                "result",
                Text.of(fr="Ce résultat est inconnu.", en="This result is unknown."),
                Text.of(fr="Choisissez dans la liste.", en="Choose from the list."),
            )
        )
    if len(note) > LONGEST_NOTE or not note.isprintable():
        found.append(
            Fault(
                "note",
                Text.of(fr="Cette note est trop longue.", en="This note is too long."),
                Text.of(fr="120 signes au plus.", en="At most 120 characters."),
            )
        )
    elif speaks_of_health(note):
        found.append(
            Fault(
                "note",
                Text.of(
                    fr="Cette note semble parler de santé.",
                    en="This note seems about health.",
                ),
                Text.of(
                    fr="Écrivez seulement quand et comment appeler.",
                    en="Write only when and how to call.",
                ),
            )
        )
    return found


def assign(house: House, actor: Actor, wave_id: int, territory: str, account: int | None) -> int:
    """Give everybody of a territory who has nobody yet to one field worker; how many.

    None takes back what was given. Raises ``NotFound`` for an account without the right there.
    """
    with act(house, actor, Verb.VISIT_CODE_ISSUE, territory, f"wave:{wave_id}") as acted:
        if wave_by_id(acted.session, actor.programme_id, wave_id) is None:
            raise NotFound
        if account is not None and account not in {each.id for each in workers(house, actor)}:
            raise NotFound
        given = stored.assign(acted.session, wave_id, territory, account)
        acted.details = {"people": given, "to": account or 0}
        return given


def workers(house: House, actor: Actor) -> Sequence[Account]:
    """Accounts with the role of a field worker in the programme."""
    with house.database.read() as session:
        return holders_of(session, actor.programme_id, "field_worker")
