"""The board of a framework's draft: weights and sums, judges, what a territory changes."""

from __future__ import annotations

from pathlib import Path

import people
import programme
import pytest
from browser import Browser
from flask.testing import FlaskClient
from people import ALICE, MAYA

from app.workflows.acting import House

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@once
def test_the_nation_weighs_and_keeps_what_judges_gave(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE)
    people.sign_in(client, house, ALICE)
    browser = Browser(client)
    browser.get("/office/frameworks/1")
    page = browser.submit(form="/board")
    assert "ensemble 100 points" in page.words.replace("points ensemble", "ensemble 100 points")
    page = browser.submit({"w-OUT": "30", "w-SQ": "70"}, form="/weights")
    assert "70 %" in page.words
    page = browser.submit({"j0-OUT": "50", "j0-SQ": "40"}, form="/judges", status=422)
    assert "Les points ne font pas 100." in page.words
    browser.get(page.address.removesuffix("/judges"))
    page = browser.submit(
        {"j0-OUT": "50", "j0-SQ": "50", "j1-OUT": "80", "j1-SQ": "20"}, form="/judges"
    )
    assert "65 (50 à 80)" in page.words
    page = browser.submit(form="/turn", button="Annuler")
    assert "65 (50 à 80)" not in page.words


@once
def test_a_territory_drops_an_indicator_with_its_reason(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    people.settle(house, MAYA)
    people.sign_in(client, house, MAYA)
    browser = Browser(client)
    browser.get("/office/frameworks/2")
    page = browser.submit(form="/board")
    address = page.address
    forms = [f for f in page.soup.select("form") if f.select_one("[value=SQ1][name=indicator]")]
    seen = forms[0].select_one("[name=seen]")
    token = forms[0].select_one("[name=csrf_token]")
    assert seen
    assert token
    sent = {
        "csrf_token": token["value"],
        "seen": seen["value"],
        "indicator": "SQ1",
        "relation": "dropped",
        "reason-fr": "Ici non",
        "reason-en": "Not here",
        "evidence": "documented",
        "source": "tests",
    }
    assert client.post(f"{address}/relation", data=sent).status_code == 303
    page = browser.get(address)
    assert page.soup.select_one("details[open] .tag.dropped")
    assert client.post(f"{address}/relation", data=sent).status_code == 409  # shown before
