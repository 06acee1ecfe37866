"""A zip whose bytes depend on its files alone, with a manifest and checksums of all of them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

SUMS, MANIFEST = "SHA256SUMS", "manifest.json"


def write_archive(
    folder: str, files: Mapping[str, bytes], manifest: Mapping[str, Any], dated: datetime
) -> bytes:
    """The files below one folder, in the order of their names, all dated ``dated``.

    ``manifest.json`` says what the archive is and each file's size and SHA-256; ``SHA256SUMS`` is
    what ``sha256sum --check`` reads.
    """
    listed = [
        {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in sorted(files.items())
    ]
    described = orjson.dumps({**manifest, "files": listed}, option=orjson.OPT_INDENT_2)
    whole = {**files, MANIFEST: described}
    sums = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        for name, content in sorted(whole.items())
    )
    whole[SUMS] = sums.encode("utf-8")
    out = io.BytesIO()
    moment = dated.astimezone(UTC)
    stamp = (max(moment.year, 1980), *moment.timetuple()[1:6])
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in sorted(whole.items()):
            entry = zipfile.ZipInfo(f"{folder}/{name}", stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()
