"""From empty, the migrations make exactly the tables that the code describes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import postgres
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, column, insert, inspect, select, table
from sqlalchemy.engine import make_url
from sqlalchemy.sql.schema import BLANK_SCHEMA

from app.domain.territories import Territory
from app.domain.text import Text
from app.storage import schema
from app.storage.database import SCHEMAS, Database
from app.storage.territories import TerritoryRow
from app.storage.wave_territories import frozen_territories


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a table."""
    if request.param == "sqlite":
        url = make_url(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    else:
        server: postgres.Server = request.getfixturevalue("postgres_server")
        url = server.create(f"empty_{request.node.originalname}")
    database = Database(url)
    yield database
    database.dispose()


def differences(database: Database) -> list[object]:
    """What the code's tables have and the database has not, or the other way."""
    postgres_found = database.engine.dialect.name == "postgresql"
    wanted = schema.TABLES
    if not postgres_found:  # one schema there
        wanted = MetaData(naming_convention=schema.TABLES.naming_convention)
        for table in schema.TABLES.sorted_tables:
            table.to_metadata(wanted, schema=None, referred_schema_fn=lambda *_: BLANK_SCHEMA)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": postgres_found,
                "include_name": lambda name, kind, _: kind != "schema" or name in (None, *SCHEMAS),
                "compare_type": True,
            },
        )
        found: list[object] = compare_metadata(context, wanted)
        return found


def test_migrations_make_the_tables_of_the_code(empty: Database) -> None:
    assert schema.revisions(empty)[0] is None
    before, after = schema.upgrade(empty)
    assert before is None
    assert schema.revisions(empty) == (after, after)
    assert differences(empty) == []


def test_a_table_that_no_migration_makes_is_noticed(empty: Database) -> None:
    assert {found[0] for found in differences(empty)} >= {"add_table"}  # type: ignore[index]


def test_upgrade_again_changes_nothing(empty: Database) -> None:
    schema.upgrade(empty)
    before, after = schema.upgrade(empty)
    assert before == after


def test_four_schemas_on_postgresql_and_one_on_sqlite(empty: Database) -> None:
    schema.upgrade(empty)
    names = set(inspect(empty.engine).get_schema_names())
    assert names >= set(SCHEMAS) if empty.engine.dialect.name == "postgresql" else names == {"main"}


def test_waves_opened_before_keep_the_territories_that_they_had(empty: Database) -> None:
    command.upgrade(schema.migrations(empty), "0023")
    moment, document = (
        "2026-01-01 08:00:00",
        '{"code": "MAY", "name": {"fr": "Mayenne"}, "parent": null}',
    )
    wave = {"programme_id": 1, "title": "{}", "frame": "all_75", "period_start": "2026-01-01"}
    wave |= {"period_end": "2026-02-01", "opens_at": moment, "closes_at": moment, "plan": "{}"}
    wave |= {"link_after_submission": "keep", "double_entry": 10, "draft_wordings_accepted": ""}
    wave |= {"notice_version": "1", "created_at": moment}
    place = {"id": 7, "programme_id": 1, "code": "MAY", "parent": "FR", "document": document}
    rows: tuple[tuple[str, dict[str, object]], ...] = (
        ("programme", {"id": 1, "code": "P", "title": "{}", "synthetic": False}),
        ("territory", place),
        ("wave", wave | {"id": 1, "code": "W1", "opened_at": moment}),
        ("wave", wave | {"id": 2, "code": "W2", "opened_at": None}),
    )
    where = "programme" if empty.engine.dialect.name == "postgresql" else None
    with empty.engine.execution_options(covalue_writes=True).begin() as connection:
        for name, values in rows:
            into = table(name, *(column(each) for each in values), schema=where)
            connection.execute(insert(into).values(values))
    schema.upgrade(empty)
    with empty.read() as session:
        kept = {number: frozen_territories(session, number) for number in (1, 2)}
        row = session.scalars(select(TerritoryRow)).one()
    assert kept == {1: {"MAY": Territory("MAY", Text.of(fr="Mayenne"), None)}, 2: {}}
    assert row.loaded == row.document


TAKES_AWAY = re.compile(
    r"drop_table|drop_column|rename_table|alter_column|"
    r"\b(?:DROP (?:TABLE|COLUMN)|RENAME (?:TO|COLUMN)|SET NOT NULL)\b"
)


def forwards(path: Path) -> str:
    """The part of a migration that an upgrade runs."""
    return path.read_text("utf-8").partition("def downgrade")[0]


def test_a_migration_takes_nothing_away_from_the_release_before() -> None:
    """Old processes serve on the newer tables: what goes, goes by hand once none of them runs."""
    found = sorted((Path(__file__).parents[2] / "migrations" / "versions").glob("[0-9]*.py"))
    assert len(found) > 30
    assert TAKES_AWAY.search('op.drop_column("wave", "plan", schema="programme")')
    assert [path.name for path in found if TAKES_AWAY.search(forwards(path))] == []
