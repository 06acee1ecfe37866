"""The surface that participants reach can do what answering needs, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import collection
import programme
import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from surfaces import opened

from app.storage.accounts import Account, GrantRow, StaffSession
from app.storage.audit import AuditEntry, record
from app.storage.database import Database, now
from app.storage.frameworks import FrameworkVersion
from app.storage.privileges import PRIVILEGES, Surface
from app.storage.releases import DataCut, Release
from app.storage.row_security import EVERYTHING
from app.storage.schema import TABLES
from app.storage.surveys import Instrument, QuestionnaireVersion
from app.storage.territories import ProgrammeRow
from app.workflows import jobs, own_jobs
from app.workflows.acting import House
from app.workflows.evaluate import start_release
from app.workflows.letters import start_letters
from app.workflows.sample import issue_codes
from app.workflows.waves import close_wave, create_wave, open_wave


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


def test_office_and_worker_have_what_a_round_of_collection_needs(
    house: House, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Plan, invite, open and ask for letters and a release at the office; the worker makes them."""
    programme.loaded(house, tmp_path / "files")
    with_database = partial(replace, house)
    whole = [opened(house.database.url, role, request) for role in ("office", "job")]
    office, worker = (with_database(database=each.seen_by(EVERYTHING)) for each in whole)
    try:
        wave = create_wave(office, collection.operator(office), collection.new_wave())
        collection.with_sample(office, wave)
        issue_codes(office, collection.operator(office), wave)
        collection.with_dossier(office, collection.operator(office), wave)
        open_wave(office, collection.operator(office), wave)
        asked = [
            start_letters(office, collection.operator(office), wave, "MAY"),
            start_release(office, collection.operator(office), wave),
        ]
        assert jobs.sweep(worker) == len(asked)
        for job in asked:
            seen = own_jobs.one(office, collection.operator(office), job)
            assert (seen.state, seen.result.get("failure")) == ("done", None)
        own_jobs.take_file(office, collection.operator(office), asked[0])
        close_wave(office, collection.operator(office), wave)
    finally:
        office.database.dispose()
        worker.database.dispose()
