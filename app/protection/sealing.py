"""Sealing: AES-256-GCM, bound to the place that the text or the answers belong to.

What is sealed names the key that sealed it, so that a new key can take over while the one before
still opens; ``flask privacy rotate`` then seals everything anew.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_OLD, _NAMED = b"\x01", b"\x02"  # the first names no key
_OWN = b"\x03"  # first byte of a text or a file under the key of its response
_PLAIN = b"\x00"  # first byte of a file that is not sealed
_NONCE, _NAME = 12, 4
SEALED_BODY = b"\x02"  # first byte of answers under a key of their own; b"\x01": not sealed


@dataclass(frozen=True, slots=True, repr=False)
class Ring:
    """The key that seals, and those before that still open. Keys of 32 bytes."""

    current: bytes
    before: tuple[bytes, ...] = ()

    def named(self, name: bytes) -> bytes | None:
        """The key with this name."""
        return next((key for key in (self.current, *self.before) if _name(key) == name), None)

    def is_current(self, sealed: bytes) -> bool:
        """Whether the present key sealed it, or a response's own, which is none of the ring's."""
        return sealed[: 1 + _NAME] == _NAMED + _name(self.current) or sealed[:1] == _OWN


@lru_cache(maxsize=64)
def _name(key: bytes) -> bytes:
    """Of a key of the ring; a response's own key has none."""
    return hashlib.sha256(b"covalue key name " + key).digest()[:_NAME]


class RunSeal:
    """A key that is kept nowhere: what it seals opens for the process that made it alone."""

    def __init__(self) -> None:
        """A new key."""
        self._key = secrets.token_bytes(32)

    def close(self, content: bytes, place: str) -> bytes:
        """Seal bytes for a place in the file."""
        return _closed(self._key, content, place)

    def open(self, sealed: bytes, place: str) -> bytes:
        """What ``close`` made. Raises ValueError for another run, another place or a change."""
        return _opened(self._key, sealed, place)


def seal(ring: Ring, text: str, place: str) -> bytes:
    """Seal ``text`` so that it opens only with this key and at ``place`` ("access_code:17")."""
    return _NAMED + _name(ring.current) + _closed(ring.current, text.encode(), place)


def unseal(ring: Ring, sealed: bytes, place: str) -> str:
    """Open what ``seal`` made. Raises ValueError for another key, another place or a change."""
    return _opened_with(ring, sealed, place).decode()


def _opened_with(ring: Ring, sealed: bytes, place: str) -> bytes:
    kind, rest = sealed[:1], sealed[1:]
    if kind == _NAMED:
        key = ring.named(rest[:_NAME])
        if key is None:
            raise ValueError("sealed with a key that is not on the ring")
        return _opened(key, rest[_NAME:], place)
    if kind != _OLD:
        raise ValueError("sealed by something else")
    for key in (ring.current, *ring.before)[:-1]:
        try:
            return _opened(key, rest, place)
        except ValueError:
            continue
    return _opened((ring.current, *ring.before)[-1], rest, place)


def _closed(key: bytes, content: bytes, place: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def _opened(key: bytes, sealed: bytes, place: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
    except InvalidTag as error:
        raise ValueError("sealed with another key, for another place, or changed") from error


@dataclass(frozen=True, slots=True, repr=False)
class AnswerSealing:
    """Answers under a key of their own, itself sealed. Destroying it is erasing them.

    ``own``: the digest of the response's own secret, which both are bound to.
    """

    ring: Ring
    on: bool  # whether new responses get a key

    def new_key(self, own: bytes) -> bytes | None:
        """A new response's key, sealed; None where answers are not sealed."""
        return self.sealed_key(secrets.token_bytes(32), own) if self.on else None

    def sealed_key(self, key: bytes, own: bytes) -> bytes:
        """A response's key, sealed with the present key of the ring."""
        return _NAMED + _name(self.ring.current) + _closed(self.ring.current, key, _key_place(own))

    def key(self, sealed_key: bytes, own: bytes) -> bytes:
        """A response's key. Raises ValueError where it cannot be opened."""
        return _opened_with(self.ring, sealed_key, _key_place(own))

    def close(self, body: bytes, sealed_key: bytes | None, own: bytes) -> bytes:
        """A packed body as it is stored: sealed where the response has a key."""
        if sealed_key is None:
            return body
        return SEALED_BODY + _closed(self.key(sealed_key, own), body, _body_place(own))

    def open(self, body: bytes, sealed_key: bytes | None, own: bytes) -> bytes:
        """The packed body. Raises ValueError where its key is gone, or is another's."""
        if body[:1] != SEALED_BODY:
            return body
        if sealed_key is None:
            raise ValueError("the key of these answers was destroyed")
        return _opened(self.key(sealed_key, own), body[1:], _body_place(own))

    def close_text(self, text: str, sealed_key: bytes | None, own: bytes, place: str) -> bytes:
        """A text taken out of a response, sealed with its key; without one, with the ring's."""
        if sealed_key is None:
            return seal(self.ring, text, place)
        return _OWN + _closed(self.key(sealed_key, own), text.encode(), place)

    def open_text(self, sealed: bytes, sealed_key: bytes | None, own: bytes, place: str) -> str:
        """What ``close_text`` made. Raises ValueError as ``open``."""
        if sealed[:1] != _OWN:
            return unseal(self.ring, sealed, place)
        if sealed_key is None:
            raise ValueError("the key of these answers was destroyed")
        return _opened(self.key(sealed_key, own), sealed[1:], place).decode()

    def close_file(self, content: bytes, sealed_key: bytes | None, own: bytes, mark: str) -> bytes:
        """A file given as an answer, as it is stored: sealed where the response has a key."""
        if sealed_key is None:
            return _PLAIN + content
        return _OWN + _closed(self.key(sealed_key, own), content, _file_place(own, mark))

    def open_file(self, kept: bytes, sealed_key: bytes | None, own: bytes, mark: str) -> bytes:
        """What ``close_file`` made. Raises ValueError as ``open``."""
        if kept[:1] == _PLAIN:
            return kept[1:]
        if sealed_key is None:
            raise ValueError("the key of these answers was destroyed")
        return _opened(self.key(sealed_key, own), kept[1:], _file_place(own, mark))

    def close_draft(self, body: bytes, place: str) -> bytes:
        """A packed body that is no response yet and has no key: sealed with the ring's."""
        return seal(self.ring, body.decode(), place) if self.on else body

    def open_draft(self, body: bytes, place: str) -> bytes:
        """What ``close_draft`` made, or what was never sealed."""
        return unseal(self.ring, body, place).encode() if is_sealed_draft(body) else body


def is_sealed_draft(body: bytes) -> bool:
    """Whether ``close_draft`` sealed it."""
    return body[:1] == _NAMED


def _key_place(own: bytes) -> str:
    return f"response_key:{own.hex()}"


def _file_place(own: bytes, mark: str) -> str:
    return f"answer_file:{own.hex()}:{mark}"


def _body_place(own: bytes) -> str:
    return f"response.body:{own.hex()}"
