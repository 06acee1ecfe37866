"""A campaign that anybody may answer, and what honestly stands against answering twice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from browser import Browser, Page
from builders import World, world
from conftest import SECRET
from flask import Flask
from participants import EVERY_KIND, answer_all, only_response, past_stops, send

from app.domain.fieldwork import OPEN_CALL
from app.domain.sittings import Sitting
from app.domain.territories import Territory
from app.domain.text import Text
from app.protection.keys import Keys
from app.protection.sealing import AnswerSealing, Ring
from app.storage.database import now
from app.storage.participants import AccessCode, Participant
from app.storage.responses import unpack
from app.storage.territories import put_territory
from app.storage.throttle import all_attempts
from app.storage.waves import WaveInstrument
from app.workflows.acting import House
from app.workflows.open_calls import MOST
from app.workflows.rotating import rotate


@pytest.fixture
def call(house: House) -> World:
    """An open call in two territories, for elderly people and families."""
    made = world(house, EVERY_KIND, people=0, wave={"frame": OPEN_CALL})
    with house.database.write() as session:
        place = Territory("MAY", Text.of(fr="La Mayenne", en="Mayenne"), "FR")
        put_territory(session, made.programme_id, place)
        for territory, audience in (("MAY", "elderly"), ("MAY", "family")):
            session.add(
                WaveInstrument(
                    wave_id=made.wave_id,
                    territory=territory,
                    audience=audience,
                    instrument_id=made.instrument_id,
                )
            )
    return made


def consent(browser: Browser, page: Page, device: str = "own") -> Page:
    """From the page after the door to the first question."""
    if page.address == "/langue":
        page = browser.submit(button="Français")
    browser.submit({"device": device})
    browser.submit({"role": "self"})
    return browser.submit({"consent": "yes"})


def people_of(house: House) -> list[Any]:
    with house.database.read() as session:
        return list(session.query(Participant))


def test_the_territory_is_asked_and_nothing_is_kept_before_consent(
    public: Flask, house: House, call: World
) -> None:
    browser = Browser(public.test_client())
    page = browser.get("/ouvert/W1")
    assert "Chacun peut répondre, une fois" in page.words
    page = browser.submit(status=422)
    assert page.soup.title
    assert page.soup.title.get_text().startswith("Erreur")
    assert "Dites où vous vivez" in page.words
    page = browser.submit({"territory": "MAY", "audience": "elderly"})
    assert people_of(house) == []
    page = consent(browser, page)
    assert page.address == "/r/K1"
    (person,) = people_of(house)
    assert (person.territory, person.audience, person.listed) == ("MAY", "elderly", False)
    assert person.sealed_contact is None
    page = answer_all(browser, page)
    assert send(browser).heading.startswith("Merci")
    row = only_response(house)
    assert "back" not in unpack(row.body)["sit"][0]
    assert (row.territory, row.weight, row.stratum) == ("MAY", 1.0, "")


def test_the_address_may_name_the_territory(public: Flask, house: House, call: World) -> None:
    browser = Browser(public.test_client())
    page = browser.get("/ouvert/W1/BDX")
    assert "Où vivez-vous" not in page.words
    assert "05 36 49 10 01" in page.words.replace("\u00a0", " ")
    consent(browser, browser.submit({}))
    assert people_of(house)[0].territory == "BDX"
    assert "Où vivez-vous" in Browser(public.test_client()).get("/ouvert/W1/XXX").words


def test_an_audience_that_is_not_asked_there_is_refused(public: Flask, call: World) -> None:
    browser = Browser(public.test_client())
    browser.get("/ouvert/W1")
    page = browser.submit({"territory": "BDX", "audience": "family"}, status=422)
    assert "Dites pour qui vous répondez" in page.words


def test_a_pause_gives_a_code_to_come_back_with(public: Flask, house: House, call: World) -> None:
    browser = Browser(public.test_client())
    browser.get("/ouvert/W1/BDX")
    consent(browser, browser.submit({}))
    page = browser.submit({"q-K1": "no", "go": "pause"}, form="/r/K1")
    code = re.search(r"\d{4} \d{4} \d{4}", page.words)
    assert code
    assert "lettre" not in page.words, "nobody got one"
    browser.submit(form="/terminer")
    other = Browser(public.test_client())
    other.get("/")
    page = other.submit({"code": code[0]})
    other.submit(button="Français")
    other.submit({"device": "own"})
    page = other.submit({"role": "self"})
    assert past_stops(other, page).address == "/r/K3"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_code_to_come_back_with_outlives_a_new_key(
    public: Flask, house: House, call: World
) -> None:
    """It is sealed with the response's own key, which alone is sealed anew."""
    served = public.extensions["covalue"]
    for database in (served.database, house.database):
        database.sealing = AnswerSealing(house.keys.sealing, on=True)
    browser = Browser(public.test_client())
    browser.get("/ouvert/W1/BDX")
    consent(browser, browser.submit({}))
    page = browser.submit({"q-K1": "no", "go": "pause"}, form="/r/K1")
    (code,) = re.findall(r"\d{4} \d{4} \d{4}", page.words)
    keys = Keys.derive(SECRET, [b"another secret that is as long as it must be", SECRET])
    house.database.sealing = AnswerSealing(keys.sealing, on=True)
    rotate(replace(house, keys=keys))
    served.database.sealing = AnswerSealing(Ring(keys.sealing.current), on=True)
    assert code in browser.get("/pause").words


def test_a_letter_has_no_code_shown_at_its_pause(public: Flask, invited: World) -> None:
    from participants import begin

    browser = Browser(public.test_client())
    begin(browser, invited.codes[0])
    assert not re.search(r"\d{4} \d{4} \d{4}", browser.get("/pause").words)


def test_an_own_device_remembers_and_who_answers_again_is_marked(
    public: Flask, house: House, call: World
) -> None:
    browser = Browser(public.test_client())
    for turn in range(2):
        page = browser.get("/ouvert/W1/BDX")
        assert ("déjà parties de cet appareil" in page.words) is bool(turn)
        answer_all(browser, consent(browser, browser.submit({})))
        send(browser)
        browser.submit(form="/terminer")
    with house.database.read() as session:
        from app.storage.responses import Response

        marks = [
            unpack(row.body)["sit"][0].get("repeat")
            for row in session.query(Response).order_by(Response.id)
        ]
    assert marks == [None, "device"]


def test_a_shared_device_remembers_nothing(public: Flask, call: World) -> None:
    browser = Browser(public.test_client())
    browser.get("/ouvert/W1/BDX")
    answer_all(browser, consent(browser, browser.submit({}), device="shared"))
    send(browser)
    browser.submit(form="/terminer")
    assert "déjà parties" not in browser.get("/ouvert/W1/BDX").words


def test_one_network_is_slowed_not_shut(public: Flask, house: House, call: World) -> None:
    from app.workflows import open_calls

    entered = open_calls.at_the_door(house, call.wave_id, "BDX", "elderly")
    assert entered.invited
    for _ in range(MOST):
        open_calls.join(house, entered.invited, Sitting(), "127.0.0.1")
    browser = Browser(public.test_client())
    browser.get("/ouvert/W1/BDX")
    page = browser.submit({}, status=429)
    assert "Attendez une heure" in page.words
    assert not open_calls.crowded(house, call.wave_id, "192.0.2.7")
    with house.database.read() as session:
        assert all_attempts(session, open_calls.MINUTES) == 0, "nobody was wrong"


def test_the_steps_after_the_door_sent_again_and_again_are_slowed_too(
    public: Flask, house: House, call: World
) -> None:
    """The choices since the door stand in a cookie, which can be sent more than once."""
    browser = Browser(public.test_client())
    browser.get("/ouvert/W1/BDX")
    if browser.submit().address == "/langue":
        browser.submit(button="Français")
    browser.submit({"device": "own"})
    browser.submit({"role": "self"})
    kept = browser.client.get_cookie("covalue")
    assert kept
    for turn in range(MOST + 3):
        browser.client.set_cookie("covalue", kept.value)
        browser.get("/accord")
        page = browser.submit({"consent": "yes"}, status=200 if turn < MOST else 429)
        browser.client.delete_cookie("participant")
    assert page.heading == "Vous pourrez commencer un peu plus tard"
    assert len(people_of(house)) == MOST


def test_a_refusal_leaves_nothing(public: Flask, house: House, call: World) -> None:
    browser = Browser(public.test_client())
    browser.get("/ouvert/W1/BDX")
    browser.submit({})
    browser.submit(button="Français")
    browser.submit({"device": "own"})
    browser.submit({"role": "self"})
    page = browser.submit({"consent": "no"})
    assert page.address == "/merci"
    assert "votre code" not in page.words, "nobody has one"
    assert people_of(house) == []
    with house.database.read() as session:
        assert session.query(AccessCode).count() == 0


@pytest.mark.parametrize(
    ("wave", "heading"),
    [
        ({"opened_at": None}, "L’enquête n’est pas encore ouverte"),
        ({"closed_at": now()}, "L’enquête est terminée"),
        ({"closes_at": now() - timedelta(minutes=1)}, "L’enquête est terminée"),
    ],
)
def test_a_call_that_is_not_open_says_when(
    public: Flask, house: House, wave: dict[str, Any], heading: str
) -> None:
    world(house, EVERY_KIND, people=0, wave={"frame": OPEN_CALL, **wave})
    assert Browser(public.test_client()).get("/ouvert/W1").heading == heading


def test_a_wave_with_letters_is_no_open_call(public: Flask, invited: World) -> None:
    browser = Browser(public.test_client())
    browser.get("/ouvert/W1", status=404)
    browser.get("/ouvert/nothing", status=404)
