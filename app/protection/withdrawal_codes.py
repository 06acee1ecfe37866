"""Withdrawal codes: ``R`` and twelve digits, stored as a digest only.

Shown after sending, or printed on a sheet of paper. The code is derived with a key from the
response, or from the person whose sheet it is, so that it can be shown again without being kept.
"""

from __future__ import annotations

from app.protection import codes
from app.protection.keys import digest


def withdrawal_code(key: bytes, response_id: int, turn: int) -> str:
    """Twelve digits, the last a check digit; another ``turn`` where a code is taken already."""
    bits = digest(key, f"withdrawal of response {response_id} turn {turn}")
    digits = f"{int.from_bytes(bits[:16], 'big') % 10 ** (codes.LENGTH - 1):0{codes.LENGTH - 1}}"
    return digits + str(codes.check_digit(digits))


def sheet_code(key: bytes, participant_id: int) -> str:
    """The code printed on a person's paper sheet, which is there before any response is.

    A reprint carries the same. Not for waves that cut the link: whoever holds the key could follow
    it from the answers to the person.
    """
    bits = digest(key, f"withdrawal of the sheet of participant {participant_id}")
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
