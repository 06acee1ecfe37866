"""Pages and sessions kept in the process: nobody is shown anything of anybody else's."""

from __future__ import annotations

from browser import Browser
from builders import World, world
from flask import Flask
from participants import ANSWERS, EVERY_KIND, answer_all, begin, hidden_fields, past_stops

from app.workflows.acting import House

FIRST = ("K1", "K2", "K3", "KINFO", "K4")


def test_one_persons_values_are_never_on_anothers_page(public: Flask, invited: World) -> None:
    one, other = Browser(public.test_client()), Browser(public.test_client())
    begin(one, invited.codes[0])
    for code in (*FIRST, "K5"):
        page = past_stops(one, one.submit(ANSWERS[code], form=f"/r/{code}"))
    assert page.address == "/r/K6"
    begin(other, invited.codes[1])
    for code in FIRST:
        page = past_stops(other, other.submit(ANSWERS[code], form=f"/r/{code}"))
    own = one.get("/r/K5")  # kept with gaps for answers, then filled in
    assert own.soup.select_one("input[name=q-K5]")["value"] == "Cenon"  # type: ignore[index]
    again = other.get("/r/K5")
    assert again.address == page.address == "/r/K5"
    assert "Cenon" not in again.html
    mine, theirs = hidden_fields(own), hidden_fields(again)
    for name in ("csrf_token", "form-key", "form-seen"):
        assert mine[name] != theirs[name]


def test_the_check_is_filled_in_anew_for_each_person(public: Flask, house: House) -> None:
    piped = EVERY_KIND.replace("Que voulez-vous ajouter ?", "Et à {answer:K5|chez vous} ?")
    made = world(house, piped, people=2)
    one, other = Browser(public.test_client()), Browser(public.test_client())
    answer_all(one, begin(one, made.codes[0]), ANSWERS | {"K5": {"q-K5": "<i>Cenon</i>"}})
    passed = {"K5": {"q-K5": "Bègles"}, "K8": {"q-K8": ""}}
    page = answer_all(other, begin(other, made.codes[1]), ANSWERS | passed)
    rows = {row.select_one("dt").get_text(): row for row in page.soup.select(".summary > div")}  # type: ignore[union-attr]
    asked = rows["Et à Bègles\xa0?"]
    assert asked.select_one(".quiet").get_text() == "Sans réponse"  # type: ignore[union-attr]
    assert asked.select_one("a").get_text() == "Répondre: Et à Bègles\xa0?"  # type: ignore[union-attr]
    assert "Cenon" not in page.html
    mine = one.get("/verifier")
    assert "Et à &lt;i&gt;Cenon&lt;/i&gt;\xa0?" in mine.html
    assert "Merci &lt;b&gt;&amp; bravo&lt;/b&gt;" in mine.html
    assert "Bègles" not in mine.html


def test_each_browser_has_its_own_token_and_only_that(public: Flask) -> None:
    one, other = Browser(public.test_client()), Browser(public.test_client())
    tokens = [hidden_fields(browser.get("/"))["csrf_token"] for browser in (one, other)]
    assert len(set(tokens)) == 2
    assert hidden_fields(one.get("/"))["csrf_token"] == tokens[0]
    for token, status in ((tokens[1], 400), (tokens[0], 422)):
        sent = {"csrf_token": token, "code": "1"}
        assert one.client.post("/", data=sent).status_code == status


def test_a_cookie_whose_signature_is_wrong_opens_nothing(public: Flask) -> None:
    browser = Browser(public.test_client())
    token = hidden_fields(browser.get("/"))["csrf_token"]
    good = browser.client.get_cookie("covalue")
    assert good is not None
    browser.client.post("/", data={"csrf_token": token, "code": "1"})  # remembered from here on
    browser.client.set_cookie("covalue", good.value[:-2] + "AA")
    assert browser.client.post("/", data={"csrf_token": token, "code": "1"}).status_code == 400


def test_a_page_in_another_language_or_look_is_another_page(public: Flask) -> None:
    browser = Browser(public.test_client())
    french = browser.get("/")
    sent = hidden_fields(french) | {"set-language": "en"}
    english = browser._arrive(browser.client.post("/", data=sent), "/", 200)
    assert english.heading != french.heading
    assert browser.get("/").heading == english.heading
    assert Browser(public.test_client()).get("/").heading == french.heading
