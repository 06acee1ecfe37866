"""Ten pages a second for a day: reloads, releases with new tables, backups, and nothing is left.

A trial is ten minutes on PostgreSQL. Within them the tables of a next release are made, the server
is reloaded with old and new workers together, and a backup is made and read again; afterwards
nothing acknowledged is lost, no request failed, and no transaction stands open.
"""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import postgres
from kills import DURABLE
from run import Campaign, Outcome
from serving import Crowd, Service, answering, lost
from sqlalchemy import text

from app.protection.sealed_files import new_identity
from app.workflows import backing_up
from app.workflows.acting import House

MINUTES, CLIENTS, A_SECOND = 10, 4, 10
PEOPLE = MINUTES * 60 * A_SECOND // 10
OPEN = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND state LIKE 'idle in transaction%'"
)


def soak(seeds: list[int]) -> Iterator[Outcome]:
    """Ten minutes a seed."""
    for seed in seeds:
        yield some(seed, MINUTES * 60)


def some(seed: int, seconds: float) -> Outcome:
    """So many seconds of it, a third before each of the two things that are done meanwhile."""
    _private, public = new_identity()
    with tempfile.TemporaryDirectory() as name, postgres.running(DURABLE) as server:
        folder = Path(name)
        made = answering(server.create("soak"), folder / "data", PEOPLE, clients=CLIENTS)
        (folder / "data").mkdir()
        with made as (service, crowd, house, codes):
            for client in crowd.clients:
                client.between = CLIENTS / A_SECOND
            began = time.monotonic()
            _wait(crowd, began + seconds / 3)
            backup = backing_up.make(house, folder / "backups", [public], [public])
            backing_up.verify(house, backup, [])
            _wait(crowd, began + 2 * seconds / 3)
            _release(house, service)
            _wait(crowd, began + seconds)
            crowd.end()
            with house.database.read() as session:
                left = session.scalar(OPEN)
            found = crowd.wrong + lost(house, codes, crowd.ledger)
            found += [f"{left} transactions stand open"] * bool(left)
            found += ["a request failed"] * any(c.errors or c.refused for c in crowd.clients)
            counted = {"minutes": round(seconds / 60), "acknowledged": len(crowd.ledger)}
            return Outcome(seed, counted, found)


def _release(house: House, service: Service) -> None:
    """A table and a column more under the workers that do not know them, then a reload."""
    with house.database.write() as session:
        session.execute(text("ALTER TABLE answers.response ADD COLUMN of_next TEXT"))
        session.execute(text("CREATE TABLE answers.of_next (id INTEGER PRIMARY KEY)"))
    service.say(signal.SIGHUP)


def _wait(crowd: Crowd, until: float) -> None:
    while time.monotonic() < until and not crowd.broken:
        time.sleep(0.2)


CAMPAIGNS = {"soak": Campaign(1440, "minutes", soak)}
