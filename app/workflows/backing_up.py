"""Backups: made encrypted, verified, restored into an empty place, and rehearsed.

A backup holds the database and the data folder, never the secret of the installation: without it no
code is found and no seal is opened. It is encrypted for public keys whose private halves are kept
elsewhere, so that whoever takes the server or the backups reads none.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from app.domain.errors import CovalueError
from app.domain.text import Text
from app.interchange import backup_file
from app.interchange.backup_file import NotABackup
from app.protection.sealed_files import CannotOpen, identity, open_file, seal_file
from app.storage import backup as copies
from app.storage import schema
from app.storage.database import now
from app.storage.row_security import EVERYTHING
from app.workflows.acting import House
from app.workflows.erasing import clear_copies, replay_tombstones
from app.workflows.queue import FILE as QUEUE
from app.workflows.sealing_audit import copy_folder

NAME = "covalue-{:%Y%m%dT%H%M%S}Z.backup"
KEPT = "audit"  # folder of the second copy and of the tombstone list, where it is not elsewhere
LEFT_OUT = frozenset({QUEUE, "uploads", "metrics", "secret", "restoring"})
REASONS = {
    "digest": (
        "Le fichier n’est pas celui qui a été écrit : son empreinte diffère.",
        "The file is not the one that was written: its digest differs.",
    ),
    "cannot_open": (
        "La clé ne l’ouvre pas, ou le fichier est coupé ou altéré.",
        "The key does not open it, or the file is cut off or altered.",
    ),
    "unreadable": ("Ce n’est pas une sauvegarde.", "This is no backup."),
    "unmarked": (
        "Elle n’a pas été faite avec le secret de cette installation.",
        "It was not made with the secret of this installation.",
    ),
    "unknown_format": (
        "Elle a un format que cette version ne connaît pas.",
        "It has a format that this version does not know.",
    ),
    "missing_part": ("Il y manque une partie.", "A part of it is missing."),
    "altered_part": ("Une partie a été altérée.", "A part of it was altered."),
    "foreign_part": ("Elle contient une partie étrangère.", "It holds a part that is not its own."),
    "damaged_database": (
        "La base qu’elle contient est abîmée.",
        "The database in it is damaged.",
    ),
    "newer": (
        "Elle vient d’une version plus récente. Installez celle-ci d’abord.",
        "It comes from a newer version. Install that one first.",
    ),
    "other_engine": (
        "Elle vient d’un autre genre de base de données.",
        "It comes from another kind of database.",
    ),
    "not_empty": (
        "La base ou le dossier de destination n’est pas vide.",
        "The database or the folder to restore into is not empty.",
    ),
    "differs": (
        "Ce qui est restauré diffère de ce qui a été sauvegardé.",
        "What was restored differs from what was backed up.",
    ),
}


class BadBackup(CovalueError):
    """A backup that is refused; ``code`` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        fr, en = REASONS[code]
        super().__init__(Text.of(fr=fr, en=en))


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: the manifest, how many erasures were done again, seconds it took."""

    manifest: dict[str, Any]
    erased_again: int
    seconds: float


def make(house: House, target: Path, recipients: Sequence[str]) -> Path:
    """Write a backup to the folder ``target``; its path. Beside it stands its digest.

    What was written is read again before it is told. Raises ``ProgramFailed``.
    """
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = target / NAME.format(now())
    with tempfile.TemporaryDirectory(dir=target, prefix=".making-") as name:
        work = Path(name)
        database = work / backup_file.DATABASE
        found = copies.copy_out(house.database.url, database)
        engine = house.database.url.get_backend_name()
        if not copies.is_readable(database, engine):
            raise BadBackup("damaged_database")
        about = {
            "made_at": now().isoformat(timespec="seconds"),
            "engine": engine,
            "revision": schema.revisions(house.database)[0],
            "tables": {name: list(counted) for name, counted in found.items()},
        }
        parts = {backup_file.DATABASE: database}
        leave = LEFT_OUT | {Path(str(house.database.url.database)).name}
        for path in backup_file.files_below(house.folder, leave):
            if target not in path.parents:
                parts[f"{backup_file.FOLDER}/{path.relative_to(house.folder)}"] = path
        backup_file.pack(work / "tar", parts, about, house.keys.lookup)
        seal_file(work / "tar", work / "sealed", recipients)
        _durably(work / "sealed")
        os.replace(work / "sealed", made)
    digest = _digest_of(made)
    _beside(made).write_text(f"{digest}  {made.name}\n")
    if _digest_of(made) != digest:
        raise BadBackup("digest")
    return made


def forget(target: Path, older: timedelta) -> int:
    """Remove the backups of a folder that are older; how many. What was erased leaves with them."""
    gone = 0
    for path in target.glob("covalue-*.backup"):
        if time.time() - path.stat().st_mtime > older.total_seconds():
            path.unlink()
            _beside(path).unlink(missing_ok=True)
            gone += 1
    return gone


def verify(house: House, backup: Path, key: Path | None) -> dict[str, Any] | None:
    """Check a backup as far as it goes: without a key its digest alone (then None).

    With the key: every part, the database's own check; the manifest. Raises ``BadBackup``.
    """
    _check_digest(backup)
    if key is None:
        return None
    with tempfile.TemporaryDirectory(dir=backup.parent, prefix=".verifying-") as name:
        return _opened(house, backup, key, Path(name))


def restore(house: House, backup: Path, key: Path) -> Restored:
    """Bring a backup back into the house's own database and folder, both empty.

    Everything is checked before anything is written. Erasures since the backup are done again, from
    the tombstone list; where it stands in the folder already, it is the newer one and stays.
    Raises ``BadBackup``, ``ProgramFailed``.
    """
    begun = time.monotonic()
    url = house.database.url
    house.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_digest(backup)
    leave = frozenset({Path(str(url.database)).name, "secret", KEPT})
    if not copies.is_empty(url) or any(backup_file.files_below(house.folder, leave)):
        raise BadBackup("not_empty")
    with tempfile.TemporaryDirectory(dir=house.folder, prefix="restoring-") as name:
        work = Path(name)
        manifest = _opened(house, backup, key, work)
        house.database.dispose()
        copies.copy_in(work / backup_file.DATABASE, url)
        for path in sorted((work / backup_file.FOLDER).glob("*")):
            if not (house.folder / path.name).exists():
                shutil.move(path, house.folder / path.name)
    _compare(url, manifest)
    schema.upgrade(house.database)
    whole = house.seen_by(EVERYTHING)
    erased = replay_tombstones(whole)
    if erased:
        clear_copies(whole)
    return Restored(manifest, erased, time.monotonic() - begun)


def drill(house: House, backup: Path, key: Path, place: House) -> Restored:
    """Rehearse a restoration in another, empty place; the house itself is not touched."""
    if place.database.url == house.database.url or place.folder == house.folder:
        raise BadBackup("not_empty")
    return restore(replace(place, keys=house.keys, audit_copy=copy_folder(house)), backup, key)


def _opened(house: House, backup: Path, key: Path, work: Path) -> dict[str, Any]:
    try:
        open_file(backup, work / "tar", identity(key))
    except (CannotOpen, ValueError) as error:
        raise BadBackup("cannot_open") from error
    try:
        manifest = backup_file.unpack(work / "tar", work, house.keys.lookup)
    except NotABackup as error:
        raise BadBackup(str(error)) from error
    (work / "tar").unlink()
    engine = house.database.url.get_backend_name()
    if manifest["engine"] != engine:
        raise BadBackup("other_engine")
    if manifest["revision"] not in schema.known_revisions():
        raise BadBackup("newer")
    if not copies.is_readable(work / backup_file.DATABASE, engine):
        raise BadBackup("damaged_database")
    if engine == "sqlite":
        _compare(URL.create("sqlite", database=str(work / backup_file.DATABASE)), manifest)
    return manifest


def _compare(url: URL, manifest: dict[str, Any]) -> None:
    found = {name: list(counted) for name, counted in copies.contents(url).items()}
    if found != manifest["tables"]:
        raise BadBackup("differs")


def _check_digest(backup: Path) -> None:
    try:
        written = _beside(backup).read_text().split()[0]
    except (OSError, IndexError) as error:
        raise BadBackup("digest") from error
    if _digest_of(backup) != written:
        raise BadBackup("digest")


def _beside(backup: Path) -> Path:
    return backup.with_name(f"{backup.name}.sha256")


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _durably(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
