"""Signing in through an institution: OpenID Connect 1.0, authorization code with PKCE.

The one outbound request of the service besides mail, to the one provider that the settings name.
Who somebody is there is the pair of issuer and subject; an e-mail address proves nothing.
Needs the extra ``sso``.
"""

from __future__ import annotations

import importlib.util
import json
import secrets
import urllib.error
import urllib.request
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

SCOPE = "openid"
LEEWAY = 60  # seconds by which the provider's clock may be wrong
_LARGEST = 256 * 1024  # bytes of an answer
_PATIENCE = 5.0  # seconds
_ALGORITHMS = ["RS256", "PS256", "ES256"]


class NoIdentity(Exception):
    """The provider did not say who it is: away, refused, or not to be believed."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The identity provider, and what it calls this service."""

    issuer: str
    client: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: where the browser goes, and what has to come back."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at the provider; ``strong``: two factors were asked for there (RFC 8176)."""

    issuer: str
    subject: str
    strong: bool


def is_installed() -> bool:
    """Whether the extra ``sso`` is there."""
    return importlib.util.find_spec("authlib") is not None


def begin(provider: Provider, back: str) -> Begun:
    """Begin to sign in; the browser comes back to ``back``. Raises NoIdentity."""
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    question = {
        "response_type": "code",
        "client_id": provider.client,
        "redirect_uri": back,
        "scope": SCOPE,
        "state": state,
        "nonce": nonce,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    address = _endpoint(_described(provider), "authorization_endpoint")
    joined = "&" if "?" in address else "?"
    return Begun(address + joined + urlencode(question), state, nonce, verifier)


def finish(provider: Provider, back: str, code: str, nonce: str, verifier: str) -> Identity:
    """Exchange the code for who it is. Raises NoIdentity."""
    described = _described(provider)
    answer = _asked(
        urllib.request.Request(
            _endpoint(described, "token_endpoint"),
            data=urlencode(
                {
                    "grant_type": "authorization_code",
                    "code": code,
                    "redirect_uri": back,
                    "code_verifier": verifier,
                }
            ).encode(),
            headers={"Authorization": _basic(provider), "Accept": "application/json"},
        )
    )
    keys = _asked(urllib.request.Request(_endpoint(described, "jwks_uri")))
    claims = _believed(provider, str(answer.get("id_token", "")), keys, nonce)
    methods = claims.get("amr")
    strong = isinstance(methods, list) and "mfa" in methods
    return Identity(provider.issuer, str(claims["sub"]), strong)


def _believed(provider: Provider, token: str, keys: Any, nonce: str) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience, time and nonce are right."""
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=_ALGORITHMS)
        claims = CodeIDToken(
            read.claims,
            read.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client},
                "sub": {"essential": True},
                "nonce": {"essential": True, "value": nonce},
            },
            {"nonce": nonce, "client_id": provider.client},
        )
        claims.validate(leeway=LEEWAY)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NoIdentity from error
    found = dict(claims)
    if not found.get("sub") or found.get("nonce") != nonce:
        raise NoIdentity
    return found


def _described(provider: Provider) -> dict[str, Any]:
    """What the provider says of itself; it has to be the issuer that the settings name."""
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    described = _asked(urllib.request.Request(address))
    if described.get("issuer") != provider.issuer:
        raise NoIdentity
    return described


def _endpoint(described: dict[str, Any], name: str) -> str:
    address = str(described.get(name, ""))
    if not is_safe(address):
        raise NoIdentity
    return address


def is_safe(address: str) -> bool:
    """Whether an address is one of TLS, or of this machine."""
    parts = urlsplit(address)
    near = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    return near or (parts.scheme == "https" and bool(parts.hostname))


class _NoTurning(urllib.request.HTTPRedirectHandler):
    """A provider that answers with another address is not asked there."""

    def redirect_request(self, *_given: Any) -> None:
        """Follow nothing."""


def _asked(request: urllib.request.Request) -> dict[str, Any]:
    try:
        opener = urllib.request.build_opener(_NoTurning, urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=_PATIENCE) as answer:
            read = json.loads(answer.read(_LARGEST))
    except (OSError, ValueError) as error:
        raise NoIdentity from error
    if not isinstance(read, dict):
        raise NoIdentity
    return read


def _basic(provider: Provider) -> str:
    pair = f"{quote_plus(provider.client)}:{quote_plus(provider.secret)}"  # RFC 6749, 2.3.1
    return "Basic " + b64encode(pair.encode()).decode()
