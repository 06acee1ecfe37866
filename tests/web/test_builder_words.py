"""What the builder's pages say: slots that can be seen, findings in words, labels that fit."""

from __future__ import annotations

from pathlib import Path

import people
import programme
import pytest
from browser import Browser, Page
from flask.testing import FlaskClient
from people import ALICE

from app.workflows.acting import House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def browser(client: FlaskClient, house: House, tmp_path: Path) -> Browser:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE)
    people.sign_in(client, house, ALICE)
    found = Browser(client)
    found.get("/office/questionnaires/1")
    found.submit(form="/build")
    return found


def sent(browser: Browser, **fields: str) -> Page:
    """What a form about parts sends, from the page that shows them."""
    page = browser.click("Titre, parties, listes")
    token = page.soup.select_one("[name=csrf_token]")
    assert token is not None
    address = page.address.replace("/head", "/parts")
    told = browser.client.post(address, data={"csrf_token": str(token["value"]), **fields})
    html = told.get_data(as_text=True)
    shown = Page(address, told.status_code, dict(told.headers), html)
    return shown if told.status_code == 422 else browser.get(page.address)


def test_a_slot_that_was_added_is_seen_and_can_be_removed(browser: Browser) -> None:
    page = sent(browser, go="slot", place="home", code="fin", minutes="3")
    assert "Emplacement fin" in page.words
    assert "(au plus 3 min)" in page.words
    outline = page.soup.select_one("#outline")
    assert outline is not None
    assert "Emplacement fin" in " ".join(outline.get_text(" ").split())
    page = sent(browser, go="unslot", place="fin")
    assert "Emplacement fin" not in page.words


def test_a_code_that_is_refused_stays_in_its_field(browser: Browser) -> None:
    page = sent(browser, go="slot", place="home", code="home", minutes="7")
    assert "Ce code est déjà pris." in page.words
    assert page.soup.select_one("input[name=code][value=home][id$=-slot]")
    assert page.soup.select_one("input[name=minutes][value='7']")
    page = sent(browser, go="add", code="home", **{"title-fr": "Une autre partie"})
    assert page.soup.select_one("#new-title-fr[value='Une autre partie']")


def test_a_text_that_is_missing_is_named_in_words(browser: Browser) -> None:
    page = browser.submit({"type": "choice", "home": "home", "code": "NEW"}, form="/add")
    assert "Il manque un texte en français : la question." in page.words
    assert "Il manque un texte en anglais : la réponse « 1 »." in page.words
    assert "Texte de la réponse fr" in page.words
    assert "Répondre" not in page.words


def test_a_mark_has_a_lowest_and_a_highest(browser: Browser) -> None:
    page = browser.submit({"type": "rating", "home": "home", "code": "NEW"}, form="/add")
    labels = [label.get_text(" ", strip=True) for label in page.soup.select("label")]
    assert {"Note la plus basse", "Note la plus haute"} <= set(labels)


def test_translations_are_shown_by_part(browser: Browser) -> None:
    page = browser.click("Traduction")
    label = page.soup.select_one("label[for=part]")
    assert label is not None
    assert label.get_text() == "Partie du questionnaire"


def test_what_was_made_on_the_screens_has_no_lines(browser: Browser) -> None:
    browser.submit({"type": "rating", "home": "home", "code": "NEW"}, form="/add")
    page = browser.click("Différence, effets, publication")
    heads = [head.get_text() for head in page.soup.select("table th[scope=col]")]
    assert heads[:3] == ["Gravité", "Endroit", "Quoi, et que faire"]


def test_saving_by_itself_tells_what_the_check_says_now(browser: Browser) -> None:
    page = browser.submit({"type": "rating", "home": "home", "code": "NEW"}, form="/add")
    form = page.form("/q/NEW")
    fields = {str(each["name"]): str(each.get("value", "")) for each in form.select("[name]")}
    fields |= {"text-fr": "Un mot ?", "text-en": "", "go": "save", "way": ""}
    told = browser.client.post(
        str(form["action"]), data=fields, headers={"Accept": "application/json"}
    ).get_json()
    messages = [" ".join(each["message"].split()) for each in told["findings"]]
    assert "Il manque un texte en anglais : la question." in messages
    assert "Il manque un texte en français : la question." not in messages
    assert told["line"] == {"words": "Un mot ?", "blocks": "1 bloque"}
    assert (told["blocks"], told["blocking"]) == ("1 bloque", True)
