"""Erasure that reaches every copy: extract, frozen copies, moments, and what a backup brings back.

The row of an erased response stays, empty, and its own secret stands on the tombstone list, a file
beside the audit log's second copy. After a restore ``replay_tombstones`` erases them again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from app.domain.deeds import Deed
from app.storage import cuts, erasures, extract
from app.storage.audit import record
from app.storage.database import now
from app.storage.moments_cache import forget_moments
from app.storage.passages import forget_of_erased
from app.workflows.acting import House
from app.workflows.sealing_audit import copy_folder
from app.workflows.sending import erase

TOMBSTONES = "tombstones.txt"


def tombstone_file(house: House) -> Path:
    """Where the tombstone list is: one digest of 64 hexadecimal digits a line."""
    return copy_folder(house) / TOMBSTONES


def keep_tombstones(house: House) -> int:
    """Append to the list who was erased since, durably; how many. The worker does it."""
    path = tombstone_file(house)
    with house.database.read() as session:
        found = set(erasures.erased(session))
    new = sorted(found - _listed(path))
    if new:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="ascii") as file:
            file.writelines(f"\n{own.hex()}" for own in new)
            file.flush()
            os.fsync(file.fileno())
    return len(new)


def write_tombstones(house: House, target: Path) -> None:
    """Write the whole list as of now to another file: what a backup's keys take along."""
    with house.database.read() as session:
        found = set(erasures.erased(session))
    found |= _listed(tombstone_file(house))
    target.write_text("\n".join(sorted(own.hex() for own in found)), "ascii")


def replay_tombstones(house: House, beside: Path | None = None) -> int:
    """After a restore: erase again whoever is on the list and came back; how many.

    ``beside``: another list, which came with the backup. Call it before the service starts again,
    then ``clear_copies``. Again: changes nothing.
    """
    listed = _listed(tombstone_file(house)) | (_listed(beside) if beside else set())
    moment = now()
    with house.database.write() as session:
        back = erasures.standing(session, listed)
        for row in back:
            erase(session, row, moment)
        if listed:
            record(
                session,
                actor=None,
                origin="cli",
                act=Deed.RESPONSE_ERASE_AGAIN,
                details={"listed": len(listed), "erased": len(back)},
            )
        return len(back)


def _listed(path: Path) -> set[bytes]:
    if not path.exists():
        return set()
    lines = path.read_text("ascii").split()
    return {bytes.fromhex(line) for line in lines if len(line) == 64}


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was cleared: waves, and rows that left frozen copies."""

    waves: int
    rows: int


def clear_copies(house: House) -> Cleared:
    """Take erased answers out of what they corrected, of extracts, frozen copies and moments.

    The worker does it.
    """
    with house.database.write() as session:
        for row in erasures.corrected(session):
            erase(session, row, now())
    with house.database.read() as session:
        waves = erasures.waves_to_clear(session)
    rows = 0
    for wave_id in waves:
        extract.refresh(house.database, house.folder, wave_id)
        with house.database.read() as session:
            rows += cuts.forget_withdrawn(session, house.folder, wave_id)
        forget_moments(house.folder, wave_id)
        with house.database.write() as session:
            erasures.cleared(session, wave_id)
    if waves:
        with house.database.write() as session:
            forget_of_erased(session)
    return Cleared(len(waves), rows)
