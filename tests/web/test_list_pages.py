"""Lists that a person makes, and earlier answers in later texts, on the pages of participants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import Browser, Page
from builders import world
from flask import Flask
from participants import begin, cells, enter, hidden_fields, past_stops, send

from app.workflows.acting import House

LIST = (Path(__file__).parents[1] / "surveys" / "list.yaml").read_text()
ADD = "Ajouter à la liste"


@pytest.fixture
def browser(public: Flask) -> Browser:
    return Browser(public.test_client())


@pytest.fixture
def code(house: House) -> str:
    return world(house, LIST).codes[0]


@pytest.fixture
def page(browser: Browser, code: str) -> Page:
    """The list, still empty."""
    begin(browser, code)
    return browser.submit({"q-L1": ["home", "meals"]})


def onward(browser: Browser, fields: dict[str, Any] | None = None, status: int = 200) -> Page:
    page = browser.submit(fields, button="Enregistrer et continuer", status=status)
    return past_stops(browser, page)


def add(browser: Browser, *names: str) -> Page:
    for name in names:
        page = browser.submit({"q-PRO": name}, button=ADD)
    return page


def numbers(browser: Browser) -> dict[str, str]:
    """The random number of each entry on the page, by its name."""
    assert browser.page
    rows = browser.page.soup.select(".entries li")
    return {str(row.span.string): str(row.button["value"]) for row in rows if row.span}


def stored(house: House) -> dict[str, Any]:
    return {item: cell.get("v", cell.get("why")) for item, cell in cells(house).items()}


def test_entries_are_added_and_each_is_asked_the_same_questions(
    house: House, browser: Browser, page: Page
) -> None:
    assert (page.address, page.heading) == ("/r/PRO", "Qui vient chez vous pour vous aider ?")
    assert add(browser, "Anne", " Le kiné ").address == "/r/PRO"
    page = onward(browser)
    assert (page.address, page.heading) == ("/r/PRO1_1", "Anne vous écoute-t-il ?")
    page = onward(browser, {"q-PRO1_1": "no"})
    assert page.heading == "Que manque-t-il avec Anne ?"
    page = onward(browser, {"q-PRO2_1": "Du temps"})
    assert page.heading == "Depuis quelle année vient Anne ?"
    assert "Vous avez dit : « Non »." in page.words
    page = onward(browser, {"q-PRO3_1-year": "2020"})
    assert (page.address, page.heading) == ("/r/PRO1_2", "Le kiné vous écoute-t-il ?")
    assert page.soup.title
    assert page.soup.title.get_text().startswith("Le kiné vous écoute-t-il")
    page = onward(browser, {"q-PRO1_2": "yes"})
    assert page.address == "/r/PRO3_2"
    page = onward(browser)
    assert page.heading == "Ces 2 personnes se parlent-elles ?"
    assert "Vous recevez : le ménage et les repas." in page.words
    page = onward(browser)
    assert page.heading == "Un mot sur Anne et Le kiné ?"
    page = onward(browser)
    assert page.address == "/verifier"
    assert "Anne, Le kiné" in page.words
    assert "Le kiné vous écoute-t-il" in page.words
    assert send(browser).address == "/recu"
    assert stored(house) == {
        "L1": ["home", "meals"],
        "PRO": 2,
        "PRO_1": "Anne",
        "PRO_2": "Le kiné",
        "PRO1_1": "no",
        "PRO2_1": "Du temps",
        "PRO3_1": "2020",
        "PRO1_2": "yes",
        "PRO3_2": "skipped",
        "L2": "skipped",
        "L3": "skipped",
    }


def test_a_name_that_was_typed_is_added_by_continuing_too(browser: Browser, page: Page) -> None:
    page = onward(browser, {"q-PRO": "Anne"})
    assert page.heading == "Anne vous écoute-t-il ?"
    browser.get("/r/PRO")
    assert list(numbers(browser)) == ["Anne"]


def test_an_entry_is_removed_with_its_answers_once_that_is_confirmed(
    house: House, browser: Browser, page: Page
) -> None:
    add(browser, "Anne", "Le kiné")
    onward(browser)
    onward(browser, {"q-PRO1_1": "yes"})
    browser.get("/r/PRO")
    anne, other = numbers(browser).values()
    assert anne != other
    asked = browser.submit(button=numbers(browser)["Anne"])
    assert asked.heading == "Retirer de la liste : Anne ?"
    assert "PRO1_1" in stored(house)
    browser.get("/r/PRO")
    assert list(numbers(browser)) == ["Anne", "Le kiné"]
    browser.submit(button=numbers(browser)["Anne"])
    browser.submit(button="Oui, retirer")
    assert numbers(browser) == {"Le kiné": other}
    assert stored(house) == {"L1": ["home", "meals"], "PRO": 1, "PRO_2": "Le kiné"}
    assert onward(browser).address == "/r/PRO1_2"  # the entry kept its place
    browser.get("/r/PRO")
    assert cells(house)["PRO_2"]["e"] == other
    add(browser, "Zoé")
    assert numbers(browser)["Zoé"] not in (anne, other)
    assert stored(house)["PRO_1"] == "Zoé"


def test_a_form_about_an_entry_that_is_gone_never_speaks_of_the_one_after_it(
    house: House, browser: Browser, page: Page
) -> None:
    add(browser, "Anne")
    stale = hidden_fields(onward(browser))
    browser.get("/r/PRO")
    browser.submit(button=numbers(browser)["Anne"])
    browser.submit(button="Oui, retirer")
    add(browser, "Anne")  # the same name, in the same place, is another entry
    answer = browser.client.post("/r/PRO1_1", data=stale | {"q-PRO1_1": "no"})
    assert (answer.status_code, answer.location) == (303, "/r/PRO")
    assert "PRO1_1" not in stored(house)


def test_two_tabs_that_add_at_once_are_both_heard(
    house: House, browser: Browser, page: Page
) -> None:
    tabs = [hidden_fields(browser.get("/r/PRO")) for _ in range(2)]
    for name, fields in zip(("Anne", "Zoé"), tabs, strict=True):
        assert (
            browser.client.post("/r/PRO", data=fields | {"q-PRO": name, "go": "add"}).status_code
            == 303
        )
    again = browser.client.post("/r/PRO", data=tabs[1] | {"q-PRO": "Zoé", "go": "add"})
    assert again.status_code == 303  # the same form: nothing more
    assert (stored(house)["PRO_1"], stored(house)["PRO_2"]) == ("Anne", "Zoé")
    assert stored(house)["PRO"] == 2


def test_what_a_list_cannot_take_is_said_and_kept_in_the_field(
    browser: Browser, page: Page
) -> None:
    page = browser.submit(button=ADD, status=422)
    assert "La ligne à ajouter est vide" in page.words
    page = browser.submit({"q-PRO": "x" * 61}, button=ADD, status=422)
    assert page.soup.select_one("#q-PRO[aria-invalid]")["value"] == "x" * 61  # type: ignore[index]
    page = onward(browser, {"q-PRO": ""}, status=422)
    assert "Vous n’avez pas répondu" in page.words
    page = onward(browser, {"q-PRO": "Anne", "q-PRO-out": "~not_concerned"}, status=422)
    assert "aussi une autre façon" in page.words
    page = onward(browser, {"q-PRO": "", "q-PRO-out": "~not_concerned"})
    assert (page.address, page.heading) == ("/r/L3", "Un mot sur ces personnes ?")


def test_a_full_list_takes_no_more(browser: Browser, page: Page) -> None:
    fields = hidden_fields(page)
    page = add(browser, "Anne", "Zoé", "Le kiné")
    assert "La liste est complète" in page.words
    assert page.soup.select_one("input[name=q-PRO]") is None
    late = browser.client.post(
        "/r/PRO", data=fields | {"form-key": "another", "q-PRO": "Paul", "go": "add"}
    )
    assert late.status_code == 422
    assert "Cette liste est complète" in late.get_data(as_text=True)


def test_typed_text_in_a_later_text_is_never_markup(browser: Browser, page: Page) -> None:
    page = onward(browser, {"q-PRO": '<b>Anne</b> *x* {support_team} & "y"'})
    assert page.heading == '<b>Anne</b> *x* {support_team} & "y" vous écoute-t-il ?'
    assert page.soup.select("h1 b, h1 em") == []


def test_an_answer_off_the_path_says_nothing(browser: Browser, page: Page) -> None:
    add(browser, "Anne", "Zoé")
    for _ in range(5):
        page = onward(browser)
    assert page.heading == "Ces 2 personnes se parlent-elles ?"
    browser.get("/r/L1")
    onward(browser, {"q-L1": "none"})
    assert browser.get("/r/L3").heading == "Un mot sur ces personnes ?"


def test_an_answer_of_another_day_says_nothing_before_the_return_words(
    public: Flask, browser: Browser, page: Page, code: str
) -> None:
    add(browser, "Anne", "Zoé")
    for _ in range(5):
        onward(browser)
    later = Browser(public.test_client())
    enter(later, code)
    found = later.get("/r/L2")
    assert found.heading == "Ces quelques personnes se parlent-elles ?"
    assert "Vous recevez : des aides." in found.words


def test_in_english(browser: Browser, code: str) -> None:
    browser.client.set_cookie("language", "en")
    begin(browser, code)
    browser.submit({"q-L1": ["other"], "q-L1-other": "The garden"})
    page = browser.submit({"q-PRO": "Anne"}, button="Save and continue")
    assert page.heading == "Does Anne listen to you?"


def test_the_check_names_ones_own_entries(public: Flask, house: House) -> None:
    made = world(house, LIST, people=2)
    pages = []
    for code, name in zip(made.codes, ("Anne", "Le kiné"), strict=True):
        browser = Browser(public.test_client())
        begin(browser, code)
        browser.submit({"q-L1": ["home", "meals"]})
        add(browser, name)
        page = onward(browser)
        page = onward(browser, {"q-PRO1_1": "yes"})
        while page.address != "/verifier":
            page = onward(browser)
        pages.append(page.words)
    one, other = pages
    assert "Anne vous écoute-t-il" in one
    assert "Le kiné vous écoute-t-il" in other
    assert "Anne" not in other
