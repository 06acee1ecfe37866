"""A list made on a telephone, without script: added to, one entry removed, each asked about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import world
from matrix import Glass

from app.workflows.acting import House

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
LIST = (Path(__file__).parents[1] / "surveys" / "list.yaml").read_text("utf-8")


@pytest.fixture
def phone(chromium: Any, server: str) -> Iterator[tuple[Any, Any]]:
    """A page without script, and a window with one in which the same page is looked at."""
    contexts = [
        chromium.new_context(
            base_url=server,
            locale="fr-FR",
            viewport={"width": 360, "height": 740},
            java_script_enabled=script,
        )
        for script in (False, True)
    ]
    yield contexts[0].new_page(), contexts[1].new_page()
    for context in contexts:
        context.close()


def test_a_list_is_made_and_mended_without_script(phone: tuple[Any, Any], house: House) -> None:
    page, glass = phone[0], Glass(phone[1])

    def look(heading: str) -> None:
        assert " ".join(page.inner_text("h1").split()) == heading
        assert glass.faults(page.content()) == [], heading

    def enter() -> None:
        with page.expect_navigation():
            page.keyboard.press("Enter")

    page.goto("/")
    page.fill("#code", world(house, LIST).codes[0])
    page.click("main button")
    page.click('main button:has-text("Français")')
    for row in ("Il est à moi", "Je réponds", "Oui, j’accepte"):
        page.click(f'label.option:has-text("{row}") >> nth=0')
        page.click("main button")
    page.click('label.option:has-text("les repas")')
    page.click('main button:has-text("Enregistrer et continuer")')
    look("Qui vient chez vous pour vous aider ?")
    page.fill("#q-PRO", "Anne")
    enter()  # adds, and never removes
    page.fill("#q-PRO", "L’infirmière")
    enter()
    look("Qui vient chez vous pour vous aider ?")
    assert page.locator(".entries li").count() == 2
    page.click('button:has-text("Retirer") >> nth=0')
    look("Retirer de la liste : Anne ?")
    page.click('button:has-text("Oui, retirer")')
    assert page.locator(".entries li").all_inner_texts()[0].startswith("L’infirmière")
    page.click('main button:has-text("Enregistrer et continuer")')
    look("L’infirmière vous écoute-t-il ?")
