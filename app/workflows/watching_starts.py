"""What a process is started with, held against the time before.

Where its settings or the code are others than last time, an entry of the audit log names them,
never their values. What they were is kept as keyed digests beside the other data
(``starts/<process>.json``); where that file was taken away, the entry says that nothing was known.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from sqlalchemy.exc import SQLAlchemyError

from app.domain.deeds import Deed
from app.domain.errors import CovalueError
from app.protection.keys import digest
from app.storage.audit import record
from app.workflows.acting import House

FOLDER = "starts"
SECRET = "COVALUE_SECRET"  # when it changes, older digests tell nothing
APP = Path(__file__).parents[1]
OF_THE_CODE = (".py", ".html", ".js", ".css")
log = logging.getLogger("covalue.starts")


def note_start(house: House, process: str, environment: Mapping[str, str], code: str = "") -> None:
    """Leave an entry where this process is started otherwise than last time.

    ``code``: fingerprint of the code that runs. The processes of one server start at once, and
    leave one entry. Where nothing can be written now the next start tells it; none is held up.
    """
    said = {name: value for name, value in environment.items() if name.startswith("COVALUE_")}
    now = {
        "secret": _told(house, "secret"),
        "settings": {name: _told(house, f"{name}={value}") for name, value in said.items()},
        "code": code or fingerprint(),
    }
    try:
        with _alone(house.folder / FOLDER, process) as file:
            before = _before(file)
            details = _changes(before, now)
            if before is not None and not details:
                return
            with house.database.write() as session:
                record(
                    session,
                    actor=None,
                    origin="cli",
                    act=Deed.SERVICE_CHANGE,
                    thing=f"process:{process}",
                    details=details | {"known": before is not None},
                )
            file.seek(0)
            file.truncate()
            file.write(orjson.dumps(now))
    except (CovalueError, SQLAlchemyError, OSError) as error:
        log.warning("whether settings changed could not be noted", extra={"kind": _kind(error)})


def fingerprint() -> str:
    """Of all the code that the service runs: another where a file is another."""
    found = hashlib.sha256()
    for path in sorted(path for path in APP.rglob("*") if path.suffix in OF_THE_CODE):
        found.update(f"{path.relative_to(APP)}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def _told(house: House, what: str) -> str:
    return digest(house.keys.lookup, f"start {what}").hex()[:32]


@contextmanager
def _alone(folder: Path, process: str) -> Iterator[BinaryIO]:
    """What is known of a process, while no other looks at it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / f"{process}.json", os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _before(file: BinaryIO) -> dict[str, Any] | None:
    try:
        return dict(orjson.loads(file.read()))
    except ValueError:  # a new file, or no longer what was written
        return None


def _changes(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> dict[str, Any]:
    """Names of the settings that changed, and the code where it is another."""
    if before is None:
        return {"code": now["code"]}
    was, is_ = before["settings"], now["settings"]
    same_secret = before["secret"] == now["secret"]
    changed = {
        name
        for name in was.keys() | is_.keys()
        if (was.get(name) != is_.get(name) if same_secret else (name in was) != (name in is_))
    }
    changed |= set() if same_secret else {SECRET}
    found: dict[str, Any] = {"changed": sorted(changed)} if changed else {}
    return found | ({"code": now["code"]} if before["code"] != now["code"] else {})


def _kind(error: Exception) -> str:
    return type(error).__name__
