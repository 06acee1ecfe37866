"""Pausing, coming back to earlier answers, and leaving the screen."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import update

from app.protection.keys import digest
from app.protection.return_words import return_words, same_words
from app.protection.withdrawal_codes import withdrawal_code, withdrawal_digest
from app.storage.database import now
from app.storage.responses import ParticipantSession
from app.storage.throttle import attempts, count
from app.workflows.acting import House
from app.workflows.collect import TRIES
from app.workflows.standing import Standing, standing

MINUTES = 24 * 60
MOST_WRONG = 10  # wrong words for one response in a day; the code goes on working


def end(house: House, secret: str) -> None:
    """End the session behind this secret, if there is one."""
    held = digest(house.keys.lookup, secret)
    with house.database.write(held) as session:
        session.execute(
            update(ParticipantSession)
            .where(
                ParticipantSession.digest == held,
                ParticipantSession.ended_at.is_(None),
            )
            .values(ended_at=now())
        )


def words_for(house: House, found: Standing) -> str | None:
    """The return words, for a session that may see every answer anyway; else None."""
    if not found.held.sees_earlier:
        return None
    return return_words(house.keys.lookup, found.held.id)


def see_earlier(house: House, secret: str, written: str) -> Literal["right", "wrong", "throttled"]:
    """Open the earlier answers to this session if the return words are right.

    Raises as ``standing`` does.
    """
    found = standing(house, secret)
    bucket = digest(house.keys.throttle, f"words {found.held.id}")
    with house.database.read() as session:
        if attempts(session, bucket, MINUTES) >= MOST_WRONG:
            return "throttled"
    right = same_words(house.keys.lookup, found.held.id, written)
    with house.database.write(found.held.digest) as session:
        count(session, bucket, by=int(not right))
        if right:
            session.execute(
                update(ParticipantSession)
                .where(ParticipantSession.digest == found.held.digest)
                .values(sees_earlier=True)
            )
    return "right" if right else "wrong"


def receipt_code(house: House, found: Standing) -> str | None:
    """The withdrawal code of a sent response; None where none was given out."""
    made = (withdrawal_code(house.keys.lookup, found.held.id, turn) for turn in range(TRIES))
    stored = found.held.withdrawal_digest
    return next(
        (code for code in made if withdrawal_digest(house.keys.lookup, code) == stored), None
    )
