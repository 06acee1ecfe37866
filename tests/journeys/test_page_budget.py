"""What a participant's page weighs on the wire, what it asks for, and how its title reads.

HTML, CSS and JS are weighed as gzip sends them. From the first visit to the first question there
are six pages for elderly people (welcome, language, device, who answers, consent, question) and
three for professionals; a browser counts what is asked for.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, Page
from builders import world
from flask import Flask, Response, request, request_finished
from matrix import serving
from participants import begin, code_of, past_stops

from app.definitions.files import read_questionnaire
from app.domain.questionnaire import Kind
from app.web.participants.gallery_states import gallery, states_of
from app.workflows.acting import House

ROOT = Path(__file__).parents[2]
ELDERLY = read_questionnaire((ROOT / "surveys/elderly/core.yaml").read_text("utf-8"))
PROFESSIONAL = read_questionnaire((ROOT / "surveys/professional/core.yaml").read_text("utf-8"))
CSS = (ROOT / "app/web/static/covalue.css").read_bytes()
PARTICIPANTS = ROOT / "app/web/static/participant.js"
DEVICE = ROOT / "app/web/static/device.js"  # where a place or a code is asked for
STAFFS = sorted({*(ROOT / "app/web/static").rglob("*.js")} - {PARTICIPANTS, DEVICE})
FETCHED = {"/static/covalue.css", "/static/participant.js"}
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
    return {address.partition("?")[0] for address in found if not address.startswith("data:")}


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


def first_visit(chromium: Any, app: Flask, address: str, code: str, steps: list[str]) -> Visit:
    """What a new browser asks the server for until the first question stands there."""
    seen = Visit()
    context = chromium.new_context(base_url=address, locale="fr-FR")
    page = context.new_page()

    def arrived() -> None:
        page.wait_for_load_state("networkidle")

    with request_finished.connected_to(seen.note, app):
        page.goto("/")
        arrived()
        page.fill("#code", code)
        page.click("main button >> nth=0")
        arrived()
        for step in steps:
            for row in step.split("|"):
                page.click(f"label.option:has-text('{row}'), button.row:has-text('{row}') >> nth=0")
            if step != "Français":
                page.click("main .actions button >> nth=0")
            arrived()
        assert "/r/" in page.url
    context.close()
    return seen


class Visit:
    """What the server was asked for, in order, and the bytes that it sent, with gzip."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.size = 0

    def note(self, _app: Flask, response: Response) -> None:
        self.asked.append(f"{request.method} {request.path}")
        self.size += len(str(response.headers).encode())
        if response.status_code == 200:
            response.direct_passthrough = False
            self.size += weight(response.get_data())


@pytest.mark.journey
@once
def test_the_first_question_is_reached_with_little(
    house: House, public: Flask, chromium: Any
) -> None:
    professional = world(house, PROFESSIONAL, wave={"code": "W2"}).codes[0]
    elderly = world(house, ELDERLY).codes[0]
    ways = ["Français", "Il est à moi", "Je réponds moi-même", "Oui, j’accepte"]
    with serving(public) as address:
        few = first_visit(chromium, public, address, professional, ["Il est à moi|Oui, j’accepte"])
        more = first_visit(chromium, public, address, elderly, ways)
    script = "GET /static/participant.js"  # which nobody waits for
    asked = [each for each in few.asked if each != script]
    assert sorted(asked[:3]) == ["GET /", "GET /static/covalue.css", "POST /"]
    assert len(asked) == 6, few.asked
    assert few.asked.count(script) == more.asked.count(script) == 1
    # Elderly people are asked one thing a page, and each answer is sent on so that Back works.
    assert len([each for each in more.asked if each != script]) == 12, more.asked
    assert max(few.size, more.size) <= 60 * KB


@once
def test_what_a_browser_has_it_does_not_ask_for_again(public: Flask) -> None:
    client = public.test_client()
    address = str(Browser(client).get("/").soup.select_one("link[rel=stylesheet]")["href"])  # type: ignore[index] # every page has one
    for asked, kept in ((address, True), ("/static/covalue.css", False)):
        with client.get(asked) as answer:
            assert ("immutable" in answer.headers["Cache-Control"]) is kept


def test_the_stylesheet_and_the_scripts_are_light() -> None:
    assert weight(CSS) <= 12 * KB
    assert weight(PARTICIPANTS.read_bytes()) + weight(DEVICE.read_bytes()) <= 6 * KB
    assert sum(weight(path.read_bytes()) for path in STAFFS) <= 6 * KB  # no page has them all
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
