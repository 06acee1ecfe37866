"""Codes of an authenticator app (TOTP, RFC 6238), and recovery codes for the day it is lost."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime

import pyotp

STEP = 30  # seconds for which a code is shown
SLACK = 1  # steps by which a clock may be wrong, either way
RECOVERY_CODES = 10
_GROUP = 4


def new_totp_secret() -> str:
    """A secret of 160 bits, as base32 for an authenticator app."""
    return pyotp.random_base32()


def totp_address(secret: str, account: str, service: str) -> str:
    """The address that the app reads from a QR code (otpauth://)."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=service)


def totp_step(secret: str, typed: str, moment: datetime) -> int | None:
    """The half minute whose code was typed, within a clock's slack; None for a wrong code.

    That a code is good once only is the caller's part: it keeps the newest step taken.
    """
    digits = "".join(typed.split())
    if len(digits) != 6 or not digits.isascii() or not digits.isdecimal():
        return None
    present = int(moment.timestamp()) // STEP
    app = pyotp.TOTP(secret)
    found = None
    for step in range(present - SLACK, present + SLACK + 1):
        if hmac.compare_digest(app.generate_otp(step), digits):
            found = step
    return found


def new_recovery_code() -> str:
    """A code of 120 bits to print and lock away: six groups of four characters."""
    letters = base64.b32encode(secrets.token_bytes(15)).decode()
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def spelled_recovery_code(typed: str) -> str:
    """The one spelling of a recovery code, however it was typed; empty when it cannot be one."""
    letters = "".join(sign for sign in typed.upper() if sign.isalnum())
    letters = letters.replace("0", "O").replace("1", "I").replace("8", "B")
    return letters if len(letters) == 24 and letters.isascii() else ""
