"""The library as a coordinator's browser without script sees it."""

from __future__ import annotations

from pathlib import Path

import people
import programme
import pytest
from browser import Browser
from flask.testing import FlaskClient
from people import ALICE, MAYA

from app.domain.library import EntryKind, Licence
from app.domain.new_questions import new_question
from app.domain.questionnaire import Kind
from app.domain.section_editing import with_section
from app.workflows import beginning_drafts, editing, library
from app.workflows.acting import House
from app.workflows.library import Taken

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.tries("coordinators.library_in_draft")
@once
def test_a_question_goes_in_out_and_up(client: FlaskClient, house: House, tmp_path: Path) -> None:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE, MAYA)
    people.sign_in(client, house, ALICE)
    browser = Browser(client)
    browser.get("/office/questionnaires")
    page = browser.click("Bibliothèque")
    assert "La bibliothèque est vide." in page.words
    browser.get("/office/questionnaires/1")
    outline = browser.submit(form="/build")
    browser.click("E02")
    browser.click("Verser cette question dans la bibliothèque")
    page = browser.submit({"code": "9", "title": "Équipe"}, status=422)
    assert "Il faut un code" in page.words
    page = browser.submit({"code": "team", "title": "Équipe", "licence": "permission_held"})
    assert page.heading == "Équipe"
    assert "autorisation obtenue" in page.words
    page = browser.submit(form="/put")
    browser.click("E02_2")
    assert browser.page
    assert "De la bibliothèque\xa0: team, version 1." in browser.page.html
    browser.submit({"text-fr": "Et maintenant ?"}, form="/q/E02_2")
    browser.get(outline.address)
    browser.click("Verser dans la bibliothèque")
    browser.submit({"what": "question:E02_2", "entry": "1"})
    page = browser.get("/office/library")
    assert "par 1 questionnaire à la version 1 la version 2 existe" in page.words
    [entry] = client.get("/api/v1/library").get_json()["items"]
    assert (entry["code"], [each["number"] for each in entry["versions"]]) == ("team", [2, 1])
    assert [(use["version"], use["items"]) for use in entry["uses"]] == [(1, ["E02_2"])]
    browser.get(outline.address)
    page = browser.click("E02_2")
    assert "la version 2 existe" in page.words
    page = browser.click("Voir ce qu’elle change")
    gone, come = page.soup.select_one("main del"), page.soup.select_one("main ins")
    assert gone
    assert "Connaissez-vous l’équipe ?" in gone.get_text()
    assert come
    assert "Et maintenant ?" in come.get_text()
    page = browser.submit(form="/draft", button="Prendre la version 2 dans ce brouillon")
    page = browser.get("/office/library/1")
    assert "à la version 2" in page.words


def filled(house: House) -> int:
    """A draft that holds a locked instrument of one question."""
    alice = people.acting(house, ALICE)
    source = beginning_drafts.begin_from(house, alice, "questionnaire", 1)
    title = {"fr": "Échelle", "en": "Scale"}
    editing.change_parts(house, alice, source, "scale", lambda d: with_section(d, "scale", title))
    editing.add_question(house, alice, source, "scale", new_question(Kind.TEXT, "S1", ("fr", "en")))
    taken = Taken(source, "scale", Licence.HELD, "")
    entry = library.add_entry(house, alice, EntryKind.INSTRUMENT, "scale", "Échelle entière", taken)
    draft = beginning_drafts.begin_from(house, alice, "questionnaire", 1)
    library.put_into_draft(house, alice, entry, draft, "home")
    return draft


@once
def test_a_locked_instrument_is_refused_in_words(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE, MAYA)
    people.sign_in(client, house, ALICE)
    browser = Browser(client)
    browser.get("/office/library")
    browser.click("Garder la place")
    page = browser.submit({"code": "bound", "title": "Échelle", "source": "Son éditeur"})
    assert "Son texte n’est pas encore fourni." in page.words
    browser.get(f"/office/questionnaires/drafts/{filled(house)}/build/q/S1")
    page = browser.submit({"text-fr": "Autrement"}, form="/q/S1", status=422)
    assert "mot pour mot, dans l’ordre" in page.words
    page = browser.get("/office/library/2")
    page = browser.submit(form="/draft", button="Retirer de ce brouillon")
    assert "S1" not in page.words
    people.sign_in(client, house, MAYA)
    maya = Browser(client)
    page = maya.get("/office/library")
    assert "texte à fournir" in page.words
    maya.get("/office/library/new", status=404)
