"""A database that is silent, slow, locked, crowded or only reads: Unavailable, in time."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import postgres
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.engine import URL

from app.domain.errors import Unavailable
from app.storage import limits
from app.storage.database import Database

SHORT = limits.Limits(statement=0.3, lock=0.3, idle=1, silence=1)


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    """A cluster of one's own, to be stopped and started."""
    with postgres.running() as made:
        yield made


@contextmanager
def silent(server: postgres.Server) -> Iterator[None]:
    """Every process of the cluster stopped, its sockets open."""
    root = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    stopped = [root, *children(root)]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


def children(root: int) -> list[int]:
    found = Path(f"/proc/{root}/task/{root}/children").read_text()
    return [int(pid) for pid in found.split()]


@pytest.fixture
def short(server: postgres.Server, tmp_path: Path) -> Iterator[Database]:
    made = Database(server.create(tmp_path.name[:60]), pool_size=2, within=SHORT)
    with made.write() as session:
        session.execute(text("CREATE TABLE thing (id int PRIMARY KEY)"))
        session.execute(text("INSERT INTO thing VALUES (1)"))
    yield made
    made.dispose()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds processes in /proc")
def test_a_silent_server_is_left_and_found_again(server: postgres.Server, short: Database) -> None:
    with silent(server):
        for _ in range(3):  # in the midst of a statement, then without a new connection
            with pytest.raises(Unavailable), short.read() as session:
                session.execute(text("SELECT 1"))
        with pytest.raises(Unavailable):
            short.ping()
    while True:
        try:
            short.ping()
            break
        except Unavailable:  # within the pause
            continue


def test_a_slow_statement_is_ended(short: Database) -> None:
    with pytest.raises(Unavailable), short.read() as session:
        session.execute(text("SELECT pg_sleep(20)"))
    short.ping()


def test_a_lock_is_not_waited_for_long(short: Database) -> None:
    with short.write() as first:
        first.execute(text("UPDATE thing SET id = 1"))
        with pytest.raises(Unavailable), short.write() as second:
            second.execute(text("UPDATE thing SET id = 1"))


def test_after_a_lock_the_same_statement_is_answered_again(
    server: postgres.Server, short: Database
) -> None:
    participants = Database(short.url, pool_size=1, within=SHORT, surface="public")

    def reads() -> int:
        with participants.at_once(bytes(32)) as driver:
            return int(driver.execute("SELECT id FROM thing", ()).fetchone()[0])

    for _ in range(5):  # the driver prepares it the next time
        assert reads() == 1
    with short.write() as session:
        session.execute(text("LOCK TABLE thing IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(Unavailable):
            reads()
    assert reads() == 1
    participants.dispose()


def test_an_end_in_the_midst_of_a_statement_is_unavailable(short: Database) -> None:
    def ended() -> None:
        with short.at_once() as driver:
            driver.connection.pgconn.send_query(b"SELECT pg_sleep(9)")
            raise psycopg.OperationalError("ended by the server; the socket does not say so yet")

    with pytest.raises(Unavailable):
        ended()
    with short.at_once() as driver:
        assert driver.execute("SELECT id FROM thing", ()).fetchone() == (1,)


def test_every_limit_is_set_on_the_server(short: Database) -> None:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    with short.read() as session:
        assert [session.scalar(text(f"SHOW {name}")) for name in names] == ["300ms", "300ms", "1s"]


def test_a_server_that_only_reads_is_not_ready(server: postgres.Server, short: Database) -> None:
    name = sql.Identifier(str(short.url.database))
    read_only = sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name)
    server.execute(read_only)
    short.dispose()
    with pytest.raises(Unavailable):
        short.ping()
    with pytest.raises(Unavailable), short.write() as session:
        session.execute(text("INSERT INTO thing VALUES (2)"))


def test_an_exhausted_pool_is_unavailable(
    database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WAIT_FOR_CONNECTION", 0.2)
    one = Database(database_url, pool_size=1)
    with one.read() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(Unavailable), one.read() as other:
            other.execute(text("SELECT 1"))
    one.ping()
    one.dispose()


def test_a_file_that_is_no_database_any_more_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(b"nothing of a database" * 400)
    broken = Database(f"sqlite:///{path}")
    with pytest.raises(Unavailable):
        broken.ping()
    broken.dispose()


def test_a_writer_that_holds_sqlite_makes_others_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BUSY", 0.1)
    path = tmp_path / "x.sqlite"
    held = sqlite3.connect(path, isolation_level=None)
    held.execute("PRAGMA journal_mode = WAL")
    held.execute("BEGIN IMMEDIATE")
    waiting = Database(f"sqlite:///{path}")
    with pytest.raises(Unavailable):
        waiting.ping()
    held.execute("ROLLBACK")
    waiting.ping()
    waiting.dispose()
    held.close()


def test_people_wait_less_than_staff_and_staff_less_than_work() -> None:
    order = [limits.limits_of(surface) for surface in ("public", "office", "job")]
    assert order == sorted(order, key=lambda each: each.statement)
    for each in order:  # what the server still knows of, it ends itself
        assert each.lock < each.statement < each.silence
    assert limits.limits_of(None) == limits.limits_of("office")
