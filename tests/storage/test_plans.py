"""Pages of fieldwork ask the database for nothing that reads a large table from end to end.

SQLite plans the same way for ten people as for a hundred thousand: without statistics it goes by
the indexes alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import collection
import people
import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from app.storage import calls
from app.workflows.acting import House
from app.workflows.sample import issue_codes

GROWS = ("participant", "response", "name_key", "access_code", "save_key", "call", "contact")
# The page, and how many statements it may ask of tables that grow with people.
PAGES = {
    "wave": ("", 1),
    "sample": ("/sample", 1),
    "counts": ("/fieldwork", 2),
    "monitor": ("/monitor", 3),
    "rates": ("/rates", 2),  # is it a large sample, and who stands where
    "forecast": ("/forecast", 3),
    "call list": ("/calls", 2),
    "leaving": ("/leaving", 1),
    "duplicates": ("/duplicates", 2),
    "calendar": ("/calendar", 2),
    "own rate": ("/own-rate", 2),
}
SORTS = {"call list", "wave", "sample"}  # must not even sort


@pytest.fixture
def wave(house: House, tmp_path: Path) -> int:
    wave = collection.opened(house, tmp_path)
    collection.with_sample(house, wave)
    issue_codes(house, collection.operator(house), wave)
    people.settle(house, people.ALICE)
    return wave


@pytest.fixture
def asked(client: FlaskClient) -> Iterator[list[tuple[str, Any]]]:
    """The statements that the application asked so far."""
    engine = client.application.extensions["covalue"].database.engine
    found: list[tuple[str, Any]] = []

    def note(_c: Any, _k: Any, statement: str, values: Any, *_rest: Any) -> None:
        if any(f"FROM main.{table} " in f"{statement} ".replace("\n", " ") for table in GROWS):
            found.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_of_fieldwork_reads_indexes(
    house: House, client: FlaskClient, wave: int, asked: list[tuple[str, Any]]
) -> None:
    people.sign_in(client, house, people.ALICE)
    people.say_why(client, wave)
    for name, (address, most) in PAGES.items():
        asked.clear()
        answer = client.get(f"/office/waves/{wave}{address}")
        assert answer.status_code == 200, name
        statements = list(asked)
        assert 0 < len(statements) <= most, f"{name}: {len(statements)} statements"
        for line in plan(house, statements):
            assert "SCAN" not in line or "SCAN anon" in line or "SCAN (sub" in line, (
                f"{name}: {line}"
            )
            if name in SORTS:
                assert "TEMP B-TREE" not in line, f"{name}: {line}"
    asked.clear()
    with client.application.extensions["covalue"].database.read() as session:
        calls.by_name(session, wave, [b"one word", b"another"], frozenset(["MAY", "BDX"]), 20)
    assert len(asked) == 3  # how many have each word, and who
    for line in plan(house, list(asked)):
        assert "SCAN" not in line or "SCAN (subquery" in line or "SCAN anon" in line, line
        assert "TEMP B-TREE" not in line, line


def plan(house: House, statements: list[tuple[str, Any]]) -> list[str]:
    """The lines of the plans of these statements."""
    with house.database.engine.connect() as connection:
        return [
            str(row[-1])
            for statement, values in statements
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values or ())
        ]
