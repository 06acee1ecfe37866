"""What a participant's page weighs on the wire, what it asks for, and how its title reads.

HTML, CSS and JS are weighed as gzip sends them. The way from the first visit to the first question
has six pages (welcome, language, device, who answers, consent, question), one stylesheet and, with
the question, one script.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, Page
from builders import world
from flask import Flask
from participants import begin, code_of, past_stops

from app.definitions.files import read_questionnaire
from app.domain.questionnaire import Kind
from app.web.participants.gallery_states import gallery, states_of
from app.workflows.acting import House

ROOT = Path(__file__).parents[2]
ELDERLY = read_questionnaire((ROOT / "surveys/elderly/core.yaml").read_text("utf-8"))
CSS = (ROOT / "app/web/static/covalue.css").read_bytes()
SCRIPTS = sorted((ROOT / "app/web/static").rglob("*.js"))
FETCHED = {"/static/covalue.css", "/static/participant.js"}  # the script by question pages alone
KB = 1000
once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def weight(content: str | bytes) -> int:
    """Bytes that gzip sends."""
    raw = content.encode() if isinstance(content, str) else content
    return len(gzip.compress(raw, 6))


def asked_for(page: Page) -> set[str]:
    """Addresses that the page makes a browser fetch."""
    things = page.soup.select("link[href], script[src], img[src], source[src], iframe[src]")
    found = {str(thing.get("href") or thing.get("src")) for thing in things}
    return {address for address in found if not address.startswith("data:")}


def walk(browser: Browser, page: Page) -> list[Page]:
    """Every page of the path, each answered with its first option or passed."""
    seen = []
    while (page := past_stops(browser, page)).address.startswith("/r/"):
        seen.append(page)
        fields: dict[str, Any] = {}
        for field in page.soup.select("main input[type=radio], main input[type=checkbox]"):
            fields.setdefault(str(field["name"]), str(field["value"]))
        form = page.address.partition("?")[0]
        page = browser.submit(fields, form=form)
        if page.address == seen[-1].address:  # the gentle reminder: pass
            page = browser.submit(form=form)
    return seen


@once
def test_pages_of_the_shipped_questionnaire_are_light_and_named_apart(
    house: House, public: Flask
) -> None:
    browser = Browser(public.test_client())
    pages = walk(browser, begin(browser, world(house, ELDERLY).codes[0]))
    assert len(pages) > 20
    assert max(weight(page.html) for page in pages) <= 10 * KB
    assert {address for page in pages for address in asked_for(page)} == FETCHED
    titles = [page.soup.title.get_text() for page in pages if page.soup.title]
    assert len(set(titles)) == len(pages)


@once
def test_a_page_in_error_says_so_first_in_its_title(house: House, public: Flask) -> None:
    browser = Browser(public.test_client())
    page = begin(browser, world(house, ELDERLY).codes[0])
    assert page.soup.title
    title = page.soup.title.get_text()
    code = code_of(page)
    question = ELDERLY.page_by_code[code].questions[0]
    assert question.kind is Kind.CHOICE
    values = [option.code for option in question.options[:2]]
    wrong = browser.submit({f"q-{code}": values}, form=page.address, status=422)
    assert wrong.soup.title
    assert wrong.soup.title.get_text() == f"Erreur\xa0: {title}"


@once
def test_the_first_question_is_reached_with_little(house: House, public: Flask) -> None:
    browser = Browser(public.test_client())
    code = world(house, ELDERLY).codes[0]
    pages = [browser.get("/"), browser.submit({"code": code})]
    assert pages[-1].address == "/langue"
    pages.append(browser.submit(button="Français"))
    pages.append(browser.submit({"device": "own"}))
    pages.append(browser.submit({"role": "self"}))
    pages.append(browser.submit({"consent": "yes"}))
    assert pages[-1].address.startswith("/r/")
    fetched = {address for page in pages for address in asked_for(page)}
    assert fetched == FETCHED
    assert all(asked_for(page) == {"/static/covalue.css"} for page in pages[:-1])
    assert len(pages) == 6
    more = weight(CSS) + sum(weight(path.read_bytes()) for path in SCRIPTS)
    assert sum(weight(page.html) for page in pages) + more <= 60 * KB


def test_the_stylesheet_and_the_scripts_are_light() -> None:
    assert weight(CSS) <= 12 * KB
    assert sum(weight(path.read_bytes()) for path in SCRIPTS) <= 6 * KB
    assert b"@font-face" not in CSS
    assert b"@import" not in CSS
    assert b"url(" not in CSS


@once
def test_the_gallery_is_light(settings: Any, catalogues: None) -> None:
    from dataclasses import replace

    from app.factory import create_app

    app = create_app(replace(settings, demonstration=True), "public")
    client = app.test_client()
    for page in gallery().pages:
        shown = gallery().page(page.code)
        assert shown
        for state in states_of(shown):
            body = client.get(f"/galerie/{state}/{page.code}").data
            assert 1 * KB < weight(body) <= 10 * KB
    app.extensions["covalue"].database.dispose()
