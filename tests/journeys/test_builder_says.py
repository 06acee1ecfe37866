"""While somebody types, what the check says follows in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import people
import programme
import pytest
from people import ALICE

from app.workflows.acting import House

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def page(chromium: Any, server: str, house: House, tmp_path: Path) -> Any:
    """A draft of the national questionnaire, open in the builder."""
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE)
    page = chromium.new_context(base_url=server, locale="fr-FR").new_page()
    page.goto("/office/sign-in")
    people.type_in(page, house, ALICE)
    page.goto("/office/questionnaires/1")
    page.get_by_role("button", name="Préparer la version suivante à l’écran").click()
    return page


def test_findings_and_outline_follow_what_is_saved_by_itself(page: Any) -> None:
    page.get_by_role("button", name="Ajouter la question").click()
    said = page.locator("#findings")
    said.get_by_text("Il manque un texte en français : la question").wait_for()
    for field in page.locator("form#question [id^=text-], form#question .grow input").all():
        field.fill("Bientôt ?")
    page.locator("#saved", has_text="Enregistré.").wait_for()
    assert "Il manque" not in said.inner_text()
    here = page.locator("#outline [aria-current=page]")
    assert "Bientôt ?" in here.inner_text()
    assert "bloque" not in page.locator("#outline").inner_text().replace("0 bloque", "")


def test_who_leaves_with_words_that_were_not_sent_is_asked_first(page: Any) -> None:
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Titre, parties, listes de réponses").click()
    page.focus("#title-fr")
    page.keyboard.type(" et vous")
    page.get_by_role("link", name="Traduction", exact=True).click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.input_value("#title-fr").startswith(" et vous")
    page.locator("main form").first.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Traduction", exact=True).click()
    page.wait_for_url("**/translations")
    assert asked == ["beforeunload"]
