"""Sending the answers, and taking them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.deeds import Deed
from app.domain.errors import Conflict, RoomMade, Unavailable
from app.domain.routing import on_path, path_through
from app.protection import withdrawal_codes
from app.protection.withdrawal_codes import withdrawal_code, withdrawal_digest
from app.storage import collecting
from app.storage.answer_files import forget_files
from app.storage.audit import record_participant
from app.storage.database import now
from app.storage.response_keys import destroy_key
from app.storage.responses import Response, SaveKey, pack
from app.storage.waves import Wave
from app.workflows.acting import House
from app.workflows.collect import TRIES
from app.workflows.receipts import saving
from app.workflows.standing import RECEIPT, Standing, require_open, standing
from app.workflows.throttling import tries


def submit(house: House, secret: str, key: str, told: Mapping[str, str] | None = None) -> None:
    """Send the answers: what is off the path is dropped, and nothing changes any more.

    ``told``: what this sitting says at its end, ``present`` and ``went``; both may be missing.

    Sending again, with this key or another, is the same as having sent. Raises as ``standing``,
    Conflict while a page of the path is open, and Unavailable.
    """
    for turn in range(TRIES):
        found = standing(house, secret, key, sent=True)
        if found.held.submitted_at is not None:
            return
        moment = now()
        require_open(found.held, moment)
        if found.open is not None:
            raise Conflict
        final = found.document | {"a": _final(found), "sit": _told(found, told or {})}
        new = saving(house, found, final, key, RECEIPT, moment)
        code = withdrawal_code(house.keys.lookup, found.held.id, turn)
        withdrawal = withdrawal_digest(house.keys.lookup, code)
        try:
            with house.database.writing(found.held.digest) as driver:
                if collecting.submit(driver, found.held, new, withdrawal):
                    if found.held.link_after_submission == "cut":
                        collecting.cut_link(driver, found.held)
                    record_participant(
                        driver,
                        Deed.RESPONSE_SUBMIT,
                        f"response:{found.held.id}",
                        found.held.territory,
                        found.held.programme_id,
                    )
                    return
        except (IntegrityError, RoomMade):
            continue
    raise Unavailable


def _told(found: Standing, told: Mapping[str, str]) -> list[dict[str, str]]:
    """The sittings, the present one with what it tells at the end."""
    sittings = [
        {name: value for name, value in one.items() if name != "back"}
        for one in found.document["sit"]
    ]
    said = {name: value for name, value in told.items() if value}
    number = found.held.sitting
    return [one | said if place == number else one for place, one in enumerate(sittings)]


def _final(found: Standing) -> dict[str, Any]:
    """The cells that stay: on the path of who answers now, or answered by the person before.

    A proxy who finishes is not asked for feelings; what the person said of them is not lost.
    """
    counts = on_path(found.path, found.answers)
    if found.role == "proxy":
        own = path_through(found.frozen.questionnaire, found.answers, "self")
        counts |= {
            item: answer
            for item, answer in on_path(own, found.answers).items()
            if found.document["sit"][answer.sitting]["role"] != "proxy"
        }
    return {item: cell for item, cell in found.document["a"].items() if item in counts}


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a withdrawal code; ``at``: when the answers were sent, or withdrawn."""

    outcome: Literal["typo", "unknown", "throttled", "sent", "withdrawn"]
    at: datetime | None = None


def withdrawable(house: House, text: str, address: str) -> Found:
    """Judge a typed withdrawal code. Unknown codes count against the address, as at the door."""
    code = withdrawal_codes.typed(text)
    if code is None:
        return Found("typo")
    counted = tries(house, "withdrawal", address)
    wanted = withdrawal_digest(house.keys.lookup, code)
    times = select(Response.submitted_at, Response.withdrawn_at)
    with house.database.read(wanted) as session:
        throttled = counted.must_wait(session)
        row = session.execute(times.where(Response.withdrawal_digest == wanted)).one_or_none()
    if throttled:
        return Found("throttled")
    with house.database.write() as session:
        counted.count(session, wrong=row is None)
    if row is None:
        return Found("unknown")
    return Found("withdrawn" if row.withdrawn_at else "sent", row.withdrawn_at or row.submitted_at)


def withdraw(house: House, text: str, address: str) -> Found:
    """Erase the answers behind a withdrawal code for good; the row stays, as a tombstone.

    Withdrawing twice is the same as once. Figures already published are not changed by it.
    """
    found = withdrawable(house, text, address)
    code = withdrawal_codes.typed(text)
    if found.outcome != "sent" or code is None:
        return found
    wanted = withdrawal_digest(house.keys.lookup, code)
    moment = now()
    with house.database.write(wanted) as session:
        row = session.scalar(
            select(Response).where(Response.withdrawal_digest == wanted).with_for_update()
        )
        if row is not None and row.withdrawn_at is None:
            erase(session, row, moment)
    return Found("withdrawn", moment)


def stop(house: House, secret: str) -> datetime:
    """Withdraw consent before anything was sent: what was answered is erased for good; when.

    Raises as ``standing``.
    """
    found = standing(house, secret)
    moment = now()
    with house.database.write(found.held.digest) as session:
        row = session.get_one(Response, found.held.id, with_for_update=True)
        if row.withdrawn_at is None and row.submitted_at is None:
            erase(session, row, moment)
    return moment


def erase(session: Session, row: Response, moment: datetime) -> None:
    """Empty a response and destroy its key. The row stays, so that it is never made again.

    What it corrected goes with it: here where it is seen, else with the copies (``erasing``).
    """
    row.body = pack({"a": {}, "sit": [], "v": 1})
    destroy_key(session, row.secret_digest)
    row.withdrawn_at = moment
    row.revision += 1
    session.execute(delete(SaveKey).where(SaveKey.response_id == row.id))
    forget_files(session, row.id)
    before = session.get(Response, row.corrects) if row.corrects else None
    if before is not None and before.withdrawn_at is None:
        erase(session, before, moment)
    wave = session.get_one(Wave, row.wave_id)
    record_participant(
        session, Deed.RESPONSE_WITHDRAW, f"response:{row.id}", row.territory, wave.programme_id
    )
