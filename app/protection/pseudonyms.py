"""Names for people in an extract: other ones in each, so that two extracts cannot be joined.

Each extract has a purpose of its own ("extract:12"), and a purpose a key of its own: the same
person is called the same within it, and something unrelated in every other. Only who holds the
house's secret can tell that two names are one person.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from hashlib import blake2b

import numpy as np

LENGTH = 16  # symbols of 5 bits: 80 bits; one chance in 10^12 that two of a million people meet
SIZE = LENGTH * 5 // 8  # bytes
SYMBOLS = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", dtype=np.uint8)
_PLACES = np.array([16, 8, 4, 2, 1], dtype=np.uint8)


def pseudonyms(key: bytes, purpose: str) -> Callable[[Sequence[str | int]], list[str]]:
    """What people are called in the extract of this purpose: a function of their numbers or keys.

    ``key``: ``Keys.pseudonyms``. A name has 16 characters of A-Z and 2-7 (RFC 4648, base32) and
    says nothing of the person, the wave or the territory: it is a keyed hash (BLAKE2b, RFC 7693).
    Raises ValueError without a purpose.
    """
    if not purpose:
        raise ValueError("pseudonyms need the purpose of their extract")
    own = hmac.digest(key, f"pseudonyms of {purpose}".encode(), hashlib.sha256)

    keyed = blake2b(key=own, digest_size=SIZE)

    def digest(person: str | int) -> bytes:
        found = keyed.copy()  # half the time of a new one
        found.update(str(person).encode())
        return found.digest()

    def names(people: Sequence[str | int]) -> list[str]:
        made = b"".join(map(digest, people))
        bits = np.unpackbits(np.frombuffer(made, dtype=np.uint8)).reshape(-1, 5)
        text = SYMBOLS[bits @ _PLACES].tobytes().decode("ascii")
        return [text[start : start + LENGTH] for start in range(0, len(text), LENGTH)]

    return names
