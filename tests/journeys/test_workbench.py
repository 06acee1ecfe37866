"""The workbench by keyboard in a real browser: twelve questions of eight kinds, two languages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import people
import programme
import pytest
from chromium import barriers
from people import ALICE

from app.workflows.acting import House

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
WIDER = "() => document.documentElement.scrollWidth > innerWidth"
QUESTIONS = (
    ("choice", "F01"),
    ("choices", "F02"),
    ("number", "F03"),
    ("date", "F04"),
    ("text", "F05"),
    ("long_text", "F06"),
    ("rating", "F07"),
    ("battery", "F08"),
    ("information", "F09"),
    ("choice", "F10"),
    ("number", "F11"),
    ("text", "F12"),
)


def looked_at(page: Any, name: str) -> None:
    """Nobody is kept out, at any width; a picture where one is asked for."""
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert barriers(page) == [], (name, width)
        assert not page.evaluate(WIDER), (name, width)
        if shots := os.environ.get("COVALUE_SHOTS"):
            page.screenshot(path=f"{shots}/{name}-{width}.png", full_page=True)


def press(page: Any, words: str) -> None:
    """Press a button by its words, with the Enter key, and wait for the page that comes."""
    button = page.locator("main").get_by_role("button", name=words, exact=True).first
    with page.expect_navigation():
        button.press("Enter")


def entered(chromium: Any, server: str, house: House, who: people.Person) -> Any:
    page = chromium.new_context(base_url=server, locale="fr-FR").new_page()
    page.goto("/office/sign-in")
    people.type_in(page, house, who)
    return page


def typed(page: Any, name: str, words: str) -> None:
    """Type into a field, reached by its name."""
    page.focus(f"[name='{name}']")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(words)


def chosen(page: Any, name: str, value: str) -> None:
    page.focus(f"main select[name='{name}']")
    page.select_option(f"main select[name='{name}']", value)


def written(page: Any, kind: str, code: str) -> None:
    """One question, worded in both languages, with its answers."""
    page.click("a:text('Vue d’ensemble et contrôles')")
    chosen(page, "type", kind)
    press(page, "Ajouter la question")
    typed(page, "text-fr", f"Question {code} ?")
    typed(page, "text-en", f"Question {code}?")
    for letter, count in (("o", 2), ("r", 2)):
        for number in range(count):
            for tag in ("fr", "en"):
                if page.locator(f"[name='{letter}{number}-{tag}']").count():
                    typed(page, f"{letter}{number}-{tag}", f"{letter}{number} {tag}")
    press(page, "Enregistrer")
    assert page.inner_text("h1").startswith(code)


def test_a_questionnaire_is_written_from_nothing(
    chromium: Any, server: str, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path / "files")
    people.settle(house)
    page = entered(chromium, server, house, ALICE)
    page.goto("/office/questionnaires")
    page.get_by_role("link", name="Nouveau questionnaire ou module").press("Enter")
    page.wait_for_url("**/new")
    chosen(page, "audience", "family")
    typed(page, "title-fr", "Vous qui aidez")
    typed(page, "title-en", "You who help")
    press(page, "Commencer le questionnaire")
    for kind, code in QUESTIONS:
        written(page, kind, code)
    for code, item, relation, value in (
        ("F10", "F01", "is", "1"),
        ("F12", "F11", "least", "3"),
    ):
        page.goto(page.url.rpartition("/")[0] + f"/{code}")
        chosen(page, "c0-item", item)
        press(page, "Choisir ses réponses")
        chosen(page, "c0-relation", relation)
        if relation == "is":
            page.locator(f"input[name='c0-value'][value='{value}']").press("Space")
        else:
            typed(page, "c0-value", value)
        press(page, "Enregistrer")
    assert "au moins 3" in page.inner_text("main")
    looked_at(page, "question")
    # Typed without pressing anything: saved by itself, and seen in the participants' page.
    typed(page, "text-fr", "Combien d’heures aidez-vous ?")
    page.locator("#saved", has_text="Enregistré.").wait_for()
    seen = page.frame_locator("#preview")
    seen.get_by_role("heading", name="Combien d’heures aidez-vous ?").wait_for()
    page.click("a:text('Titre, parties')")
    looked_at(page, "head")
    page.focus("#s0-slot")
    page.keyboard.insert_text("here")
    press(page, "Ajouter l’emplacement part1")
    for words, name in (
        ("Historique", "history"),
        ("Traduction", "translations"),
    ):
        page.click(f"a:text('{words}')")
        looked_at(page, name)
