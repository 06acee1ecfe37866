"""What a participant was told is saved is saved, whatever happens to the server.

Samples of the campaigns in ``tests/campaigns``: kills on both engines, reloads, the server's end,
and a release with the tables of the next.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import postgres
import pytest
from serving import answering, children, lost
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url

KILLS = 25  # on each engine


@pytest.fixture(params=["sqlite", "postgresql"])
def durable_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """A database with every safety on, unlike the other tests' PostgreSQL."""
    if request.param == "sqlite":
        yield make_url(f"sqlite:///{tmp_path / 'kills.sqlite'}")
        return
    with postgres.running("-c fsync=on") as server:
        yield server.create("kills")


@pytest.mark.full
def test_kills_lose_nothing_that_was_acknowledged(
    durable_url: URL, catalogues: None, tmp_path: Path
) -> None:
    with answering(durable_url, tmp_path, 20 * KILLS) as (service, crowd, house, codes):
        for turn in range(KILLS):
            assert crowd.acknowledged(10), crowd.wrong
            time.sleep(0.02 * turn)  # another place in the work each time
            service.kill()
            service.start()
        assert crowd.acknowledged()
        crowd.end()
        assert crowd.wrong == []
        assert len(crowd.ledger) > 200, "too few pages to prove anything"
        assert lost(house, codes, crowd.ledger) == []


@pytest.mark.full
def test_a_reload_and_an_end_lose_no_request(
    durable_url: URL, catalogues: None, tmp_path: Path
) -> None:
    with answering(durable_url, tmp_path, 200) as (service, crowd, house, codes):
        for _ in range(3):
            assert crowd.acknowledged(), crowd.wrong
            old = set(children(service.process.pid))
            service.say(signal.SIGHUP)
            until = time.monotonic() + 90
            while old & set(children(service.process.pid)) and time.monotonic() < until:
                time.sleep(0.1)
            assert not old & set(children(service.process.pid)), "old workers stayed"
        assert crowd.acknowledged()
        service.say(signal.SIGTERM)  # what was begun is answered, what waits in the socket waits
        assert service.process.wait() == 0
        service.start()
        assert crowd.acknowledged()
        crowd.end()
        assert [client.errors for client in crowd.clients] == [0] * len(crowd.clients)
        assert crowd.wrong == []
        assert lost(house, codes, crowd.ledger) == []


@pytest.mark.full
def test_the_next_release_s_tables_serve_this_release_too(
    durable_url: URL, catalogues: None, tmp_path: Path
) -> None:
    """Expand first: what a migration adds does not disturb workers that do not know it yet."""
    with answering(durable_url, tmp_path, 200) as (service, crowd, house, codes):
        assert crowd.acknowledged(), crowd.wrong
        schemas = "answers." if durable_url.get_backend_name() == "postgresql" else ""
        with house.database.write() as session:  # a column, a table and an index more
            session.execute(text(f"ALTER TABLE {schemas}response ADD COLUMN of_next TEXT"))
            session.execute(text(f"CREATE TABLE {schemas}of_next (id INTEGER PRIMARY KEY)"))
            session.execute(
                text(f"CREATE INDEX ix_of_next ON {schemas}response (of_next, saved_at)")
            )
        assert crowd.acknowledged(), "old workers, new tables"
        service.say(signal.SIGHUP)  # old and new workers together
        assert crowd.acknowledged()
        crowd.end()
        assert crowd.wrong == []
        assert [client.refused for client in crowd.clients] == [0] * len(crowd.clients)
        assert lost(house, codes, crowd.ledger) == []
