"""A picture taken with a telephone, sent without script and with it, and fetched by a reviewer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import people
import pytest
from builders import world
from chromium import WIDER, barriers
from participants import cells
from way import Way, enter, two_windows

from app.domain.answer_files import read_file
from app.storage.database import now
from app.storage.responses import Response
from app.workflows.acting import House
from app.workflows.answer_files import content_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
TESTS = Path(__file__).parents[1]
ASKED = (TESTS / "surveys" / "files.yaml").read_text("utf-8")
PHOTO = TESTS / "given_files" / "photo.jpg"
DRAWN = """async (bytes) => {
  const made = await createImageBitmap(new Blob([new Uint8Array(bytes)], {type: 'image/jpeg'}));
  return [made.width, made.height];
}"""
QUESTION = "Une photo de l’entrée ?"
GO_ON = "Enregistrer et continuer"


def begun(way: Way, code: str) -> None:
    enter(way, code)
    way.page.click('main button:has-text("Français")')
    for row in ("Il est à moi", "Je réponds moi-même", "Oui, j’accepte"):
        way.choose(row)
        way.page.click("main button")


def test_a_picture_goes_its_way(chromium: Any, server: str, house: House, tmp_path: Path) -> None:
    codes = world(house, ASKED, people=2).codes
    page, glass = two_windows(chromium, server)
    way = Way(page, glass)
    begun(way, codes[0])
    way.look(QUESTION)
    torn = tmp_path / "torn.jpg"
    torn.write_bytes(PHOTO.read_bytes()[:400])
    page.set_input_files("#q-F1", torn)
    way.go(QUESTION, GO_ON)
    assert "ne se lit pas" in page.inner_text(".problems")
    page.set_input_files("#q-F1", PHOTO)
    way.go("Que voit-on sur la photo", GO_ON)
    page.goto("/r/F1")
    way.look(QUESTION)
    assert "Nous avons votre fichier" in page.inner_text("main")
    told = read_file(cells(house)["F1"]["v"])
    assert told is not None
    with house.database.read() as session:
        content = content_in(house, session, session.get_one(Response, 1), told)
    assert glass.evaluate(DRAWN, [*(content or b"")]) == [64, 40]  # it is the picture still
    page.context.close()

    page = chromium.new_context(base_url=server, locale="fr-FR").new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    way = Way(page, glass)
    begun(way, codes[1])
    heavy = tmp_path / "heavy.jpg"
    heavy.write_bytes(PHOTO.read_bytes() + bytes(10_000_001))
    page.set_input_files("#q-F1", heavy)
    page.wait_for_selector(".too-large")
    way.look(QUESTION)
    assert page.input_value("#q-F1") == ""  # it is not even sent
    page.set_input_files("#q-F1", PHOTO)
    assert page.locator(".too-large").count() == 0
    page.click(f'main button:has-text("{GO_ON}")')
    page.wait_for_url("**/r/F2")
    way.look("Que voit-on sur la photo")
    page.context.close()
    glass.context.close()

    with house.database.write() as session:
        session.get_one(Response, 1).submitted_at = now()
    people.settle(house, people.ALICE, programme="TEST")
    context = chromium.new_context(base_url=server, locale="fr-FR", accept_downloads=True)
    page = context.new_page()
    page.goto("/office/sign-in")
    people.type_in(page, house, people.ALICE)
    page.goto("/office/privacy/passages/1/files")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert barriers(page) == [], width
        assert not page.evaluate(WIDER), width
        if shots := os.environ.get("COVALUE_SHOTS"):
            page.screenshot(path=f"{shots}/files-{width}.png", full_page=True)
    with page.expect_download() as fetched:
        page.click("a[download]")
    assert fetched.value.suggested_filename == "1-F1.jpg"
    assert fetched.value.path().read_bytes() == content
    context.close()
