"""One master secret, and the keys derived from it, one for each purpose (HKDF, RFC 5869)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Keys of 32 bytes: signing of forms, look-up digests, sealing, throttle buckets, audit."""

    forms: bytes
    lookup: bytes
    sealing: bytes
    throttle: bytes
    audit: bytes  # chains the audit log
    heads: bytes  # seed of the key that signs its heads

    @classmethod
    def derive(cls, master: bytes) -> Keys:
        """Derive every key from a master secret of at least 32 bytes."""
        if len(master) < 32:
            raise ValueError("the master secret must have at least 32 bytes")

        def key(purpose: str) -> bytes:
            derivation = HKDF(SHA256(), length=32, salt=None, info=f"covalue {purpose}".encode())
            return derivation.derive(master)

        return cls(
            *map(key, ("forms", "lookup", "sealing", "throttle", "audit log", "audit heads"))
        )


def new_secret() -> str:
    """A secret of 256 bits for a cookie, safe in a header."""
    return secrets.token_urlsafe(32)


def digest(key: bytes, text: str) -> bytes:
    """HMAC-SHA-256 of ``text``: what is stored and looked up in place of a secret."""
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
