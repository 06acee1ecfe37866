"""What coordinators and officers read where a programme is new, or something is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import collection
import people
import programme
import pytest
from browser import Browser
from flask.testing import FlaskClient
from people import ALICE, DORA, FELIX, MAYA

from app.workflows.acting import House
from app.workflows.programmes import load_programme

PLAN = {
    "code": "V1",
    "title_fr": "Une vague",
    "title_en": "A wave",
    "frame": "programme_users",
    "period_start": "2026-01-01",
    "period_end": "2026-06-30",
    "opens_at": "2026-01-05T09:00",
    "closes_at": "2099-01-05T18:00",
}
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def staffed(house: House, tmp_path: Path) -> House:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE, MAYA, DORA)
    return house


def of(client: FlaskClient, house: House, person: people.Person) -> Browser:
    people.sign_in(client, house, person)
    return Browser(client)


def test_who_protects_data_finds_it_on_the_first_page(client: FlaskClient, staffed: House) -> None:
    page = of(client, staffed, DORA).get("/office/")
    assert "/office/privacy" in [
        str(link["href"]).rstrip("/") for link in page.soup.select("main a")
    ]
    assert "journal d’audit" in page.words


def test_territories_of_an_incident_have_names(client: FlaskClient, staffed: House) -> None:
    page = of(client, staffed, DORA).get("/office/privacy/breach")
    offered = {str(one["value"]): one.get_text() for one in page.soup.select("#territory option")}
    assert offered["MAY"] == "Mayenne"


def test_a_person_is_told_by_the_reference_on_the_letter(
    client: FlaskClient, staffed: House
) -> None:
    page = of(client, staffed, DORA).get("/office/privacy/requests")
    label = page.soup.select_one("label[for=reference]")
    assert label is not None
    assert label.get_text() == "Référence de la personne, en bas de la lettre"


def test_each_date_that_is_missing_is_named(client: FlaskClient, staffed: House) -> None:
    browser = of(client, staffed, ALICE)
    browser.get("/office/waves/new")
    page = browser.submit({"code": "V1"}, status=422)
    told = [link.get_text() for link in page.soup.select(".problems a")]
    assert len(set(told)) == len(told) == 4


def without(house: House, root: Path, *folders: str) -> None:
    """The programme as it is before these folders of its files are there."""
    programme.written(root)
    for folder in folders:
        shutil.rmtree(root / folder)
    load_programme(house, root, synthetic=True)


def test_what_keeps_a_wave_from_opening_leads_to_where_it_is_mended(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    without(house, tmp_path, "config/frameworks")
    people.settle(house, ALICE)
    browser = of(client, house, ALICE)
    browser.get("/office/waves/new")
    browser.submit(PLAN)
    page = browser.click("Ouvrir la vague")
    led = [str(link["href"]) for link in page.soup.select(".problems a")]
    assert "/office/frameworks" in led


def test_rates_of_an_open_wave_say_that_they_are_for_now(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    people.settle(house, ALICE)
    page = of(client, house, ALICE).get(f"/office/waves/{wave_id}/rates")
    assert "ces taux sont provisoires" in page.words


def test_who_may_count_nobody_is_told_no_number_and_no_empty_sample(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    people.settle(house, FELIX, MAYA)
    page = of(client, house, FELIX).get(f"/office/waves/{wave_id}")
    assert page.soup.select(".facts") == []
    assert "L’échantillon est encore vide" not in page.words
    assert of(client, house, MAYA).get(f"/office/waves/{wave_id}").soup.select(".facts")


def test_an_empty_programme_says_that_one_can_write_on_the_screens(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    without(house, tmp_path, "surveys", "config/frameworks")
    people.settle(house, ALICE)
    page = of(client, house, ALICE).get("/office/questionnaires")
    assert "rédigez-le à l’écran ou déposez son fichier" in page.words


def test_the_template_of_a_sample_is_for_the_own_territory(
    client: FlaskClient, staffed: House
) -> None:
    people.sign_in(client, staffed, MAYA)
    lines = client.get("/office/sample-template.csv").get_data().decode("utf-8-sig").splitlines()
    assert lines[1].split(";")[1] == "MAY"
