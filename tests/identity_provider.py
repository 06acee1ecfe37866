"""A small OpenID provider, for tests: a real one, on a socket of this machine.

It signs with RS256, asks for PKCE, the client's secret and the very address that was announced, and
takes each code once. What it says can be spoilt, one claim at a time, by ``spoil``.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote_plus, urlencode

from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from matrix import serving

CLIENT, SECRET = "covalue", "the client's own secret"


class IdentityProvider:
    """Who is signed in there is ``subject``; ``spoil`` changes claims of the next tokens."""

    def __init__(self) -> None:
        self.issuer = ""
        self.subject = "person-17"
        self.spoil: dict[str, Any] = {}
        self.asked: list[str] = []
        self._key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.signs_with = self._key
        self._codes: dict[str, dict[str, str]] = {}
        self.app = Flask("identity_provider")
        for rule, view, methods in (
            ("/.well-known/openid-configuration", self.described, ["GET"]),
            ("/authorize", self.authorize, ["GET"]),
            ("/token", self.token, ["POST"]),
            ("/keys", self.keys, ["GET"]),
        ):
            self.app.add_url_rule(rule, rule, view, methods=methods)

    @contextmanager
    def running(self) -> Iterator[IdentityProvider]:
        """The provider at an address of this machine."""
        with serving(self.app) as address:
            self.issuer = address
            yield self

    def described(self) -> Any:
        return jsonify(
            issuer=self.issuer,
            authorization_endpoint=f"{self.issuer}/authorize",
            token_endpoint=f"{self.issuer}/token",
            jwks_uri=f"{self.issuer}/keys",
        )

    def keys(self) -> Any:
        return jsonify(KeySet([self._key]).as_dict(private=False))

    def authorize(self) -> Any:
        """The person is signed in already: straight back with a code."""
        sent = request.args
        assert sent["client_id"] == CLIENT
        assert sent["response_type"] == "code"
        assert sent["code_challenge_method"] == "S256"
        assert "openid" in sent["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = dict(sent)
        back = urlencode({"code": code, "state": sent["state"]})
        return redirect(f"{sent['redirect_uri']}?{back}")

    def token(self) -> Any:
        self.asked.append("token")
        begun = self._codes.pop(request.form.get("code", ""), None)
        who = request.authorization
        named = who and tuple(unquote_plus(word or "") for word in (who.username, who.password))
        if named != (CLIENT, SECRET):  # form-encoded (RFC 6749, 2.3.1)
            return jsonify(error="invalid_client"), 401
        proof = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(proof).decode().rstrip("=")
        if (
            begun is None
            or begun["code_challenge"] != challenge
            or begun["redirect_uri"] != request.form.get("redirect_uri")
        ):
            return jsonify(error="invalid_grant"), 400
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "nonce": begun["nonce"],
        } | self.spoil
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": "one"}
        return jsonify(
            access_token="unused",
            token_type="Bearer",
            id_token=jwt.encode(header, claims, self.signs_with),
        )
