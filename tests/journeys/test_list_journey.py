"""A list made on a telephone, without script: added to, one entry removed, each asked about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import world
from matrix import FOCUSED, Glass
from participants import cells

from app.definitions.composition import compose
from app.definitions.files import read_module, read_questionnaire
from app.domain.questionnaire import Page, Questionnaire
from app.workflows.acting import House

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
LIST = (Path(__file__).parents[1] / "surveys" / "list.yaml").read_text("utf-8")
FAMILY = Path(__file__).parents[2] / "surveys" / "family"


def shipped_list() -> Questionnaire:
    """What families in Mayenne are asked of the professionals who come, and nothing else."""
    core = read_questionnaire((FAMILY / "core.yaml").read_text("utf-8"))
    module = read_module((FAMILY / "modules" / "MAY.yaml").read_text("utf-8"), core)
    (part,) = (one for one in compose(core, module).sections if one.code == "services")
    listed = (
        page for page in part.entries if isinstance(page, Page) and page.code[:5] in OF_THE_LIST
    )
    return replace(core, sections=(replace(part, entries=tuple(listed)),))


OF_THE_LIST = ("QMAY4", "QMAY5", "QMAY6", "QMAY7")


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


class Keyboard:
    """A hand that knows Tab, Space and Enter, on a page that is looked at as it goes."""

    def __init__(self, page: Any, glass: Glass) -> None:
        self.page, self.glass = page, glass

    def tab(self, name: str) -> None:
        """On to the next stop of this name; every stop before it is seen."""
        passed: list[str] = []
        while len(passed) < 30:
            self.page.keyboard.press("Tab")
            if stop := self.page.evaluate(FOCUSED):  # nothing: round from the last to the first
                assert stop["faults"] == [], stop
                passed.append(stop["name"])
                if stop["name"].startswith(name):
                    return
        raise AssertionError(passed)

    def enter(self, words: str = "") -> None:
        self.page.keyboard.type(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def pick(self, name: str) -> None:
        """Choose the first of these rows and go on."""
        self.tab(name)
        self.page.keyboard.press("Space")
        self.tab("button")
        self.enter()

    def at(self, heading: str) -> None:
        assert " ".join(self.page.inner_text("h1").split()) == heading
        assert self.glass.faults(self.page.content()) == [], heading


def test_the_shipped_list_is_made_by_keyboard_alone(phone: tuple[Any, Any], house: House) -> None:
    page, hand = phone[0], Keyboard(phone[0], Glass(phone[1]))
    page.goto("/")
    hand.tab("code")
    hand.enter(world(house, shipped_list(), territory="MAY").codes[0])
    hand.tab("set-language=fr")
    hand.enter()
    for name in ("device=", "role=", "consent="):
        hand.pick(name)
    hand.at("Quels professionnels viennent chez votre proche ?")
    for name in ("Anne", "Le kiné"):
        hand.tab("q-QMAY4")
        hand.enter(name)
    hand.tab("button")
    hand.enter()
    for heading in (
        "Anne m’informe au sujet de mon proche.",
        "Anne répond quand j’appelle.",
        "Le kiné m’informe au sujet de mon proche.",
        "Le kiné répond quand j’appelle.",
        "Anne et Le kiné se parlent.",
    ):
        hand.at(heading)
        hand.pick(f"q-{page.url.rpartition('/')[2]}=")
    assert page.url.endswith("/verifier")
    stored = cells(house)
    assert [stored[item]["v"] for item in ("QMAY4", "QMAY4_1", "QMAY4_2")] == [2, "Anne", "Le kiné"]
    assert stored.keys() - {"QMAY4", "QMAY4_1", "QMAY4_2", "QMAY7"} == {
        f"{code}_{place}" for code in ("QMAY5", "QMAY6") for place in (1, 2)
    }
