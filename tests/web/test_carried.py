"""An answer sent after the session was over is saved when the same person comes in again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from browser import Browser, Page
from builders import World
from flask import Flask
from participants import begin, cells, enter, hidden_fields
from sqlalchemy import update

from app.storage.database import now
from app.storage.responses import ParticipantSession
from app.workflows import carried
from app.workflows.acting import House

WAITS = "Votre dernière réponse attend aussi"
TYPED = "Merci à Mme Untel"


def close(house: House) -> None:
    """Nobody has touched any screen for a long time."""
    with house.database.write() as session:
        session.execute(update(ParticipantSession).values(seen_at=now() - timedelta(days=2)))


def send_late(browser: Browser, page: Page, **fields: str) -> str:
    answer = browser.client.post(page.address, data=hidden_fields(page) | fields)
    assert answer.status_code == 400
    words: str = answer.get_data(as_text=True)
    return words


@pytest.fixture
def browser(public: Flask) -> Browser:
    return Browser(public.test_client())


@pytest.fixture
def page(browser: Browser, invited: World) -> Page:
    return begin(browser, invited.codes[0])


def test_it_waits_sealed_and_the_code_saves_it(
    house: House, browser: Browser, page: Page, invited: World
) -> None:
    close(house)
    assert WAITS in send_late(browser, page, **{"q-K1": "yes"})
    assert cells(house) == {}
    found = enter(browser, invited.codes[0])
    assert found.address == "/r/K2"
    assert cells(house)["K1"]["v"] == "yes"
    assert list((house.folder / "carried").iterdir()) == []


def test_nothing_of_it_can_be_read_where_it_waits(
    house: House, browser: Browser, page: Page
) -> None:
    close(house)
    send_late(browser, page, **{"q-K1": TYPED})
    (file,) = (house.folder / "carried").iterdir()
    assert TYPED.encode() not in file.read_bytes()
    assert b"q-K1" not in file.read_bytes()


def test_it_is_never_saved_for_somebody_else(
    house: House, browser: Browser, page: Page, invited: World
) -> None:
    close(house)
    send_late(browser, page, **{"q-K1": "yes"})
    found = enter(browser, invited.codes[1])
    assert found.address == "/accord"
    found = browser.submit({"consent": "yes"})
    assert found.address == "/r/K1"
    assert found.soup.select("input[checked]") == []
    found = enter(browser, invited.codes[0])
    assert "K1" not in str(found.soup.select("input[checked]"))


def test_another_browser_with_the_same_code_does_not_get_it(
    house: House, public: Flask, browser: Browser, page: Page, invited: World
) -> None:
    close(house)
    send_late(browser, page, **{"q-K1": "yes"})
    enter(Browser(public.test_client()), invited.codes[0])
    assert cells(house) == {}


def test_it_is_forgotten_after_a_while(
    house: House, browser: Browser, page: Page, invited: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(house)
    send_late(browser, page, **{"q-K1": "yes"})
    monkeypatch.setattr(carried, "KEPT", timedelta(0))
    assert enter(browser, invited.codes[0]).address == "/r/K1"
    assert cells(house) == {}


def test_a_form_whose_token_is_gone_is_treated_alike(
    house: House, browser: Browser, page: Page, invited: World
) -> None:
    browser.client.delete_cookie("covalue")
    assert WAITS in send_late(browser, page, **{"q-K1": "no"})
    enter(browser, invited.codes[0])
    assert cells(house)["K1"]["v"] == "no"


def test_what_has_to_be_mended_is_shown_with_what_was_typed(
    house: House, browser: Browser, page: Page, invited: World
) -> None:
    browser.submit({"q-K1": "no"}, form="/r/K1")
    browser.submit({"q-K3": "4"}, form="/r/K3")
    page = browser.get("/r/K4")
    close(house)
    assert WAITS in send_late(browser, page, **{"q-K4": "beaucoup"})
    browser.get("/")
    browser.submit({"code": invited.codes[0]})
    browser.submit({"device": "own"})
    page = browser.submit({"role": "self"}, status=422)
    assert page.soup.select_one("#q-K4[value=beaucoup]")
    assert "K4" not in cells(house)


def test_without_a_session_nothing_is_kept_or_promised(
    house: House, public: Flask, browser: Browser, page: Page
) -> None:
    stranger = public.test_client()
    answer = stranger.post("/r/K1", data={"q-K1": "yes"})
    assert answer.status_code == 400
    assert WAITS not in answer.get_data(as_text=True)
    stranger.set_cookie("participant", "x" * 43)
    assert WAITS not in stranger.post("/r/K1", data={"q-K1": "yes"}).get_data(as_text=True)
    assert not (house.folder / "carried").exists()
