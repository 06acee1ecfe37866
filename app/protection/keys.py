"""One master secret, and the keys derived from it, one for each purpose (HKDF, RFC 5869)."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.protection.sealing import Ring


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Keys of 32 bytes: signing of forms, look-up digests, sealing, throttle, audit, and more."""

    forms: bytes
    lookup: bytes
    sealing: Ring
    throttle: bytes
    audit: bytes  # chains the audit log
    heads: bytes  # seed of the key that signs its heads
    pseudonyms: bytes  # names of people in extracts, other ones in each
    receipts: bytes  # of what was acknowledged

    @classmethod
    def derive(cls, master: bytes, sealing: Sequence[bytes] = ()) -> Keys:
        """Derive every key from a master secret of at least 32 bytes.

        ``sealing``: secrets that seal, the present one first; without any the master's key seals.
        The master's key goes on opening what it sealed.
        """
        if any(len(secret) < 32 for secret in (master, *sealing)):
            raise ValueError("a secret must have at least 32 bytes")

        def key(purpose: str, secret: bytes = master) -> bytes:
            derivation = HKDF(SHA256(), length=32, salt=None, info=f"covalue {purpose}".encode())
            return derivation.derive(secret)

        current, *before = (key("sealing", secret) for secret in (*sealing, master))
        return cls(
            forms=key("forms"),
            lookup=key("lookup"),
            sealing=Ring(current, tuple(before)),
            throttle=key("throttle"),
            audit=key("audit log"),
            heads=key("audit heads"),
            pseudonyms=key("pseudonyms"),
            receipts=key("receipts"),
        )


def new_secret() -> str:
    """A secret of 256 bits for a cookie, safe in a header."""
    return secrets.token_urlsafe(32)


def digest(key: bytes, text: str) -> bytes:
    """HMAC-SHA-256 of ``text``: what is stored and looked up in place of a secret."""
    return hmac.digest(key, text.encode(), "sha256")
