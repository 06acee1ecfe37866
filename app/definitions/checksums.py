"""The checksum of a document: the same for the same content, whatever the order of its keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def checksum(document: Mapping[str, object]) -> str:
    """SHA-256 (64 hexadecimal digits) of the document as canonical JSON.

    Canonical: keys sorted, no spaces, UTF-8, whole floats as integers; NaN and infinities are
    refused with ValueError.
    """
    written = json.dumps(
        _canonical(document),
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return hashlib.sha256(written.encode()).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _canonical(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
