"""The server of PostgreSQL is asked for settings that lose answers, or tell them in its log."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.storage.database import Database
from app.storage.durability import GROUPS, unsafe, unsafe_settings
from app.storage.privileges import Surface

FULL = 2  # of ``synchronous``
GOOD = {name: min(good) for _danger, group in GROUPS for name, good in group.items()}


def test_each_setting_is_named_with_what_it_should_be() -> None:
    assert unsafe(GOOD) == []
    for danger, group in GROUPS:
        for name, good in group.items():
            (found,) = unsafe(GOOD | {name: "another"})
            assert (found.name, found.is_, found.danger) == (name, "another", danger)
            assert found.should in good
    assert unsafe(GOOD | {"synchronous_commit": "off"})[0].should == "on"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_set_for_speed_is_found_out(database: Database) -> None:
    names = {each.name for each in unsafe_settings(database) if each.danger == "loses"}
    assert {"fsync", "synchronous_commit", "full_page_writes"} <= names


@pytest.mark.parametrize("surface", [None, "public", "office", "job"])
def test_every_connection_to_sqlite_keeps_what_it_acknowledges(
    surface: Surface | None, tmp_path: Path
) -> None:
    """With another ``synchronous`` a commit survives a killed process, and not the power's loss."""
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite'}", surface=surface)
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    for _connection in range(2):
        with database.write() as one, database.read() as other:
            for session in (one, other):
                driver: Any = session.connection().connection.dbapi_connection
                driver.set_authorizer(None)  # which lets no surface ask
                found = [session.scalar(text(f"PRAGMA {name}")) for name in names]
                assert found == ["wal", FULL, 1, 1, 5000]
    database.dispose()


def test_a_writer_takes_the_lock_before_it_reads(tmp_path: Path) -> None:
    """A read that turned into a write would fail at once where another wrote in between."""
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite'}")
    other = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None, timeout=0)
    with database.write() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    with database.read() as session:
        session.execute(text("SELECT 1"))
        other.execute("BEGIN IMMEDIATE")
    other.close()
    database.dispose()
