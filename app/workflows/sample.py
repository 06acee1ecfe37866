"""The people of a wave's sample: their access codes, and their contact, sealed and opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, NotFound
from app.domain.permissions import Verb
from app.domain.text import Text
from app.protection.codes import code_place, new_code
from app.protection.keys import digest
from app.protection.sealing import seal, unseal
from app.storage import participants as stored
from app.storage.audit import record
from app.storage.database import now
from app.storage.participants import Participant
from app.storage.waves import Wave, wave_by_id
from app.workflows.acting import Actor, House, require

BATCH = 2000  # codes made in one transaction


def issue_codes(house: House, actor: Actor, wave_id: int) -> int:
    """Give a code to everybody in the actor's territories who never had one; how many.

    Only the digest and the sealed printable form are kept. In batches: an interruption leaves
    whole codes, and calling again goes on.
    """
    scope = actor.scope(Verb.CODES_ISSUE)
    if not scope:
        require(house, actor, Verb.CODES_ISSUE)
    total = 0
    while True:
        with house.database.write() as session:
            taking_people(session, actor, wave_id)
            people = stored.without_code(session, wave_id, scope, BATCH)
            if not people:
                break
            _give_codes(house, session, dict.fromkeys(people, 1))
            total += len(people)
            _record(session, actor, Verb.CODES_ISSUE, wave_id, {"codes": len(people)})
    return total


def reissue_codes(house: House, actor: Actor, wave_id: int, references: Sequence[str]) -> int:
    """End the codes of these participants and give them new ones (the next generation).

    Raises ``NotFound`` where a reference is unknown or not in the actor's territories.
    """
    scope = actor.scope(Verb.CODES_ISSUE)
    with house.database.write() as session:
        taking_people(session, actor, wave_id)
        found = stored.by_reference(session, wave_id, references)
        people = [row.id for row in found.values() if row.territory in scope]
        if not people or len(people) != len(set(references)):
            raise NotFound
        new_generation(house, session, people)
        _record(session, actor, Verb.CODES_ISSUE, wave_id, {"codes": len(people), "again": True})
    return len(people)


def new_generation(house: House, session: Session, people: Sequence[int]) -> None:
    """End the codes of these participants and give each a new one."""
    generations = stored.last_generations(session, people)
    stored.revoke_codes(session, people, now())
    _give_codes(house, session, {id_: generations.get(id_, 0) + 1 for id_ in people})


def contact_of(house: House, person: Participant) -> tuple[str, ...]:
    """Name and lines of the address, unsealed; empty where none was given."""
    if person.sealed_contact is None:
        return ()
    place_ = contact_place(person.wave_id, person.reference)
    return tuple(orjson.loads(unseal(house.keys.sealing, person.sealed_contact, place_)))


def reach_of(house: House, person: Participant) -> dict[str, str]:
    """E-mail and telephone, unsealed; empty where none was given."""
    found = {"email": "", "phone": ""}
    if person.sealed_reach is not None:
        place_ = reach_place(person.wave_id, person.reference)
        found |= orjson.loads(unseal(house.keys.sealing, person.sealed_reach, place_))
    return found


def reach_place(wave_id: int, reference: str) -> str:
    """Where a sealed e-mail and telephone are bound to."""
    return f"participant.reach:{wave_id}:{reference}"


def sealed_contact(
    house: House, wave_id: int, reference: str, contact: tuple[str, ...]
) -> bytes | None:
    """Name and address as they are kept; None where there is none."""
    if not contact:
        return None
    text = orjson.dumps(contact).decode()
    return seal(house.keys.sealing, text, contact_place(wave_id, reference))


def sealed_reach(
    house: House, wave_id: int, reference: str, email: str, phone: str
) -> bytes | None:
    """E-mail and telephone as they are kept; None where there is neither."""
    if not email and not phone:
        return None
    text = orjson.dumps({"email": email, "phone": phone}).decode()
    return seal(house.keys.sealing, text, reach_place(wave_id, reference))


def contact_place(wave_id: int, reference: str) -> str:
    """Where a sealed name and address are bound to."""
    return f"participant:{wave_id}:{reference}"


def _give_codes(house: House, session: Session, generations: dict[int, int]) -> None:
    """Draw codes that nobody has, and keep digest and sealed form. By participant: generation."""
    drawn: dict[bytes, str] = {}
    while len(drawn) < len(generations):
        for _ in range(len(generations) - len(drawn)):
            code = new_code()
            drawn[digest(house.keys.lookup, code)] = code
        for taken in stored.digests_taken(session, drawn.keys()):
            del drawn[taken]
    at = now()
    key = house.keys.sealing
    stored.add_codes(
        session,
        [
            {
                "participant_id": person,
                "digest": looked_up,
                "sealed": seal(key, code, code_place(person, generation)),
                "generation": generation,
                "made_at": at,
            }
            for (person, generation), (looked_up, code) in zip(
                generations.items(), drawn.items(), strict=True
            )
        ],
    )


def taking_people(session: Session, actor: Actor, wave_id: int, *, lock: bool = True) -> Wave:
    """The wave, which is not closed. Raises ``NotFound``, ``Conflict``."""
    wave = wave_by_id(session, actor.programme_id, wave_id, lock=lock)
    if wave is None:
        raise NotFound
    if wave.state == "closed":
        raise Conflict(Text.of(fr="Cette vague est close.", en="This wave is closed."))
    return wave


def _record(
    session: Session,
    actor: Actor,
    verb: Verb,
    wave_id: int,
    details: dict[str, Any],
) -> None:
    record(
        session,
        actor=actor.account_id,
        origin=actor.origin,
        act=verb,
        programme_id=actor.programme_id,
        thing=f"wave:{wave_id}",
        details=details,
    )
