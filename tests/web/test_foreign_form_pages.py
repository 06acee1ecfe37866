"""Import and export of forms of other programs, as a coordinator's browser sees them."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import foreign_files
import people
import programme
import pytest
from browser import Browser, Page
from flask.testing import FlaskClient
from people import ALICE, EVA, MAYA, Person

from app.interchange.import_report import ImportReport
from app.interchange.xlsform_reading import read_xlsform
from app.workflows.acting import House


@pytest.fixture
def staffed(house: House, tmp_path: Path) -> House:
    programme.loaded(house, tmp_path)
    return house


def signed_in(client: FlaskClient, house: House, person: Person) -> Browser:
    people.settle(house, person)
    people.sign_in(client, house, person)
    return Browser(client)


def brought(browser: Browser, content: bytes, goal: str, *, status: int = 200) -> Page:
    browser.get("/office/questionnaires")
    browser.click("Importer depuis un autre logiciel")
    return browser.submit({"file": (BytesIO(content), "form.xlsx"), "goal": goal}, status=status)


once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@once
def test_a_form_becomes_a_draft_after_its_report(client: FlaskClient, staffed: House) -> None:
    browser = signed_in(client, staffed, ALICE)
    page = brought(browser, foreign_files.xlsform(), "core:family")
    assert page.heading == "Importer depuis un autre logiciel"
    assert "9 questions dans le fichier" in page.words
    assert "survey:15" in page.words
    assert "Type « hologram »" in page.words.replace("\u00a0", " ")
    page = browser.submit({}, form="/keep")
    assert page.heading == "Brouillon : Un essai"


@once
def test_a_territory_makes_a_module_of_it(client: FlaskClient, staffed: House) -> None:
    browser = signed_in(client, staffed, MAYA)
    goal = "module:MAY:elderly:after_E02"
    page = brought(browser, foreign_files.fhir(), goal)
    assert "5 questions dans le fichier" in page.words
    page = browser.submit({}, form="/keep")
    assert page.heading == "Brouillon : Un essai"
    brought(browser, foreign_files.fhir(), "core:elderly", status=422)


@once
def test_what_is_no_form_is_refused_with_a_sentence(client: FlaskClient, staffed: House) -> None:
    browser = signed_in(client, staffed, ALICE)
    page = brought(browser, b"<script>alert(1)</script>", "core:family", status=422)
    assert "Rien n’a été importé" in page.words
    assert "<script>alert" not in page.html
    page = brought(browser, b"", "core:family", status=422)
    assert "Choisissez le fichier du formulaire." in page.words


@once
def test_a_version_leaves_for_another_program(client: FlaskClient, staffed: House) -> None:
    browser = signed_in(client, staffed, EVA)
    browser.get("/office/questionnaires")
    browser.click("Socle national")
    page = browser.click("Pour un autre logiciel")
    file = client.get(page.link("Télécharger\u00a0: XLSForm"))
    assert "attachment" in file.headers["Content-Disposition"]
    assert "E01" in read_xlsform(file.data, ImportReport()).question_by_item
    address = page.link("Télécharger\u00a0: FHIR")
    assert json.loads(client.get(address).data)["resourceType"] == "Questionnaire"
    assert client.get(f"{address}x").status_code == 404
