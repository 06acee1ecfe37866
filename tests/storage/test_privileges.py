"""The surface that participants reach can do what answering needs, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import postgres
import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.storage.accounts import Account, GrantRow, StaffSession
from app.storage.audit import AuditEntry, record
from app.storage.database import Database, now
from app.storage.frameworks import FrameworkVersion
from app.storage.privileges import PRIVILEGES, Surface, grants
from app.storage.releases import DataCut, Release
from app.storage.schema import TABLES
from app.storage.surveys import Instrument, QuestionnaireVersion
from app.storage.territories import ProgrammeRow


def opened(url: URL, surface: Surface, request: pytest.FixtureRequest) -> Database:
    """The same database, as the process of one surface sees it."""
    if url.get_backend_name() == "sqlite":
        return Database(url, surface=surface)
    server: postgres.Server = request.getfixturevalue("postgres_server")
    server.execute(*grants(TABLES), database="covalue")
    login = f"login_{surface}"
    server.execute(f"DROP ROLE IF EXISTS {login}", f"CREATE ROLE {login} LOGIN")
    server.execute(f"GRANT covalue_{surface} TO {login}")
    return Database(server.url("covalue", login), surface=surface)


@pytest.fixture
def public(database: Database, request: pytest.FixtureRequest) -> Iterator[Database]:
    """The database as the participants' process sees it."""
    with database.write() as session:
        session.add(Account(email="a@example.org", name="A", made_at=now()))
        session.add(ProgrammeRow(code="P", title={}))
    made = opened(database.url, "public", request)
    yield made
    made.dispose()


def refused(error: DBAPIError) -> bool:
    """Whether the database said: this is not yours."""
    said = str(error.orig)
    return "permission denied" in said or "prohibited" in said or "not authorized" in said


def test_every_table_has_its_line() -> None:
    assert set(PRIVILEGES) == {table.name for table in TABLES.sorted_tables}


@pytest.mark.parametrize(
    "table",
    [Account, GrantRow, StaffSession, Release, DataCut, FrameworkVersion, QuestionnaireVersion],
)
def test_the_public_surface_reads_nothing_of_the_staff(public: Database, table: type) -> None:
    with pytest.raises(DBAPIError) as caught, public.read() as session:
        session.execute(select(table))
    assert refused(caught.value)


def test_the_public_surface_reads_published_definitions(public: Database) -> None:
    with public.read() as session:
        assert session.scalars(select(ProgrammeRow.code)).all() == ["P"]
        assert session.scalars(select(Instrument)).all() == []


@pytest.mark.parametrize(
    "statement",
    [
        update(ProgrammeRow).values(code="Q"),
        delete(ProgrammeRow),
        delete(AuditEntry),
        text("CREATE TABLE mine (id integer)"),
    ],
)
def test_the_public_surface_changes_no_definition(public: Database, statement: object) -> None:
    with pytest.raises(DBAPIError) as caught, public.write() as session:
        session.execute(statement)  # type: ignore[call-overload]
    assert refused(caught.value)


def enter(session: Session) -> None:
    record(session, actor=None, origin="participant", act="response.start")


def test_the_public_surface_adds_to_the_audit_but_does_not_read_it(
    public: Database, database: Database
) -> None:
    with public.write() as session:
        enter(session)
    with database.read() as session:
        assert session.scalars(select(AuditEntry.act)).all() == ["response.start"]
    with pytest.raises(DBAPIError) as caught, public.read() as session:
        session.execute(select(AuditEntry.act))
    assert refused(caught.value)


@pytest.mark.parametrize("surface", ["office", "job"])
def test_nobody_rewrites_the_audit(
    database: Database, request: pytest.FixtureRequest, surface: Surface
) -> None:
    with database.write() as session:
        enter(session)
    seen = opened(database.url, surface, request)
    try:
        for statement in (update(AuditEntry).values(act="other"), delete(AuditEntry)):
            with pytest.raises(DBAPIError) as caught, seen.write() as session:
                session.execute(statement)
            assert refused(caught.value)
    finally:
        seen.dispose()
