"""The square of a letter: a token that becomes a cookie at once, and leaves no trace."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

from browser import Browser
from builders import World
from flask import Flask
from participants import answer_all, past_stops
from sqlalchemy import update

from app.protection.letter_links import LENGTH, code_in, link_token
from app.storage.database import now
from app.storage.participants import AccessCode
from app.storage.throttle import all_attempts
from app.workflows.acting import House
from app.workflows.throttling import MOST_WRONG


def token_of(house: House, world: World, person: int = 0) -> str:
    """The token on the letter of one of the people."""
    return link_token(house.keys.lookup, world.codes[person])


def test_the_square_opens_the_door_and_the_token_goes_no_further(
    public: Flask, house: House, invited: World
) -> None:
    token = token_of(house, invited)
    assert len(token) == LENGTH
    client = public.test_client()
    answer = client.get(f"/q/{token}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/langue"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert token not in answer.text
    assert all(token not in value for value in answer.headers.getlist("Set-Cookie"))
    browser = Browser(client)
    browser.get("/langue")
    browser.submit(button="Français")
    browser.submit({"device": "own"})
    browser.submit({"role": "self"})
    page = browser.submit({"consent": "yes"})
    assert page.address == "/r/K1"
    assert answer_all(browser, page).address == "/verifier"


def test_no_bit_of_a_token_can_be_changed_and_none_tells_the_code(
    house: House, invited: World
) -> None:
    token, key = token_of(house, invited), house.keys.lookup
    raw = urlsafe_b64decode(token)
    assert code_in(key, token) == invited.codes[0]
    assert int(invited.codes[0][:-1]).to_bytes(5) not in raw
    for bit in range(8 * len(raw)):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << (bit % 8)
        assert code_in(key, urlsafe_b64encode(bytes(changed)).decode()) is None
    assert code_in(b"another key" * 3, token) is None


def test_other_squares_open_nothing_and_count(public: Flask, house: House, invited: World) -> None:
    browser = Browser(public.test_client())
    good = token_of(house, invited)
    mixed = token_of(house, invited, 1)[:7] + good[7:]  # parts of two people's
    wrong = ["x", "A" * LENGTH, "é" * LENGTH, good[:-1] + ("A" if good[-1] != "A" else "B"), mixed]
    for token in wrong:
        page = browser.get(f"/q/{token}", status=404)
        assert "Ce carré ne marche plus" in page.words
    with house.database.read() as session:
        assert all_attempts(session, 60) == len(wrong)
    for _ in range(MOST_WRONG - len(wrong)):
        browser.get("/q/x", status=404)
    assert "Attendez dix minutes" in browser.get(f"/q/{good}", status=429).words


def test_a_new_letter_makes_the_old_square_void(
    public: Flask, house: House, invited: World
) -> None:
    token = token_of(house, invited)
    with house.database.write() as session:
        session.execute(update(AccessCode).values(revoked_at=now()))
    page = Browser(public.test_client()).get(f"/q/{token}", status=422)
    assert "Ce code a été remplacé" in page.words


def test_who_has_sent_learns_so_by_the_square(public: Flask, house: House, invited: World) -> None:
    from participants import begin, send

    browser = Browser(public.test_client())
    answer_all(browser, past_stops(browser, begin(browser, invited.codes[0])))
    send(browser)
    page = Browser(public.test_client()).get(f"/q/{token_of(house, invited)}")
    assert page.heading == "Vos réponses sont déjà envoyées"


def test_the_welcome_page_says_how_to_check_that_it_is_genuine(public: Flask) -> None:
    page = Browser(public.test_client()).get("/")
    assert "Cette enquête est-elle vraie ?" in page.words.replace("\u00a0", " ")
    assert "http://localhost" in page.words
    assert "carte bancaire" in page.words
