"""The parts of a questionnaire on the way: their list, their ends, and numbers to call."""

from __future__ import annotations

from browser import Browser, Page
from builders import world
from flask import Flask
from participants import (
    ANSWERS,
    EVERY_KIND,
    answer_all,
    begin,
    code_of,
    document_of,
    enter,
    only_response,
    past_stops,
)

from app.domain.sittings import view_in
from app.domain.territories import HelpLine, Territory
from app.domain.text import Text
from app.storage.territories import put_territory
from app.workflows.acting import House

SENSITIVE = EVERY_KIND.replace("      - code: K5\n", "      - code: K5\n        sensitive: true\n")
SENSITIVE = SENSITIVE.replace("      - code: K6\n", "      - code: K6\n        sensitive: true\n")
LINE = HelpLine(
    Text.of(fr="Pour parler", en="To talk"), "01 99 00 10 99", Text.of(fr="La nuit", en="At night")
)


def offer(house: House, programme_id: int) -> None:
    """Give the nation a number to call."""
    nation = Territory("FR", Text.of(fr="France", en="France"), None, help_lines=(LINE,))
    with house.database.write() as session:
        put_territory(session, programme_id, nation)


def test_the_end_of_a_part_says_that_it_is_saved(public: Flask, house: House) -> None:
    browser = Browser(public.test_client())
    page = begin(browser, world(house, EVERY_KIND).codes[0])
    while page.address.startswith("/r/"):
        page = browser.submit(ANSWERS[code_of(page)], form=page.address)
    assert page.address == "/partie/life"
    assert page.heading == "La partie 1 est terminée : Votre vie"
    status = page.soup.select_one("[role=status]")
    assert status
    assert "C’est enregistré." in status.get_text()
    assert "Ensuite vient la partie 2" in page.words
    assert not page.soup.select("ol.parts")  # elderly people go straight on
    assert browser.click("Continuer avec la partie\u00a02").address == "/r/K4"
    assert browser.get("/partie/life").heading.startswith("La partie 1 est terminée")  # reloaded
    assert browser.get("/partie/more").address == "/r/K4"  # not done yet
    assert browser.get("/partie/nothing").address == "/r/K4"


def test_professionals_read_the_parts_above_their_consent(public: Flask, house: House) -> None:
    made = world(house, EVERY_KIND.replace("audience: elderly", "audience: professional"))
    browser = Browser(public.test_client())
    page = enter(browser, made.codes[0], professional=True)
    assert page.address == "/accord"
    assert "Le questionnaire a 2 parties" in page.words
    rows = [row.get_text(strip=True) for row in page.soup.select("main ol li")]
    assert rows == ["Votre vie", "Plus sur vous"]
    page = browser.submit({"consent": "yes", "device": "own"})
    while page.address.startswith("/r/"):
        page = browser.submit(ANSWERS[code_of(page)], form=page.address)
    assert page.address == "/partie/life"
    assert len(page.soup.select("ol.parts li")) == 2
    other = Browser(public.test_client())
    enter(other, made.codes[0], professional=True)
    assert other.submit({"device": "own"}).heading.startswith("Vous étiez à la partie")


def test_families_see_all_parts(public: Flask, house: House) -> None:
    made = world(house, EVERY_KIND.replace("audience: elderly", "audience: family"))
    browser = Browser(public.test_client())
    page = begin(browser, made.codes[0])
    assert page.heading == "Le questionnaire a 2 parties"
    rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select("ol.parts li")]
    assert "à faire" in rows[0]
    assert "environ" in rows[0]
    page = browser.click("Commencer par la partie\u00a01")
    while page.address.startswith("/r/"):
        page = browser.submit(ANSWERS[code_of(page)], form=page.address)
    rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select("ol.parts li")]
    assert "terminée Revoir" in rows[0]
    assert "à faire" in rows[1]
    assert browser.click("Revoir").address == "/r/K1"


def test_who_comes_back_hears_where_they_were(public: Flask, house: House) -> None:
    made = world(house, EVERY_KIND)
    browser = Browser(public.test_client())
    page = begin(browser, made.codes[0])
    for code in ("K1", "K2", "K3"):
        page = browser.submit(ANSWERS[code], form=f"/r/{code}")
    assert page.address == "/r/KINFO"
    browser.submit(form="/r/KINFO")
    browser.submit(ANSWERS["K4"], form=past_stops(browser, browser.get("/r/K4")).address)
    other = Browser(public.test_client())
    page = enter(other, made.codes[0])
    assert page.heading == "Vous étiez à la partie 2 : Plus sur vous"
    assert other.click("Aller au début de cette partie").address == "/mot"  # answered before
    other.get("/parties")
    assert other.click("Continuer où j’étais").address == "/r/K5"


def test_numbers_to_call_come_after_the_last_of_the_sensitive_questions(
    public: Flask, house: House
) -> None:
    made = world(house, SENSITIVE)
    offer(house, made.programme_id)
    browser = Browser(public.test_client())
    page = begin(browser, made.codes[0])
    while (page.address.startswith("/partie") or code_of(page) != "K5") and page.address.startswith(
        ("/r/", "/partie")
    ):
        if page.address.startswith("/partie"):
            page = browser.click("Continuer avec")
            continue
        page = browser.submit(ANSWERS[code_of(page)], form=page.address)
    page = browser.submit(ANSWERS["K5"], form="/r/K5")
    assert page.address == "/r/K6"  # the next one is sensitive too
    page = browser.submit(ANSWERS["K6"], form="/r/K6")
    assert page.address == "/soutien/K6"
    assert "01 99 00 10 99" in page.words.replace("\u00a0", " ")
    assert "La nuit" in page.words
    assert page.soup.select_one('main a[href="tel:112"]')
    assert browser.click("Continuer").address == "/r/K7a"
    assert browser.get("/soutien/K5").address == "/r/K7a"
    assert answer_all(browser, browser.get("/r/K7a")).address == "/verifier"


TALKING = """
format: covalue/questionnaire/1
code: talking
audience: elderly
languages: [fr]
title: {fr: Essai}
option_lists:
  often:
    - {code: "1", score: 1, text: {fr: Jamais}}
    - {code: "4", score: 4, text: {fr: Souvent}}
sections:
  - code: one
    title: {fr: Un}
    items:
      - {code: A, type: choice, text: {fr: Triste ?}, options: often, sensitive: true}
      - code: CALL
        type: information
        shown_when: A >= 4
        text: {fr: "Appelez le [3114](tel:3114)."}
      - {code: B, type: choice, text: {fr: Et après ?}, options: often}
"""


def test_numbers_to_call_are_given_once(public: Flask, house: House) -> None:
    """Where the questionnaire itself says next whom to call, no page of ours says it before."""
    made = world(house, TALKING, people=2)
    offer(house, made.programme_id)
    for code, often, then in zip(made.codes, ("4", "1"), ("/r/CALL", "/soutien/A"), strict=True):
        browser = Browser(public.test_client())
        begin(browser, code)
        assert browser.submit({"q-A": often}, form="/r/A").address == then
        assert (browser.get("/soutien/A").address == "/soutien/A") is (often == "1")


def test_one_may_pause_where_numbers_are_offered(public: Flask, house: House) -> None:
    made = world(house, SENSITIVE)
    offer(house, made.programme_id)
    browser = Browser(public.test_client())
    page = begin(browser, made.codes[0])
    while not page.address.startswith("/soutien/"):
        page = past_stops_but_support(browser, page)
    assert page.link("Faire une pause") == "/pause"


def past_stops_but_support(browser: Browser, page: Page) -> Page:
    """Answer this page, or go on from the end of a part."""
    if page.address.startswith("/partie/"):
        return browser.get(page.link("Continuer avec"))
    return browser.submit(ANSWERS[code_of(page)], form=page.address)


def test_a_personal_question_may_be_answered_out_of_sight_of_who_helps(
    public: Flask, house: House
) -> None:
    made = world(house, SENSITIVE, people=2)
    shown = {}
    helped = {"role": "helped", "helper": ["reads"]}
    for number, who in enumerate(({"role": "self"}, helped)):
        browser = Browser(public.test_client())
        page = begin(browser, made.codes[number], who=who)
        while (page := past_stops(browser, page)).address != "/r/K4":
            assert "à l’abri des regards" not in page.words
            page = browser.submit(ANSWERS[page.address[3:]], form=page.address)
        page = browser.submit(ANSWERS["K4"], form="/r/K4")
        assert page.address == "/r/K5"
        shown[who["role"]] = "à l’abri des regards" in page.words
    assert shown == {"self": False, "helped": True}


def test_where_no_number_is_known_the_way_goes_on(public: Flask, house: House) -> None:
    browser = Browser(public.test_client())
    page = answer_all(browser, begin(browser, world(house, SENSITIVE).codes[0]))
    assert page.address == "/verifier"
    assert browser.get("/soutien/K6").address == "/r/K7a"


def test_a_proxy_says_whose_view_is_given_part_by_part(public: Flask, house: House) -> None:
    browser = Browser(public.test_client())
    who = {"role": "proxy", "relation": "child", "reason": "memory", "agrees": "yes"}
    page = begin(browser, world(house, EVERY_KIND).codes[0], who=who)
    assert "à la place de la personne : dites ce qu’elle dirait" in page.words.replace("\xa0", " ")
    while page.address.startswith("/r/"):
        page = browser.submit(ANSWERS[code_of(page)], form=page.address)
    assert page.address == "/partie/life"
    assert "vous dites ce que la personne dirait" in page.words
    page = browser.submit(button="je dis ce que je pense, moi", form="/partie/life")
    assert page.address == "/r/K4"
    assert "dites ce que vous pensez, vous" in page.words
    assert "dites ce qu’elle dirait" in browser.get("/r/K1").words
    sitting = document_of(house, only_response(house))["sit"][0]
    assert (sitting["perspective"], sitting["views"]) == ("as_person", "more=own_view")
    assert [view_in(sitting, ("life", "more"), each) for each in ("life", "more")] == [
        "as_person",
        "own_view",
    ]


def test_nobody_else_is_asked_whose_view_it_is(public: Flask, house: House) -> None:
    browser = Browser(public.test_client())
    page = begin(browser, world(house, EVERY_KIND).codes[0])
    while page.address.startswith("/r/"):
        page = browser.submit(ANSWERS[code_of(page)], form=page.address)
    assert not page.soup.select("[name=view]")
    sent = {"csrf_token": page.soup.select_one("[name=csrf_token]")["value"], "view": "own_view"}  # type: ignore[index] # every page has one
    browser.client.post("/partie/life", data=sent)
    assert "views" not in document_of(house, only_response(house))["sit"][0]
