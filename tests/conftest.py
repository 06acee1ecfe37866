"""What tests are given: an empty database of each kind, the house on it, the application."""

from __future__ import annotations

import fcntl
import gc
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import compiled_once
import postgres
import pytest
from argon2 import PasswordHasher
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from browser import Browser
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as examples
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url

from app.factory import create_app
from app.protection import passwords
from app.protection.keys import Keys
from app.protection.sealing import AnswerSealing
from app.settings import Settings
from app.storage.database import SCHEMAS, Database
from app.workflows.acting import House
from app.workflows.housing import Surface, house_of

pytest_plugins = ["participants", "chromium", "extra_fields"]
SECRET = b"a secret that is only good for tests"

# A busy machine is no finding: no example fails by the clock.
examples.register_profile(
    "here",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",  # there, a failure must be one of the change
)
examples.load_profile("here")
compiled_once.share()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that start a browser first: they wait a lot, while others compute beside them,
    and whoever is done takes from who is not; then the long ones, of which none may be the last."""
    first = ("journey", "full")
    items.sort(key=lambda item: [mark not in item.keywords for mark in first])


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector need not look at it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def tables() -> Any:
    """The metadata with every table of the house."""
    from app.storage.schema import TABLES

    return TABLES


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One PostgreSQL cluster for the whole run, started by the first test that asks."""
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def _sqlite_template(tables: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.sqlite"
    made = Database(make_url(f"sqlite:///{path}"))
    with made.engine.execution_options(covalue_writes=True).begin() as connection:
        tables.create_all(connection)
    made.dispose()
    return path


@pytest.fixture(scope="session")
def _postgres_emptied(tables: Any, postgres_server: postgres.Server) -> Iterator[Callable[[], URL]]:
    from app.storage.row_security import guards

    url = postgres_server.create("covalue")
    made = Database(url, pool_size=1)
    with made.engine.begin() as connection:
        for schema in SCHEMAS:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
        tables.create_all(connection)
    postgres_server.execute(*guards(tables), database="covalue")
    order = [table.fullname for table in tables.sorted_tables]
    which = " UNION ALL ".join(
        f"SELECT {place} WHERE EXISTS (SELECT FROM {name})"  # noqa: S608 # names of our own tables
        for place, name in enumerate(order)
    )
    counters = (
        "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename) "
        "FROM pg_sequences WHERE last_value IS NOT NULL"
    )

    def emptied() -> URL:
        with made.engine.begin() as connection:
            full = [order[each] for each in sorted(connection.scalars(text(which)), reverse=True)]
            audit = [name for name in full if name.startswith("audit.")]  # not to be emptied
            orders = [
                *(f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in audit),
                *(f"DELETE FROM {name}" for name in full),  # noqa: S608 # four times quicker than TRUNCATE
                *(f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in audit),
                *(f"ALTER SEQUENCE {name} RESTART" for name in connection.scalars(text(counters))),
            ]
            for each in orders:
                connection.execute(text(each))
        return url

    yield emptied
    made.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """Address of a database with all tables and no row: SQLite, then PostgreSQL."""
    if request.param == "postgresql":
        emptied: URL = request.getfixturevalue("_postgres_emptied")()
        return emptied
    path = tmp_path / "covalue.sqlite"
    shutil.copyfile(request.getfixturevalue("_sqlite_template"), path)
    return make_url(f"sqlite:///{path}")


@pytest.fixture
def database(database_url: URL) -> Iterator[Database]:
    """An empty database; it opens what a server of the test has sealed."""
    made = Database(database_url, sealing=AnswerSealing(Keys.derive(SECRET).sealing, on=False))
    yield made
    made.dispose()


@pytest.fixture
def settings(database_url: URL, tmp_path: Path) -> Settings:
    """Settings as a deployment would give them, on the test's own database and folder."""
    return Settings(
        database=database_url.render_as_string(hide_password=False),
        folder=tmp_path,
        keys=Keys.derive(SECRET),
        public_url="http://localhost",
        office_url="http://localhost",
        hosts=("localhost", "127.0.0.1"),
        secure_cookies=False,
        demonstration=False,
    )


@pytest.fixture
def house(database: Database, settings: Settings) -> House:
    """What every act needs, on the empty database."""
    return House(database, settings.keys, settings.folder, settings.public_url, settings.office_url)


@pytest.fixture(scope="session")
def catalogues() -> None:
    """The French of the interface, compiled where its file is newer."""
    for path in (Path(__file__).parents[1] / "app").rglob("LC_MESSAGES/messages.po"):
        made = path.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime >= path.stat().st_mtime:
            continue
        written = path.with_suffix(f".{os.getpid()}")  # other workers may do the same
        with path.open("rb") as source, written.open("wb") as target:
            write_mo(target, read_po(source))
        written.replace(made)


@pytest.fixture(scope="session", autouse=True)
def _compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Templates are compiled once in a run, not once for every application of a test."""
    kept = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": kept}


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """Argon2id at its least cost: a run makes thousands of accounts. What a deployment pays is
    looked at in ``protection/test_passwords.py``, and paid by the servers of the journeys."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords._NOBODY = passwords._hasher.hash("no account has this password")


@pytest.fixture(scope="session")
def _applications(catalogues: None) -> Callable[[Settings, Surface], Flask]:
    """Each surface made once (its routes cost a quarter of a second), as new for every test."""
    made: dict[str, tuple[Flask, dict[str, Any]]] = {}

    def as_new(settings: Settings, surface: Surface) -> Flask:
        if surface not in made:
            first = create_app(settings, surface)
            first.extensions["covalue"].database.dispose()
            made[surface] = first, dict(first.extensions)
        found, extensions = made[surface]
        found.extensions.clear()
        found.extensions.update(extensions)
        found.extensions["covalue"] = house_of(settings, surface)
        found.extensions["covalue.settings"] = settings
        return found

    return as_new


@pytest.fixture
def app(settings: Settings, _applications: Callable[[Settings, Surface], Flask]) -> Iterator[Flask]:
    """The application with both surfaces, on the same database as ``house``. CSRF is on."""
    made = _applications(settings, "both")
    house = made.extensions["covalue"]
    yield made
    house.database.dispose()


@pytest.fixture
def public(
    settings: Settings, _applications: Callable[[Settings, Surface], Flask]
) -> Iterator[Flask]:
    """The participants' surface on the same database as ``house``."""
    made = _applications(settings, "public")
    house = made.extensions["covalue"]
    yield made
    house.database.dispose()


@pytest.fixture(scope="session")
def evaluated(
    _sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Any:
    """A small evaluated programme (see ``evaluated.py``); copy it to change it.

    Made by the first worker that asks, and copied by each.
    """
    from evaluated import evaluate

    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    with (shared / "evaluated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = shared / "evaluated.pickle"
        if not made.exists():
            first = shared / "evaluated-first"
            shutil.rmtree(first, ignore_errors=True)  # of a worker that failed
            first.mkdir()
            made.write_bytes(pickle.dumps(evaluate(_sqlite_template, first, SECRET)))
    return pickle.loads(made.read_bytes()).copied(own / "evaluated")


@pytest.fixture
def seen(evaluated: Any) -> Any:
    """Its release as pages and files read it."""
    return evaluated.seen()


@pytest.fixture
def visitor(evaluated: Any, catalogues: None) -> Browser:
    """Its evaluator, signed in."""
    from evaluated import EVALUATOR

    found: Browser = evaluated.browser(EVALUATOR)
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A plain client."""
    return app.test_client()


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    """A client that follows links, sends forms as they stand and checks every page it gets."""
    return Browser(client)
