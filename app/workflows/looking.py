"""A reason before contacts are opened: once a sitting and wave, and with every look in the log."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.calls import name_keys
from app.domain.errors import BadInput, CovalueError, Fault, NotFound
from app.domain.looking import LONGEST, OTHER, REASONS, SHORTEST, tells_too_much
from app.domain.permissions import Verb
from app.domain.text import Text
from app.storage.accounts import StaffSession
from app.storage.audit import record
from app.storage.calls import names_somebody
from app.storage.waves import wave_by_id
from app.workflows.acting import Actor, House, require
from app.workflows.known_people import name_digest

LOOK = "contact.see"


class ReasonOwed(CovalueError):
    """Nothing was opened: the reason for it is asked first."""

    code = "reason_owed"


@dataclass(frozen=True, slots=True)
class Reason:
    """One of ``REASONS``, with words of its own where it is another."""

    why: str
    words: str = ""


def reason_of(actor: Actor, wave_id: int) -> Reason:
    """Why this actor opens contacts of a wave in this sitting. Raises ``ReasonOwed``."""
    told = actor.reasons.get(str(wave_id))
    if told is None:
        raise ReasonOwed
    return Reason(*told)


def give_reason(house: House, actor: Actor, wave_id: int, why: str, words: str = "") -> None:
    """Say why contacts of this wave are opened, from here to the end of the sitting.

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
        row.reasons = dict(row.reasons or {}) | {str(wave_id): [why, words]}


def record_look(
    house: House, actor: Actor, wave_id: int, reason: Reason, people: int, what: str
) -> None:
    """Leave the entry of a look: which page, how many people, why."""
    said = {"words": reason.words} if reason.words else {}
    with house.database.write() as session:
        record(
            session,
            actor=actor.account_id,
            origin=actor.origin,
            act=LOOK,
            programme_id=actor.programme_id,
            thing=f"wave:{wave_id}",
            details={"what": what, "people": people, "why": reason.why, **said},
        )


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
