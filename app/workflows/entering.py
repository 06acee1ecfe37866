"""Coming in: a code at the door, who answers, consent; then a response and a session of its own.

These acts need no account. What allows them is the code, later the session's secret.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.exc import IntegrityError

from app.domain.deeds import Deed
from app.domain.errors import Conflict
from app.domain.sittings import Sitting
from app.protection import codes
from app.protection.keys import digest, new_secret
from app.protection.letter_links import code_in
from app.storage import beginning, collecting
from app.storage.audit import record_participant
from app.storage.beginning import NewSession
from app.storage.collecting import Invited
from app.storage.database import now
from app.storage.prepared import Driver
from app.storage.response_keys import add_key
from app.storage.responses import pack, unpack
from app.workflows.acting import House
from app.workflows.standing import sit
from app.workflows.throttling import tries

BACK = "open call"  # what the code to come back with is sealed for


class Door(StrEnum):
    """What became of a code."""

    OPEN = "open"
    TYPO = "typo"  # the check digit says so: no attack, and not counted
    UNKNOWN = "unknown"
    THROTTLED = "throttled"
    REPLACED = "replaced"  # a newer letter has another code
    NOT_YET = "not_yet"
    CLOSED = "closed"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a code, and who it belongs to unless nobody."""

    door: Door
    invited: Invited | None = None

    @property
    def when(self) -> datetime | None:
        """The day that the page names: sent on, opens on, closed on."""
        if self.invited is None:
            return None
        return {
            Door.SENT: self.invited.submitted_at,
            Door.WITHDRAWN: self.invited.withdrawn_at,
            Door.NOT_YET: self.invited.opens_at,
            Door.CLOSED: self.invited.closed_at or self.invited.closes_at,
        }.get(self.door)


def enter(house: House, text: str, address: str) -> Entered:
    """Judge a typed code. Known and unknown codes cost the same work; only unknown ones count."""
    code = codes.typed(text)
    if code is None:
        return Entered(Door.TYPO)
    return _enter(house, code, address)


def enter_by_link(house: House, token: str, address: str) -> Entered:
    """Judge the token in the square of a letter; wrong ones count as unknown codes do."""
    return _enter(house, code_in(house.keys.lookup, token) or "", address)


def _enter(house: House, code: str, address: str) -> Entered:
    counted, wanted = tries(house, "code", address), digest(house.keys.lookup, code)
    with house.database.at_once(wanted) as driver:
        throttled = counted.must_wait(driver)
        found = collecting.invited(driver, wanted)
    if throttled:
        return Entered(Door.THROTTLED)
    with house.database.writing() as driver:
        counted.count(driver, wrong=found is None)
    return Entered(door_of(found, now()), found)


def entered(house: House, code: bytes) -> Entered:
    """How it stands now with somebody whose code (its digest) was good a moment ago."""
    with house.database.at_once(code) as driver:
        found = collecting.invited(driver, code)
    return Entered(door_of(found, now()), found)


def door_of(found: Invited | None, moment: datetime) -> Door:
    """Whether this participant may come in, or why not."""
    if found is None:
        return Door.UNKNOWN
    if found.revoked_at is not None:
        return Door.REPLACED
    if found.answered:
        return Door.SENT
    if found.withdrawn_at is not None:
        return Door.WITHDRAWN
    if found.submitted_at is not None:
        return Door.SENT
    if found.closed_at is not None or moment >= found.closes_at:
        return Door.CLOSED
    if found.opened_at is None or moment < found.opens_at or found.instrument_id is None:
        return Door.NOT_YET
    return Door.OPEN


def begin(house: House, code: bytes, sitting: Sitting) -> str:
    """Consent was given: make the response, or go on with the one there is, and a session.

    ``code``: digest of the access code.

    Returns the session's secret. Raises Conflict where the door has closed meanwhile.
    """
    for _ in range(2):
        try:
            return _begin(house, code, sitting)
        except IntegrityError:  # the same form, sent twice at once: the other one made the response
            continue
    raise Conflict


def _begin(house: House, code: bytes, sitting: Sitting) -> str:
    secret, moment = new_secret(), now()
    held = digest(house.keys.lookup, secret)
    sit(house, held)
    sitting = replace(sitting, at=moment.isoformat(timespec="seconds"))
    with house.database.writing(code) as driver:
        found = _still_open(driver, code, moment)
        if found.response_id is None:
            own = digest(b"", new_secret())
            response_id = _new_response(house, driver, found, own, sitting, moment)
            number, sees = 0, True
        else:
            response_id = found.response_id
            stored, own, key = beginning.body_to_change(driver, response_id)
            document = unpack(house.database.sealing.open(stored, key, own))
            number, sees = len(document["sit"]), not document["a"]
            body = pack(document | {"sit": [*document["sit"], sitting.as_document()]})
            body = house.database.sealing.close(body, key, own)
            beginning.change_body(driver, response_id, body, moment)
        session = NewSession(
            digest=held,
            response_id=response_id,
            response_secret=own,
            shared_device=sitting.device == "shared",
            sees_earlier=sees,
            sitting=number,
            language=sitting.lang,
            made_at=moment,
            seen_at=moment,
        )
        beginning.add_session(driver, session)
    return secret


def _still_open(driver: Driver, code: bytes, moment: datetime) -> Invited:
    found = collecting.invited(driver, code)
    if found is None or door_of(found, moment) is not Door.OPEN:
        raise Conflict
    return found


def _new_response(
    house: House, driver: Driver, found: Invited, own: bytes, sitting: Sitting, moment: datetime
) -> int:
    """The row that answers will go to: made at consent, with what the sample says of the person."""
    person = beginning.person_of(driver, found.participant_id)
    if person.disposition == "refused":  # a change of mind
        beginning.set_disposition(driver, found.participant_id, None, moment)
    sealing = house.database.sealing
    key = sealing.new_key(own)
    if sitting.back:
        sitting = replace(sitting, back=sealing.close_text(sitting.back, key, own, BACK).hex())
    body = pack({"a": {}, "sit": [sitting.as_document()], "v": 1})
    number = beginning.add_response(
        driver,
        {
            "wave_id": found.wave_id,
            "participant_id": found.participant_id,
            "territory": found.territory,
            "audience": found.audience,
            "instrument_id": found.instrument_id,
            "secret_digest": own,
            "body": sealing.close(body, key, own),
            "revision": 0,
            "weight": person.weight,
            "stratum": person.stratum,
            "psu": person.psu,
            "sub_area": person.sub_area,
            "channel": sitting.channel,
            "notice_version": sitting.notice,
            "consented_at": moment,
            "started_at": moment,
            "saved_at": moment,
        },
    )
    add_key(driver, own, key)
    record_participant(
        driver, Deed.RESPONSE_START, f"response:{number}", found.territory, found.programme_id
    )
    return number
