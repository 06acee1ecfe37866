"""Sealing of the audit log, a moment after the acts: links, the second copy, the heads of days.

The worker does it every few seconds. Whatever is interrupted is made good by the next turn: links
are committed first, the copy is brought up to them, heads follow.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from app.domain.errors import Unavailable
from app.protection.audit_chain import GENESIS, Copied, Head, chained, sign
from app.protection.logs import last_place
from app.storage import audit_chain as stored
from app.storage.audit_chain import AuditHead, add_links, last_link, payload_of, unsealed
from app.storage.database import now
from app.workflows.acting import House
from app.workflows.in_turns import in_turns

EVERY = 5.0  # seconds between turns
BATCH = 2000
TAIL = 65_536  # bytes of the copy's end in which its last lines are
log = logging.getLogger("covalue.audit")


def seal(house: House) -> int:
    """Seal every entry that waits, bring the second copy up to date, make due heads; how many."""
    total = 0
    while count := _seal_some(house):
        total += count
    copy_links(house)
    make_heads(house)
    return total


def _seal_some(house: House) -> int:
    with house.database.write() as session:
        stored.lock(session)
        position, before = last_link(session) or (0, GENESIS)
        moment = now()  # nobody else seals or makes a head since
        rows = []
        for entry in unsealed(session, BATCH):
            position += 1
            before = chained(house.keys.audit, before, position, payload_of(entry))
            rows.append(
                {"position": position, "entry_id": entry.id, "hash": before, "sealed_at": moment}
            )
        add_links(session, rows)
        return len(rows)


def make_heads(house: House) -> None:
    """A head for each day that is over: of the last link sealed in it.

    What a clock set back seals in a day that has its head goes with the next day's.
    """
    with house.database.write() as session:
        stored.lock(session)
        known = stored.newest_head(session)
        moment = now()
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        last: dict[date, tuple[int, bytes]] = {
            at.date(): (position, found)
            for at, position, found in stored.last_of_days(session, known, midnight)
        }
        for day, (position, found) in last.items():
            words = Head(day.isoformat(), position, found).words()
            signature = sign(house.keys.heads, words)
            session.add(
                AuditHead(
                    day=day, position=position, hash=found, signature=signature, made_at=moment
                )
            )


def copy_folder(house: House) -> Path:
    """Where the second copy is: a folder of its own, best on a disk of another machine."""
    return house.audit_copy or house.folder / "audit"


def copy_links(house: House) -> int:
    """Append to the second copy what it lacks, durably; how many positions."""
    folder = copy_folder(house)
    folder.mkdir(parents=True, exist_ok=True)
    held, whole = _last_copied(folder)
    count = 0
    with (
        (folder / f"audit-{now():%Y-%m}.jsonl").open("ab") as file,
        house.database.read() as session,
    ):
        if not whole:
            file.write(b"\n")  # a crash cut a line off: leave it, and begin anew
        for link in stored.sealed(session, after=held):
            if link.payload is None:
                continue  # pruned, or removed: verify says which
            line = {"p": link.position, "h": link.hash.hex(), "e": link.payload.decode()}
            file.write(orjson.dumps(line) + b"\n")
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count


def copied(folder: Path, after: int = 0) -> Mapping[int, Copied]:
    """The second copy after a position: by position. A line cut off by a crash is left out."""
    return {
        line["p"]: Copied(bytes.fromhex(line["h"]), line["e"].encode())
        for line in _lines(folder, after)
    }


def _last_copied(folder: Path) -> tuple[int, bool]:
    """The last position of the newest file that has any, and whether that file ends with a line."""
    whole = True
    for path in sorted(folder.glob("audit-*.jsonl"), reverse=True):
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL))
            tail = file.read()
        whole = whole and tail.endswith((b"\n", b"")[not tail])
        found = [line["p"] for line in _read(tail.splitlines())]
        if found:
            return found[-1], whole
    return 0, whole


def _lines(folder: Path, after: int) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("audit-*.jsonl")):
        with path.open("rb") as file:
            _seek(file, path.stat().st_size, after)
            yield from (line for line in _read(file) if line["p"] > after)


def _seek(file: BinaryIO, size: int, after: int) -> None:
    """To a line near the first one after a position, and before it; positions only grow."""
    low, high = 0, size
    while after and high - low > TAIL:
        middle = (low + high) // 2
        file.seek(middle)
        file.readline()  # the end of a line
        line = next(iter(_read(file)), None)
        low, high = (middle, high) if line and line["p"] <= after else (low, middle)
    file.seek(low)
    if low:
        file.readline()


def _read(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        with suppress(orjson.JSONDecodeError):
            yield orjson.loads(line)


def sealing(house: House) -> AbstractContextManager[None]:
    """New entries are sealed beside the block."""

    def turn() -> None:
        try:
            seal(house)
        except (Unavailable, OSError) as error:  # the next turn will do
            log.warning("audit log not sealed: %s", type(error).__name__)
        except Exception as error:  # the thread outlives every turn
            told = {"kind": type(error).__name__, "place": last_place(error)}
            log.error("audit log not sealed", extra=told)

    return in_turns("audit sealer", EVERY, turn)
