"""The short way of prepared statements to PostgreSQL: values, failures, what stays prepared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import postgres
import pytest
from psycopg.pq import TransactionStatus
from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.storage.database import Database
from app.storage.prepared import Driver

ADD = "INSERT INTO thing VALUES ($1)"


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.running(postgres.SPEED) as made:
        yield made


@pytest.fixture
def database(server: postgres.Server, tmp_path: Path) -> Iterator[Database]:
    """One connection, and a table with one row."""
    made = Database(server.create(tmp_path.name[:60]), pool_size=1)
    with made.write() as session:
        session.execute(text("CREATE TABLE thing (id int PRIMARY KEY)"))
        session.execute(text("INSERT INTO thing VALUES (1)"))
    yield made
    made.dispose()


def add(driver: Driver, *numbers: int) -> None:
    for number in numbers:
        driver.execute(ADD, (number,))


def ids(database: Database) -> list[int]:
    with database.at_once() as driver:
        return [row[0] for row in driver.execute("SELECT id FROM thing ORDER BY id", ()).fetchall()]


def prepared(database: Database, words: str) -> list[tuple[Any, ...]]:
    """Name and moment of what the server has prepared with these words in it."""
    asked = "SELECT name, prepare_time FROM pg_prepared_statements WHERE statement LIKE $1"
    with database.at_once() as driver:
        return list(driver.execute(asked, (f"%{words}%",)).fetchall())


def test_values_come_back_as_they_went(database: Database) -> None:
    asked = (
        "SELECT $1::bytea, $2::text, $3::int, $4::bigint, $5::float8, $6::boolean, "
        "$7::timestamptz, $8::jsonb, $9::text"
    )
    sent: list[Any] = [b"\x00\xff'\\", "l’été 'ici' \\ %s $1 😀", -7, 2**40, 0.1, True]
    sent += [datetime(2026, 11, 29, 12, 0, 0, 123456, UTC), Jsonb({"a": [1, None]}), None]
    with database.at_once() as driver:
        found = driver.execute(asked, sent).fetchone()
    assert list(found) == [*sent[:7], {"a": [1, None]}, None]


def test_more_than_the_sockets_hold_goes_and_comes(database: Database) -> None:
    much = bytes(range(256)) * 40_000
    with database.at_once() as driver:
        assert driver.execute("SELECT $1::bytea", (much,)).fetchone() == (much,)


def test_of_several_statements_none_is_done_where_one_fails(database: Database) -> None:
    with pytest.raises(IntegrityError), database.at_once() as driver:
        driver.connection.round_trip((ADD, (2,)), (ADD, (1,)), (ADD, (3,)))
    assert ids(database) == [1]


def test_what_rows_refuse_costs_no_connection(database: Database) -> None:
    with database.at_once() as driver:
        number = driver.connection.info.backend_pid
    with pytest.raises(IntegrityError), database.writing() as driver:
        add(driver, 2, 1)
    with database.at_once() as driver:
        assert driver.connection.info.backend_pid == number
        assert driver.connection.info.transaction_status == TransactionStatus.IDLE
    assert ids(database) == [1]


def test_a_connection_is_left_where_a_statement_could_not_be_prepared(database: Database) -> None:
    with database.at_once() as driver:
        number = driver.connection.info.backend_pid
    for _ in range(2):  # else the second time it would count as prepared
        with pytest.raises(ProgrammingError, match="UndefinedTable"), database.at_once() as driver:
            driver.execute("SELECT * FROM nothing", ())
    with database.at_once() as driver:
        assert driver.connection.info.backend_pid != number


def test_a_reading_session_makes_nothing_forgotten(database: Database) -> None:
    ids(database)
    before = prepared(database, "ORDER BY id")
    assert len(before) == 1
    for _ in range(2):
        with database.read() as session:
            for _ in range(7):
                session.execute(text("SELECT id, 'by a session' FROM thing"))
    ids(database)
    assert prepared(database, "ORDER BY id") == before
    assert len(prepared(database, "by a session")) == 1


def test_a_session_that_wrote_and_failed_leaves_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(text("INSERT INTO thing VALUES (2), (1)"))
    assert ids(database) == [1]
