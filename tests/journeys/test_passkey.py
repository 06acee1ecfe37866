"""A passkey of a real browser: made, used as the second step, and to confirm."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import people
import programme
import pytest
from chromium import barriers
from sqlalchemy import select, update

from app.storage.accounts import StaffSession
from app.storage.database import now
from app.storage.factors import SecondFactor
from app.workflows.acting import House

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def desk(house: House, chromium: Any, server: str, tmp_path: Path) -> Any:
    """A page at the server under the name localhost, with an authenticator of the browser's."""
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.OSCAR)
    context = chromium.new_context(
        base_url=server.replace("127.0.0.1", "localhost"), locale="fr-FR"
    )
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    yield page
    context.close()


def password(page: Any) -> None:
    page.goto("/office/sign-in")
    page.fill("input[name=email]", people.OSCAR.email)
    page.fill("input[name=password]", people.PASSWORD)
    page.keyboard.press("Enter")


def test_a_passkey_is_made_signs_in_and_confirms(desk: Any, house: House) -> None:
    password(desk)
    desk.wait_for_url(lambda address: "second-factors/new" in address)
    assert barriers(desk) == []
    desk.fill("#passkey-label", "Ordinateur du bureau")
    desk.get_by_role("button", name="Ajouter une clé d’accès").click()
    desk.wait_for_selector("text=Codes de secours")
    assert barriers(desk) == []
    desk.get_by_role("link", name="Je les ai mis à l’abri").click()
    desk.wait_for_selector("text=Bonjour, Oscar")
    desk.get_by_role("button", name="Se déconnecter").click()

    password(desk)
    desk.wait_for_url(lambda address: "second-step" in address)
    assert barriers(desk) == []
    desk.get_by_role("button", name="Utiliser ma clé d’accès").click()
    desk.wait_for_selector("text=Bonjour, Oscar")

    with house.database.write() as session:
        session.execute(update(StaffSession).values(confirmed_at=now() - timedelta(hours=2)))
    desk.goto("/office/accounts")
    desk.wait_for_url(lambda address: "confirm" in address)
    assert barriers(desk) == []
    desk.get_by_role("button", name="Utiliser ma clé d’accès").click()
    desk.wait_for_selector("h1:has-text('Comptes')")
    assert barriers(desk) == []

    with house.database.read() as session:
        factor = session.scalars(select(SecondFactor)).one()
    assert (factor.kind, factor.label) == ("passkey", "Ordinateur du bureau")
    assert factor.sign_count
    assert factor.used_at
