"""A choice taken back on a question page, by the server: what goes, what stays, what is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import Browser, Page
from builders import World, world
from flask import Flask
from participants import begin, cells, enter, hidden_fields, only_response, past_stops
from sqlalchemy import event, select, update

from app.definitions.files import read_questionnaire
from app.storage.database import now
from app.storage.responses import ParticipantSession, SaveKey
from app.workflows.acting import House

SURVEYS = Path(__file__).parents[1] / "surveys"
CLEAR, CLEAR_ALL = "Effacer ma réponse", "Effacer mes choix"
GONE, ALL_GONE = "Votre réponse est effacée.", "Vos choix sont effacés."


@pytest.fixture
def browser(public: Flask) -> Browser:
    return Browser(public.test_client())


def ticked(page: Page) -> list[str]:
    return [str(one["value"]) for one in page.soup.select("#page input[checked]")]


def buttons(page: Page) -> list[str]:
    return [one.get_text() for one in page.soup.select("#page .actions button")]


def asked_together(house: House, browser: Browser, file: str) -> Page:
    """The first page of a questionnaire for professionals."""
    asked = read_questionnaire((SURVEYS / file).read_text())
    enter(browser, world(house, asked).codes[0], professional=True)
    return past_stops(browser, browser.submit({"consent": "yes", "device": "own"}))


def test_an_answer_goes_and_what_depended_on_it(
    house: House, browser: Browser, invited: World
) -> None:
    page = begin(browser, invited.codes[0])
    assert buttons(page) == ["Enregistrer et continuer", "Faire une pause"]
    assert browser.submit({"q-K1": "yes"}, form="/r/K1").address == "/r/K2"
    page = browser.get("/r/K1")
    assert buttons(page) == ["Enregistrer et continuer", CLEAR, "Faire une pause"]
    page = browser.submit(form="/r/K1", button=CLEAR)
    assert page.address == "/r/K1"
    assert [one.get_text(strip=True) for one in page.soup.select("[role=status]")] == [GONE]
    assert ticked(page) == []
    assert CLEAR not in buttons(page)
    assert cells(house) == {}
    with house.database.read() as session:
        last = session.scalars(select(SaveKey).order_by(SaveKey.id.desc())).first()
    assert last is not None
    assert last.goes_to == "K1"
    assert last.receipt
    assert only_response(house).revision == 2
    assert browser.get("/r/K2").address == "/r/K1"  # asked only of who said yes
    page = browser.submit(form="/r/K1", status=422)
    assert "Vous n’avez pas répondu." in page.words
    assert browser.submit({"q-K1": "no"}, form="/r/K1").address == "/r/K3"


@pytest.mark.parametrize("again", ["no", "yes"])
def test_the_same_button_twice_clears_once(
    house: House, browser: Browser, invited: World, again: str
) -> None:
    begin(browser, invited.codes[0])
    browser.submit({"q-K1": "yes"}, form="/r/K1")
    data = hidden_fields(browser.get("/r/K1")) | {"q-K1": "yes", "clear": "1"}
    first, second = (browser.client.post("/r/K1", data=data) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert GONE in second.text
    assert only_response(house).revision == 2
    browser._arrive(second, "/r/K1", 200)
    browser.submit({"q-K1": again}, form="/r/K1")
    late = browser.client.post("/r/K1", data=data)  # the first form once more
    assert late.status_code == 409
    assert "Rien n’est effacé" in late.text
    assert ticked(browser._arrive(late, "/r/K1", 409)) == [again]
    assert cells(house)["K1"]["v"] == again


def test_a_way_out_is_cleared_and_a_passed_question_has_nothing_to_clear(
    house: House, browser: Browser, invited: World
) -> None:
    begin(browser, invited.codes[0])
    browser.submit({"q-K1": "~dont_know"}, form="/r/K1")
    browser.get("/r/K1")
    browser.submit(form="/r/K1", button=CLEAR)
    assert cells(house) == {}
    browser.submit(form="/r/K1", status=422)
    browser.submit(form="/r/K1")
    assert cells(house)["K1"]["why"] == "skipped"
    assert CLEAR not in buttons(browser.get("/r/K1"))


def test_several_ticks_can_be_unticked_and_have_no_button(browser: Browser, invited: World) -> None:
    begin(browser, invited.codes[0])
    browser.submit({"q-K1": "yes"}, form="/r/K1")
    browser.submit({"q-K2": ["meals"]}, form="/r/K2")
    page = browser.get("/r/K2")
    assert ticked(page) == ["meals"]
    assert CLEAR not in buttons(page)


def test_what_else_was_typed_on_the_page_stays_on_it(house: House, browser: Browser) -> None:
    page = asked_together(house, browser, "pages.yaml")
    at = page.address
    browser.submit({"q-A1": "yes", "q-A2": "avant"}, form=at)
    browser.get(at)
    page = browser.submit({"q-A2": "après"}, form=at, button=CLEAR)
    assert ticked(page) == []
    assert page.soup.select_one("input[name=q-A2]")["value"] == "après"
    assert {item: cell["v"] for item, cell in cells(house).items()} == {"A2": "avant"}
    browser.submit({"q-A1": "no"}, form=at)
    assert {item: cell["v"] for item, cell in cells(house).items()} == {"A1": "no", "A2": "après"}


def test_what_was_typed_meanwhile_elsewhere_is_still_a_clash(
    house: House, browser: Browser
) -> None:
    at = asked_together(house, browser, "pages.yaml").address
    browser.submit({"q-A1": "yes", "q-A2": "avant"}, form=at)
    old = hidden_fields(browser.get(at)) | {"q-A1": "yes", "q-A2": "ici", "clear": "1"}
    browser.get(at)  # another tab
    browser.submit({"q-A1": "yes", "q-A2": "ailleurs"}, form=at)
    page = browser._arrive(browser.client.post(at, data=old), at, 200)
    assert page.soup.select_one("input[name=q-A2]")["value"] == "ici"
    page = browser.submit({"q-A1": "no"}, form=at, status=409)
    assert "ailleurs" in page.words
    assert cells(house)["A2"]["v"] == "ailleurs"


def test_one_button_for_all_rows(house: House, browser: Browser) -> None:
    at = asked_together(house, browser, "battery_list.yaml").address
    browser.submit({"q-B1": "1", "q-B2": "2", "q-B3": "3"}, form=at)
    page = browser.get(at)
    assert buttons(page) == ["Enregistrer et continuer", CLEAR_ALL, "Faire une pause"]
    page = browser.submit({"q-B2": "3"}, form=at, button=CLEAR_ALL)
    assert ALL_GONE in page.words
    assert ticked(page) == []
    assert cells(house) == {}


@pytest.mark.parametrize("role", ["helped", "proxy"])
def test_whoever_answers_may_take_it_back(
    house: House, browser: Browser, invited: World, role: str
) -> None:
    who: dict[str, Any] = {"role": "helped", "helper": ["reads"]}
    if role == "proxy":
        who = {"role": "proxy", "relation": "child", "reason": "memory", "agrees": "yes"}
    begin(browser, invited.codes[0], who=who, device="shared")
    browser.submit({"q-K1": "yes"}, form="/r/K1")
    browser.get("/r/K1")
    page = browser.submit(form="/r/K1", button=CLEAR)
    assert GONE in page.words
    assert cells(house) == {}


def test_what_may_not_be_seen_may_not_be_cleared(
    public: Flask, house: House, browser: Browser, invited: World
) -> None:
    begin(browser, invited.codes[0])
    browser.submit({"q-K1": "no"}, form="/r/K1")
    seen = hidden_fields(browser.get("/r/K1"))
    browser.get("/r/K3")
    browser.submit(form="/r/K3", button="Faire une pause")
    browser.submit(form="/terminer")
    other = Browser(public.test_client())
    page = past_stops(other, enter(other, invited.codes[0]))
    data = seen | {"csrf_token": hidden_fields(page)["csrf_token"], "clear": "1"}
    answer = other.client.post("/r/K1", data=data)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/mot")
    assert cells(house)["K1"]["v"] == "no"


def test_the_button_is_on_no_other_persons_page(public: Flask, invited: World) -> None:
    one, other, third = (Browser(public.test_client()) for _ in range(3))
    for browser, code in zip((one, other, third), invited.codes, strict=True):
        begin(browser, code)
    one.submit({"q-K1": "yes"}, form="/r/K1")
    for _ in range(2):
        assert CLEAR in buttons(one.get("/r/K1"))
        assert CLEAR not in buttons(other.get("/r/K1"))
    third.submit(form="/r/K1", status=422)
    third.submit(form="/r/K1")
    assert CLEAR not in buttons(third.get("/r/K1"))


def test_it_leads_back_to_the_check_once_answered_anew(
    house: House, browser: Browser, invited: World
) -> None:
    begin(browser, invited.codes[0])
    browser.submit({"q-K1": "no"}, form="/r/K1")
    browser.get("/r/K1?from=check")
    page = browser.submit(form="/r/K1", button=CLEAR)
    assert hidden_fields(page)["form-check"] == "1"


def test_sent_after_the_session_was_over_it_clears_once_the_code_was_typed(
    house: House, browser: Browser, invited: World
) -> None:
    begin(browser, invited.codes[0])
    browser.submit({"q-K1": "no"}, form="/r/K1")
    data = hidden_fields(browser.get("/r/K1")) | {"q-K1": "no", "clear": "1"}
    with house.database.write() as session:
        session.execute(update(ParticipantSession).values(seen_at=now().replace(year=2000)))
    assert browser.client.post("/r/K1", data=data).status_code == 400
    page = enter(browser, invited.codes[0])
    assert page.heading.startswith("Recevez-vous")
    assert GONE in page.words
    assert ticked(page) == []
    assert cells(house) == {}
    assert browser.submit({"q-K1": "no"}, form="/r/K1").address == "/r/K3"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_nothing_can_be_written_the_button_is_there_again(
    public: Flask, house: House, browser: Browser, invited: World
) -> None:
    begin(browser, invited.codes[0])
    browser.submit({"q-K1": "yes"}, form="/r/K1")
    page = browser.get("/r/K1")
    engine = public.extensions["covalue"].database.engine

    def away(connection: Any, _record: object) -> None:
        connection.set_authorizer(None)  # which forbids pragmas
        connection.execute("PRAGMA query_only = 1")

    data = hidden_fields(page) | {"q-K1": "yes", "clear": "1"}
    engine.dispose()
    event.listen(engine, "connect", away)
    answer = browser.client.post("/r/K1", data=data)
    event.remove(engine, "connect", away)
    engine.dispose()
    assert answer.status_code == 503
    page = browser._arrive(answer, "/r/K1", 503)
    assert cells(house)["K1"]["v"] == "yes"
    page = browser.submit(form="/r/K1", button=CLEAR)
    assert GONE in page.words
    assert cells(house) == {}


def test_in_english(house: House, public: Flask, invited: World) -> None:
    browser = Browser(public.test_client())
    page = begin(browser, invited.codes[0])
    data = hidden_fields(page) | {"q-K1": "no", "set-language": "en"}
    browser.client.post("/r/K1", data=data)
    assert "Clear my answer" in buttons(browser.get("/r/K1"))
    assert "Your answer is cleared." in browser.submit(form="/r/K1", button="Clear my").words
