"""Coming in with somebody at one's side: what the short codes open on the public pages.

These acts need no account. A code counts here only while it is valid; unknown ones count against
the address they come from, as at the door.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.protection.short_codes import short_digest, typed_short
from app.storage import assistance as rows
from app.storage import collecting
from app.storage.database import now
from app.workflows.acting import House
from app.workflows.entering import Door, Entered, door_of, enter
from app.workflows.throttling import tries


@dataclass(frozen=True, slots=True)
class Accompanied:
    """What became of a short code; who comes in, and what the sitting says of who is beside."""

    entered: Entered
    channel: str = "web"
    assisted_by: str = ""


def take_over(house: House, text: str, address: str) -> Accompanied:
    """Go on from the staff's screen: the code works once."""
    code = typed_short(text)
    if code is None:
        return Accompanied(Entered(Door.TYPO))
    counted = tries(house, "short code", address)
    key, moment = short_digest(house.keys.lookup, code), now()
    with house.database.read(key) as session:
        throttled = counted.must_wait(session)
        found = rows.by_digest(session, key, "handover", moment)
    if throttled:
        return Accompanied(Entered(Door.THROTTLED))
    with house.database.write(key) as session:
        taken = rows.take(session, key, moment)
        counted.count(session, wrong=not taken)
    if found is None or found.code_digest is None or not taken:
        return Accompanied(Entered(Door.UNKNOWN))
    with house.database.at_once(found.code_digest) as driver:
        invited = collecting.invited(driver, found.code_digest)
    entered = Entered(door_of(invited, moment), invited)
    return Accompanied(entered, found.channel, f"account:{found.made_by}")


def accompany(house: House, visit: str, code: str, address: str) -> Accompanied:
    """Come in with the person's own code and the visit's code of a home help.

    Both are needed: the visit's code alone opens nothing. Which of the two is wrong is not said.
    """
    entered = enter(house, code, address)
    if entered.door is not Door.OPEN or entered.invited is None:
        return Accompanied(entered)
    short = typed_short(visit)
    if short is None:
        return Accompanied(Entered(Door.TYPO))
    counted = tries(house, "short code", address)
    key = short_digest(house.keys.lookup, short)
    with house.database.read(key) as session:
        throttled = counted.must_wait(session)
        found = rows.by_digest(session, key, "visit", now())
    if throttled:
        return Accompanied(Entered(Door.THROTTLED))
    fits = found is not None and found.participant_id == entered.invited.participant_id
    with house.database.write() as session:
        counted.count(session, wrong=not fits)
    if found is None or not fits:
        return Accompanied(Entered(Door.UNKNOWN))
    kept = entered.invited.link_after_submission == "keep"
    by = f"visit:{found.id}" if kept else "visit"  # where the link is cut, no number leads back
    return Accompanied(entered, found.channel, by)
