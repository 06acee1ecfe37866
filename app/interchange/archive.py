"""A zip whose bytes depend on its files alone, with a manifest and checksums of all of them."""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

SUMS, MANIFEST = "SHA256SUMS", "manifest.json"


def write_archive(
    folder: str, files: Mapping[str, bytes | Path], manifest: Mapping[str, Any], dated: datetime
) -> bytes:
    """The files below one folder, in the order of their names, all dated ``dated``.

    A file that is a path is read piece by piece: memory holds what comes out, not what goes in.
    ``manifest.json`` says what the archive is and each file's size and SHA-256; ``SHA256SUMS`` is
    what ``sha256sum --check`` reads.
    """
    sums = {name: _digest(content) for name, content in sorted(files.items())}
    listed = [
        {"name": name, "bytes": _size(files[name]), "sha256": found} for name, found in sums.items()
    ]
    described = orjson.dumps({**manifest, "files": listed}, option=orjson.OPT_INDENT_2)
    sums[MANIFEST] = _digest(described)
    said = "".join(f"{found}  {name}\n" for name, found in sorted(sums.items()))
    whole = {**files, MANIFEST: described, SUMS: said.encode("utf-8")}
    moment = dated.astimezone(UTC)
    stamp = (max(moment.year, 1980), *moment.timetuple()[1:6])
    with tempfile.TemporaryFile() as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name, content in sorted(whole.items()):
                entry = zipfile.ZipInfo(f"{folder}/{name}", stamp)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system, entry.external_attr = 3, 0o644 << 16
                entry.file_size = _size(content)
                with _opened(content) as read, archive.open(entry, "w") as written:
                    shutil.copyfileobj(read, written, 1 << 20)
        out.seek(0)
        return out.read()


def _opened(content: bytes | Path) -> io.BytesIO | io.BufferedReader:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _size(content: bytes | Path) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _digest(content: bytes | Path) -> str:
    with _opened(content) as read:
        return hashlib.file_digest(read, "sha256").hexdigest()
