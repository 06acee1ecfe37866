"""Access codes: twelve digits in three groups, the last a Damm check digit.

H. M. Damm, "Total anti-symmetrische Quasigruppen", 2004: the check finds every single wrong
digit and every swap of neighbours. Eleven free digits are 36.5 bits, so a code alone may only
start or continue forward, and code entry is throttled.
"""

from __future__ import annotations

import re
import secrets

LENGTH = 12
_TABLE = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_MISREAD = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "L": "1"})
_BETWEEN = re.compile(r"[\s.\-_/\u00a0\u202f]+")


def check_digit(digits: str) -> int:
    """The Damm check digit of a string of decimal digits."""
    interim = 0
    for digit in digits:
        interim = _TABLE[interim][int(digit)]
    return interim


def new_code() -> str:
    """A random code: twelve digits without spaces."""
    digits = "".join(str(secrets.randbelow(10)) for _ in range(LENGTH - 1))
    return digits + str(check_digit(digits))


def code_place(participant_id: int, generation: int) -> str:
    """Where the printable form of a participant's code is bound to when it is sealed."""
    return f"access_code:{participant_id}:{generation}"


def printed(code: str) -> str:
    """The code as it is printed: ``1234 5678 9012``."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def written(text: str) -> int:
    """How many signs somebody typed, without spaces and the like."""
    return len(_BETWEEN.sub("", text[:64]))


def typed(text: str, length: int = LENGTH) -> str | None:
    """The code that somebody typed, or None when it cannot be one (a digit wrong or missing).

    Spaces, dots and hyphens do not count; O, I and l are read as 0 and 1.
    """
    digits = _BETWEEN.sub("", text[:64]).translate(_MISREAD)
    if len(digits) != length or not digits.isascii() or not digits.isdigit():
        return None
    return digits if check_digit(digits) == 0 else None
