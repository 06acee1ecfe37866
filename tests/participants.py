"""A participant's way through the pages, for tests: in with a code, then page after page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, Page
from builders import World, world

from app.storage.response_keys import key_of
from app.storage.responses import Response, unpack
from app.workflows.acting import House

EVERY_KIND = (Path(__file__).parent / "surveys" / "every_kind.yaml").read_text()
PROTECTION = ("measure", "representative")
# What is typed on each page of every_kind.yaml, in order.
ANSWERS: dict[str, Mapping[str, Any]] = {
    "K1": {"q-K1": "yes"},
    "K2": {"q-K2": ["meals", "other"], "q-K2-other": "Le jardin"},
    "K3": {"q-K3": "4"},
    "KINFO": {},
    "K4": {"q-K4": " 2 "},
    "K5": {"q-K5": "Cenon"},
    "K6": {"q-K6-month": "mars", "q-K6-year": "2020"},
    "K7a": {"q-K7a": "2"},
    "K7b": {"q-K7b": "1"},
    "K8": {"q-K8": "Merci <b>& bravo</b>\nà tous"},
    "K9": {"q-K9-day": "1", "q-K9-month": "02", "q-K9-year": "2020"},
}


@pytest.fixture
def invited(house: House) -> World:
    """Three people invited to answer a question of every kind."""
    return world(house, EVERY_KIND, people=3)


def enter(
    browser: Browser,
    code: str,
    *,
    device: str = "own",
    who: Mapping[str, Any] | None = None,
    professional: bool = False,
) -> Page:
    """From the welcome page to the page after "who answers"."""
    browser.get("/")
    page = browser.submit({"code": code})
    if page.address == "/langue":
        page = browser.submit(button="Français")
    if professional:
        return page
    page = browser.submit({"device": device})
    details = dict(who or {"role": "self"})
    protected = {name: details.pop(name) for name in PROTECTION if name in details}
    page = browser.submit({"role": details.pop("role")})
    page = browser.submit(details) if details else page
    if page.address == "/qui/place/protection":
        page = browser.submit({"measure": "none", **protected})
    if page.address == "/qui/place/comment":
        page = browser.submit({"contact": "weekly", "perspective": "as_person"})
    return page


def begin(browser: Browser, code: str, **choices: Any) -> Page:
    """To the first question, with consent."""
    page = enter(browser, code, **choices)
    assert page.address == "/accord"
    device = {"device": choices.get("device", "own")} if choices.get("professional") else {}
    return browser.submit({"consent": "yes", **device})


def hidden_fields(page: Page) -> dict[str, str]:
    """What the page's own form sends unseen."""
    return {str(f["name"]): str(f["value"]) for f in page.soup.select("#page input[type=hidden]")}


def press(browser: Browser, **fields: Any) -> Page:
    """Press a button that stands in the footer and belongs to the form of the page."""
    assert browser.page
    (form,) = browser.page.soup.select("form#page")
    data = hidden_fields(browser.page) | fields
    sent = browser.client.post(str(form["action"]), data=data)
    assert sent.status_code == 303
    return browser.get(sent.headers["Location"])


def code_of(page: Page) -> str:
    """The code of a question page."""
    return page.address.removeprefix("/r/").partition("?")[0]


def send(browser: Browser, **told: Any) -> Page:
    """From the check of the answers to the receipt, past the two small questions if asked."""
    assert browser.page
    if browser.page.soup.select_one('main a[href="/fin"]'):
        browser.get("/fin")
    return browser.submit(told, form="/envoyer")


STOPS = ("/parties", "/partie/", "/soutien/")


def past_stops(browser: Browser, page: Page) -> Page:
    """Go on where a part ends, where the parts are shown, where numbers are offered."""
    while page.address.startswith(STOPS):
        (on,) = page.soup.select("main .actions a.button")
        page = browser.get(str(on["href"]))
    return page


def answer_all(browser: Browser, page: Page, answers: Mapping[str, Any] = ANSWERS) -> Page:
    """Answer page after page until something else comes."""
    while (page := past_stops(browser, page)).address.startswith("/r/"):
        page = browser.submit(answers[code_of(page)], form=page.address.partition("?")[0])
    return page


def only_response(house: House) -> Response:
    """The one response that was made."""
    with house.database.read() as session:
        return session.query(Response).one()


def document_of(house: House, row: Response) -> dict[str, Any]:
    """What a response holds, sealed or not."""
    with house.database.read() as session:
        key = key_of(session, row.secret_digest)
    return unpack(house.database.sealing.open(row.body, key, row.secret_digest))


def cells(house: House) -> dict[str, Any]:
    """Its stored answers."""
    found: dict[str, Any] = document_of(house, only_response(house))["a"]
    return found
