"""Signing in through an institution, with a real provider on a socket of this machine."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

import people
import programme
import pytest
from flask import Flask
from flask.testing import FlaskClient
from identity_provider import CLIENT, SECRET, IdentityProvider
from joserfc.jwk import RSAKey
from people import MAYA
from sqlalchemy import select

from app.domain.permissions import Grant, Role
from app.factory import create_app
from app.protection.sign_on import Provider
from app.settings import BadSetting, Settings, from_environment
from app.storage.invitations import LinkedIdentity
from app.workflows import accounts, invitations
from app.workflows.acting import House
from app.workflows.staff_sessions import holder

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    with IdentityProvider().running() as found:
        yield found


@pytest.fixture
def office(
    settings: Settings, house: House, provider: IdentityProvider, catalogues: None, tmp_path: Path
) -> Iterator[Flask]:
    """The application with this provider, and an account for Maya."""
    programme.loaded(house, tmp_path)
    people.settle(house, MAYA)
    provider.subject, provider.spoil, provider.signs_with = "person-17", {}, provider._key
    named = Provider(provider.issuer, CLIENT, SECRET)
    made = create_app(replace(settings, sign_on=named), "office")
    yield made
    made.extensions["covalue"].database.dispose()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        """The browser of this test goes itself."""


def there_and_back(client: FlaskClient, purpose: str) -> Any:
    """To the provider, and back with what it says; the answer at the end."""
    away = client.get(f"/office/institution/{purpose}")
    assert away.status_code == 303
    try:
        urllib.request.build_opener(_Stay).open(away.headers["Location"])
        raise AssertionError("not sent back")
    except HTTPError as turned:
        back = urlsplit(turned.headers["Location"])
        turned.close()
    return client.get(f"{back.path}?{back.query}")


def linked(office: Flask, house: House) -> FlaskClient:
    """Maya, signed in with her password, who links the identity."""
    client = office.test_client()
    people.sign_in(client, house, MAYA)
    answer = there_and_back(client, "link")
    assert answer.headers["Location"] == "/office/account?done=linked"
    return client


@once
def test_a_linked_identity_opens_the_account_and_owes_the_second_factor(
    office: Flask, house: House, provider: IdentityProvider
) -> None:
    linked(office, house)
    with house.database.read() as session:
        row = session.scalars(select(LinkedIdentity)).one()
    assert (row.issuer, row.subject) == (provider.issuer, "person-17")
    client = office.test_client()
    answer = there_and_back(client, "in")
    assert answer.headers["Location"] == "/office/second-step"
    provider.spoil = {"amr": ["pwd", "mfa"]}
    answer = there_and_back(client, "in")
    assert answer.headers["Location"] == "/office/"
    cookie = client.get_cookie("staff")
    assert cookie
    assert accounts.actor_from_session(house, cookie.value)


@once
def test_who_is_linked_to_nothing_gets_nowhere(
    office: Flask, house: House, provider: IdentityProvider
) -> None:
    """Not even with the e-mail address of an account: issuer and subject count."""
    linked(office, house)
    provider.subject = "person-18"
    provider.spoil = {"email": MAYA.email, "email_verified": True}
    answer = there_and_back(office.test_client(), "in")
    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers or "staff=" not in answer.headers["Set-Cookie"]


@once
@pytest.mark.parametrize(
    "spoil",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-service"},
        {"iss": "https://evil.example"},
        {"exp": 1_700_000_000},
        {"sub": None},
        {"sub": ""},
    ],
    ids=str,
)
def test_a_token_with_something_wrong_is_not_believed(
    office: Flask, house: House, provider: IdentityProvider, spoil: dict[str, Any]
) -> None:
    linked(office, house)
    provider.spoil = spoil
    assert there_and_back(office.test_client(), "in").status_code == 422


@once
def test_a_token_signed_by_another_is_not_believed(
    office: Flask, house: House, provider: IdentityProvider
) -> None:
    linked(office, house)
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    assert there_and_back(office.test_client(), "in").status_code == 422


@once
def test_what_was_begun_in_another_browser_ends_nowhere(
    office: Flask, house: House, provider: IdentityProvider
) -> None:
    linked(office, house)
    before = len(provider.asked)
    thief = office.test_client()
    away = thief.get("/office/institution/in")
    state = parse_qs(urlsplit(away.headers["Location"]).query)["state"][0]
    victim = office.test_client()
    answer = victim.get(f"/office/institution/back?code=x&state={state}")
    assert answer.status_code == 422
    assert thief.get("/office/institution/back?code=x&state=other").status_code == 422
    again = thief.get(f"/office/institution/back?code=x&state={state}")
    assert again.status_code == 422, "begun once, ended once"
    assert len(provider.asked) == before, "the provider is not even asked"


@once
def test_an_invitation_is_accepted_without_a_password(
    office: Flask, house: House, provider: IdentityProvider
) -> None:
    operator = accounts.operator(house, "DEMO")
    grant = Grant(Role.REVIEWER, "MAY")
    link = invitations.invite(house, operator, email="n@example.org", name="Nina", grant=grant)
    client = office.test_client()
    client.get(f"/office/invitation/{link.secret}")
    page = client.get("/office/invitation").get_data(as_text=True)
    assert "/office/institution/invitation" in page
    assert there_and_back(client, "invitation").headers["Location"] == "/office/sign-in"
    assert there_and_back(client, "in").headers["Location"] == "/office/second-step"
    cookie = client.get_cookie("staff")
    assert cookie
    held = holder(house, cookie.value)
    assert held is not None
    assert (held.email, held.step, held.has_password) == ("n@example.org", "enrol", False)


@once
def test_without_a_provider_there_is_no_such_way(client: FlaskClient) -> None:
    assert client.get("/office/institution/in").status_code == 404
    assert "institution/in" not in client.get("/office/sign-in").get_data(as_text=True)


@once
def test_without_the_extra_the_page_says_so(office: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    office.jinja_env.globals["sign_on_installed"] = lambda: False
    page = office.test_client().get("/office/sign-in").get_data(as_text=True)
    assert "extra «\u00a0sso\u00a0»" in page


@pytest.mark.parametrize(
    "changes",
    [
        {"COVALUE_SIGN_ON_ISSUER": "https://id.example.fr"},
        {
            "COVALUE_SIGN_ON_ISSUER": "http://id.example.fr",
            "COVALUE_SIGN_ON_CLIENT": "c",
            "COVALUE_SIGN_ON_SECRET": "s",
        },
    ],
)
def test_half_a_provider_or_one_without_tls_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(BadSetting):
        from_environment({"COVALUE_SECRET": "x" * 40, "COVALUE_HOSTS": "a.example.org"} | changes)
