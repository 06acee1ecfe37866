"""An answer sent after its session was over: kept, sealed, until the person has come in again.

It waits in a file named by the old session's digest, so that only the browser which sent it can
claim it, and is applied only to the response it was meant for. One for each session, for half an
hour; where the file cannot be written, nothing is promised.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from app.protection.keys import digest
from app.protection.sealing import seal, unseal
from app.storage import collecting
from app.storage.database import now
from app.workflows.acting import House

KEPT = timedelta(minutes=30)
LONGEST = 100_000  # characters of one form


@dataclass(frozen=True, slots=True)
class Carried:
    """A form as it was sent: the page's code, and its fields with their values."""

    page: str
    fields: Mapping[str, Sequence[str]]


def keep(house: House, secret: str, carried: Carried) -> bool:
    """Keep what was sent with this secret, if it is that of a response still to be sent.

    Whether it was kept. Raises Unavailable.
    """
    held_digest = digest(house.keys.lookup, secret)
    with house.database.at_once(held_digest) as driver:
        held = collecting.held(driver, held_digest)
    if held is None or held.submitted_at is not None or held.withdrawn_at is not None:
        return False
    moment = now()
    content = orjson.dumps(
        [held.id, moment.isoformat(), carried.page, dict(carried.fields)]
    ).decode()
    if len(content) > LONGEST:
        return False
    path = _path(house, held_digest)
    partial = path.with_suffix(f".{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _forget_old(path.parent, moment)
        partial.write_bytes(seal(house.keys.sealing, content, path.name))
        partial.replace(path)
    except OSError:
        return False
    return True


def take(house: House, secret: str, response_id: int) -> Carried | None:
    """What was kept for the session with this secret, if it is for this response; then no more."""
    path = _path(house, digest(house.keys.lookup, secret))
    try:
        sealed = path.read_bytes()
        path.unlink()
        of, at, page, fields = orjson.loads(unseal(house.keys.sealing, sealed, path.name))
    except (OSError, ValueError):
        return None
    fresh = now() - datetime.fromisoformat(at) <= KEPT
    return Carried(page, fields) if of == response_id and fresh else None


def _path(house: House, held_digest: bytes) -> Path:
    return house.folder / "carried" / held_digest.hex()


def _forget_old(folder: Path, moment: datetime) -> None:
    for path in folder.iterdir():
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if moment - written > KEPT:
            path.unlink(missing_ok=True)
