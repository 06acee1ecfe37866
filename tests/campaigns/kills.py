"""Kills under load: nothing acknowledged is lost, nothing is stored twice.

``kill-workers-…``: one worker of the server, or all of it. ``kill-database-postgresql``: the whole
database server or one of its backends; ``kill-database-sqlite``: every process that has the file
open. A trial counts if pages were being acknowledged before the kill and were again after it; what
was acknowledged since the trial before is looked for, and at the end of a block everything.
"""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import postgres
from run import Campaign, Outcome
from serving import Service, answering, children, lost
from sqlalchemy.engine import URL, make_url

from app.domain.errors import Unavailable
from app.workflows.acting import House

PAGES, PEOPLE_A_TRIAL = 12, 10  # three pages of each participant before a kill, three after it
DURABLE = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"
Kill = Callable[[random.Random, Service, "postgres.Server | None"], None]


@contextmanager
def database(engine: str, folder: Path) -> Iterator[tuple[URL, postgres.Server | None]]:
    """A database with every safety on."""
    if engine == "sqlite":
        yield make_url(f"sqlite:///{folder / 'kills.sqlite'}"), None
        return
    with postgres.running(DURABLE) as server:
        yield server.create("kills"), server


def kill_workers(draw: random.Random, service: Service, _server: postgres.Server | None) -> None:
    """One worker; each fourth time everything, which is then started again."""
    if draw.random() < 0.25:
        kill_all(draw, service, None)
        return
    found = children(service.process.pid)
    if found:
        os.kill(draw.choice(found), signal.SIGKILL)


def kill_all(_draw: random.Random, service: Service, _server: postgres.Server | None) -> None:
    """Every process of the server."""
    service.kill()
    service.start()


def kill_postgres(draw: random.Random, _service: Service, server: postgres.Server | None) -> None:
    """One backend that serves a connection, or the whole server, which then recovers."""
    assert server is not None
    root = server.pid
    backends = [pid for pid in children(root) if "covalue kills" in _title(pid)]
    if backends and draw.random() < 0.5:
        os.kill(draw.choice(backends), signal.SIGKILL)
        return
    stopped = children(root)
    os.kill(root, signal.SIGKILL)
    for pid in stopped:  # they would notice by themselves, a moment later
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    server.start()


def _title(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def trials(engine: str, kill: Kill) -> Callable[[list[int]], Iterator[Outcome]]:
    """One kill a seed, all on one server and one database."""

    def run(seeds: list[int]) -> Iterator[Outcome]:
        for start in range(0, len(seeds), 50):  # a new database now and then
            yield from _block(engine, kill, seeds[start : start + 50])

    return run


def _block(engine: str, kill: Kill, seeds: list[int]) -> Iterator[Outcome]:
    with tempfile.TemporaryDirectory() as name, database(engine, Path(name)) as (url, server):
        people = PEOPLE_A_TRIAL * (len(seeds) + 4)
        with answering(url, Path(name), people) as (service, crowd, house, codes):
            marks, checked = [0] * len(crowd.clients), 0
            for seed in seeds:
                draw = random.Random(seed)
                if not crowd.acknowledged(PAGES):
                    yield Outcome(seed, {}, [*crowd.wrong, "no page was acknowledged any more"])
                    return
                time.sleep(draw.uniform(0, 0.4))
                kill(draw, service, server)
                landed = crowd.acknowledged(PAGES)
                ends = [len(client.ledger) for client in crowd.clients]
                lately = {
                    entry[0]
                    for client, begun, end in zip(crowd.clients, marks, ends, strict=True)
                    for entry in client.ledger[begun:end]
                }
                ledger, marks = crowd.ledger, ends
                named = None if seed == seeds[-1] else lately
                found = _lost_when_back(house, codes, ledger, named)
                new, checked = len(ledger) - checked, len(ledger)
                yield Outcome(
                    seed, {"kills": int(landed), "acknowledged": new}, found + crowd.wrong
                )


def _lost_when_back(
    house: House, codes: list[str], ledger: list[tuple[str, str, str]], named: set[str] | None
) -> list[str]:
    for _ in range(100):
        try:
            return lost(house, codes, ledger, named)
        except Unavailable:
            time.sleep(0.2)
    return ["the database did not come back"]


CAMPAIGNS = {
    "kill-workers-sqlite": Campaign(500, "kills", trials("sqlite", kill_workers)),
    "kill-workers-postgresql": Campaign(500, "kills", trials("postgresql", kill_workers)),
    "kill-database-sqlite": Campaign(250, "kills", trials("sqlite", kill_all)),
    "kill-database-postgresql": Campaign(250, "kills", trials("postgresql", kill_postgres)),
}
