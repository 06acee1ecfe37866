"""The data protection officer in a real browser: the pages keep nobody out and fit a phone."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import collection
import people
import pytest
from chromium import barriers

from app.storage.database import now
from app.storage.waves import Wave
from app.workflows.acting import House
from app.workflows.retaining import put_aside
from app.workflows.sealing_audit import seal

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
WIDER = "() => document.documentElement.scrollWidth > innerWidth"


def test_the_log_and_an_incident(chromium: Any, server: str, house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    collection.with_sample(house, wave_id)
    with house.database.write() as session:
        session.get_one(Wave, wave_id).closed_at = now() - timedelta(days=61)
    put_aside(house)
    people.settle(house, people.DORA)
    seal(house)
    context = chromium.new_context(base_url=server, locale="fr-FR")
    try:
        page = context.new_page()
        page.goto("/office/sign-in")
        people.type_in(page, house, people.DORA)
        for name, address in (
            ("log", "/office/privacy"),
            ("incident", "/office/privacy/breach?since=2020-01-01T00:00&until=2099-01-01T00:00"),
            ("retention", "/office/privacy/retention"),
        ):
            page.goto(address)
            for width in (360, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                assert barriers(page) == [], (name, width)
                assert not page.evaluate(WIDER), (name, width)
                if shots := os.environ.get("COVALUE_SHOTS"):
                    page.screenshot(path=f"{shots}/{name}-{width}.png", full_page=True)
        page.goto("/office/privacy")
        page.get_by_role("button", name="Vérifier le journal maintenant").press("Enter")
        page.wait_for_load_state()
        assert "telles qu’elles ont été scellées" in page.inner_text("main")
    finally:
        context.close()
