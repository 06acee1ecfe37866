"""A draft tried with a code, as each persona; what is typed on trial is no answer anywhere."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import people
import programme
import pytest
from browser import Browser, Page
from every_route import digest
from flask import Flask
from people import ALICE
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.storage.database import Database, now
from app.storage.trials import Trial
from app.workflows.acting import House
from app.workflows.trials import forget_old

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CANARY = "Zibeline-Quokka"
CORE = programme.CORE.replace(
    "      - slot:",
    """      - code: E03
        type: list
        text: {fr: Qui vient vous voir ?, en: Who comes to see you?}
        name: {fr: Prénom, en: First name}
        entry: {fr: visiteur, en: visitor}
        most: 2
        status: tested
        questions:
          - {code: E04, type: text, text: {fr: "Depuis quand ?", en: "Since when?"}, status: tested}
      - code: E05
        type: information
        text: {fr: Merci., en: Thank you.}
        proxy: not_asked
      - slot:""",
)


@pytest.fixture
def writer(app: Flask, house: House, tmp_path: Path) -> Browser:
    """The national coordinator at the codes of a draft."""
    programme.loaded(house, tmp_path, {"surveys/elderly/core.yaml": CORE})
    people.settle(house, ALICE)
    browser = Browser(app.test_client())
    people.sign_in(browser.client, house, ALICE)
    browser.get("/office/questionnaires/1")
    browser.submit(form="/build")
    browser.click("Essayer avec un code")
    return browser


def made(writer: Browser, persona: str, count: str = "1") -> list[str]:
    page = writer.submit(
        {"persona": persona, "count": count}, form="/trials", button="Créer les codes", status=201
    )
    return [code.get_text() for code in page.soup.select("code")]


def entered(app: Flask, code: str) -> tuple[Browser, Page]:
    """Somebody without an account, at the first question."""
    browser = Browser(app.test_client())
    browser.get("/office/trial/")
    return browser, browser.submit({"code": code})


@pytest.mark.tries("trial.end")
def test_a_trial_leaves_no_answer_behind(app: Flask, house: House, writer: Browser) -> None:
    [code] = made(writer, "self")
    apart = {"trial": {"*"}, "throttle": {"*"}}
    before = digest(house.database, apart)
    draft = writer.page.address.split("/")[4]
    assert "Ceci est un essai." not in writer.client.get(f"/office/preview/{draft}/E01").text
    browser, page = entered(app, code)
    assert "Ceci est un essai." in page.words  # whatever was shown of the page before
    assert page.soup.select("footer a[href^='http'][href$='/aide']")
    assert page.heading == "Êtes-vous bien chez vous ?"
    page = browser.submit({"q-E01": "yes"}, form="/r/E01")
    assert page.heading == "Connaissez-vous l’équipe ?"  # its condition held
    browser.get("/office/trial/r/E01")
    page = browser.submit(form="/r/E01", button="Effacer ma réponse")
    assert "Votre réponse est effacée." in page.words
    assert browser.get("/office/trial/r/E02").heading == "Êtes-vous bien chez vous ?"
    page = browser.submit({"q-E01": "yes"}, form="/r/E01")
    browser.submit({"q-E02": "no"}, form="/r/E02")
    browser.submit({"q-E03": CANARY}, form="/r/E03", button="Ajouter")
    page = browser.submit({"q-E03": "Paul"}, form="/r/E03", button="Ajouter")
    number = page.soup.select_one("button[name=remove]")
    assert number
    browser.client.post("/office/trial/r/E03", data=_hidden(page) | {"remove": number["value"]})
    browser.get("/office/trial/r")
    with house.database.read() as session:
        kept = session.scalars(select(Trial.body)).one()
    assert b"Paul" in (kept or b"")
    assert CANARY.encode() not in (kept or b"")
    page = browser.submit({"q-E04_1": "longtemps"} if "E04_1" in browser.page.html else {}, form="")
    while "/r/" in page.address:
        page = browser.submit(form=page.address.removeprefix("/office/trial"))
    assert page.heading == "Vous avez vu toutes les questions"
    assert "Paul" in page.words
    page = browser.submit(form="/end")
    assert page.heading == "L’essai est terminé"
    assert digest(house.database, apart) == before  # no table but its own was touched
    with house.database.read() as session:
        trial = session.scalars(select(Trial)).one()
        assert trial.ended_at is not None
        assert (trial.body, trial.session_digest) == (None, None)
    assert "essayé jusqu’au bout" in writer.get(writer.page.address).words
    browser.get("/office/trial/r/E01")  # over: the code begins it anew
    assert browser.page.address == "/office/trial/"


def _hidden(page: Page) -> dict[str, str]:
    return {str(f["name"]): str(f["value"]) for f in page.soup.select("#page input[type=hidden]")}


def test_each_persona_gets_its_own_pages(app: Flask, house: House, writer: Browser) -> None:
    seen = {who: entered(app, made(writer, who)[0]) for who in ("proxy", "no_script", "large")}
    proxy, page = seen["proxy"]
    assert "Vous répondez à la place de la personne" in page.words
    assert "E05" not in proxy.get("/office/trial/r/E05").address  # not asked of a proxy
    assert "script-src 'none'" in seen["no_script"][1].headers["Content-Security-Policy"]
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert seen["large"][1].soup.select("html.larger")
    assert not page.soup.select("html.larger")


def test_codes_end_and_unknown_ones_open_nothing(app: Flask, house: House, writer: Browser) -> None:
    first, second = made(writer, "self", "2")
    writer.submit({"count": "500"}, form="/trials", button="Créer les codes", status=422)
    browser = Browser(app.test_client())
    browser.get("/office/trial/")
    browser.submit({"code": "1234 5678 9011"}, status=422)
    browser.get("/")  # the participants' door knows no such code
    assert "Nous ne trouvons pas ce code" in browser.submit({"code": first}, status=422).words
    with house.database.write() as session:
        for trial in session.scalars(select(Trial)):
            trial.until = now() + timedelta(days=-1)
    browser.get("/office/trial/")
    assert "n’ouvre aucun essai" in browser.submit({"code": second}, status=422).words
    forget_old(house)
    with house.database.read() as session:
        assert session.scalars(select(Trial.id)).all() == []


def test_who_makes_figures_cannot_read_a_trial(house: House, writer: Browser) -> None:
    made(writer, "self")
    for surface in ("job", "public"):
        narrow = Database(house.database.url, surface=surface)
        with pytest.raises(DatabaseError), narrow.read() as session:
            _bodies(session)
        narrow.dispose()


def _bodies(session: Session) -> None:
    session.scalars(select(Trial.body)).all()
