"""What staff typed is not lost where their session ended, or began again, before it was sent."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import people
import programme
import pytest
from browser import Browser
from flask.testing import FlaskClient
from people import ALICE
from sqlalchemy import update

from app.storage.accounts import StaffSession
from app.storage.database import now
from app.workflows.acting import House

TYPED = "Vivre chez soi, à son rythme"


class FromHere(Browser):
    """A browser that says, as browsers do, which origin a form was sent from."""

    @property
    def _headers(self) -> dict[str, str]:
        return {"Accept-Language": "fr", "Origin": "http://localhost"}


@pytest.fixture
def browser(client: FlaskClient, house: House, tmp_path: Path) -> Browser:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE)
    people.sign_in(client, house, ALICE)
    found = FromHere(client)
    found.get("/office/questionnaires/1")
    found.submit(form="/build")
    return found


def end(house: House) -> None:
    """Nobody has touched any page for a day."""
    with house.database.write() as session:
        session.execute(update(StaffSession).values(seen_at=now() - timedelta(days=1)))


def test_what_was_typed_is_held_until_the_person_is_in_again(
    client: FlaskClient, house: House, browser: Browser
) -> None:
    address = browser.page.address if browser.page else ""
    browser.get(f"{address}/head")
    end(house)
    page = browser.submit({"title-fr": TYPED}, form="/head", status=403)
    assert page.heading == "Votre session est terminée"
    assert page.link("Connectez-vous à nouveau") == "/office/sign-in"
    people.sign_in(client, house, ALICE)
    with client.session_transaction() as session:
        session.clear()  # as signing in does
    page = browser.submit(form="/head", status=400)
    assert page.heading == "Envoyez-le encore une fois"
    page = browser.submit(form="/head")
    field = page.soup.select_one("#title-fr")
    assert field is not None
    assert field["value"] == TYPED


def test_a_form_older_than_the_sign_in_is_sent_again_from_here_alone(
    client: FlaskClient, browser: Browser
) -> None:
    address = browser.page.address if browser.page else ""
    sent = {"title-fr": TYPED, "csrf_token": "of another sitting"}
    told = client.post(f"{address}/head", data=sent, headers={"Origin": "http://localhost"})
    assert TYPED in told.get_data(as_text=True)
    unsure = client.post(f"{address}/head", data=sent, headers={"Origin": "null"})
    assert (told.status_code, unsure.status_code) == (400, 400)
    assert TYPED not in unsure.get_data(as_text=True)


def test_signed_out_in_another_tab_the_page_holds_it_too(
    client: FlaskClient, browser: Browser
) -> None:
    address = browser.page.address if browser.page else ""
    browser.get(f"{address}/head")
    client.delete_cookie("staff")
    with client.session_transaction() as session:
        session.clear()  # as signing out does
    page = browser.submit({"title-fr": TYPED}, form="/head", status=400)
    assert page.heading == "Votre session est terminée"
    held = page.form("/head").select_one('[name="title-fr"]')
    assert held is not None
    assert held["value"] == TYPED


def test_a_file_cannot_be_held_and_the_page_says_so(
    client: FlaskClient, house: House, browser: Browser
) -> None:
    browser.get("/office/questionnaires/drafts/new")
    end(house)
    field = browser.page.form("").select_one("[type=file]") if browser.page else None
    assert field is not None
    file = (BytesIO(b"format: covalue/questionnaire/1"), "core.yaml")
    page = browser.submit({str(field["name"]): file}, status=403)
    assert "Rien n’est enregistré. Connectez-vous, puis recommencez." in page.words
    assert page.soup.select("main form") == []
