"""The end of the way: who was there, what a helper may see, the receipt, handing on."""

from __future__ import annotations

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
    enter,
    only_response,
    past_stops,
    press,
    send,
)

from app.storage.responses import answers_in, unpack
from app.workflows.acting import House

PROXY = {"role": "proxy", "relation": "child", "reason": "memory", "agrees": "yes"}


def sittings(house: House) -> list[dict[str, Any]]:
    """The sittings of the one response."""
    found: list[dict[str, Any]] = unpack(only_response(house).body)["sit"]
    return found


def test_who_was_there_and_how_it_went(public: Flask, house: House, invited: World) -> None:
    browser = Browser(public.test_client())
    answer_all(browser, begin(browser, invited.codes[0]))
    page = browser.click("Continuer")
    assert page.heading == "Dernière étape : envoyez vos réponses"
    page = press_here(browser, {"present": ["partner"], "set-language": "en"})
    assert page.heading == "Last step: send your answers"
    assert page.soup.select_one("input[value=partner][checked]")
    browser.submit({"present": ["partner", "family"], "went": "so_so"}, form="/envoyer")
    sitting = sittings(house)[0]
    assert (sitting["present"], sitting["went"]) == ("partner family", "so_so")


def press_here(browser: Browser, fields: dict[str, Any]) -> Any:
    """Press a footer button on a page that answers at once."""
    from participants import hidden_fields

    assert browser.page
    data = hidden_fields(browser.page) | fields
    return browser._arrive(browser.client.post("/envoyer", data=data), "/envoyer", 200)


def test_nothing_need_be_said_at_the_end_and_nonsense_is_left_out(
    public: Flask, house: House, invited: World
) -> None:
    browser = Browser(public.test_client())
    answer_all(browser, begin(browser, invited.codes[0]))
    assert send(browser).address == "/recu"
    assert not {"present", "went"} & set(sittings(house)[0])
    other = Browser(public.test_client())
    answer_all(other, begin(other, invited.codes[1]))
    other.get("/fin")
    other.submit({"present": ["<b>"], "went": "<b>"}, form="/envoyer")
    with house.database.read() as session:
        from app.storage.responses import Response

        for row in session.query(Response):
            assert b"<b>" not in row.body.replace(b"Merci <b>&", b"")


def test_the_last_page_waits_for_every_answer(public: Flask, invited: World) -> None:
    browser = Browser(public.test_client())
    begin(browser, invited.codes[0])
    assert browser.get("/fin").address == "/r/K1"


def test_a_professional_is_not_asked_who_was_there(public: Flask, house: House) -> None:
    made = world(house, EVERY_KIND.replace("audience: elderly", "audience: professional"))
    browser = Browser(public.test_client())
    page = answer_all(browser, begin(browser, made.codes[0], professional=True))
    assert not page.soup.select('a[href="/fin"]')
    assert browser.submit(form="/envoyer").address == "/recu"


def test_answers_can_be_covered_while_somebody_helps(public: Flask, invited: World) -> None:
    browser = Browser(public.test_client())
    page = begin(browser, invited.codes[0], who={"role": "helped", "helper": ["reads"]})
    page = answer_all(browser, page)
    assert "Cenon" in page.words
    page = browser.click("Cacher mes réponses")
    assert "Cenon" not in page.html
    assert "Le jardin" not in page.html
    assert "Répondu, et caché" in page.words
    assert "Cenon" in browser.click("Montrer mes réponses").words


def test_who_answers_alone_has_nothing_to_cover(public: Flask, invited: World) -> None:
    browser = Browser(public.test_client())
    page = answer_all(browser, begin(browser, invited.codes[0]))
    assert "Cacher mes réponses" not in page.words


@pytest.mark.parametrize("device", ["own", "shared"])
def test_the_receipt_stays_on_an_own_device_without_its_code(
    public: Flask, invited: World, device: str
) -> None:
    browser = Browser(public.test_client())
    answer_all(browser, begin(browser, invited.codes[0], device=device))
    page = send(browser)
    code = page.soup.select_one(".big")
    assert code
    assert code.get_text() in browser.get("/recu").html  # loaded again
    browser.submit(form="/terminer")
    page = browser.get("/recu")
    assert code.get_text() not in page.html
    kept = page.heading == "Merci. Vos réponses sont bien arrivées."
    assert kept is (device == "own")
    assert ("Nous les avons reçues" in page.words) is kept


def test_a_proxy_says_how_near_and_whose_view(public: Flask, house: House, invited: World) -> None:
    browser = Browser(public.test_client())
    begin(browser, invited.codes[0], who=PROXY)
    sitting = sittings(house)[0]
    told = {name: sitting[name] for name in ("relation", "reason", "agrees", "contact")}
    assert told == {"relation": "child", "reason": "memory", "agrees": "yes", "contact": "weekly"}
    assert sitting["perspective"] == "as_person"


def test_a_proxy_hands_over_to_the_person(public: Flask, house: House, invited: World) -> None:
    browser = Browser(public.test_client())
    begin(browser, invited.codes[0], who=PROXY)
    browser.submit({"q-K1": "no", "go": "pause"}, form="/r/K1")
    page = browser.submit(form="/passer")
    assert page.address == "/qui"
    page = browser.submit({"role": "self"})
    assert page.address == "/parties"
    page = browser.click("Continuer où j’étais")
    assert page.address == "/r/K3"  # not asked of a proxy
    browser.submit({"q-K3": "5"}, form="/r/K3")
    assert browser.get("/r/K1").address == "/mot"  # what the daughter said is hers
    found = cells(house)
    assert (found["K1"]["s"], found["K3"]["s"]) == (0, 1)
    assert [one["role"] for one in sittings(house)] == ["proxy", "self"]
    assert "relation" not in sittings(house)[1]


def test_what_the_other_one_answered_is_passed_over(
    public: Flask, house: House, invited: World
) -> None:
    browser = Browser(public.test_client())
    page = begin(browser, invited.codes[0], who=PROXY)
    while (page := past_stops(browser, page)).address != "/r/K6":
        page = browser.submit(ANSWERS[page.address[3:]], form=page.address)
    browser.get("/pause")
    browser.submit(form="/passer")
    page = past_stops(browser, browser.submit({"role": "self"}))
    seen = []
    while (page := past_stops(browser, page)).address.startswith("/r/"):
        seen.append(page.address[3:])
        page = browser.submit(ANSWERS[seen[-1]], form=page.address)
    assert page.address == "/verifier"
    assert seen == ["K3", "KINFO", "K6", "K7a", "K7b", "K8", "K9"]


def test_a_change_of_mind_about_who_answers_leaves_nothing_of_it(
    public: Flask, house: House, invited: World
) -> None:
    from participants import enter

    browser = Browser(public.test_client())
    assert enter(browser, invited.codes[0], who=PROXY).address == "/accord"
    browser.get("/qui")
    browser.submit({"role": "self"})
    browser.submit({"consent": "yes"})
    assert not {"relation", "reason", "agrees", "perspective"} & set(sittings(house)[0])


def test_an_answer_carries_the_language_it_was_given_in(
    public: Flask, house: House, invited: World
) -> None:
    browser = Browser(public.test_client())
    begin(browser, invited.codes[0])
    press(browser, **{"q-K1": "no", "set-language": "en"})  # answered on the French page
    browser.submit({"q-K1": "no"}, form="/r/K1")
    page = browser.submit(ANSWERS["K3"], form="/r/K3")
    assert page.address == "/partie/life"
    found = cells(house)
    assert "l" not in found["K1"]
    assert found["K3"]["l"] == "en"
    assert answers_in({"a": found})["K3"].lang == "en"
    assert sittings(house)[0]["lang"] == "fr"


def test_who_stops_before_sending_keeps_or_erases(
    public: Flask, house: House, invited: World
) -> None:
    browser = Browser(public.test_client())
    begin(browser, invited.codes[0])
    browser.submit({"q-K1": "no", "go": "pause"}, form="/r/K1")
    page = browser.click("Je veux arrêter pour de bon")
    assert page.heading == "Voulez-vous arrêter pour de bon ?"
    browser.submit(form="/terminer", button="garder")
    assert cells(house)["K1"]["v"] == "no"  # kept, and the code opens again
    begin_again(browser, invited.codes[0])
    browser.get("/arreter")
    page = browser.submit(form="/arreter", button="effacer")
    assert page.heading == "Vos réponses ont été retirées et effacées"
    assert cells(house) == {}
    assert only_response(house).withdrawn_at is not None
    assert "nous avons fermé l’écran" in browser.get("/r").heading
    browser.get("/")
    assert "retirées" in browser.submit({"code": invited.codes[0]}).heading


def begin_again(browser: Browser, code: str) -> None:
    from participants import enter

    assert enter(browser, code).address == "/parties"


def test_families_answer_for_themselves(public: Flask, house: House) -> None:
    """Their questions are on what they see and live: nobody answers them in somebody's place."""
    made = world(house, EVERY_KIND.replace("audience: elderly", "audience: family"))
    browser = Browser(public.test_client())
    browser.get("/")
    browser.submit({"code": made.codes[0]})
    browser.submit(button="Français")
    page = browser.submit({"device": "own"})
    rows = [str(row["value"]) for row in page.soup.select("input[name=role]")]
    assert rows == ["self", "helped"]
    token = {"csrf_token": page.soup.select("main [name=csrf_token]")[0]["value"]}
    assert browser.client.post("/qui", data=token | {"role": "proxy"}).status_code == 422


@pytest.mark.parametrize(
    ("audience", "told"),
    [
        ("elderly", "ne change rien à vos soins ni à vos aides"),
        ("family", "ne change rien pour vous ni pour votre proche"),
        ("professional", "ne change rien pour vous."),
    ],
)
def test_who_stops_is_told_what_it_changes_for_them(
    public: Flask, house: House, audience: str, told: str
) -> None:
    made = world(house, EVERY_KIND.replace("audience: elderly", f"audience: {audience}"))
    browser = Browser(public.test_client())
    begin(browser, made.codes[0], professional=audience == "professional")
    assert told in browser.get("/arreter").words


def test_the_receipt_says_where_its_code_is_used(public: Flask, invited: World) -> None:
    browser = Browser(public.test_client())
    answer_all(browser, begin(browser, invited.codes[0]))
    assert "/retrait" in send(browser).words


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "R et 12 chiffres"),
        ("R", "R et 12 chiffres"),
        ("R 1234", "ici, il y en a 4"),
        ("1234 5678 901", "ici, il y en a 11"),
        ("R 1234 5678 9010", "Un chiffre semble faux"),
    ],
)
def test_what_is_wrong_with_a_withdrawal_code_is_said(
    public: Flask, invited: World, typed: str, told: str
) -> None:
    browser = Browser(public.test_client())
    browser.get("/retrait")
    page = browser.submit({"code": typed}, status=422)
    assert told in page.soup.select("#code-problem")[0].get_text().replace("\u00a0", " ")


def test_a_proxy_reads_again_what_was_asked_and_said_of_the_person(
    public: Flask, invited: World
) -> None:
    page = enter(Browser(public.test_client()), invited.codes[0], who=PROXY)
    rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select(".note li")]
    assert rows[0].startswith("La personne est-elle d’accord pour que vous répondiez ? Oui")
    assert rows[1] == "La personne a-t-elle une mesure de protection ? Non, aucune"
    assert len(rows) == 2
