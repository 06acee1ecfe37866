"""The pages of territories: a life on the forms, a file by preview, and who sees which form."""

from __future__ import annotations

import io
from pathlib import Path

import people
import programme
import pytest
from browser import Browser
from flask.testing import FlaskClient

from app.workflows import territories as acts
from app.workflows.acting import Actor, House

NAMED = {"name_fr": "Libourne", "name_en": "Libourne"}
HEAD = (
    "code;from;parent;name_fr;name_en;valid_from;help_phone;sub_areas;term_team_fr;term_team_en"
    ";help_hours_fr;help_hours_en;population_source;population_source_fr;population_source_en"
)


@pytest.fixture
def alice(house: House, client: FlaskClient, tmp_path: Path) -> Actor:
    """The national owner, signed in."""
    programme.loaded(house, tmp_path / "files")
    people.settle(house, people.ALICE, people.MAYA)
    return people.sign_in(client, house, people.ALICE)


@pytest.mark.tries("coordinators.territory_take_back")
def test_a_life_on_the_forms(house: House, browser: Browser, alice: Actor) -> None:
    browser.get("/office/waves")
    assert browser.click("Territoires et leurs dates").heading == "Territoires"
    browser.click("Ajouter un territoire")
    page = browser.submit(NAMED | {"code": "LIB", "population_75": "x"}, status=422)
    assert "La date manque." in page.words
    assert "Ce n’est pas un nombre entier." in page.words
    said = {"day": "2020-01-01", "parent": "FR", "population_75": "1 200"}
    page = browser.submit(said | {"population_source_fr": "INSEE 2019"})
    assert acts.history(house, alice)["LIB"].population_source.in_("en") == "INSEE 2019"
    assert page.heading == "Libourne"
    browser.click("Secteurs, population et place")
    note = {"note_fr": "Arrêté du 1er janvier.", "note_en": "An order."}
    counted = {"population_source_fr": "Recensement", "population_source_en": "Census"}
    page = browser.submit({"day": "2021-01-01", "sub_areas": "north, south"} | note | counted)
    assert "1 200 – Recensement" in page.words
    (change,) = acts.history(house, alice)["LIB"].changes
    assert change.population_source is not None
    assert change.population_source.as_dict() == {"fr": "Recensement", "en": "Census"}
    assert "Secteurs qui s’ajoutent\u00a0: north, south" in page.html
    assert "Arrêté du 1er janvier." in page.words
    browser.click("Le réunir à un autre")
    page = browser.submit({"day": "2022-01-01", "into": "MAY", "sub_areas": "north south"})
    assert "Il fait partie de\u00a0: Mayenne." in page.html
    assert acts.history(house, alice)["MAY"].changes[0].sub_areas == ("north", "south")
    tables = [
        str(browser.get(f"/office/territories?on={day}").soup.table)
        for day in ("2019-12-31", "2021-12-31", "2022-01-01")
    ]
    assert ["Libourne" in each for each in tables] == [False, True, False]
    assert "Libourne – réuni à Mayenne" in browser.get("/office/territories").words
    browser.get("/office/territories/LIB")
    seen = acts.seen(acts.history(house, alice)["LIB"])
    token = browser.page.soup.select_one("[name=csrf_token]")  # type: ignore[union-attr]
    assert token is not None
    sent = {"csrf_token": str(token["value"]), "seen": seen, "day": "2022-01-01"}
    answer = browser.client.post("/office/territories/LIB/take-back", data=sent)
    assert answer.status_code == 303
    assert acts.history(house, alice)["MAY"].changes == ()


@pytest.mark.tries("coordinators.territories_take")
def test_a_file_is_previewed_then_imported(house: House, browser: Browser, alice: Actor) -> None:
    browser.get("/office/territories/import")

    def sent(content: bytes, status: int = 200) -> list[str]:
        page = browser.submit(
            {"file": (io.BytesIO(content), "t.csv")}, form="/territories/import", status=status
        )
        return [
            " ".join(each.get_text().split()) for each in page.soup.select("tbody th, tbody td")
        ]

    wrong = f"{HEAD}\r\nLIB;;FR;Libourne;;2020-13-01;;9;;;;;;;\r\nNON;2021-01-01;;;;;1;;;;;;;;\r\n"
    found = sent(wrong.encode(), 422)[::3]
    assert found == ["2 sub_areas", "2 valid_from", "2 name_en", "3 code"]
    rows = (
        "LIB;;FR;Libourne;Libourne;2020-01-01;01;a b;l’équipe;the team;le matin;mornings;"
        "INSEE 2019;;\r\n"
        "LIB;2021-01-01;;;;;02;;;;;;;Recensement;Census\r\n"
    )
    assert sent(f"{HEAD}\r\n{rows}".encode()) == ["Libourne", "LIB", "nouveau"]
    assert "LIB" not in acts.history(house, alice)
    browser.submit(form="/territories/import/take")
    made = acts.history(house, alice)["LIB"]
    assert (made.help_phone, made.changes[0].help_phone, made.sub_areas) == ("01", "02", ("a", "b"))
    assert made.population_source.as_written() == "INSEE 2019"
    assert made.changes[0].population_source is not None
    assert made.changes[0].population_source.as_dict() == {"fr": "Recensement", "en": "Census"}
    assert (made.terms["team"].in_("en"), made.help_hours.in_("en")) == ("the team", "mornings")
    file = browser.client.get("/office/territories.yaml").data
    browser.get("/office/territories/import")
    assert set(sent(file)[2::3]) == {"déjà là, sans changement"}


def test_a_coordinator_changes_the_number_of_their_own(
    house: House, browser: Browser, client: FlaskClient, alice: Actor
) -> None:
    people.sign_in(client, house, people.MAYA)
    browser.get("/office/territories/MAY/describe")
    hours = {"help_hours_fr": "le matin", "help_hours_en": "in the morning"}
    page = browser.submit({"day": "2026-01-01", "help_phone": "02 61 91 10 02", **hours})
    (change,) = acts.history(house, alice)["MAY"].changes
    assert (change.help_phone, change.name, change.terms) == ("02 61 91 10 02", None, None)
    assert change.help_hours is not None
    assert change.help_hours.as_dict() == {"fr": "le matin", "en": "in the morning"}
    assert "02 61 91 10 02 (le matin)" in page.words
    assert "Quand on y répond : le matin" in page.words
    for address in ("BDX/describe", "MAY/merge", "nowhere/describe", "new", "import"):
        assert client.get(f"/office/territories/{address}").status_code in (403, 404)
