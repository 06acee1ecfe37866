"""Provisional drafts that the worker makes by itself: when their turn has come, and once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import collection
import pytest

from app.storage.database import now
from app.storage.waves import Wave
from app.workflows.acting import House
from app.workflows.contact_words import ZONE
from app.workflows.provisional import start_due


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_draft_of_each_open_wave_at_night_and_once(house: House, tmp_path: Path) -> None:
    wave_id = collection.opened(house, tmp_path)
    night = now().astimezone(ZONE).replace(hour=3, minute=30)
    assert start_due(house, 7, night) == []  # opened too lately
    with house.database.write() as session:
        wave = session.get_one(Wave, wave_id)
        wave.opened_at = wave.opens_at = now() - timedelta(days=10)
    assert start_due(house, 0, night) == []  # only when somebody asks
    assert start_due(house, 7, night.replace(hour=12)) == []
    assert len(start_due(house, 7, night)) == 1
    assert start_due(house, 7, night) == []
