"""What coordinators and officers read where a programme is new, or something is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import people
import programme
import pytest
from browser import Browser
from flask.testing import FlaskClient
from people import ALICE, DORA, MAYA

from app.workflows.acting import House
from app.workflows.programmes import load_programme

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


def test_an_empty_programme_says_that_one_can_write_on_the_screens(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    folder = programme.written(tmp_path) / "config"
    for name in ("../surveys", "frameworks"):
        shutil.rmtree(folder / name)
    load_programme(house, tmp_path, synthetic=True)
    people.settle(house, ALICE)
    page = of(client, house, ALICE).get("/office/questionnaires")
    assert "rédigez-le à l’écran ou déposez son fichier" in page.words


def test_the_template_of_a_sample_is_for_the_own_territory(
    client: FlaskClient, staffed: House
) -> None:
    people.sign_in(client, staffed, MAYA)
    lines = client.get("/office/sample-template.csv").get_data().decode("utf-8-sig").splitlines()
    assert lines[1].split(";")[1] == "MAY"
