"""Comforts of a question page in a browser: a lost connection, impatience, listening, print."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import world
from matrix import PRINTED, SIZES, barriers
from participants import cells, only_response
from sqlalchemy import update

from app.definitions.files import read_questionnaire
from app.storage.database import now
from app.storage.responses import ParticipantSession
from app.workflows.acting import House

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
ROOT = Path(__file__).parents[2]
ELDERLY = (ROOT / "surveys/elderly/core.yaml").read_text("utf-8")

VOICE = """Object.defineProperty(window, 'speechSynthesis', { value: {
  speaking: false, getVoices: () => [{ localService: true, lang: 'fr-FR' }],
  speak(said) { window.spoken = said.text; }, cancel() {} } });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };"""


def listened(page: Any) -> str:
    """What a device with a French voice would say of the page."""
    page.click("button.listen")
    assert page.inner_text("button.listen") == "Arrêter l’écoute"
    return str(page.evaluate("spoken"))


@pytest.fixture(params=["Il est à moi"])
def page(request: pytest.FixtureRequest, chromium: Any, server: str, house: House) -> Iterator[Any]:
    """A telephone at the first question, which has a recording; or a device lent."""
    code = world(house, read_questionnaire(ELDERLY)).codes[0]
    context = chromium.new_context(
        base_url=server, locale="fr-FR", viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.clock.install()
    page.add_init_script(VOICE)
    page.goto("/")
    page.fill("#code", code)
    page.click("main button")
    page.click('main button:has-text("Français")')
    for row in (request.param, "Je réponds"):
        page.click(f'label.option:has-text("{row}") >> nth=0')
        page.click("main button")
    told = listened(page)
    assert "Avant de commencer" in told
    assert "Oui, j’accepte" in told
    assert "réclamation" not in told, "what is folded is not read"
    page.click('label.option:has-text("Oui, j’accepte")')
    page.click("main .actions button:not(.link)")
    page.wait_for_url("**/r/EAGE")
    yield page
    context.close()


def test_a_lost_connection_leaves_the_answer_on_the_page(page: Any, house: House) -> None:
    page.check('input[value="85"]')
    page.context.set_offline(True)
    page.click("main .actions button:not(.link)")
    said = page.wait_for_selector("[role=alert].offline")
    assert "Votre réponse est encore sur cette page" in said.inner_text()
    assert page.is_checked('input[value="85"]')
    assert page.url.endswith("/r/EAGE")
    assert barriers(page) == []
    assert only_response(house).revision == 0
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.context.set_offline(False)
    page.click("main .actions button:not(.link)")
    page.wait_for_url("**/r/ESEX")
    assert only_response(house).revision == 1


def test_pressing_twice_saves_once(page: Any, house: House) -> None:
    page.check('input[value="85"]')
    page.dblclick("main .actions button:not(.link)")
    page.wait_for_url("**/r/ESEX")
    assert only_response(house).revision == 1


def test_a_choice_is_taken_back_with_the_keyboard_alone(page: Any, house: House) -> None:
    page.check('input[value="85"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/r/ESEX")
    page.click("text=Question précédente")
    page.wait_for_url("**/r/EAGE")
    assert page.is_checked('input[value="85"]')
    assert barriers(page) == []
    assert page.evaluate(SIZES) == []
    page.focus('input[value="85"]')
    names = []
    while "Effacer ma réponse" not in names:
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.textContent"))
        assert len(names) < 20
    assert names[-2:] == ["Enregistrer et continuer", "Effacer ma réponse"]
    page.keyboard.press("Enter")
    assert page.wait_for_selector("[role=status]").inner_text() == "Votre réponse est effacée."
    assert page.query_selector("main input:checked") is None
    assert cells(house) == {}
    assert barriers(page) == []
    assert page.evaluate(SIZES) == []
    page.focus("main input[type=radio]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # saves and goes on, as before
    page.wait_for_url("**/r/ESEX")
    assert list(cells(house)) == ["EAGE"]


def test_a_recording_is_played_when_asked_and_never_before(page: Any) -> None:
    assert page.evaluate("document.querySelector('audio').paused") is True
    assert page.get_attribute("audio", "preload") == "none"
    assert page.is_visible("text=Écouter la question et ses réponses")
    assert barriers(page) == []
    assert page.evaluate(SIZES) == []
    seconds = page.evaluate(
        """() => new Promise((done, fail) => {
          const audio = document.querySelector('audio');
          audio.addEventListener('loadedmetadata', () => done(audio.duration));
          audio.addEventListener('error', () => fail(audio.error.message));
          audio.load(); audio.preload = 'metadata'; audio.load();
        })"""
    )
    assert 5 < seconds < 60
    page.check('input[value="85"]')
    page.click("main .actions button:not(.link)")
    page.wait_for_url("**/r/ESEX")
    assert page.inner_text("h1") in listened(page)


def test_any_page_in_large_print(page: Any) -> None:
    page.click("text=Cette page en gros caractères")
    assert page.url.endswith("/r/EAGE?imprimer=1")
    assert barriers(page) == []
    assert page.evaluate(SIZES) == []
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
    page.emulate_media(media="print")
    assert page.evaluate(PRINTED) == []
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 24  # 18 points
    page.emulate_media(media="screen")
    page.click("text=Revenir à la page habituelle")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "16px"


@pytest.mark.parametrize("page", ["On me le "], indirect=True)
def test_a_shared_screen_asks_before_it_closes_and_stays_as_often_as_wanted(
    page: Any, house: House
) -> None:
    page.check('input[value="85"]')
    for _ in range(10):
        page.clock.fast_forward("12:59")
        assert not page.is_visible("dialog")
        page.clock.fast_forward("00:02")
        assert page.evaluate("document.activeElement.textContent") == "Je suis encore là"
        assert barriers(page) == []
        with page.expect_response("**/present") as answered:
            page.keyboard.press("Enter")
        assert answered.value.status == 204
        assert not page.is_visible("dialog")
    assert page.is_checked('input[value="85"]')
    with house.database.write() as session:
        session.execute(update(ParticipantSession).values(seen_at=now() - timedelta(minutes=16)))
    page.clock.fast_forward("15:03")
    page.wait_for_selector("text=Votre dernière réponse attend aussi")
    assert only_response(house).revision == 0


def test_paper_shows_the_words_to_come_back_with_and_no_button(page: Any) -> None:
    page.check('input[value="85"]')
    page.click("text=Faire une pause")
    page.wait_for_url("**/pause")
    page.emulate_media(media="print")
    assert page.is_visible("main .big")
    assert page.is_visible("main a[href^='tel:']"), "the head of the page is not printed"
    assert not page.is_visible("text=Toutes les parties")
    assert page.evaluate(PRINTED) == []


def test_loading_again_and_going_back_and_forward_lose_nothing(page: Any, house: House) -> None:
    page.click("main .actions button:not(.link)")  # nothing chosen: a page that came of a form
    page.wait_for_selector("text=Vous n’avez pas répondu")
    page.reload()
    assert page.is_visible("text=Vous n’avez pas répondu")
    assert only_response(house).revision == 0
    page.check('input[value="85"]')
    page.click("main .actions button:not(.link)")
    page.wait_for_url("**/r/ESEX")
    page.reload()
    page.go_back()
    page.wait_for_url("**/r/EAGE")
    page.go_forward()
    page.wait_for_url("**/r/ESEX")
    assert only_response(house).revision == 1
    page.click("text=Question précédente")
    page.wait_for_url("**/r/EAGE")
    assert page.is_checked('input[value="85"]')


def test_a_slow_connection_saves_as_well(page: Any, house: House) -> None:
    slow = {"offline": False, "latency": 400, "downloadThroughput": 50_000}
    network = page.context.new_cdp_session(page)
    network.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": 20_000})
    page.check('input[value="85"]')
    page.click("main .actions button:not(.link)")
    page.wait_for_url("**/r/ESEX")
    assert only_response(house).revision == 1


@pytest.mark.parametrize("page", ["On me le "], indirect=True)
def test_a_shared_screen_closes_also_where_nothing_is_asked(page: Any, house: House) -> None:
    page.check('input[value="85"]')
    page.click("text=Faire une pause")
    page.wait_for_url("**/pause")
    assert page.is_visible("main .big"), "the return words are on the screen"
    page.clock.fast_forward("13:01")
    assert page.evaluate("document.activeElement.textContent") == "Je suis encore là"
    with page.expect_response("**/present") as answered:
        page.keyboard.press("Enter")
    assert answered.value.status == 204
    with house.database.write() as session:
        session.execute(update(ParticipantSession).values(seen_at=now() - timedelta(minutes=16)))
    page.clock.fast_forward("15:03")
    page.wait_for_selector("h1:has-text('nous avons fermé l’écran')")
    assert not page.is_visible("main .big")
