"""Sealing of small texts: AES-256-GCM, bound to the place that the text belongs to."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_NONCE = 12


def seal(key: bytes, text: str, place: str) -> bytes:
    """Seal ``text`` so that it opens only with ``key`` and at ``place`` ("access_code:17")."""
    nonce = secrets.token_bytes(_NONCE)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, text.encode(), place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> str:
    """Open what ``seal`` made. Raises ValueError for another key, another place or a change."""
    if sealed[:1] != _VERSION:
        raise ValueError("sealed by something else")
    nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        return AESGCM(key).decrypt(nonce, body, place.encode()).decode()
    except InvalidTag as error:
        raise ValueError("sealed with another key, for another place, or changed") from error
