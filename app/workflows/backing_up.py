"""Backups: made encrypted, verified, restored into an empty place, and rehearsed.

A backup holds the database and the data folder, never the secret of the installation: without it no
code is found and no seal is opened. What opens or shows answers stands in a second file, kept for
less long, so that who was erased dies in old backups too. Both are encrypted for public keys whose
private halves are kept elsewhere: whoever takes the server or the backups reads none.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from app.interchange import backup_file
from app.protection.sealing import SEALED_BODY
from app.storage import backup as copies
from app.storage import cuts, schema
from app.storage.database import now
from app.storage.reserve import FILE as RESERVE
from app.storage.response_keys import put_keys, without_key
from app.storage.row_security import EVERYTHING
from app.workflows import backup_pair
from app.workflows.acting import House
from app.workflows.backup_pair import BadBackup, Opened, Pair
from app.workflows.erasing import clear_copies, replay_tombstones, write_tombstones
from app.workflows.queue import FILE as QUEUE
from app.workflows.receipt_checks import Reconciled, reconcile
from app.workflows.sealing_audit import copy_folder
from app.workflows.verifying_audit import verify as verify_log

KEPT = "audit"  # folder of the second copy and of the tombstone list, where it is not elsewhere
APART = "cuts"  # coded answers behind releases: with the keys
MADE_AGAIN = frozenset({"extract", "moments"})  # from the answers, when they are next asked for
LEFT_OUT = MADE_AGAIN | {
    QUEUE,
    RESERVE,
    APART,
    "carried",
    "uploads",
    "metrics",
    "secret",
    "restoring",
}


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: the manifests, how many erasures were done again, seconds it took.

    ``log_holds``: whether the audit log that came back is as it was sealed; ``receipts``: answers
    that came back, held against what was acknowledged.
    """

    opened: Opened
    erased_again: int
    seconds: float
    log_holds: bool
    receipts: Reconciled


def make(
    house: House, target: Path, recipients: Sequence[str], key_recipients: Sequence[str]
) -> Pair:
    """Write a backup and the file of its keys to the folder ``target``. Beside each its digest.

    What was written is read again before it is told. Raises ``ProgramFailed``.
    """
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = now()
    made = Pair.of(target / f"covalue-{moment:%Y%m%dT%H%M%S}Z.backup")
    with tempfile.TemporaryDirectory(dir=target, prefix=".making-") as name:
        work = Path(name)
        database, keys, erased = (
            work / part for part in (backup_file.DATABASE, backup_file.KEYS, backup_file.ERASED)
        )
        found = copies.copy_out(house.database.url, database, keys)
        write_tombstones(house, erased)
        engine = house.database.url.get_backend_name()
        if not copies.is_readable(database, engine):
            raise BadBackup("damaged_database")
        about: dict[str, Any] = {
            "made_at": moment.isoformat(timespec="milliseconds"),
            "pair": secrets.token_hex(16),
        }
        counted = list(found.pop(copies.APART[engine]))
        apart = {backup_file.KEYS: keys, backup_file.ERASED: erased}
        apart |= _files(house.folder / APART, f"{backup_file.FOLDER}/{APART}", target)
        backup_pair.write(
            house, made.keys, "keys", apart, about | {"keys": counted}, key_recipients, work
        )
        about |= {
            "engine": engine,
            "revision": schema.revisions(house.database)[0],
            "tables": {name: list(each) for name, each in found.items()},
        }
        leave = LEFT_OUT | {Path(str(house.database.url.database)).name}
        parts = {backup_file.DATABASE: database}
        parts |= _files(house.folder, backup_file.FOLDER, target, leave)
        backup_pair.write(house, made.backup, "backup", parts, about, recipients, work)
    return made


def forget(target: Path, older: timedelta, keys_older: timedelta) -> tuple[int, int]:
    """Remove backups and files of keys that were made longer ago; how many of each.

    Their names say when. What was erased leaves with the keys.
    """
    return _forget(target, ".backup", older), _forget(target, ".keys", keys_older)


def verify(house: House, pair: Pair, keys: Sequence[Path]) -> Opened | None:
    """Check a backup as far as it goes: without a key the digests alone (then None).

    With the keys: every part, the database's own check; the manifests. Raises ``BadBackup``.
    """
    backup_pair.check(pair)
    if not keys:
        return None
    with tempfile.TemporaryDirectory(dir=pair.backup.parent, prefix=".verifying-") as name:
        return _opened(house, pair, keys, Path(name))


def restore(house: House, pair: Pair, keys: Sequence[Path]) -> Restored:
    """Bring a backup back into the house's own database and folder, both empty.

    Everything is checked before anything is written. Erasures since the backup are done again, from
    the tombstone list and from the one that the keys bring; where the list stands in the folder
    already, it is the newer one and stays. Raises ``BadBackup``, ``ProgramFailed``.
    """
    begun = time.monotonic()
    url = house.database.url
    house.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    backup_pair.check(pair)
    leave = frozenset({Path(str(url.database)).name, "secret", KEPT, RESERVE})
    if not copies.is_empty(url) or any(backup_file.files_below(house.folder, leave)):
        raise BadBackup("not_empty")
    with tempfile.TemporaryDirectory(dir=house.folder, prefix="restoring-") as name:
        work = Path(name)
        opened = _opened(house, pair, keys, work)
        house.database.dispose()
        copies.copy_in(work / backup_file.DATABASE, url)
        for source in (work, work / "apart"):
            for path in sorted((source / backup_file.FOLDER).glob("*")):
                if not (house.folder / path.name).exists():
                    shutil.move(path, house.folder / path.name)
        whole = house.seen_by(EVERYTHING)
        with whole.database.write() as session:
            put_keys(session, work / "apart" / backup_file.KEYS)
        _compare(url, opened, with_keys=opened.same_moment)
        schema.upgrade(house.database)
        erased = _erase_again(whole, work / "apart" / backup_file.ERASED)
        holds = verify_log(whole, alone=True).holds
        receipts = reconcile(whole)
    return Restored(opened, erased, time.monotonic() - begun, holds, receipts)


def drill(house: House, pair: Pair, keys: Sequence[Path], place: House) -> Restored:
    """Rehearse a restoration in another, empty place; the house itself is not touched."""
    if place.database.url == house.database.url or place.folder == house.folder:
        raise BadBackup("not_empty")
    place.database.sealing = house.database.sealing
    return restore(replace(place, keys=house.keys, audit_copy=copy_folder(house)), pair, keys)


def _files(
    folder: Path, name: str, target: Path, leave: frozenset[str] = frozenset()
) -> dict[str, Path]:
    """The files of a folder by their names in a backup; not those of the backups themselves."""
    return {
        f"{name}/{path.relative_to(folder)}": path
        for path in backup_file.files_below(folder, leave)
        if target not in path.parents
    }


def _forget(target: Path, ending: str, older: timedelta) -> int:
    gone = 0
    for path, made_at in _made(target, ending):
        if now() - made_at > older:
            path.unlink()
            backup_pair.beside(path).unlink(missing_ok=True)
            gone += 1
    return gone


def _made(target: Path, ending: str) -> Iterator[tuple[Path, datetime]]:
    for path in sorted(target.glob(f"covalue-*{ending}")):
        try:
            yield path, datetime.strptime(path.stem, "covalue-%Y%m%dT%H%M%S%z")
        except ValueError:
            continue  # not a name of ours


def _opened(house: House, pair: Pair, keys: Sequence[Path], work: Path) -> Opened:
    found = backup_pair.open_both(house, pair, keys, work)
    engine = house.database.url.get_backend_name()
    if found.backup["engine"] != engine:
        raise BadBackup("other_engine")
    if found.backup["revision"] not in schema.known_revisions():
        raise BadBackup("newer")
    if not copies.is_readable(work / backup_file.DATABASE, engine):
        raise BadBackup("damaged_database")
    if engine == "sqlite":
        _compare(URL.create("sqlite", database=str(work / backup_file.DATABASE)), found)
    return found


def _compare(url: URL, opened: Opened, *, with_keys: bool = False) -> None:
    found = {name: list(counted) for name, counted in copies.contents(url).items()}
    keys = found.pop(copies.APART[url.get_backend_name()])
    if found != opened.backup["tables"] or (with_keys and keys != opened.keys["keys"]):
        raise BadBackup("differs")


def _erase_again(whole: House, listed: Path) -> int:
    erased = replay_tombstones(whole, listed)
    with whole.database.read() as session:
        cuts.forget_unnamed(session, whole.folder)
        if without_key(session, SEALED_BODY):
            raise BadBackup("keys_lacking")
    if erased:
        clear_copies(whole)
    return erased
