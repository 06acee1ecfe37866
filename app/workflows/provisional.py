"""The service's own provisional cuts: every few nights a draft of each wave that takes answers.

Provisional figures come from these, never from a query over living answers. Where nothing changed
the job makes nothing. How often stands in ``config/disclosure.yaml``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import yaml

from app.storage import jobs as rows
from app.storage.database import now
from app.storage.waves import collecting
from app.workflows.accounts import operator
from app.workflows.acting import House
from app.workflows.assessing import DISCLOSURE
from app.workflows.contact_words import ZONE
from app.workflows.evaluate import KIND, start_release

HOUR = 3  # of the night, in the zone of the programme


def every_days() -> int:
    """After how many days another draft is made; 0: only when somebody asks."""
    if not DISCLOSURE.exists():
        return 0
    read = yaml.safe_load(DISCLOSURE.read_text(encoding="utf-8")) or {}
    return int(read.get("provisional_days", 0))


def start_due(house: House, days: int, at: datetime | None = None) -> list[int]:
    """Start the release of every wave whose turn has come; the jobs' ids. Safe to repeat."""
    moment = at or now()
    if not days or moment.astimezone(ZONE).hour != HOUR:
        return []
    since = moment - timedelta(days=days) + timedelta(hours=2)
    with house.database.read() as session:
        begun = {each.arguments.get("wave") for each in rows.begun(session, KIND, since)}
        due = [
            (code, wave.id)
            for wave, code in collecting(session, moment)
            if wave.id not in begun and wave.opened_at is not None and wave.opened_at < since
        ]
    return [start_release(house, operator(house, code), wave_id) for code, wave_id in due]
