"""Tables of counts: kept for good, shown to everybody while they are open, on both engines."""

from __future__ import annotations

import pytest
from builders import world
from participants import EVERY_KIND
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from surfaces import opened

from app.storage import count_tables
from app.storage.count_tables import Counted, CountKeys, CountTable
from app.storage.database import now
from app.storage.releases import DataCut, Release
from app.workflows.acting import House

ADDRESS = "P/W-1"
TABLES = (
    Counted("elderly", "", "", b"{}"),
    Counted("elderly", "E01", "", b"[1]"),
    Counted("elderly", "E01", "E02", b"[2]"),
)


def release(house: House) -> int:
    made = world(house, EVERY_KIND, people=0)
    with house.database.write() as session:
        cut = DataCut(
            wave_id=made.wave_id,
            made_at=now(),
            membership=b"",
            counts={},
            extract="x",
            checksum="x",
        )
        session.add(cut)
        session.flush()
        row = Release(
            cut_id=cut.id, number=1, made_at=now(), threshold=11, manifest={}, figures={},
            protection={}, checksum="x",
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def test_tables_are_read_while_they_are_open_and_stay_as_they_are(house: House) -> None:
    number = release(house)
    with house.database.write() as session:
        count_tables.keep_counts(session, number, ADDRESS, TABLES)
    database = house.database
    assert count_tables.open_table(database, ADDRESS, "elderly") == b"{}"
    assert count_tables.open_table(database, ADDRESS, "elderly", "E01", "E02") == b"[2]"
    assert count_tables.open_table(database, ADDRESS, "elderly", "E02", "E01") is None
    assert count_tables.asked_of(database, ADDRESS, ["elderly", "family"]) == {"elderly": b"{}"}
    with database.read() as session:
        assert count_tables.open_releases(session, "P") == {ADDRESS}
        assert count_tables.open_releases(session, "P_") == set()
    with database.write() as session:
        count_tables.set_open(session, number, opened=False)
    assert count_tables.open_table(database, ADDRESS, "elderly", "E01") is None
    with database.write() as session:
        assert count_tables.open_releases(session, "P") == set()
        kept = count_tables.kept_counts(session, number)
        assert kept == {(each.audience, each.rows, each.columns): each.body for each in TABLES}
        count_tables.set_open(session, number, opened=True)
        assert set(session.scalars(select(CountTable.open))) == {True}
    assert count_tables.open_table(database, ADDRESS, "elderly", "E01") == b"[1]"


def test_the_public_surface_sees_open_tables_and_nothing_they_are_made_of(
    house: House, request: pytest.FixtureRequest
) -> None:
    number = release(house)
    with house.database.write() as session:
        count_tables.keep_counts(session, number, ADDRESS, TABLES)
    public = opened(house.database.url, "public", request)
    try:
        assert count_tables.open_table(public, ADDRESS, "elderly", "E01", "E02") == b"[2]"
        with pytest.raises(DBAPIError), public.read() as session:
            session.execute(select(CountKeys.secret))
        with pytest.raises(DBAPIError), public.write() as session:
            count_tables.set_open(session, number, opened=False)
        with house.database.write() as session:
            count_tables.set_open(session, number, opened=False)
        assert count_tables.open_table(public, ADDRESS, "elderly", "E01", "E02") is None
        if house.database.engine.name == "postgresql":
            with public.read() as session:
                assert session.scalars(select(CountTable.rows)).all() == []
    finally:
        public.dispose()
