"""Pausing, coming back, two tabs, taking answers back, and a database that is away."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from builders import World
from flask import Flask
from participants import (
    ANSWERS,
    answer_all,
    begin,
    cells,
    enter,
    hidden_fields,
    only_response,
    past_stops,
    send,
)
from sqlalchemy import event

from app.storage.responses import unpack
from app.workflows.acting import House

ROOT = Path(__file__).parents[2]


def test_a_pause_and_a_return_with_the_words(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    begin(browser, invited.codes[0])
    page = browser.submit({"q-K1": "no"}, form="/r/K1", button="Faire une pause")
    assert page.address == "/pause"
    assert cells(house)["K1"]["v"] == "no"
    found = re.search(r"Vos mots de retour (\w+ \w+)", page.words)
    assert found
    browser.submit(form="/terminer")

    other = Browser(public.test_client())
    page = enter(other, invited.codes[0], who={"role": "helped", "helper": ["reads"]})
    assert page.address == "/parties"  # without consent again
    assert page.heading == "Vous étiez à la partie 1 : Votre vie"
    page = past_stops(other, page)
    assert page.address == "/r/K3"
    assert not page.soup.select("nav.back")
    assert other.get("/r/K1").address == "/mot"
    page = other.submit({"words": "pomme poire"}, status=422)
    assert "Ce ne sont pas les bons mots" in page.words
    page = other.submit({"words": found[1].upper()})
    assert page.address == "/r/K3"
    assert other.get("/r/K1").soup.select_one("input[value=no][checked]")
    sittings = unpack(only_response(house).body)["sit"]
    assert [(s["role"], s.get("helper")) for s in sittings] == [("self", None), ("helped", "reads")]


def test_earlier_answers_stay_hidden_in_the_check_without_the_words(
    public: Flask,
    invited: World,
) -> None:
    first = Browser(public.test_client())
    page = begin(first, invited.codes[0])
    for code in ("K1", "K2", "K3"):
        page = first.submit(ANSWERS[code], form=f"/r/{code}")
    second = Browser(public.test_client())
    page = answer_all(second, enter(second, invited.codes[0]))
    assert page.address == "/verifier"
    assert page.words.count("Réponse donnée un autre jour") == 3
    assert "Le jardin" not in page.html
    assert "Cenon" in page.words  # of this sitting
    assert send(second).address == "/recu"


def test_on_an_own_device_the_session_goes_on(
    public: Flask,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    begin(browser, invited.codes[0])
    browser.submit({"q-K1": "no"}, form="/r/K1")
    page = browser.get("/")
    assert "Vous avez commencé à répondre" in page.words
    assert browser.click("Continuer mes réponses").address == "/r/K3"
    assert browser.click("Question précédente").soup.select_one("input[value=no][checked]")


def test_two_tabs_with_two_answers_are_shown_both(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    begin(browser, invited.codes[0])
    old_tab = hidden_fields(browser.get("/r/K1"))
    browser.get("/r/K1")  # the second tab
    browser.submit({"q-K1": "yes"}, form="/r/K1")
    clash = browser.client.post("/r/K1", data=old_tab | {"q-K1": "no"})
    assert clash.status_code == 409
    assert cells(house)["K1"]["v"] == "yes"
    page = browser._arrive(clash, "/r/K1", 409)
    assert "dans un autre onglet, il y a moins de dix minutes" in page.words
    assert re.search(r"Enregistrée ailleurs Oui Envoyée d’ici Non", page.words)
    assert browser.submit(form="/r/K1").address == "/r/K3"
    assert cells(house)["K1"]["v"] == "no"


def test_addresses_ahead_or_off_the_path_lead_to_the_open_page(
    public: Flask,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    begin(browser, invited.codes[0])
    for address in ("/r/K9", "/r/K2", "/r/nothing", "/verifier", "/recu"):
        assert browser.get(address).address == "/r/K1"
    data = hidden_fields(browser.get("/r/K1"))
    assert browser.client.post("/r/nothing", data=data).status_code == 404


def test_a_form_without_its_token_is_refused_kindly(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    begin(browser, invited.codes[0])
    answer = browser.client.post("/r/K1", data={"q-K1": "yes"})
    assert answer.status_code == 400
    assert "nous avons fermé l’écran" in answer.text
    assert cells(house) == {}


def test_forms_work_over_https_where_no_referrer_is_sent(public: Flask, invited: World) -> None:
    client, base = public.test_client(), "https://localhost"
    page = client.get("/", base_url=base)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    data = {"csrf_token": token[1], "code": invited.codes[0]}
    assert client.post("/", base_url=base, data=data).status_code == 303


def test_withdrawal_asks_once_more_then_erases(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    answer_all(browser, begin(browser, invited.codes[0]))
    receipt = send(browser)
    found = re.search(r"R \d{4} \d{4} \d{4}", receipt.words)
    assert found
    browser.get("/retrait")
    browser.submit({"code": "R 1234"}, status=422)
    page = browser.submit({"code": found[0]})
    assert page.heading == "Voulez-vous effacer vos réponses ?"
    assert cells(house)
    page = browser.submit({}, button="Effacer mes réponses")
    assert page.heading == "Vos réponses ont été retirées et effacées"
    assert cells(house) == {}
    other = Browser(public.test_client())
    other.get("/")
    assert "retirées" in other.submit({"code": invited.codes[0]}).heading


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_gives_the_same_page_and_the_same_key(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    page = begin(browser, invited.codes[0])
    while (page := past_stops(browser, page)).address != "/r/K8":
        page = browser.submit(ANSWERS[page.address[3:]], form=page.address)
    engine = public.extensions["covalue"].database.engine

    def full(connection: Any, _record: object) -> None:
        connection.set_authorizer(None)  # which forbids pragmas
        connection.execute("PRAGMA max_page_count = 1")

    before = only_response(house)
    engine.dispose()
    event.listen(engine, "connect", full)
    data = hidden_fields(page) | {"q-K8": "z" * 3_900 + " & fin"}
    answer = browser.client.post("/r/K8", data=data)
    event.remove(engine, "connect", full)
    engine.dispose()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    again = browser._arrive(answer, "/r/K8", 503)
    assert "Pas encore enregistré." in again.words
    assert again.heading == page.heading
    assert hidden_fields(again)["form-key"] == data["form-key"]
    assert only_response(house).revision == before.revision
    assert browser.submit(form="/r/K8").address == "/r/K9"  # the button, once more
    assert cells(house)["K8"]["v"] == data["q-K8"]


@contextmanager
def gone(public: Flask, house: House, folder: Path) -> Iterator[None]:
    """The database's file is not to be opened meanwhile."""
    engine = public.extensions["covalue"].database.engine
    path = folder / "covalue.sqlite"
    house.database.dispose()
    engine.dispose()
    path.rename(folder / "away")
    path.mkdir()
    yield
    engine.dispose()
    path.rmdir()
    (folder / "away").rename(path)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_is_gone_loses_nothing_typed(
    public: Flask,
    house: House,
    invited: World,
    tmp_path: Path,
) -> None:
    browser = Browser(public.test_client())
    page = begin(browser, invited.codes[0], who={"role": "self"})
    data = hidden_fields(page) | {"q-K1": "yes"}
    with gone(public, house, tmp_path):
        answer = browser.client.post("/r/K1", data=data)
    again = browser._arrive(answer, "/r/K1", 503)
    assert again.soup.select_one("input[value=yes][checked]")
    assert "l’équipe d’ici" in again.heading  # the territory's words too
    assert browser.submit(form="/r/K1").address == "/r/K2"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_could_not_be_sent_is_sent_by_the_same_button(
    public: Flask,
    house: House,
    invited: World,
    tmp_path: Path,
) -> None:
    browser = Browser(public.test_client())
    answer_all(browser, begin(browser, invited.codes[0]))
    data = hidden_fields(browser.get("/fin")) | {"present": ["partner", "family"], "went": "well"}
    with gone(public, house, tmp_path):
        answer = browser.client.post("/envoyer", data=data)
    assert answer.headers["Retry-After"]
    page = browser._arrive(answer, "/envoyer", 503)
    assert page.heading == "Pas encore envoyé, et rien n’est perdu"
    assert hidden_fields(page)["form-key"] == data["form-key"]
    assert browser.submit(form="/envoyer").address == "/recu"
    sitting = unpack(only_response(house).body)["sit"][0]
    assert (sitting["present"], sitting["went"]) == ("partner family", "well")


def test_a_fault_of_ours_leaves_the_telephone_on_the_page(
    public: Flask, invited: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(public.test_client())
    begin(browser, invited.codes[0])

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("app.web.participants.leaving.words_for", broken)
    public.config["PROPAGATE_EXCEPTIONS"] = False
    page = browser.get("/pause", status=500)
    assert page.heading == "Une erreur s’est produite"
    assert "05 36 49 10 01" in page.words
    assert "enregistré est en sécurité" in page.words


def test_the_public_surface_knows_no_staff_code(tmp_path: Path) -> None:
    script = f"""
import sys
from pathlib import Path
from app.factory import create_app
from app.protection.keys import Keys
from app.settings import Settings
settings = Settings("sqlite:///{tmp_path}/x.sqlite", Path("{tmp_path}"), Keys.derive(b"k" * 32),
                    "http://localhost", "http://localhost", ("localhost",), False, False)
app = create_app(settings, "public")
staff = ("app.web.entrance", "app.web.accounts", "app.web.coordinators", "app.web.evaluators",
         "app.api.", "app.cli", "app.workflows.accounts", "app.workflows.design",
         "app.workflows.disseminate", "app.workflows.signing_in", "app.storage.releases",
         "app.storage.accounts", "app.print.", "app.evaluation.", "polars", "scipy", "typst")
print([name for name in sys.modules if name.startswith(staff)])
print(sorted(str(rule) for rule in app.url_map.iter_rules() if "office" in str(rule)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["[]", "[]"]


@pytest.mark.parametrize("step", ["/langue", "/appareil", "/qui", "/accord"])
def test_going_back_past_the_first_question_ends_nothing(
    public: Flask, invited: World, step: str
) -> None:
    browser = Browser(public.test_client())
    page = begin(browser, invited.codes[0])
    assert page.address == "/r/K1"
    assert browser.get(step).address == "/r/K1"
    assert browser.submit({"q-K1": "yes"}, form="/r/K1").address == "/r/K2"


def test_going_back_past_the_receipt_keeps_its_code(public: Flask, invited: World) -> None:
    browser = Browser(public.test_client())
    answer_all(browser, begin(browser, invited.codes[0]))
    code = send(browser).soup.select_one(".big")
    assert code
    page = browser.get("/accord")
    assert page.heading == "Vos réponses sont déjà envoyées"
    assert code.get_text() in browser.click("Revoir mon reçu").words


def test_who_let_a_quarter_of_an_hour_go_by_is_not_led_into_the_questions_of_another(
    public: Flask, invited: World
) -> None:
    """A daughter with her own code, on the device on which her mother was answering."""
    client = public.test_client()
    browser = Browser(client)
    begin(browser, invited.codes[0])
    browser.get("/")
    assert browser.submit({"code": invited.codes[1]}).address in ("/qui", "/langue", "/appareil")
    with client.session_transaction() as session:
        session["entry"] = session["entry"] | {"at": session["entry"]["at"] - 16 * 60}
    for _ in range(2):
        assert "nous avons fermé l’écran" in browser.get("/qui").heading


def test_a_browser_that_refuses_cookies_is_told_so(public: Flask, invited: World) -> None:
    client = public.test_client(use_cookies=False)
    answer = client.post("/", data={"code": invited.codes[0]})
    assert answer.status_code == 400
    assert "refuse peut-être les cookies" in answer.get_data(as_text=True)
    with_cookies = public.test_client()
    with_cookies.get("/")
    other = with_cookies.post("/", data={"code": invited.codes[0]})
    assert "cookies" not in other.get_data(as_text=True)
