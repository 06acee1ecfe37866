"""Pages saved a second through the product, against raw drivers doing the same statements.

``python tests/benchmarks/run.py commit``. On SQLite and on PostgreSQL with every safety on: one
pass of the product is written down, statement by statement; then, person by person in turn, the
product saves the same pages on a fresh copy of the database, and the bare driver (sqlite3, psycopg)
does the statements that were written down on another, each transaction durable. The raw driver
knows no form, no path, no judging of answers: it is the limit.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import postgres
import psycopg
from programme import loaded
from psycopg import sql
from sqlalchemy import event, select
from sqlalchemy.engine import URL, make_url

from app.domain.sittings import Sitting
from app.domain.text import Text
from app.domain.values import Submitted
from app.interchange.sample_csv import SampleRow
from app.protection.keys import Keys, new_secret
from app.storage.database import Database
from app.storage.participants import AccessCode
from app.storage.schema import upgrade
from app.workflows import collect, entering
from app.workflows.accounts import operator
from app.workflows.acting import House
from app.workflows.dossiers import load_dossier
from app.workflows.new_wave import NewWave
from app.workflows.sample import issue_codes
from app.workflows.sample_import import import_sample
from app.workflows.standing import standing
from app.workflows.waves import create_wave, open_wave

DOSSIER = Path(__file__).parents[2] / "config" / "dossier.yaml"
PAGES = ("E01", "E02")
DURABLE = "-c shared_buffers=128MB"
Statement = tuple[str, Any]  # SQL with its values; BEGIN and COMMIT are statements too


def secrets_of(house: House, root: Path, people: int) -> list[str]:
    """Open a wave, invite so many people and let them all in; their sessions' secrets."""
    loaded(house, root)
    actor = operator(house, "DEMO")
    now = datetime.now(UTC)
    new = NewWave(
        code="W1",
        title=Text.of(fr="Vague", en="Wave"),
        frame="all_75",
        period_start=now.date(),
        period_end=now.date() + timedelta(days=30),
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=30),
    )
    wave_id = create_wave(house, actor, new)
    load_dossier(house, actor, wave_id, DOSSIER.read_text("utf-8"), approve=True)
    open_wave(house, actor, wave_id)
    rows = [SampleRow(n + 2, f"P{n}", "MAY", "elderly") for n in range(people)]
    import_sample(house, actor, wave_id, rows)
    issue_codes(house, actor, wave_id)
    with house.database.read() as session:
        codes = session.scalars(select(AccessCode.digest)).all()
    return [entering.begin(house, code, Sitting()) for code in codes]


def save(house: House, secret: str) -> tuple[float, float]:
    """Save every page for one person; seconds and CPU seconds."""
    begun, cpu = time.perf_counter(), time.process_time()
    for page in PAGES:
        sent = collect.Sent({page: Submitted(("yes",))}, {}, new_secret())
        found = standing(house, secret, sent.key)
        if not isinstance(collect.answer_page(house, found, page, sent), collect.Moved):
            raise SystemExit("not saved")
    return time.perf_counter() - begun, time.process_time() - cpu


def written_down(house: House, secrets: Sequence[str]) -> list[list[Statement]]:
    """What one pass of the product asks of the driver, in order, for each person."""
    made: list[list[Statement]] = []

    def statement(
        _connection: Any, _cursor: Any, asked: str, values: Any, _context: Any, _many: bool
    ) -> None:
        made[-1].append((asked, values))

    engine = house.database.engine
    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", lambda _connection: made[-1].append(("COMMIT", None)))
    event.listen(engine, "rollback", lambda _connection: made[-1].append(("ROLLBACK", None)))
    for secret in secrets:
        made.append([])
        save(house, secret)
    return made


@dataclass(frozen=True)
class Copies:
    """Three equal databases; the last one is a bare connection of its driver."""

    first: URL
    second: URL
    raw: sqlite3.Connection | psycopg.Connection[Any]


def replay(raw: Any, asked: Sequence[Statement]) -> float:
    """Do the statements and fetch what they find; seconds."""
    begun = time.perf_counter()
    for statement, values in asked:
        found = raw.execute(statement, values or ())
        if statement.startswith("SELECT"):
            found.fetchall()
    return time.perf_counter() - begun


def compare(name: str, copies: Copies, folder: Path, secrets: Sequence[str]) -> None:
    """Write down, then save and replay by turns, and print."""
    keys = Keys.derive(b"b" * 32)
    house = House(Database(copies.first), keys, folder)
    asked = written_down(house, secrets)
    house.database.dispose()
    house = House(Database(copies.second), keys, folder)
    seconds = cpu = limit = 0.0
    for secret, own in zip(secrets, asked, strict=True):
        more, spent = save(house, secret)
        seconds, cpu = seconds + more, cpu + spent
        limit += replay(copies.raw, own)
    house.database.dispose()
    copies.raw.close()
    saves = len(secrets) * len(PAGES)
    commits = sum(statement == "COMMIT" for own in asked for statement, _values in own) / saves
    sys.stdout.write(
        f"{name}: {saves} saves, {saves / seconds:.0f} a second, {1000 * cpu / saves:.2f} ms of "
        f"CPU each, {commits:.2f} commits each\n"
        f"  the same statements raw: {saves / limit:.0f} a second; "
        f"product / raw {limit / seconds:.2f}\n"
    )


def on_sqlite(people: int) -> None:
    """WAL, synchronous FULL, in files of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = make_url(f"sqlite:///{folder / 'made.sqlite'}")
        secrets = prepared(made, folder, people)
        for copy in ("first", "second", "raw"):
            shutil.copyfile(folder / "made.sqlite", folder / f"{copy}.sqlite")

        raw = sqlite3.connect(folder / "raw.sqlite", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            raw.execute(f"PRAGMA {pragma}")
        compare(
            "SQLite",
            Copies(
                make_url(f"sqlite:///{folder / 'first.sqlite'}"),
                make_url(f"sqlite:///{folder / 'second.sqlite'}"),
                raw,
            ),
            folder,
            secrets,
        )


def on_postgresql(people: int) -> None:
    """A cluster with fsync and synchronous commit on."""
    with tempfile.TemporaryDirectory() as name, postgres.running(DURABLE) as server:
        folder = Path(name)
        secrets = prepared(server.create("made"), folder, people)
        for copy in ("first", "second", "raw"):
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE made OWNER {}").format(
                    sql.Identifier(copy), sql.Identifier(server.owner)
                )
            )
        raw = psycopg.connect(host=str(server.folder), user=server.owner, dbname="raw")
        compare(
            "PostgreSQL",
            Copies(server.url("first"), server.url("second"), raw),
            folder,
            secrets,
        )


def prepared(url: URL, folder: Path, people: int) -> list[str]:
    """A database with so many people at their first page."""
    house = House(Database(url), Keys.derive(b"b" * 32), folder)
    upgrade(house.database)
    secrets = secrets_of(house, folder, people)
    house.database.dispose()
    return secrets


def main(people: int) -> None:
    """SQLite, then PostgreSQL."""
    on_sqlite(people)
    on_postgresql(people)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
