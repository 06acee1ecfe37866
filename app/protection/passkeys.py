"""Passkeys (WebAuthn level 2): what the browser is asked, and whether its answer is good.

No attestation is asked for: which make of device somebody owns is nobody's business here.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import webauthn
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

LARGEST = 16 * 1024  # characters of an answer


@dataclass(frozen=True, slots=True)
class Site:
    """Where the passkey is good: a host name, and the origin of the page that asks."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """What is stored of one: nothing secret."""

    credential: bytes
    public_key: bytes
    sign_count: int


def new_challenge() -> bytes:
    """256 random bits, which the browser's answer has to contain; good for one answer."""
    return secrets.token_bytes(32)


def registration_options(
    site: Site, challenge: bytes, user: bytes, email: str, name: str, known: Sequence[bytes]
) -> str:
    """JSON for ``navigator.credentials.create``; ``known``: passkeys that the account has."""
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=site.host,
            rp_name="Covalue",
            user_id=user,
            user_name=email,
            user_display_name=name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=_described(known),
        )
    )


def registered(site: Site, challenge: bytes, answer: str) -> Passkey | None:
    """The new passkey in the browser's answer; None when the answer is not good."""
    if not _readable(answer):
        return None
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return Passkey(made.credential_id, made.credential_public_key, made.sign_count)


def request_options(site: Site, challenge: bytes, known: Sequence[bytes]) -> str:
    """JSON for ``navigator.credentials.get`` with one of the account's passkeys."""
    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=site.host,
            challenge=challenge,
            allow_credentials=_described(known),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
    )


def credential_in(answer: str) -> bytes | None:
    """Which passkey the browser says it used; None when that cannot be read."""
    if not _readable(answer):
        return None
    try:
        return webauthn.base64url_to_bytes(json.loads(answer)["rawId"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def signed_with(site: Site, challenge: bytes, answer: str, known: Passkey) -> int | None:
    """The passkey's new counter when the answer is signed with it; None when it is not.

    A counter that does not grow shows a copied key and is refused (WebAuthn 7.2, step 22).
    """
    if not _readable(answer):
        return None
    try:
        done = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return done.new_sign_count


def _readable(answer: str) -> bool:
    if not answer or len(answer) > LARGEST:
        return False
    try:
        return isinstance(json.loads(answer), dict)
    except (ValueError, RecursionError):
        return False


def _described(known: Sequence[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=each) for each in known]
