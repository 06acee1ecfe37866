"""Where the people of a sample stand: counted for each page, or of a large one now and then.

The worker counts a large sample every ten minutes, and once a day after its wave has closed; pages
show what it counted, and when. Whoever sees few people of it has them counted on the spot.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.storage import outcome_counts as stored
from app.storage.database import now
from app.storage.outcome_counts import Standings
from app.storage.territories import programmes, territories_of
from app.storage.waves import Wave, waves_of
from app.workflows.acting import House

LARGE = 5000  # people
EVERY = timedelta(minutes=10)
CLOSED = timedelta(days=1)


def standings(session: Session, wave_id: int, territories: frozenset[str]) -> Standings:
    """Where the people of these territories stand, each in one group."""
    if stored.more_than(session, wave_id, territories, LARGE):
        found = stored.kept(session, wave_id, territories)
        if found is not None:
            return found
    return stored.standings(session, wave_id, territories)


def count_due(house: House) -> int:
    """Count the large samples whose turn has come; how many. The worker calls it."""
    with house.database.read() as session:
        due = [
            (wave.id, everywhere)
            for programme in programmes(session)
            for everywhere in [frozenset(territories_of(session, programme.id))]
            for wave in waves_of(session, programme.id)
            if _is_due(session, wave, everywhere, now())
        ]
    for wave_id, territories in due:
        with house.database.read() as session:
            counted = {
                place: stored.standings(session, wave_id, frozenset([place]))
                for place in territories
            }
        with house.database.write() as session:
            stored.keep(session, wave_id, counted, now())
    return len(due)


def _is_due(session: Session, wave: Wave, territories: frozenset[str], at: datetime) -> bool:
    before = stored.counted_at(session, wave.id)
    every = EVERY if wave.closed_at is None or before is None or before < wave.closed_at else CLOSED
    if before is not None and at - before < every:
        return False
    return stored.more_than(session, wave.id, territories, LARGE)
