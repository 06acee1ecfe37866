"""Receipts: eight signs that say what was stored of a response when a page was acknowledged.

A keyed hash over the response's own secret and its answers, each with its moment: the same answers
given again make another receipt, and nobody without the key can make one or learn anything of it.
Forty bits: enough for what opens nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import orjson

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another
LENGTH = 8


def receipt(key: bytes, own: bytes, cells: Mapping[str, Any]) -> str:
    """The receipt of a response as it stands.

    ``own``: digest of the response's own secret; ``cells``: its answers as stored, by item.
    """
    said = hashlib.sha256(orjson.dumps(cells, option=orjson.OPT_SORT_KEYS)).digest()
    bits = int.from_bytes(hmac.digest(key, own + said, "sha256")[:5])
    return "".join(SIGNS[bits >> 5 * place & 31] for place in range(LENGTH))


def printed_receipt(written: str) -> str:
    """A receipt in two groups of four."""
    return f"{written[:4]}-{written[4:]}"


def typed_receipt(text: str) -> str | None:
    """The receipt that somebody typed, however it is spaced; None where it cannot be one."""
    found = "".join(sign for sign in text.upper() if sign not in " -\u00a0")
    return found if len(found) == LENGTH and set(found) <= set(SIGNS) else None
