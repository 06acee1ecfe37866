"""The two files of a backup: sealed together, opened and checked together.

One holds the database and the data folder, the other what opens or shows answers: their keys, the
frozen copies behind releases, and who was erased. Both carry the same mark of their moment.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.domain.errors import CovalueError
from app.domain.text import Text
from app.interchange import backup_file
from app.interchange.backup_file import Kind, NotABackup
from app.protection.sealed_files import CannotOpen, identity, open_file, seal_file
from app.workflows.acting import House

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
        "Elle est d’un autre genre, ou d’un format que cette version ne connaît pas.",
        "It is of another kind, or of a format that this version does not know.",
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
    "other_segment": (
        "Un autre segment du même nom est déjà gardé. Donnez à chaque serveur son propre dossier.",
        "Another segment of the same name is kept already. Give each server a folder of its own.",
    ),
    "gap": (
        "Ce segment du journal manque. Prenez une copie faite après lui.",
        "This segment of the log is missing. Take a copy that was made after it.",
    ),
    "before_copy": (
        "Ce moment est avant la copie. Prenez une copie plus ancienne.",
        "That moment is before the copy. Take an older copy.",
    ),
    "no_keys": (
        "Le fichier des clés manque, et sans lui aucune réponse ne s’ouvre. "
        "Nommez avec --keys celui de la même sauvegarde, ou un plus récent.",
        "The file of the keys is missing, and no answer opens without it. "
        "Name that of the same backup with --keys, or a later one.",
    ),
    "earlier_keys": (
        "Le fichier des clés vient d’un moment antérieur : il y manque des clés. "
        "Nommez celui de la même sauvegarde, ou un plus récent.",
        "The file of the keys is of an earlier moment: keys are missing in it. "
        "Name that of the same backup, or a later one.",
    ),
    "keys_lacking": (
        "Des réponses n’ont pas leur clé, et ne sont pas parmi celles qui ont été effacées. "
        "Ne vous servez pas de ce qui a été restauré : prenez un autre fichier des clés.",
        "Some answers have no key, and are not among those that were erased. "
        "Do not use what was restored: take another file of the keys.",
    ),
}


class BadBackup(CovalueError):
    """A backup that is refused; ``code`` says why."""

    def __init__(self, code: str, at: str = "") -> None:
        """``at``: the file that it is about, where there are many."""
        self.code = code
        fr, en = (f"{at}: {said}" if at else said for said in REASONS[code])
        super().__init__(Text.of(fr=fr, en=en))


@dataclass(frozen=True, slots=True)
class Pair:
    """A backup and the file of its keys."""

    backup: Path
    keys: Path

    @classmethod
    def of(cls, backup: Path, keys: Path | None = None) -> Pair:
        """The file of the keys stands beside the backup, unless it is named."""
        return cls(backup, keys or backup.with_suffix(".keys"))


@dataclass(frozen=True, slots=True)
class Opened:
    """The manifests of both files."""

    backup: Mapping[str, Any]
    keys: Mapping[str, Any]

    @property
    def same_moment(self) -> bool:
        """Whether they were made together; else the keys are later ones."""
        return bool(self.backup["pair"] == self.keys["pair"])


def write(
    house: House,
    target: Path,
    kind: Kind,
    parts: Mapping[str, Path],
    about: Mapping[str, Any],
    recipients: Sequence[str],
    work: Path,
) -> None:
    """Pack and encrypt one of the two, durably, and its digest beside it; read it again."""
    backup_file.pack(work / "tar", kind, parts, about, house.keys.lookup)
    seal_file(work / "tar", work / "sealed", recipients)
    (work / "tar").unlink()
    durably(work / "sealed")
    os.replace(work / "sealed", target)
    digest = _digest_of(target)
    beside(target).write_text(f"{digest}  {target.name}\n")
    check_digest(target)


def check(pair: Pair) -> None:
    """Whether both are there, as they were written. Raises ``BadBackup``."""
    check_digest(pair.backup)
    if not pair.keys.exists():
        raise BadBackup("no_keys")
    check_digest(pair.keys)


def open_both(house: House, pair: Pair, keys: Sequence[Path], work: Path) -> Opened:
    """Decrypt and unpack both: the backup to ``work``, the other to ``work/apart``.

    ``keys``: files with private keys. Keys of a later moment are taken: who was erased in between
    is not among them. Raises ``BadBackup``.
    """
    found = Opened(
        _open(house, pair.backup, "backup", keys, work),
        _open(house, pair.keys, "keys", keys, work / "apart"),
    )
    made, keys_made = (
        datetime.fromisoformat(each["made_at"]) for each in (found.backup, found.keys)
    )
    if not found.same_moment and keys_made <= made:
        raise BadBackup("earlier_keys")
    return found


def _open(house: House, file: Path, kind: Kind, keys: Sequence[Path], into: Path) -> dict[str, Any]:
    into.mkdir(exist_ok=True)
    try:
        open_file(file, into / "tar", [identity(key) for key in keys])
    except (CannotOpen, ValueError) as error:
        raise BadBackup("cannot_open") from error
    try:
        manifest = backup_file.unpack(into / "tar", kind, into, house.keys.lookup)
    except NotABackup as error:
        raise BadBackup(str(error)) from error
    (into / "tar").unlink()
    return manifest


def check_digest(file: Path) -> None:
    """Whether a file is the one that was written. Raises ``BadBackup``."""
    try:
        written = beside(file).read_text().split()[0]
    except (OSError, IndexError) as error:
        raise BadBackup("digest") from error
    if _digest_of(file) != written:
        raise BadBackup("digest")


def beside(file: Path) -> Path:
    """Where the digest of a file stands."""
    return file.with_name(f"{file.name}.sha256")


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def durably(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
