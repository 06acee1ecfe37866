"""Passwords: Argon2id (RFC 9106), with a known cost so that sign-in cannot exhaust the machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.errors import Unavailable


def hasher() -> PasswordHasher:
    """At 19 MiB, two passes, one lane: what OWASP advises where memory is short."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


_hasher = hasher()
_NOBODY = _hasher.hash("no account has this password")
# In each process, whose threads are four: a flood of sign-ins must not stop answering.
_one_at_a_time = BoundedSemaphore(1)
_two_here = BoundedSemaphore(2)  # one at it, one waiting


@contextmanager
def _hashing() -> Iterator[None]:
    """Raises Unavailable where two are here already: two threads are left for others."""
    if not _two_here.acquire(blocking=False):
        raise Unavailable
    try:
        with _one_at_a_time:
            yield
    finally:
        _two_here.release()


def hash_password(password: str) -> str:
    """The hash to store. Slow on purpose: never inside a transaction. Raises Unavailable."""
    with _hashing():
        return _hasher.hash(password)


def password_matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; takes the same time when there is no account.

    Raises Unavailable where too many are asked at once.
    """
    try:
        with _hashing():
            matches = _hasher.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return matches and stored is not None


def wants_rehash(stored: str) -> bool:
    """Whether the hash was made at another cost than today's."""
    return _hasher.check_needs_rehash(stored)
