"""Faults under load: disk full, disk that only reads, database silent, gone, locked, crowded.

An episode: pages are being acknowledged, the fault begins, lasts a while, ends, and pages are
acknowledged again. Nothing acknowledged is lost, and every failure gives the answers back (503,
with what was sent and the form's key).
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import postgres
import psycopg
from kills import DURABLE
from run import Campaign, Outcome
from serving import Service, answering, children, lost
from sqlalchemy.engine import URL, make_url

ENDED = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'faults'"


@contextmanager
def full(service: Service, *_: object) -> Iterator[None]:
    """No file may grow any more: every write past a small size fails, as on a full disk."""
    pids = [service.process.pid, *children(service.process.pid)]
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, before[pid][1]))
    try:
        yield
    finally:
        for pid, limit in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


@contextmanager
def locked_sqlite(_service: Service, url: URL, _server: object) -> Iterator[None]:
    """Somebody else holds the file for writing: slow, then given up."""
    held = sqlite3.connect(str(url.database), isolation_level=None, timeout=20)
    held.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        held.execute("ROLLBACK")
        held.close()


@contextmanager
def silent(_service: Service, _url: URL, server: postgres.Server | None) -> Iterator[None]:
    """Every process of the database stopped, its sockets open."""
    assert server is not None
    stopped = [server.pid, *children(server.pid)]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in reversed(stopped):
            os.kill(pid, signal.SIGCONT)


@contextmanager
def down(_service: Service, _url: URL, server: postgres.Server | None) -> Iterator[None]:
    """The database stopped."""
    assert server is not None
    server.stop()
    try:
        yield
    finally:
        server.start()


@contextmanager
def locked(_service: Service, url: URL, _server: object) -> Iterator[None]:
    """Every save waits for a lock."""
    with psycopg.connect(
        host=str(url.query["host"]), dbname=url.database, user=url.username
    ) as held:
        held.execute("LOCK TABLE answers.save_key IN ACCESS EXCLUSIVE MODE")
        yield
        held.rollback()


@contextmanager
def crowded(_service: Service, url: URL, server: postgres.Server | None) -> Iterator[None]:
    """No connection is given any more, those that there were are ended: an exhausted pool."""
    assert server is not None
    server.execute(
        f"ALTER DATABASE {url.database} CONNECTION LIMIT 0",
        ENDED,
    )
    try:
        yield
    finally:
        server.execute(f"ALTER DATABASE {url.database} CONNECTION LIMIT -1")


@contextmanager
def read_only(_service: Service, url: URL, server: postgres.Server | None) -> Iterator[None]:
    """The database only reads, as a disk that was set so or a standby does."""
    assert server is not None
    server.execute(f"ALTER DATABASE {url.database} SET default_transaction_read_only = on")

    server.execute(ENDED)
    try:
        yield
    finally:
        server.execute(f"ALTER DATABASE {url.database} RESET default_transaction_read_only", ENDED)


FAULTS = {
    "sqlite": {"disk full": full, "locked": locked_sqlite},
    "postgresql": {
        "silent": silent,
        "down": down,
        "locked": locked,
        "pool exhausted": crowded,
        "read only": read_only,
    },
}


def trials(engine: str) -> Callable[[list[int]], Iterator[Outcome]]:
    """One episode a seed, all on one server and one database."""

    def run(seeds: list[int]) -> Iterator[Outcome]:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            server = None
            url = make_url(f"sqlite:///{folder / 'faults.sqlite'}")
            if engine == "postgresql":
                server = stack.enter_context(postgres.running(DURABLE))
                url = server.create("faults")
            people = 40 * (len(seeds) + 2)
            service, crowd, house, codes = stack.enter_context(answering(url, folder, people))
            for client in crowd.clients:
                client.pause = 0.2
            for seed in seeds:
                if not crowd.acknowledged(seconds=90):
                    yield Outcome(seed, {}, [*crowd.wrong, "no page was acknowledged any more"])
                    return
                draw = random.Random(seed)
                name = sorted(FAULTS[engine])[seed % len(FAULTS[engine])]
                refused = sum(client.refused for client in crowd.clients)
                with FAULTS[engine][name](service, url, server):
                    time.sleep(draw.uniform(2, 9))
                back = crowd.acknowledged(seconds=90)
                refused = sum(client.refused for client in crowd.clients) - refused
                found = lost(house, codes, crowd.ledger) + crowd.wrong
                found += [] if back else [f"{name}: not served again afterwards"]
                counted = {"episodes": 1, f"episodes {name}": 1, "answers with 503": refused}
                yield Outcome(seed, counted, found)

    return run


CAMPAIGNS = {
    "faults-sqlite": Campaign(100, "episodes", trials("sqlite")),
    "faults-postgresql": Campaign(100, "episodes", trials("postgresql")),
}
