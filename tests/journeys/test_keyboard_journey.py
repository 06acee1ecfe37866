"""From the door to the receipt with the keyboard alone: Tab, Space, Enter and what is typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from builders import world
from matrix import stops
from participants import EVERY_KIND, only_response

from app.workflows.acting import House

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
TYPED = {"q-K4": "2", "q-K5": "Cenon"}
MOST_STOPS = 60


@pytest.fixture
def page(chromium: Any, server: str) -> Iterator[Any]:
    """A telephone with a keyboard."""
    context = chromium.new_context(
        base_url=server, locale="fr-FR", viewport={"width": 360, "height": 740}
    )
    yield context.new_page()
    context.close()


def at(page: Any, wanted: str) -> bool:
    """Whether the keyboard stands at something like this."""
    found: bool = page.evaluate("wanted => document.activeElement.matches(wanted)", wanted)
    return found


def tab_to(page: Any, wanted: str) -> None:
    """Tab until the keyboard stands there; it gets there, or there is a trap."""
    for _ in range(MOST_STOPS):
        if at(page, wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is out of reach on {page.url}")


def enter(page: Any, heading: str) -> None:
    """Press Enter; what comes has this heading, and every stop on it is seen."""
    page.keyboard.press("Enter")
    arrived(page, heading)


def arrived(page: Any, heading: str) -> None:
    page.wait_for_selector(f"h1:has-text('{heading}')")
    page.wait_for_load_state()
    names, faults = stops(page)
    assert faults == [], page.url
    assert names[0] == "#content", "the skip link comes first"
    assert any(name.startswith("set-look") for name in names), "the end is reached"
    page.reload()


def press(page: Any, wanted: str, heading: str) -> None:
    """Tab to a button or a link, and press Enter."""
    tab_to(page, wanted)
    enter(page, heading)


def choose(page: Any, row: str, heading: str) -> None:
    """Tab to a row, tick it with Space, send with Enter."""
    tab_to(page, f"main input[value={row}]")
    page.keyboard.press("Space")
    enter(page, heading)


def answered(page: Any) -> None:
    """Every question, each with its first row or what is typed, to the check of the answers."""
    for _ in range(30):
        page.wait_for_load_state()
        before = page.url
        if before.endswith("/verifier"):
            return
        if "/partie/" in before:
            tab_to(page, "main a.button")
        elif page.locator("main .options").count():
            tab_to(page, "main .option input")
            page.keyboard.press("Space")
        elif field := next((name for name in TYPED if page.locator(f"#{name}").count()), ""):
            tab_to(page, f"#{field}")
            page.keyboard.type(TYPED[field])
        else:
            tab_to(page, "main .actions button:not(.link)")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address, was=before: address != was)
    raise AssertionError(f"no end: {page.url}")


def test_a_code_stands_in_groups_while_it_is_typed(page: Any, house: House) -> None:
    page.goto("/")
    tab_to(page, "#code")
    page.keyboard.type("123456789012")
    assert page.input_value("#code") == "1234 5678 9012"
    for _ in range(4):
        page.keyboard.press("Backspace")
    assert page.input_value("#code") == "1234 5678"
    page.keyboard.press("Home")
    page.keyboard.type("9")
    assert page.input_value("#code") == "91234 5678", "nothing moves under who corrects"
    assert page.evaluate("document.activeElement.selectionStart") == 1
    page.fill("#code", "")
    page.keyboard.type("1234-5678.90I2")
    assert page.input_value("#code") == "1234-5678.90I2", "as written, and understood"


def test_from_the_door_to_the_receipt_with_the_keyboard_alone(page: Any, house: House) -> None:
    code = world(house, EVERY_KIND).codes[0]
    page.goto("/")
    arrived(page, "Votre avis améliore")
    tab_to(page, "#code")
    page.keyboard.type(code)
    enter(page, "Quelle langue")
    press(page, "main button[lang=fr]", "est-il à vous")
    tab_to(page, "main .actions button")
    page.keyboard.press("Enter")  # nothing chosen
    page.wait_for_selector(".problems")
    assert page.title().startswith("Erreur")
    assert at(page, ".problems"), "what is to be mended has the focus"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert at(page, "#device"), "its link leads to the field"
    choose(page, "own", "Qui répond aujourd’hui")
    choose(page, "self", "Avant de commencer")
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1
    tab_to(page, "main input[value=yes]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/r/K1")
    answered(page)
    arrived(page, "Vérifiez vos réponses")
    press(page, "main a.button", "Dernière étape")
    press(page, "main .actions button", "sont bien arrivées")
    assert only_response(house).submitted_at is not None
    press(page, "main .actions button", "Votre avis améliore")
