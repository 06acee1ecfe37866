"""Short codes of eight digits, good for minutes or for one day, looked up by a digest.

Seven free digits are 23 bits: enough for a code that lives so briefly behind a throttle, and for
nothing else.
"""

from __future__ import annotations

import secrets

from app.protection import codes
from app.protection.keys import digest

LENGTH = 8


def new_short_code() -> str:
    """Eight random digits, the last a Damm check digit."""
    digits = f"{secrets.randbelow(10 ** (LENGTH - 1)):0{LENGTH - 1}}"
    return digits + str(codes.check_digit(digits))


def short_digest(key: bytes, code: str) -> bytes:
    """What is stored and looked up in place of the code."""
    return digest(key, f"short code {code}")


def typed_short(text: str) -> str | None:
    """The eight digits that somebody typed, or None when they cannot be a code."""
    return codes.typed(text, LENGTH)
