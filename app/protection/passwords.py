"""Passwords: Argon2id (RFC 9106), with a known cost so that sign-in cannot exhaust the machine."""

from __future__ import annotations

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


def hasher() -> PasswordHasher:
    """At 19 MiB, two passes, one lane: what OWASP advises where memory is short."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


_hasher = hasher()
_NOBODY = _hasher.hash("no account has this password")
_two_at_a_time = BoundedSemaphore(2)  # in each process: a flood of sign-ins must not stop answering


def hash_password(password: str) -> str:
    """The hash to store. Slow on purpose: never inside a transaction."""
    with _two_at_a_time:
        return _hasher.hash(password)


def password_matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; takes the same time when there is no account."""
    try:
        with _two_at_a_time:
            matches = _hasher.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return matches and stored is not None


def wants_rehash(stored: str) -> bool:
    """Whether the hash was made at another cost than today's."""
    return _hasher.check_needs_rehash(stored)
