"""The whole way of a participant, for each audience, each role and both endings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from builders import World, world
from flask import Flask
from participants import (
    ANSWERS,
    EVERY_KIND,
    answer_all,
    begin,
    cells,
    code_of,
    enter,
    hidden_fields,
    only_response,
    past_stops,
    press,
    send,
)
from sqlalchemy import select

from app.definitions.files import read_questionnaire
from app.storage.audit import AuditEntry
from app.storage.participants import Participant
from app.storage.responses import Response, unpack
from app.workflows.acting import House

_CORE = Path(__file__).parents[2] / "surveys" / "professional" / "core.yaml"
PROFESSIONAL = read_questionnaire(_CORE.read_text("utf-8"))


@pytest.mark.parametrize("audience", ["elderly", "family", "professional"])
def test_a_whole_way_from_the_code_to_the_receipt(
    public: Flask,
    house: House,
    audience: str,
) -> None:
    made = world(house, EVERY_KIND.replace("audience: elderly", f"audience: {audience}"))
    browser = Browser(public.test_client())
    page = begin(browser, made.codes[0], professional=audience == "professional")
    assert (page.address == "/parties") is (audience == "family")
    page = past_stops(browser, page)
    assert "Partie 1 sur 2 – Votre vie" in page.words
    assert page.heading == "Recevez-vous de l’aide de l’équipe d’ici\u00a0?".replace("\u00a0", " ")
    page = answer_all(browser, page)
    assert page.address == "/verifier"
    assert "Les repas" in page.words
    assert "mars 2020" in page.words
    receipt = send(browser)
    assert receipt.address == "/recu"
    assert re.search(r"R \d{4} \d{4} \d{4}", receipt.words)
    assert "Cenon" not in receipt.words

    row = only_response(house)
    body = unpack(row.body)
    assert row.submitted_at is not None
    assert (row.weight, row.stratum, row.psu, row.sub_area) == (1.5, "north", "case0", "north")
    assert (row.territory, row.audience, row.notice_version) == ("BDX", audience, "1")
    assert {item: cell.get("v", cell.get("why")) for item, cell in body["a"].items()} == {
        "K1": "yes",
        "K2": ["meals", "other"],
        "K3": "4",
        "K4": 2,
        "K5": "Cenon",
        "K6": "2020-03",
        "K7a": "2",
        "K7b": "1",
        "K8": "Merci <b>& bravo</b>\nà tous",
        "K9": "2020-02-01",
    }
    assert body["a"]["K2"]["o"] == "Le jardin"
    assert body["sit"][0]["role"] == "self"
    with house.database.read() as session:
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["response.start", "response.submit"]


def test_a_refusal_is_kept_without_any_answer(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    enter(browser, invited.codes[0])
    page = browser.submit({"consent": "no"})
    assert page.heading == "Merci. C’est noté."
    with house.database.read() as session:
        assert session.query(Response).count() == 0
        person = session.get_one(Participant, invited.participants[0])
        assert person.disposition == "refused"
    page = begin(browser, invited.codes[0])  # a change of mind
    assert page.address == "/r/K1"
    assert "Laissez le temps" not in page.html, "what is for interviewers alone"
    with house.database.read() as session:
        assert session.get_one(Participant, invited.participants[0]).disposition is None


def test_consent_is_never_chosen_beforehand(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    page = enter(browser, invited.codes[0])
    assert not page.soup.select("input[checked]")
    page = browser.submit(status=422)
    assert page.soup.title
    assert page.soup.title.get_text().startswith("Erreur\u00a0:")
    with house.database.read() as session:
        assert session.query(Response).count() == 0


@pytest.mark.parametrize(
    ("who", "before"),
    [
        ({"role": "self"}, "/qui"),
        ({"role": "helped", "helper": ["reads"]}, "/qui/aide"),
        (
            {"role": "proxy", "relation": "child", "reason": "memory", "agrees": "yes"},
            "/qui/place/comment",
        ),
    ],
)
def test_each_step_leads_back(
    public: Flask, invited: World, who: dict[str, Any], before: str
) -> None:
    browser = Browser(public.test_client())
    page = enter(browser, invited.codes[0], who=who)
    seen = []
    while links := page.soup.select("nav.back a"):
        page = browser.get(str(links[0]["href"]))
        seen.append(page.address)
    assert seen[0] == before
    assert seen[-3:] == ["/qui", "/appareil", "/langue"]


def test_the_pause_leads_to_the_parts_and_the_return_words_to_a_pause(
    public: Flask, invited: World
) -> None:
    first, second = Browser(public.test_client()), Browser(public.test_client())
    begin(first, invited.codes[0])
    page = first.submit({"q-K1": "no", "go": "pause"}, form="/r/K1")
    assert page.link("Toutes les parties") == "/parties"
    enter(second, invited.codes[0])
    assert second.get("/mot").link("Faire une pause") == "/pause"


def test_a_proxy_gets_other_words_and_no_question_about_feelings(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    who = {"role": "proxy", "relation": "child", "reason": "memory", "agrees": "cannot_say"}
    page = begin(browser, invited.codes[0], who=who)
    assert page.heading == "La personne reçoit-elle de l’aide ?"
    seen = []
    while (page := past_stops(browser, page)).address.startswith("/r/"):
        seen.append(code_of(page))
        page = browser.submit(ANSWERS[code_of(page)], form=page.address)
    assert seen == ["K1", "K2", "KINFO", "K4", "K5", "K6", "K7b", "K8", "K9"]
    send(browser)
    sitting = unpack(only_response(house).body)["sit"][0]
    assert (sitting["role"], sitting["relation"], sitting["agrees"]) == (
        "proxy",
        "child",
        "cannot_say",
    )


def test_a_branch_left_behind_is_kept_until_the_answers_are_sent(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    answer_all(browser, begin(browser, invited.codes[0]))
    change = browser.get("/r/K1?from=check")
    assert change.soup.select_one("input[value=yes][checked]")
    page = browser.submit({"q-K1": "no"}, form="/r/K1")
    assert page.address == "/verifier"
    assert "Quelles aides" not in page.words
    assert "K2" in cells(house)
    send(browser)
    assert "K2" not in cells(house)


def test_a_reminder_on_a_page_of_several_questions_leads_to_those_without_an_answer(
    public: Flask, house: House
) -> None:
    browser = Browser(public.test_client())
    page = enter(browser, world(house, PROFESSIONAL).codes[0], professional=True)
    assert "Cela ne change rien pour vous." in page.words
    assert "vos soins" not in page.words
    page = past_stops(browser, browser.submit({"consent": "yes", "device": "own"}))
    page = browser.submit({"q-P16a": "gp"}, form=page.address, status=422)
    assert "Il manque des réponses." in page.words
    links = [str(link["href"]) for link in page.soup.select(".note a")]
    assert links == ["#q-P16b", "#q-P16c"]
    assert all(page.soup.select_one(link) for link in links)


def test_a_soft_question_reminds_once_and_a_hard_one_insists(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    begin(browser, invited.codes[0])
    page = browser.submit(form="/r/K1", status=422)
    assert "Vous n’avez pas répondu." in page.words
    assert "Cela ne me concerne pas" in page.words  # not offered at first
    assert cells(house) == {}
    page = browser.submit(form="/r/K1")
    assert page.address == "/r/K3"
    assert cells(house)["K1"]["why"] == "skipped"
    page = browser.submit({"q-K3": "1"}, form="/r/K3")
    assert page.address == "/partie/life"
    page = past_stops(browser, page)
    assert page.address == "/r/K4"
    for _ in range(2):
        page = browser.submit(form="/r/K4", status=422)
        assert page.soup.title
        assert page.soup.title.get_text().startswith("Erreur\u00a0:")
    page = browser.submit({"q-K4-out": "~prefer_not"}, form="/r/K4")
    assert cells(house)["K4"]["why"] == "prefer_not"


def test_language_and_size_change_without_losing_what_was_chosen(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    browser = Browser(public.test_client())
    begin(browser, invited.codes[0])
    page = press(browser, **{"q-K1": "yes", "set-language": "en"})
    assert page.address == "/r/K1"
    assert page.heading == "Do you get help from the local team?"
    assert page.soup.select_one("input[value=yes][checked]")
    page = press(browser, **{"q-K1": "yes", "set-look": "larger contrast"})
    assert page.soup.html
    assert page.soup.html["class"] == ["larger", "contrast"]
    page = browser.submit({"q-K1": "no"}, form="/r/K1")
    quiet = browser.client.post("/r/K3", data=hidden_fields(page) | {"set-language": "fr"})
    assert quiet.status_code == 200  # nothing chosen yet: shown again, and no reminder
    assert "À quel point" in quiet.text
    assert "Vous n’avez pas répondu" not in quiet.text


@pytest.mark.parametrize(("language", "hours"), [("fr", "de 9 h à 17 h"), ("en", "9 am to 5 pm")])
def test_beside_the_telephone_stands_when_somebody_answers(
    public: Flask, invited: World, language: str, hours: str
) -> None:
    browser = Browser(public.test_client(), language)
    page = browser.get("/")
    assert hours not in page.words, "nobody there knows yet whose telephone it is"
    browser.submit({"code": invited.codes[0]})
    page = browser.submit(button={"fr": "Français", "en": "English"}[language])
    shown = page.soup.select_one(".help")
    assert shown
    said = " ".join(shown.get_text(" ").split())
    assert said.endswith(f"05 36 49 10 01 {hours}")


def test_a_shared_device_keeps_no_cookie(
    public: Flask,
    invited: World,
) -> None:
    for device, kept in (("own", True), ("shared", False)):
        client = public.test_client()
        begin(Browser(client), invited.codes[0 if kept else 1], device=device)
        cookie = client.get_cookie("participant", domain="localhost")
        assert cookie
        assert (cookie.max_age is not None) is kept
        assert cookie.http_only


@pytest.mark.parametrize("device", ["own", "shared"])
def test_what_was_chosen_on_a_shared_device_is_not_there_for_the_next_person(
    public: Flask, invited: World, device: str
) -> None:
    client = public.test_client()
    browser = Browser(client)
    browser.get("/")
    press_at(browser, "/affichage", **{"set-look": "large", "back": "/"})
    begin(browser, invited.codes[0], device=device)
    kept = [client.get_cookie(name, domain="localhost") for name in ("language", "look")]
    assert [bool(cookie and cookie.max_age) for cookie in kept] == [device == "own"] * 2
    assert [cookie and cookie.value for cookie in kept] == ["fr", "large"]
    browser.get("/pause")
    browser.submit(form="/terminer")
    left = [client.get_cookie(name, domain="localhost") for name in ("language", "look")]
    assert [cookie is not None for cookie in left] == [device == "own"] * 2
    page = browser.submit({"code": invited.codes[1]})
    assert (page.address == "/langue") is (device == "shared")


def press_at(browser: Browser, address: str, **fields: str) -> None:
    """Send a form of the present page with other fields than it shows."""
    assert browser.page
    token = browser.page.soup.select_one("[name=csrf_token]")
    assert token
    sent = browser.client.post(address, data={"csrf_token": token["value"]} | fields)
    assert sent.status_code == 303


def test_finishing_ends_the_session_and_clears_the_screen(
    public: Flask,
    house: House,
    invited: World,
) -> None:
    client = public.test_client()
    browser = Browser(client)
    begin(browser, invited.codes[0])
    cookie = client.get_cookie("participant", domain="localhost")
    assert cookie
    browser.submit({"q-K1": "yes", "go": "pause"}, form="/r/K1")
    assert browser.page
    token = browser.page.form("/terminer").select("[name=csrf_token]")[0]["value"]
    left = client.post("/terminer", data={"csrf_token": token})
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    page = browser.get(left.headers["Location"])
    assert page.address == "/?fini=1"
    assert "Vous pouvez fermer cette page." in page.words
    assert client.get_cookie("participant", domain="localhost") is None
    client.set_cookie("participant", cookie.value)
    assert "nous avons fermé l’écran" in browser.get("/r/K2").heading
    assert "no-store" in page.headers["Cache-Control"]
