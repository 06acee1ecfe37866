"""Releases under load: tables grow, workers change over, what nobody needs any more goes.

A trial of ``deploys-…`` is one: a column, a table and an index more under workers that do not know
them; a reload, old and new workers together; and, when the last old one has ended, what was added
goes again, as a release after the next takes away what no worker reads. Four participants answer
all the while: no request fails or is refused, nothing that was acknowledged is lost.
"""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kills import PAGES, PEOPLE_A_TRIAL, database
from run import Campaign, Outcome
from serving import Crowd, Service, answering, children, lost
from sqlalchemy import text

from app.workflows.acting import House

PATIENCE = 90  # seconds for the last request of an old worker


def trials(engine: str) -> Callable[[list[int]], Iterator[Outcome]]:
    """One release a seed, all on one server and one database."""

    def run(seeds: list[int]) -> Iterator[Outcome]:
        with tempfile.TemporaryDirectory() as name, database(engine, Path(name)) as (url, _):
            people = 3 * PEOPLE_A_TRIAL * (len(seeds) + 2)
            with answering(url, Path(name), people) as (service, crowd, house, codes):
                seen = 0
                for seed in seeds:
                    found = rehearse(engine, house, service, crowd, seed)
                    found += [
                        f"{client.errors} errors, {client.refused} refused"
                        for client in crowd.clients
                        if client.errors or client.refused
                    ]
                    found += crowd.wrong + lost(house, codes, crowd.ledger)
                    new, seen = len(crowd.ledger) - seen, len(crowd.ledger)
                    yield Outcome(seed, {"releases": 1, "acknowledged": new}, found)

    return run


def rehearse(engine: str, house: House, service: Service, crowd: Crowd, seed: int) -> list[str]:
    """One release from its tables to the end of what it added; what went wrong."""
    schema = "answers." if engine == "postgresql" else ""
    added = f"of_{seed}"
    found = [] if crowd.acknowledged(PAGES) else ["no page was acknowledged before"]
    change(
        house,
        f"ALTER TABLE {schema}response ADD COLUMN {added} TEXT",
        f"CREATE TABLE {schema}{added} (id INTEGER PRIMARY KEY)",
        f"CREATE INDEX ix_{added} ON {schema}response ({added}, saved_at)",
    )
    found += [] if crowd.acknowledged(PAGES) else ["old workers did not serve on new tables"]
    old = set(children(service.process.pid))
    service.say(signal.SIGHUP)
    found += [] if crowd.acknowledged(PAGES) else ["old and new workers did not serve together"]
    until = time.monotonic() + PATIENCE
    while old & set(children(service.process.pid)):
        if time.monotonic() > until:
            return [*found, "old workers stayed"]
        time.sleep(0.1)
    change(
        house,
        f"DROP INDEX {schema}ix_{added}",
        f"DROP TABLE {schema}{added}",
        f"ALTER TABLE {schema}response DROP COLUMN {added}",
    )
    return found + ([] if crowd.acknowledged(PAGES) else ["what went was still needed"])


def change(house: House, *statements: str) -> None:
    """What a migration does, in one transaction."""
    with house.database.write() as session:
        for each in statements:
            session.execute(text(each))


CAMPAIGNS = {
    f"deploys-{engine}": Campaign(50, "releases", trials(engine))
    for engine in ("sqlite", "postgresql")
}
