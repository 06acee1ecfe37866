"""Names for people in an extract: other ones in each, so that two extracts cannot be joined.

Each extract has a purpose of its own ("extract:12"), and a purpose a key of its own: the same
person is called the same within it, and something unrelated in every other. Only who holds the
house's secret can tell that two names are one person.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable

LENGTH = 16  # symbols of 5 bits: 80 bits; one chance in 10^12 that two of a million people meet


def pseudonyms(key: bytes, purpose: str) -> Callable[[str | int], str]:
    """What people are called in the extract of this purpose: a function of their number or key.

    ``key``: ``Keys.pseudonyms``. A name has 16 characters of A-Z and 2-7 and says nothing of the
    person, the wave or the territory. Raises ValueError without a purpose.
    """
    if not purpose:
        raise ValueError("pseudonyms need the purpose of their extract")
    own = hmac.digest(key, f"pseudonyms of {purpose}".encode(), hashlib.sha256)

    def name(person: str | int) -> str:
        made = hmac.digest(own, str(person).encode(), hashlib.sha256)
        return base64.b32encode(made[: LENGTH * 5 // 8]).decode()

    return name
