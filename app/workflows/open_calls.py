"""Coming in without a code, where a wave is an open call: anybody may answer.

Nothing proves that one person answers once, and nothing here pretends to. What remains honest:
arrivals are counted by network and slowed, an own device remembers that answers were sent from it,
and who answers again from there says so and is marked. Before consent there is no row of anybody;
at consent there is one, outside every sample, with a code to come back with.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from app.domain.errors import Conflict, CovalueError, NotFound
from app.domain.sittings import Sitting
from app.domain.territories import Territory
from app.protection import codes
from app.protection.keys import digest
from app.storage import open_calls as stored
from app.storage.collecting import Invited
from app.storage.database import now
from app.storage.participants import AccessCode, Participant
from app.storage.throttle import arrivals
from app.storage.wave_territories import territories_of_wave
from app.storage.waves import Wave, wave_instrument
from app.workflows.acting import House
from app.workflows.entering import BACK, Door, Entered, door_of
from app.workflows.standing import Standing
from app.workflows.throttling import Tries, tries

MINUTES = 60
MOST = 30  # people who begin from one network in that time; a care home is one network
BUSY, LEAST = 1000, 10  # in one call from everywhere in that time; what each network may then


class Crowded(CovalueError):
    """So many began from this network within the hour that the next one has to wait."""

    code = "crowded"


@dataclass(frozen=True, slots=True)
class Call:
    """An open call, and who may answer it: audiences by territory."""

    wave_id: int
    programme_id: int
    territories: tuple[Territory, ...]
    audiences: dict[str, tuple[str, ...]]


def call_of(house: House, code: str) -> tuple[Call, Entered]:
    """The open call with this code, and how its door stands. Raises ``NotFound``."""
    with house.database.read() as session:
        found = stored.calls(session, code)
        if not found:
            raise NotFound
        wave = next((wave for wave in found if wave.takes_answers(now())), found[0])
        places = stored.asked(session, wave.id)
        territories = territories_of_wave(session, wave)
    audiences: dict[str, tuple[str, ...]] = {}
    for territory, audience in places:
        audiences[territory] = (*audiences.get(territory, ()), audience)
    known = tuple(territories[territory] for territory in audiences if territory in territories)
    somewhere = places[0] if places else ("", "")
    entered = Entered(*_judged(wave, *somewhere, instrument=1 if places else None))
    return Call(wave.id, wave.programme_id, known, audiences), entered


def _judged(
    wave: Wave, territory: str, audience: str, instrument: int | None
) -> tuple[Door, Invited]:
    """Somebody of whom nothing is kept yet, at the door of this wave."""
    invited = Invited(
        participant_id=0,
        code_id=0,
        code=b"",
        revoked_at=None,
        territory=territory,
        audience=audience,
        disposition=None,
        answered=False,
        wave_id=wave.id,
        programme_id=wave.programme_id,
        notice_version=wave.notice_version,
        link_after_submission=wave.link_after_submission,
        partials_from=wave.partials_from,
        described_notice=wave.described_notice,
        opens_at=wave.opens_at,
        closes_at=wave.closes_at,
        opened_at=wave.opened_at,
        closed_at=wave.closed_at,
        instrument_id=instrument,
        response_id=None,
        submitted_at=None,
        withdrawn_at=None,
    )
    return door_of(invited, now()), invited


def at_the_door(house: House, wave_id: int, territory: str, audience: str) -> Entered:
    """How it stands with somebody who came in without a code a moment ago."""
    with house.database.read() as session:
        wave = stored.call(session, wave_id)
        instrument = wave_instrument(session, wave_id, territory, audience)
    if wave is None:
        return Entered(Door.UNKNOWN)
    return Entered(*_judged(wave, territory, audience, instrument))


def crowded(house: House, wave_id: int, address: str) -> bool:
    """Whether so many began from this network within the hour that the next one has to wait."""
    with house.database.read() as session:
        return _begun(house, wave_id, address).must_wait(session)


def _begun(house: House, wave_id: int, address: str) -> Tries:
    counted = tries(house, f"open call {wave_id}", address)
    source = arrivals(counted.source)  # nobody was wrong
    return replace(counted, source=source, minutes=MINUTES, most=MOST, busy=BUSY, least=LEAST)


def join(house: House, invited: Invited, sitting: Sitting, address: str) -> tuple[bytes, Sitting]:
    """At consent: a participant outside every sample, with a code.

    Returns the digest of the code, and the sitting with the code, for the pause page: ``begin``
    seals it.
    Raises ``Conflict`` where the wave is no longer open, and ``Crowded``: one visit to the door may
    be followed by many consents.
    """
    moment = now()
    if door_of(invited, moment) is not Door.OPEN:
        raise Conflict
    code = codes.new_code()
    wanted = digest(house.keys.lookup, code)
    with house.database.write(wanted) as session:
        begun = _begun(house, invited.wave_id, address)
        if begun.must_wait(session):
            raise Crowded
        begun.count(session, wrong=True)
        person = Participant(
            wave_id=invited.wave_id,
            reference=stored.reference_of(wanted),
            territory=invited.territory,
            audience=invited.audience,
            language=sitting.lang,
            listed=False,
            coded=True,
            created_at=moment,
        )
        session.add(person)
        session.flush()
        session.add(AccessCode(participant_id=person.id, digest=wanted, made_at=moment))
    return wanted, replace(sitting, back=code)


def code_to_return(house: House, found: Standing) -> str | None:
    """The code with which somebody who came without one comes back; None for who has a letter."""
    sealed = next((one["back"] for one in found.document["sit"] if "back" in one), None)
    if sealed is None:
        return None
    held, sealing = found.held, house.database.sealing
    with suppress(ValueError):  # where answers have no key of their own: it was changed meanwhile
        code = sealing.open_text(bytes.fromhex(sealed), held.sealed_key, held.own, BACK)
        return codes.printed(code)
    return None
