"""The gallery: every kind and state is there, well made, judged as the real pages, and not kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from browser import Browser
from flask import Flask
from sqlalchemy import text

from app.domain.questionnaire import Kind
from app.factory import create_app
from app.settings import Settings
from app.web.participants.gallery_states import STATES, gallery, states_of

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def shown(settings: Settings, catalogues: None) -> Iterator[Flask]:
    """The participants' surface of the demonstration."""
    made = create_app(replace(settings, demonstration=True, hosts=()), "public")
    yield made
    made.extensions["covalue"].database.dispose()


def test_every_kind_of_question_is_in_the_gallery() -> None:
    assert {question.kind for question in gallery().usual.questionnaire.questions} == set(Kind)


@once
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_in_every_state_is_well_made(shown: Flask, language: str) -> None:
    browser, status = Browser(shown.test_client(), language), {"erreur": 422, "rappel": 422}
    index = browser.get("/galerie/")
    links = [str(a["href"]) for a in index.soup.select("main li a")]
    assert len(links) > 70
    for link in links:
        state = link.split("/")[2]
        page = browser.get(link, status={**status, "panne": 503}.get(state, 200))
        title = page.soup.title.get_text() if page.soup.title else ""
        assert title.startswith(("Erreur", "Error")) is (state == "erreur"), link
        assert not page.soup.select('[action^="/r/"], [href^="/r/"]'), link
    pages = gallery().pages
    assert {link.split("/")[2] for link in links} == set(STATES)
    assert {link.split("/")[3] for link in links} == {page.code for page in pages}


@once
def test_it_judges_like_the_real_pages_and_keeps_nothing(shown: Flask) -> None:
    browser = Browser(shown.test_client())
    browser.get("/galerie/vide/G8")
    page = browser.submit({"q-G8": "beaucoup"}, status=422)
    assert page.soup.select_one(".problems")
    page = browser.submit({"q-G8": "2"})
    assert page.address == "/galerie/vide/G9"
    assert "Vous n’avez pas répondu" in browser.submit(status=422).words
    assert browser.submit().address == "/galerie/vide/G10"
    with shown.extensions["covalue"].database.read() as session:
        assert session.execute(text("SELECT count(*) FROM response")).scalar() == 0


@once
def test_a_state_that_does_not_exist_is_no_page(shown: Flask) -> None:
    browser = Browser(shown.test_client())
    browser.get("/galerie/rappel/G7", status=404)  # nothing is asked there
    browser.get("/galerie/vide/G99", status=404)
    page = gallery().page("G7")
    assert page
    assert states_of(page) == ("vide", "long")


@once
def test_outside_the_demonstration_there_is_no_gallery(public: Flask) -> None:
    assert public.test_client().get("/galerie/").status_code == 404
