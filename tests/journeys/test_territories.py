"""The national owner and the tree of territories in a real browser: by keyboard, at 320 px."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import collection
import people
import pytest
from chromium import looked_at

from app.workflows.acting import House

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_territory_is_added_enlarged_and_merged(
    house: House, browser_page: Any, tmp_path: Path
) -> None:
    collection.opened(house, tmp_path)
    people.settle(house, people.ALICE)
    page = browser_page
    page.goto("/office/waves")
    people.type_in(page, house, people.ALICE)
    page.goto("/office/waves")
    page.get_by_role("link", name="Territoires et leurs dates").click()
    looked_at(page, "territories")
    page.get_by_role("link", name="Ajouter un territoire").click()
    page.get_by_label("Code").fill("LIB")
    page.keyboard.press("Enter")
    page.get_by_text("La date manque.").first.wait_for()
    looked_at(page, "territory-refused")
    page.get_by_label("Premier jour").fill("2030-01-01")
    page.get_by_label("Nom (français)").fill("Libourne")
    page.get_by_label("Nom (English)").fill("Libourne")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Libourne", level=1).wait_for()
    page.get_by_role("link", name="Secteurs, population").click()
    page.get_by_label("À partir de quel jour").fill("2031-01-01")
    page.locator("#sub_areas").fill("north south")
    looked_at(page, "territory-redraw")
    page.get_by_role("button", name="Enregistrer").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Secteurs qui s’ajoutent").wait_for()
    page.get_by_role("link", name="Le réunir à un autre").click()
    page.get_by_label("À partir de quel jour").fill("2032-01-01")
    page.get_by_label("À quel territoire").select_option("MAY")
    looked_at(page, "territory-merge")
    page.get_by_role("button", name="Réunir").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Il fait partie de").wait_for()
    looked_at(page, "territory")
    page.goto("/office/territories/BDX/merge")  # its wave is open since yesterday
    page.get_by_label("À partir de quel jour").fill("2020-01-01")
    page.get_by_label("À quel territoire").select_option("MAY")
    page.get_by_role("button", name="Réunir").focus()
    page.keyboard.press("Enter")
    page.get_by_text("est ouverte avec les limites").first.wait_for()
    page.goto("/office/territories/import")
    looked_at(page, "territories-import")
