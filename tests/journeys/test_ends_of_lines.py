"""On telephones and in very large text, no line of a question ends inside "a-t-il"."""

from __future__ import annotations

from typing import Any

import pytest
from builders import world

from app.workflows.acting import House

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
SURVEY = """
format: covalue/questionnaire/1
code: whole
audience: professional
languages: [fr]
title: {fr: Essai}
sections:
  - code: one
    title: {fr: Un}
    items:
      - code: A
        type: choice
        text: {fr: "Depuis 6 mois, un soignant vous a-t-il parlé ? Qui appelle-t-elle ?"}
        options: [{code: x, text: {fr: Oui}}, {code: y, text: {fr: Non}}]
"""
PARTED = """() => [...document.querySelectorAll('h1 .whole')]
  .filter((one) => one.getClientRects().length > 1).map((one) => one.textContent)"""
AS_BEFORE = (
    "() => document.querySelectorAll('.whole').forEach((e) => e.style.whiteSpace = 'normal')"
)
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_no_line_ends_inside_a_t_il(chromium: Any, server: str, house: House) -> None:
    code = world(house, SURVEY).codes[0]
    context = chromium.new_context(base_url=server, locale="fr-FR")
    page = context.new_page()
    page.goto("/")
    page.fill("#code", code)
    page.click("main button")
    page.click('label.option:has-text("Il est à moi")')
    page.click('label.option:has-text("Oui, j’accepte")')
    page.click("main form .actions button")
    page.wait_for_url("**/r/A")
    page.evaluate("document.documentElement.className = 'larger'")
    widths = range(344, 520, 8)

    def parted() -> list[str]:
        found: list[str] = []
        for width in widths:
            page.set_viewport_size({"width": width, "height": 740})
            assert not page.evaluate(WIDE)
            found += page.evaluate(PARTED)
        return found

    assert page.evaluate("document.querySelectorAll('h1 .whole').length") == 2
    assert parted() == []
    page.evaluate(AS_BEFORE)
    assert set(parted()) == {"a-t-il", "t-elle"}, "else nothing was at stake"
    context.close()
