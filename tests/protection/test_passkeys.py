"""A passkey is good for its site, its challenge and its owner, and a copy of it is noticed."""

from __future__ import annotations

import json

import pytest
from authenticator import Authenticator

from app.protection.passkeys import (
    LARGEST,
    Passkey,
    Site,
    credential_in,
    new_challenge,
    registered,
    registration_options,
    request_options,
    signed_with,
)

SITE = Site("office.example", "https://office.example")
NEAR = Site("office.example", "https://elsewhere.office.example")
OTHER = Site("elsewhere.example", "https://elsewhere.example")


def device(site: Site = SITE) -> Authenticator:
    return Authenticator(site.host, site.origin)


def made(own: Authenticator) -> Passkey:
    challenge = new_challenge()
    found = registered(SITE, challenge, own.register(challenge))
    assert found is not None
    return found


def test_a_passkey_opens_what_it_was_made_for() -> None:
    own = device()
    known = made(own)
    assert (known.credential, known.sign_count) == (own.credential, 0)
    challenge = new_challenge()
    answer = own.sign(challenge)
    assert credential_in(answer) == own.credential
    assert signed_with(SITE, challenge, answer, known) == 1


@pytest.mark.parametrize("site", [NEAR, OTHER])
def test_one_of_another_site_is_neither_taken_nor_believed(site: Site) -> None:
    challenge = new_challenge()
    assert registered(SITE, challenge, device(site).register(challenge)) is None
    own = device()
    known = made(own)
    own.host, own.origin = site.host, site.origin
    assert signed_with(SITE, challenge, own.sign(challenge), known) is None


def test_another_challenge_or_another_key_opens_nothing() -> None:
    own, challenge = device(), new_challenge()
    known = made(own)
    assert registered(SITE, challenge, own.register(new_challenge())) is None
    assert signed_with(SITE, challenge, own.sign(new_challenge()), known) is None
    assert signed_with(SITE, challenge, device().sign(challenge), known) is None
    assert len({new_challenge() for _ in range(100)}) == 100
    assert len(challenge) == 32


def test_a_counter_that_does_not_grow_shows_a_copy() -> None:
    own, challenge = device(), new_challenge()
    known = made(own)
    seen = Passkey(known.credential, known.public_key, 5)
    own.count = 4
    assert signed_with(SITE, challenge, own.sign(challenge), seen) is None
    assert signed_with(SITE, challenge, own.sign(challenge), seen) == 6


@pytest.mark.parametrize(
    "answer",
    ["", "{", "[]", "null", "{}", '{"rawId": 1}', "[" * 10_000, '{"rawId": "' + "A" * LARGEST],
)
def test_what_is_no_answer_is_nothing(answer: str) -> None:
    challenge = new_challenge()
    assert registered(SITE, challenge, answer) is None
    assert credential_in(answer) is None
    assert signed_with(SITE, challenge, answer, made(device())) is None


def test_a_long_answer_is_not_read_and_one_as_long_as_may_be_is() -> None:
    longest = json.dumps({"rawId": "AAAA"}).ljust(LARGEST)
    assert credential_in(longest) == bytes(3)
    assert credential_in(longest + " ") is None


def test_the_browser_is_asked_for_this_site_and_these_passkeys() -> None:
    challenge = new_challenge()
    wanted = json.loads(registration_options(SITE, challenge, b"7", "m@x.example", "M", [b"one"]))
    assert wanted["rp"]["id"] == SITE.host
    assert [each["id"] for each in wanted["excludeCredentials"]] == ["b25l"]
    assert wanted.get("attestation", "none") == "none"
    asked = json.loads(request_options(SITE, challenge, [b"one"]))
    assert (asked["rpId"], asked["challenge"]) == (SITE.host, wanted["challenge"])
    assert [each["id"] for each in asked["allowCredentials"]] == ["b25l"]
