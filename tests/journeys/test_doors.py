"""A real browser at a real server: both doors open, work without a mouse, and keep nobody out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import collection
import people
import pytest
from chromium import barriers

from app.workflows.acting import House

pytestmark = pytest.mark.journey


def test_the_participants_door(house: House, browser_page: Any, tmp_path: Path) -> None:
    collection.opened(house, tmp_path)
    browser_page.goto("/")
    assert barriers(browser_page) == []
    browser_page.keyboard.press("Tab")
    skip = browser_page.evaluate("document.activeElement.getAttribute('href')")
    assert skip == "#content"
    browser_page.get_by_role("textbox").fill("0000 0000 0000")
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_selector("[aria-invalid=true]")
    assert barriers(browser_page) == []


def test_the_staff_door(house: House, browser_page: Any, tmp_path: Path) -> None:
    collection.opened(house, tmp_path)
    people.settle(house, people.ALICE)
    browser_page.goto("/office/waves")
    assert "/office/sign-in" in browser_page.url
    assert barriers(browser_page) == []
    people.type_in(browser_page, house, people.ALICE)
    assert barriers(browser_page) == []
