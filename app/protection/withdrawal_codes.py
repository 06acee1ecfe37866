"""Withdrawal codes: ``R`` and twelve digits, shown after sending, stored as a digest only.

The code is derived from the response with a key, so the page that shows it can be loaded again
without the code being kept anywhere.
"""

from __future__ import annotations

from app.protection import codes
from app.protection.keys import digest


def withdrawal_code(key: bytes, response_id: int, turn: int) -> str:
    """Twelve digits, the last a check digit; another ``turn`` where a code is taken already."""
    bits = digest(key, f"withdrawal of response {response_id} turn {turn}")
    digits = f"{int.from_bytes(bits[:16], 'big') % 10 ** (codes.LENGTH - 1):0{codes.LENGTH - 1}}"
    return digits + str(codes.check_digit(digits))


def withdrawal_digest(key: bytes, code: str) -> bytes:
    """What is stored and looked up in place of the code."""
    return digest(key, f"withdrawal {code}")


def typed(text: str) -> str | None:
    """The twelve digits of a code that somebody typed, with or without its R; None if it is none.

    A letter code has no R and is told apart by where it is stored.
    """
    return codes.typed(text.strip().removeprefix("R").removeprefix("r"))
