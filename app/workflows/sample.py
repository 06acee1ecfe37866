"""The sample of a wave: imported whole or not at all, then given access codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy.orm import Session

from app.domain.addresses import is_mobile
from app.domain.errors import BadInput, Conflict, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.text import Text
from app.interchange.csv_reading import place
from app.interchange.sample_csv import SampleRow
from app.protection.codes import code_place, new_code
from app.protection.keys import digest
from app.protection.sealing import seal, unseal
from app.storage import participants as stored
from app.storage.audit import record
from app.storage.database import now
from app.storage.participants import Participant
from app.storage.waves import Wave, exchanges_of, wave_by_id
from app.workflows.acting import Actor, House, require
from app.workflows.known_people import SampleReport, keep_names, known_people

BATCH = 2000  # codes made in one transaction


def preview_sample(
    house: House, actor: Actor, wave_id: int, rows: Sequence[SampleRow]
) -> SampleReport:
    """What an import would do; it changes nothing. Raises what ``import_sample`` would."""
    _require_places(house, actor, Verb.SAMPLE_IMPORT, rows)
    with house.database.read() as session:
        _taking_people(session, actor, wave_id, lock=False)
        new = _sorted_out(house, session, wave_id, rows)
        twice, before = known_people(house, session, wave_id, new)
    return replace(_report(rows, new), twice=twice, before=before)


def import_sample(
    house: House, actor: Actor, wave_id: int, rows: Sequence[SampleRow]
) -> SampleReport:
    """Add the rows to the sample of a wave that is not closed: all of them or none.

    A row whose reference is there already with the same content changes nothing. Raises
    ``BadInput`` with a fault for each row that differs from what is there, ``NotAllowed`` where a
    row's territory is not the actor's, ``Conflict`` where the wave is closed.
    """
    _require_places(house, actor, Verb.SAMPLE_IMPORT, rows)
    sealed = {
        row.reference: {
            "sealed_contact": _sealed_contact(house, wave_id, row),
            "sealed_reach": sealed_reach(house, wave_id, row.reference, row.email, row.phone),
        }
        for row in rows
    }
    with house.database.write() as session:
        _taking_people(session, actor, wave_id)
        new = _sorted_out(house, session, wave_id, rows)
        at = now()
        made = {"created_at": at}
        stored.add(session, [_columns(wave_id, row) | sealed[row.reference] | made for row in new])
        keep_names(house, session, wave_id, new)
        for exchange in exchanges_of(session, wave_id).values():  # who comes late is drawn alike
            stored.draw_exchange(session, exchange)
        report = _report(rows, new)
        _record_places(session, actor, Verb.SAMPLE_IMPORT, wave_id, report.by_place)
    return report


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
            _taking_people(session, actor, wave_id)
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
        _taking_people(session, actor, wave_id)
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


def _sealed_contact(house: House, wave_id: int, row: SampleRow) -> bytes | None:
    if not row.contact:
        return None
    text = orjson.dumps(row.contact).decode()
    return seal(house.keys.sealing, text, contact_place(wave_id, row.reference))


def _columns(wave_id: int, row: SampleRow) -> dict[str, Any]:
    return {
        "wave_id": wave_id,
        "reference": row.reference,
        "territory": row.territory,
        "audience": row.audience,
        "case_reference": row.case,
        "sub_area": row.sub_area,
        "stratum": row.stratum,
        "psu": row.psu,
        "weight": row.weight,
        "language": row.language,
        "by_mail": bool(row.email),
        "has_phone": bool(row.phone),
        "by_sms": is_mobile(row.phone) if row.phone else False,
    }


def _sorted_out(
    house: House, session: Session, wave_id: int, rows: Sequence[SampleRow]
) -> list[SampleRow]:
    """The rows that are new. Raises ``BadInput`` for those that differ from what is there."""
    there = stored.by_reference(session, wave_id, [row.reference for row in rows])
    faults = [
        Fault(
            place(row.line, "reference"),
            Text.of(
                fr="Cette référence est déjà dans la vague avec un autre contenu.",
                en="This reference is in the wave already with other content.",
            ),
            Text.of(
                fr="Reprenez le contenu d’origine, ou donnez une autre référence.",
                en="Restore the original content, or give another reference.",
            ),
        )
        for row in rows
        if row.reference in there and not _same(house, row, there[row.reference])
    ]
    if faults:
        raise BadInput(faults)
    return [row for row in rows if row.reference not in there]


def _same(house: House, row: SampleRow, person: Participant) -> bool:
    reach = {"email": row.email, "phone": row.phone}
    same = contact_of(house, person) == row.contact and reach_of(house, person) == reach
    plain = _columns(person.wave_id, row)
    return same and all(getattr(person, column) == value for column, value in plain.items())


def _report(rows: Sequence[SampleRow], new: Sequence[SampleRow]) -> SampleReport:
    places = Counter((row.territory, row.audience) for row in new)
    return SampleReport(len(new), len(rows) - len(new), dict(places))


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


def _taking_people(session: Session, actor: Actor, wave_id: int, *, lock: bool = True) -> Wave:
    wave = wave_by_id(session, actor.programme_id, wave_id, lock=lock)
    if wave is None:
        raise NotFound
    if wave.state == "closed":
        raise Conflict(Text.of(fr="Cette vague est close.", en="This wave is closed."))
    return wave


def _require_places(house: House, actor: Actor, verb: Verb, rows: Sequence[SampleRow]) -> None:
    for territory in {row.territory for row in rows}:
        require(house, actor, verb, territory)


def _record_places(
    session: Session,
    actor: Actor,
    verb: Verb,
    wave_id: int,
    places: dict[tuple[str, str], int],
) -> None:
    counts: Counter[str] = Counter()
    for (territory, _), count in places.items():
        counts[territory] += count
    for territory, count in counts.items():
        _record(session, actor, verb, wave_id, {"rows": count}, territory)


def _record(
    session: Session,
    actor: Actor,
    verb: Verb,
    wave_id: int,
    details: dict[str, Any],
    territory: str | None = None,
) -> None:
    record(
        session,
        actor=actor.account_id,
        origin=actor.origin,
        act=verb,
        programme_id=actor.programme_id,
        territory=territory,
        thing=f"wave:{wave_id}",
        details=details,
    )
