"""Staff at a participant's side: the hand-over to the public page, and codes for visits.

The staff's pages and the participants' may be two processes on two hosts. What passes between
them is a code of eight digits that is shown on one and typed on the other: no address carries a
secret, no form crosses hosts, and the device that shows need not be the one that is typed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from app.domain.errors import BadInput, Fault, NotFound
from app.domain.permissions import Verb
from app.domain.text import Text
from app.protection.codes import typed
from app.protection.keys import digest
from app.protection.sealing import seal, unseal
from app.protection.short_codes import new_short_code, short_digest
from app.storage import assistance as rows
from app.storage import collecting
from app.storage import keying as people
from app.storage.assistance import Assistance
from app.storage.collecting import Invited
from app.storage.database import now
from app.storage.throttle import attempts, count
from app.workflows.acting import Actor, House, act, require
from app.workflows.entering import Door, door_of
from app.workflows.letters import ZONE

HANDOVER = timedelta(minutes=10)
MINUTES = 10
MOST_WRONG = 30  # unknown codes typed by one account in that time
AHEAD = 30  # days for which a visit's code may be made
Channel = Literal["web_assisted", "phone"]


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of the code that a member of staff typed."""

    door: Door
    handover_id: int | None = None


def hand_over(house: House, actor: Actor, wave_id: int, text: str, channel: Channel) -> Judged:
    """Judge the person's code, and make the short code that opens the public page for them.

    Codes of other waves and territories are unknown here. Raises ``NotAllowed``.
    """
    scope = actor.scope(Verb.RESPONSE_ASSIST)
    if not scope:
        require(house, actor, Verb.RESPONSE_ASSIST)
    code = typed(text)
    if code is None:
        return Judged(Door.TYPO)
    bucket = digest(house.keys.throttle, f"assisting {actor.account_id}")
    with house.database.read() as session:
        throttled = attempts(session, bucket, MINUTES) >= MOST_WRONG
        found = collecting.invited(session, digest(house.keys.lookup, code))
    if found and not (
        found.wave_id == wave_id
        and found.programme_id == actor.programme_id
        and found.territory in scope
    ):
        found = None
    if throttled:
        return Judged(Door.THROTTLED)
    with house.database.write() as session:
        count(session, bucket, by=int(found is None))
    door = door_of(found, now())
    if door is not Door.OPEN or found is None:
        return Judged(door)
    return Judged(door, _handed(house, actor, found, channel))


def _handed(house: House, actor: Actor, found: Invited, channel: Channel) -> int:
    moment = now()
    thing = f"wave:{found.wave_id}"  # not the person: the answers come a moment later
    with act(house, actor, Verb.RESPONSE_ASSIST, found.territory, thing) as acted:
        rows.forget_old(acted.session, moment)
        acted.details = {"channel": channel}
        return _made(
            house,
            acted.session,
            Assistance(
                kind="handover",
                participant_id=found.participant_id,
                code_id=found.code_id,
                code_digest=found.code,
                channel=channel,
                made_by=actor.account_id,
                made_at=moment,
                valid_from=moment,
                valid_until=moment + HANDOVER,
            ),
        )


def _made(house: House, session: Session, row: Assistance) -> int:
    """Draw a code that nobody has, and add the row; its number."""
    code = new_short_code()
    while rows.taken(session, short_digest(house.keys.lookup, code)):
        code = new_short_code()
    row.digest = short_digest(house.keys.lookup, code)
    row.sealed = seal(house.keys.sealing, code, short_code_place(row))
    session.add(row)
    session.flush()
    return row.id


def short_code_place(row: Assistance) -> str:
    """Where the printable form of a code is bound to."""
    return f"assistance:{row.kind}:{row.participant_id}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A short code with what it is for, as its maker may see it."""

    code: str
    kind: str
    channel: str
    valid_from: datetime
    valid_until: datetime


def shown(house: House, actor: Actor, assistance_id: int) -> Shown:
    """The code that this person made, while it is valid. Raises ``NotFound``."""
    with house.database.read() as session:
        row = rows.own(session, assistance_id, actor.account_id)
    if row is None or now() >= row.valid_until:
        raise NotFound
    code = unseal(house.keys.sealing, row.sealed, short_code_place(row))
    return Shown(code, row.kind, row.channel, row.valid_from, row.valid_until)


def issue_visit_code(
    house: House, actor: Actor, wave_id: int, reference: str, day: date | None
) -> int:
    """Make the code with which a home help may assist one person on one day; its number.

    Raises ``BadInput`` for a reference that is not in reach or a day that does not suit.
    """
    scope = actor.scope(Verb.VISIT_CODE_ISSUE)
    if not scope:
        require(house, actor, Verb.VISIT_CODE_ISSUE)
    moment = now()
    today = moment.astimezone(ZONE).date()
    faults = []
    if day is None or not today <= day <= today + timedelta(days=AHEAD):
        faults.append(Fault("day", *_DAY))
    with house.database.read() as session:
        person_id = people.person_by_reference(session, wave_id, reference.strip()[:64], scope)
        person = people.person(session, wave_id, person_id or 0, scope)
    if person is None:
        faults.append(Fault("reference", *_REFERENCE))
    if faults or person is None or day is None:
        raise BadInput(faults)
    begins = datetime.combine(day, time(), ZONE)
    with act(house, actor, Verb.VISIT_CODE_ISSUE, person.territory, f"wave:{wave_id}") as acted:
        return _made(
            house,
            acted.session,
            Assistance(
                kind="visit",
                participant_id=person.id,
                channel="web_assisted",
                made_by=actor.account_id,
                made_at=moment,
                valid_from=begins,
                valid_until=datetime.combine(day + timedelta(days=1), time(), ZONE),
            ),
        )


_DAY = (
    Text.of(fr="Ce jour ne convient pas.", en="This day does not suit."),
    Text.of(
        fr="Donnez le jour de la visite : aujourd’hui ou dans les 30 jours.",
        en="Give the day of the visit: today or within 30 days.",
    ),
)
_REFERENCE = (
    Text.of(
        fr="Cette référence n’existe pas dans vos territoires.",
        en="There is no such reference in your territories.",
    ),
    Text.of(fr="Regardez en bas de la lettre.", en="Look at the foot of the letter."),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """The code of a visit to come, without the code."""

    id: int
    reference: str
    valid_from: datetime
    own: bool


def visits(house: House, actor: Actor, wave_id: int) -> Sequence[Visit]:
    """The visits to come in this person's territories."""
    scope = actor.scope(Verb.VISIT_CODE_ISSUE)
    with house.database.read() as session:
        found = rows.visits(session, wave_id, scope, now())
    return [
        Visit(row.id, reference, row.valid_from, row.made_by == actor.account_id)
        for row, reference in found
    ]


def revoke_visit_code(house: House, actor: Actor, assistance_id: int) -> None:
    """Let a visit's code open nothing any more. Raises ``NotFound``, ``NotAllowed``."""
    scope = actor.scope(Verb.VISIT_CODE_ISSUE)
    if not scope:
        require(house, actor, Verb.VISIT_CODE_ISSUE)
    with house.database.read() as session:
        place = rows.territory_of_visit(session, assistance_id, scope)
    if place is None:
        raise NotFound
    with act(house, actor, Verb.VISIT_CODE_ISSUE, place) as acted:
        rows.remove(acted.session, assistance_id)
        acted.details = {"revoked": True}
