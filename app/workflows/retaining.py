"""The retention engine: what would go, then what went, with a signed certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from app.domain.retention import CLASSES
from app.protection.audit_chain import canonical, sign
from app.storage import retention
from app.storage.audit import record
from app.storage.database import now
from app.workflows.acting import House
from app.workflows.erasing import clear_copies, keep_tombstones
from app.workflows.sealing_audit import copy_folder
from app.workflows.sending import erase

BATCH = 500


@dataclass(frozen=True, slots=True)
class Due:
    """A class, the moment before which its data ended, and how many rows."""

    name: str
    before: datetime
    rows: int


def due(house: House) -> list[Due]:
    """What a purge would remove now. Changes nothing."""
    moment = now()
    with house.database.read() as session:
        return [
            Due(kept.name, before, retention.outlived(session, kept.name, before))
            for kept in CLASSES
            for before in (kept.before(moment),)
        ]


def purge(house: House) -> tuple[list[Due], Path]:
    """Remove what is due, and write the certificate: counts and a signature, nobody's data.

    Safe to repeat and to interrupt. Gives what was removed and where the certificate is.
    """
    moment = now()
    done = []
    for kept in CLASSES:
        before = kept.before(moment)
        if kept.name == "answers":
            rows = _erase_old(house, before)
        else:
            with house.database.write() as session:
                rows = retention.remove(session, kept.name, before)
        done.append(Due(kept.name, before, rows))
    keep_tombstones(house)
    clear_copies(house)
    with house.database.write() as session:
        record(
            session,
            actor=None,
            origin="cli",
            act="retention.purge",
            details={each.name: each.rows for each in done},
        )
    return done, _certificate(house, done, moment)


def _erase_old(house: House, before: datetime) -> int:
    count = 0
    while True:
        with house.database.write() as session:
            rows = retention.old_responses(session, before, BATCH)
            for row in rows:
                erase(session, row, now())
                row.participant_id = None
        count += len(rows)
        if not rows:
            return count


def _certificate(house: House, done: list[Due], moment: datetime) -> Path:
    said = {
        "at": moment.isoformat(timespec="seconds"),
        "removed": [
            {"class": each.name, "ended_before": each.before.isoformat(), "rows": each.rows}
            for each in done
        ],
    }
    signature = sign(house.keys.heads, canonical(said)).hex()
    folder = copy_folder(house)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"retention-{moment:%Y%m%dT%H%M%S}.json"
    path.write_bytes(orjson.dumps(said | {"signature": signature}, option=orjson.OPT_INDENT_2))
    return path
