"""A passkey without a browser, made and used as WebAuthn level 2 says of an authenticator."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, ATTESTED = 0x01, 0x40


def _written(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


class Authenticator:
    """One passkey (ES256, no attestation), for one host name."""

    def __init__(self, host: str, origin: str, credential: bytes = b"a passkey of sixteen") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.host, self.origin, self.credential, self.count = host, origin, credential, 0

    def register(self, challenge: bytes) -> str:
        """What the browser sends after ``navigator.credentials.create``."""
        numbers = self._key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        length = len(self.credential).to_bytes(2, "big")
        data = self._data(PRESENT | ATTESTED) + bytes(16) + length + self.credential + public
        made = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._answer(
            {
                "clientDataJSON": _written(self._client("webauthn.create", challenge)),
                "attestationObject": _written(cbor2.dumps(made)),
            }
        )

    def sign(self, challenge: bytes) -> str:
        """What it sends after ``navigator.credentials.get``; the counter has grown by one."""
        self.count += 1
        client, data = self._client("webauthn.get", challenge), self._data(PRESENT)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": _written(client),
                "authenticatorData": _written(data),
                "signature": _written(signature),
            }
        )

    def _data(self, flags: int) -> bytes:
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: bytes) -> bytes:
        said = {"type": kind, "challenge": _written(challenge), "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, str]) -> str:
        named = _written(self.credential)
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": response})
