"""The secret in the square of a letter, which opens the door without the code being typed.

128 bits of an HMAC over the access code, then the code hidden under a stream made from them: a
synthetic initialisation vector (Rogaway and Shrimpton 2006). Nothing more is stored, and without
the key nobody can make one or read the code in it. A new code makes the old letter's square void.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from app.protection import codes
from app.protection.keys import digest

_SECRET = 16  # bytes that cannot be guessed
_HIDDEN = 5  # bytes for the code without its check digit
LENGTH = 28  # characters of a token


def link_token(key: bytes, code: str) -> str:
    """The token for a letter that carries this access code (twelve digits)."""
    sign = _sign(key, code)
    number = int(code[:-1]) ^ _stream(key, sign)
    return urlsafe_b64encode(sign + number.to_bytes(_HIDDEN)).decode()


def code_in(key: bytes, token: str) -> str | None:
    """The access code that a token was made for; None where it is no token of ours."""
    if len(token) != LENGTH or not token.isascii():
        return None
    try:
        found = urlsafe_b64decode(token)
    except ValueError:
        return None
    if len(found) != _SECRET + _HIDDEN:
        return None
    sign = found[:_SECRET]
    digits = f"{int.from_bytes(found[_SECRET:]) ^ _stream(key, sign):0{codes.LENGTH - 1}}"
    code = digits + str(codes.check_digit(digits))
    return code if hmac.compare_digest(sign, _sign(key, code)) else None


def _sign(key: bytes, code: str) -> bytes:
    return digest(key, f"letter link {code}")[:_SECRET]


def _stream(key: bytes, sign: bytes) -> int:
    return int.from_bytes(digest(key, f"letter link stream {sign.hex()}")[:_HIDDEN])
