"""A file of a backup: a tar of parts and a manifest.

The manifest carries the digest of each part and is marked with a key of the installation, since
anybody can encrypt for a public key. A backup is two of them: the database and the data folder, and
apart from it what opens or shows answers.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import orjson

Kind = Literal["backup", "keys"]
FORMATS: Mapping[Kind, str] = {"backup": "covalue/backup/2", "keys": "covalue/backup-keys/1"}
MANIFEST, MARK = "manifest.json", "manifest.mark"
DATABASE, FOLDER, KEYS, ERASED = "database", "folder", "keys", "erased"


class NotABackup(Exception):
    """What is wrong with it, in one stable word."""


def pack(
    target: Path, kind: Kind, parts: Mapping[str, Path], about: Mapping[str, Any], key: bytes
) -> None:
    """Write the tar: manifest, its mark, then the parts (name in the tar, file)."""
    listed = {name: _digest(path) for name, path in parts.items()}
    manifest = orjson.dumps(
        {"format": FORMATS[kind], **about, "parts": listed}, option=orjson.OPT_SORT_KEYS
    )
    with tarfile.open(target, "w") as tar:
        _add(tar, MANIFEST, manifest)
        _add(tar, MARK, _mark(key, manifest))
        for name, path in parts.items():
            tar.add(path, name, recursive=False)


def unpack(source: Path, kind: Kind, into: Path, key: bytes) -> dict[str, Any]:
    """Take the parts out into an empty folder, each checked; the manifest.

    Raises ``NotABackup``: ``unreadable``, ``unmarked``, ``unknown_format``, ``missing_part``,
    ``altered_part``, ``foreign_part``.
    """
    try:
        with tarfile.open(source, "r:") as tar:
            manifest = _manifest(tar, kind, key)
            wanted = dict(manifest["parts"])
            for member in tar:
                if member.name in (MANIFEST, MARK):
                    continue
                if member.name not in wanted or not member.isfile():
                    raise NotABackup("foreign_part")
                _take(tar, member, into / PurePosixPath(member.name), wanted.pop(member.name))
    except (tarfile.TarError, orjson.JSONDecodeError, KeyError, EOFError) as error:
        raise NotABackup("unreadable") from error
    if wanted:
        raise NotABackup("missing_part")
    return manifest


def files_below(folder: Path, leave: frozenset[str]) -> Iterator[Path]:
    """Every file of a folder, but not those in or named as what is left out at its top."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            top = path.relative_to(folder).parts[0]
            if not any(top == name or top.startswith(f"{name}-") for name in leave):
                yield path


def _manifest(tar: tarfile.TarFile, kind: Kind, key: bytes) -> dict[str, Any]:
    written, mark = (_read(tar, name) for name in (MANIFEST, MARK))
    if not hmac.compare_digest(mark, _mark(key, written)):
        raise NotABackup("unmarked")
    manifest: dict[str, Any] = orjson.loads(written)
    if manifest.get("format") != FORMATS[kind]:
        raise NotABackup("unknown_format")
    return manifest


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    opened = tar.extractfile(name)
    if opened is None:
        raise NotABackup("unreadable")
    return opened.read()


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path, digest: str) -> None:
    opened = tar.extractfile(member)
    if opened is None or ".." in target.parts:
        raise NotABackup("foreign_part")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    counted = hashlib.sha256()
    with target.open("wb") as file:
        target.chmod(0o600)
        while piece := opened.read(1 << 20):
            counted.update(piece)
            file.write(piece)
    if counted.hexdigest() != digest:
        raise NotABackup("altered_part")


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _mark(key: bytes, manifest: bytes) -> bytes:
    return hmac.new(key, b"backup " + manifest, "sha256").hexdigest().encode()
