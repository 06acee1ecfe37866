"""A reason before contacts are opened, asked for each wave, and with every look in the log.

It holds for an hour, and beyond for the person who is open. What speaks of one person ("somebody
called") holds for that person alone, and opens no list of people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.calls import name_keys
from app.domain.deeds import Deed
from app.domain.errors import BadInput, CovalueError, Fault, NotFound
from app.domain.looking import (
    HOLDS,
    LONGEST,
    OF_ONE_PERSON,
    OTHER,
    REASONS,
    SHORTEST,
    tells_too_much,
)
from app.domain.permissions import Verb
from app.domain.text import Text
from app.protection.keys import digest
from app.storage.accounts import StaffSession
from app.storage.audit import record
from app.storage.calls import names_somebody
from app.storage.database import now
from app.storage.participants import Participant
from app.storage.waves import wave_by_id
from app.workflows.acting import Actor, House, require
from app.workflows.known_people import name_digest


class ReasonOwed(CovalueError):
    """Nothing was opened: the reason for it is asked first."""

    code = "reason_owed"


@dataclass(frozen=True, slots=True)
class Reason:
    """One of ``REASONS``, with words of its own where it is another."""

    why: str
    words: str = ""


def given(actor: Actor, wave_id: int) -> Reason | None:
    """What this actor has last said of a wave in this sitting, whether it still holds or not."""
    told = actor.reasons.get(_of(wave_id))
    return Reason(told["why"], told["words"]) if told else None


def reason_of(
    house: House, actor: Actor, wave_id: int, reference: str = "", *, many: bool = False
) -> Reason:
    """Why this actor opens contacts of a wave now. Raises ``ReasonOwed``.

    ``reference``: whose; ``many``: a list of people, found by nobody's word.
    """
    reason, told = given(actor, wave_id), actor.reasons.get(_of(wave_id), {})
    if reason is None:
        raise ReasonOwed
    person = told.get("person")
    if reference and person == _whose(house, wave_id, reference):
        return reason
    of_another = reason.why in OF_ONE_PERSON and (many or person is not None)
    if of_another or now() - datetime.fromisoformat(told["since"]) > HOLDS:
        raise ReasonOwed
    return reason


def _of(wave_id: int) -> str:
    """Under which name a sitting keeps what was said of a wave, since when, and who is open."""
    return f"wave:{wave_id}"


def _whose(house: House, wave_id: int, reference: str) -> str:
    return digest(house.keys.lookup, f"look {wave_id} {reference}").hex()[:32]


def give_reason(house: House, actor: Actor, wave_id: int, why: str, words: str = "") -> None:
    """Say why contacts of this wave are opened, from here on.

    Raises ``BadInput`` where it is none, or words seem to name somebody; ``NotFound``.
    """
    if not actor.scope(Verb.DISPOSITION_RECORD):
        require(house, actor, Verb.DISPOSITION_RECORD)
    words = " ".join(words.split()) if why == OTHER else ""
    with house.database.read() as session:
        if wave_by_id(session, actor.programme_id, wave_id) is None:
            raise NotFound
        named = [name_digest(house.keys.lookup, wave_id, key) for key in name_keys(words)]
        names = bool(named) and names_somebody(session, wave_id, named)
    fault = _fault(why, words, names=names)
    if fault is not None:
        raise BadInput([fault])
    with house.database.write() as session:
        row = session.get(StaffSession, actor.seat)
        if row is None:
            raise NotFound
        told = {"why": why, "words": words, "since": now().isoformat()}
        row.reasons = dict(row.reasons or {}) | {_of(wave_id): told}


def record_look(
    house: House,
    actor: Actor,
    wave_id: int,
    reason: Reason,
    what: str,
    territories: Sequence[str],
    person: Participant | None = None,
) -> None:
    """Leave the entry of a look: which page, why, and of each person seen the territory.

    ``person``: who is open from here on, and is named by number. Raises ``ReasonOwed`` where the
    reason was used for another meanwhile.
    """
    said = {"words": reason.words} if reason.words else {}
    with house.database.write() as session:
        if person is not None:
            _opened(session, actor, wave_id, reason, _whose(house, wave_id, person.reference))
        record(
            session,
            actor=actor.account_id,
            origin=actor.origin,
            act=Deed.CONTACT_SEE,
            programme_id=actor.programme_id,
            territory=territories[0] if len(set(territories)) == 1 else None,
            thing=f"wave:{wave_id}" if person is None else f"participant:{person.id}",
            details={"what": what, "people": len(territories), "why": reason.why, **said},
        )


def _opened(session: Session, actor: Actor, wave_id: int, reason: Reason, person: str) -> None:
    row = session.get(StaffSession, actor.seat, with_for_update=True)
    if row is None:
        return
    known = row.reasons or {}
    told = known.get(_of(wave_id), {})
    if reason.why in OF_ONE_PERSON and told.get("person", person) != person:
        raise ReasonOwed
    row.reasons = known | {_of(wave_id): told | {"person": person}}


def _fault(why: str, words: str, *, names: bool) -> Fault | None:
    if why not in REASONS:
        return Fault("why", *_NONE)
    if why != OTHER:
        return None
    if not SHORTEST <= len(words) <= LONGEST or not words.isprintable():
        return Fault("words", *_LENGTH)
    return Fault("words", *_WHO) if names or tells_too_much(words) else None


_NONE = (
    Text.of(fr="Aucune raison n’est choisie.", en="No reason is chosen."),
    Text.of(fr="Choisissez dans la liste.", en="Choose from the list."),
)
_LENGTH = (
    Text.of(fr="Ces mots sont trop courts ou trop longs.", en="The words are too few or too many."),
    Text.of(
        fr=f"Écrivez de {SHORTEST} à {LONGEST} signes.",
        en=f"Write {SHORTEST} to {LONGEST} characters.",
    ),
)
_WHO = (
    Text.of(
        fr="Ces mots semblent dire de qui il s’agit, ou parler de santé.",
        en="The words seem to say who it is about, or to speak of health.",
    ),
    Text.of(
        fr="Dites pourquoi, sans nom, numéro, adresse ni santé.",
        en="Say why, without a name, number, address or health.",
    ),
)
