"""Forms sent with fields that they have not: every column of every table, and words of rights.

A form is sent twice from one and the same state, once as it stands and once with all of these
beside its own. Answer and every cell of every table must be the same. Where they are not, it is
sent once more as it stands: what differs then too is chance (a secret), and must not hold what was
sent. Moments are not compared, but those that were sent lie in the past, where they are seen.

A test with the mark ``tries`` sends its own forms to the endpoints that the mark names so, each
before the test itself sends it: where the test is, the form is a good one.
"""

from __future__ import annotations

import filecmp
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit
from weakref import WeakSet

import orjson
import postgres
import psycopg
import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import JSON, Boolean, Date, Integer, Numeric, Table
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app.storage.database import Database, Moment, now
from app.storage.schema import TABLES
from app.workflows.acting import House

Rows = dict[str, list[tuple[Any, ...]]]
Fields = dict[str, Any]
# Names that no table has and somebody may try.
TRIED = ("is_admin", "is_staff", "is_active", "is_approved", "admin", "owner", "wave", "confirmed")
# What any request may change: when somebody was last here, and how often somebody was wrong.
TRACES = {"staff_session": {"seen_at"}, "participant_session": {"seen_at"}, "throttle": {"*"}}
# Fields that a form has at other times, or where a link brings them.
OWN = {
    "coordinators.build_add": {"code", "home", "after", "listed"},
    "coordinators.wave_close": {"reason"},
}
TEXTS = "textarea[name], input[name]:not([type]), input[name][type=text], input[name][type=search]"
MARK, PAST = "zqextra", "1999-09-09"
MOMENT = re.compile(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(\+00:00|Z)?")


class Store(Protocol):
    """A database that is kept as it stands, and put back; no act is under way meanwhile."""

    def keep(self) -> None:
        """What stands now is what comes back."""

    def put_back(self) -> None:
        """All rows as they were kept."""

    def is_as_kept(self) -> bool:
        """Whether nothing at all was written since; where that is costly to say, no."""

    def ask(self, wanted: Mapping[Table, str]) -> Iterator[list[tuple[Any, ...]]]:
        """Columns of each table, its rows in the order in which they were made."""

    def close(self) -> None:
        """Leave the database."""


@dataclass
class InFile:
    """SQLite's file."""

    path: Path

    def keep(self) -> None:
        """A copy beside the folder."""
        shutil.copyfile(self.path, self._kept)

    def put_back(self) -> None:
        """Its content again, in the file that there is."""
        shutil.copyfile(self._kept, self.path)

    def is_as_kept(self) -> bool:
        """Byte by byte."""
        return filecmp.cmp(self.path, self._kept, shallow=False)

    def close(self) -> None:
        """Each question has a connection of its own."""

    def ask(self, wanted: Mapping[Table, str]) -> Iterator[list[tuple[Any, ...]]]:
        """As they are stored."""
        with closing(sqlite3.connect(self.path)) as connection:
            for table, what in wanted.items():
                rows = connection.execute(f"SELECT {what} FROM {table.name} ORDER BY rowid")  # noqa: S608 # ours
                yield rows.fetchall()

    @property
    def _kept(self) -> Path:
        return self.path.parent.with_name(f"{self.path.parent.name}.sqlite")


class OnServer:
    """A database of PostgreSQL, whose tables and counters are kept here; what changed is put back.

    Asked as a superuser, whom no row is hidden from.
    """

    def __init__(self, server: postgres.Server, name: str) -> None:
        place = {"host": str(server.folder), "dbname": name, "user": "postgres"}
        self._connection = psycopg.connect(**place, autocommit=True)
        self._connection.execute("SET session_replication_role = replica")  # no trigger, no order
        self._kept: dict[str, bytes] = {}
        self._counters: Rows = {}

    def keep(self) -> None:
        """All tables."""
        self._kept = {table.fullname: self._copied(table) for table in TABLES.sorted_tables}
        self._counters = self._counted()

    def put_back(self) -> None:
        """Those that are others now, and the counters."""
        with self._connection.transaction():
            for table in TABLES.sorted_tables:
                kept = self._kept[table.fullname]
                if self._copied(table) != kept:
                    self._connection.execute(f"DELETE FROM {table.fullname}")  # type: ignore[arg-type] # noqa: S608 # names of our own tables
                    with self._connection.cursor().copy(
                        f"COPY {table.fullname} FROM STDIN"
                    ) as into:  # type: ignore[arg-type] # the same
                        into.write(kept)
            if self._counted() != self._counters:
                for name, last in self._counters[""]:
                    begun = (last, True) if last is not None else (1, False)
                    self._connection.execute("SELECT setval(%s, %s, %s)", (name, *begun))

    def is_as_kept(self) -> bool:
        """The rows are asked."""
        return False

    def ask(self, wanted: Mapping[Table, str]) -> Iterator[list[tuple[Any, ...]]]:
        """Plain values."""
        for table, what in wanted.items():
            counted = table.autoincrement_column  # a secret as the key says nothing of the order
            order = counted.name if counted is not None else "ctid"
            if counted is None and "made_at" in table.c:  # a row that is written again moves
                order = "made_at, ctid"
            rows = self._connection.execute(f"SELECT {what} FROM {table.fullname} ORDER BY {order}")  # type: ignore[arg-type] # noqa: S608 # names of our own tables
            yield [tuple(map(_plain, row)) for row in rows.fetchall()]

    def close(self) -> None:
        """Nothing is asked any more."""
        self._connection.close()

    def _copied(self, table: Table) -> bytes:
        with self._connection.cursor().copy(f"COPY {table.fullname} TO STDOUT") as out:  # type: ignore[arg-type] # as above
            return b"".join(map(bytes, out))

    def _counted(self) -> Rows:
        found = "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value "
        return {"": self._connection.execute(f"{found} FROM pg_sequences ORDER BY 1").fetchall()}


def _plain(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        return orjson.dumps(value).decode()
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def extra_fields(store: Store) -> dict[str, str]:
    """Every column of the tables there with a value that would be seen where it went in.

    A reference names the last row of its table, so that it would be taken.
    """
    found = dict.fromkeys(TRIED, "1")
    keys = {table: next(iter(table.primary_key)).name for table in TABLES.sorted_tables}
    last = {
        table: rows[-1][0] if rows else 7 for table, rows in zip(keys, store.ask(keys), strict=True)
    }
    for table in TABLES.sorted_tables:
        for column in table.columns:
            found.setdefault(column.name, _value(column, last))
    return found | {"role": "national_owner", "territory": "BDX", "audience": "professional"}


def _value(column: Any, last: Mapping[Table, Any]) -> str:
    for key in column.foreign_keys:
        return str(last[key.column.table])
    kinds = (
        (Moment, f"{PAST}T09:09"),
        (Date, PAST),
        (Boolean, "1"),
        (Integer, "7"),
        (Numeric, "0.77"),
        (JSON, f'{{"{MARK}": "{MARK}"}}'),
    )
    return next((value for kind, value in kinds if isinstance(column.type, kind)), MARK)


@dataclass
class Answered:
    """What came of a form: status, where it led, the rows afterwards, and the page."""

    status: int
    to: str
    rows: Rows
    html: str = ""


class Ground:
    """Database and files of a service, put back as they were before each sending."""

    def __init__(self, folder: Path, store: Store, databases: Callable[[], Sequence[Database]]):
        """``databases``: whose connections are closed before."""
        self._folder, self._store, self._databases = folder, store, databases
        self._kept = folder.with_name(f"{folder.name}-kept")
        self.keep()

    def keep(self) -> None:
        """What stands now is what each sending begins with."""
        self._close()
        shutil.rmtree(self._kept, ignore_errors=True)
        shutil.copytree(self._folder, self._kept)
        self.before = self._asked()
        self._store.keep()
        self.extra = extra_fields(self._store)

    def put_back(self) -> None:
        """All rows as they were, and the files that are gone."""
        self._close()
        self._store.put_back()
        for kept in self._kept.rglob("*"):
            there = self._folder / kept.relative_to(self._kept)
            if kept.is_file() and not there.exists():
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(kept, there)

    def _close(self) -> None:
        for database in self._databases():
            database.dispose()

    def rows(self) -> Rows:
        """Every row in the order in which they were made."""
        self._close()
        return self.before if self._store.is_as_kept() else self._asked()

    def _asked(self) -> Rows:
        named = {table: _columns(table.name) for table in TABLES.sorted_tables}
        wanted = {
            table: ", ".join(f'"{name}"' for name in names)
            for table, names in named.items()
            if names
        }
        asked = zip(wanted, self._store.ask(wanted), strict=True)
        return {table.name: rows for table, rows in asked}

    def acted(self, answered: Answered) -> bool:
        """Whether a row is another than before, but for the log."""
        return any(
            rows != self.before[name]
            for name, rows in answered.rows.items()
            if name not in ("audit_entry", "staff_session")
        )

    def sent(
        self, client: FlaskClient, to: str, fields: Fields, more: Mapping[str, Any]
    ) -> Answered:
        """Send a form; the client's cookies stay as they were."""
        self.put_back()
        jar = copy(client._cookies)
        answer = FlaskClient.open(client, to, method="POST", data=written(fields), **more)
        client._cookies = jar
        html = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        answer.close()
        return Answered(answer.status_code, answer.headers.get("Location", ""), self.rows(), html)

    def tried(
        self, client: FlaskClient, to: str, fields: Fields, own: set[str], **more: Any
    ) -> tuple[Answered, list[str]]:
        """The form as it stands, and what is otherwise with everything beside it.

        ``more``: how it is sent, its content type and headers.
        """
        first = self.sent(client, to, fields, more)
        beside = {name: value for name, value in self.extra.items() if name not in own}
        third = self.sent(client, to, beside | fields, more)
        found = list(_differences(first, first, third))
        if found:
            found = list(_differences(first, self.sent(client, to, fields, more), third))
        return first, found


def written(fields: Fields) -> Fields:
    """The fields as a client sends them: of a file, its content anew."""
    return {
        name: (BytesIO(value[0]), *value[1:]) if isinstance(value, tuple) else value
        for name, value in fields.items()
    }


@cache
def _columns(table: str) -> list[str]:
    hidden = TRACES.get(table, set())
    named = {each.name: each for each in TABLES.sorted_tables}[table].columns
    return [] if "*" in hidden else [each.name for each in named if each.name not in hidden]


def _timeless(value: Any) -> Any:
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    return MOMENT.sub("…", value) if isinstance(value, str) else value


def _differences(first: Answered, second: Answered, third: Answered) -> Iterator[str]:
    """What the third has otherwise than the first, where that is not chance."""
    if first.status != third.status:
        yield f"{third.status} for {first.status}"
    if first.to == second.to != third.to:
        yield f"leads to {third.to}, not {first.to}"
    for name, rows in first.rows.items():
        others = third.rows[name]
        if len(rows) != len(others):
            yield f"{name}: {len(others)} rows for {len(rows)}"
            continue
        again = second.rows[name] if len(second.rows[name]) == len(rows) else rows
        for one, two, three in zip(rows, again, others, strict=True):
            if one != three:
                yield from _cells(name, *(tuple(map(_timeless, row)) for row in (one, two, three)))


def _cells(name: str, *rows: tuple[Any, ...]) -> Iterator[str]:
    for column, one, two, three in zip(_columns(name), *rows, strict=True):
        sent = MARK in str(three) or PAST in str(three)
        if sent or (one == two and three != one) or (one is None) != (three is None):
            yield f"{name}.{column}: {str(three)[:60]!r} for {str(one)[:60]!r}"


class Trying(FlaskClient):
    """A client that tries forms before it sends them; a test makes a class of its own of it.

    ``ground``: of a house, made when it is first asked for; ``only``: endpoints whose forms are
    tried, empty: all; ``own``: names that an endpoint's forms have at other times; ``found``: what
    was otherwise; ``taken``: whose forms were good; ``acted``: whose forms changed a row.
    """

    ground: Callable[[House], Ground]
    only: frozenset[str] = frozenset()
    own: Mapping[str, set[str]]
    found: list[str]
    taken: set[str]
    acted: set[str]

    def open(self, *args: Any, **more: Any) -> TestResponse:
        """Try the form, then send it."""
        to = str(args[0])
        endpoint = endpoint_of(self.application, to)
        is_form = more.get("method") == "POST" and "json" not in more
        if not is_form or (self.only and endpoint not in self.only):
            return super().open(*args, **more)
        fields = _held(more.get("data") or {})
        how = {name: more[name] for name in ("content_type", "headers") if name in more}
        own = fields.keys() | self.own.get(endpoint, set())
        ground = self.ground(self.application.extensions["covalue"])
        ground.keep()
        answered, found = ground.tried(self, to, fields, own, **how)
        self.found.extend(f"{endpoint}: {each}" for each in found)
        if answered.status < 400:
            self.taken.add(endpoint)
        if ground.acted(answered):
            self.acted.add(endpoint)
        ground.put_back()
        return super().open(*args, **more | {"data": written(fields)})


def _held(fields: Mapping[str, Any]) -> Fields:
    """The fields with the content of a file in the place of its stream."""
    return {
        name: (value[0].read(), *value[1:]) if isinstance(value, tuple) else value
        for name, value in fields.items()
    }


@pytest.fixture
def grounds(request: pytest.FixtureRequest) -> Iterator[Callable[[House], Ground]]:
    """Gives the ground of a house."""
    with grounded(lambda: request.getfixturevalue("postgres_server")) as ground:
        yield ground


@contextmanager
def grounded(server: Callable[[], postgres.Server]) -> Iterator[Callable[[House], Ground]]:
    """Gives the ground of a house; every database that is opened from here on is known to it.

    ``server``: where houses on PostgreSQL stand.
    """
    opened: WeakSet[Database] = WeakSet()
    begin, made, stores = Database.__init__, dict[Path, Ground](), list[Store]()

    def begun(self: Database, *args: Any, **more: Any) -> None:
        begin(self, *args, **more)
        opened.add(self)

    def ground(house: House) -> Ground:
        if house.folder not in made:
            url = house.database.url
            store: Store = InFile(Path(str(url.database)))
            if url.get_backend_name() != "sqlite":
                store = OnServer(server(), str(url.database))
            stores.append(store)
            made[house.folder] = Ground(house.folder, store, lambda: [*opened])
        return made[house.folder]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Database, "__init__", begun)
        yield ground
    for store in stores:
        store.close()


@pytest.fixture(autouse=True)
def _tries(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test with the mark ``tries`` tries the forms of the endpoints that it names."""
    mark = request.node.get_closest_marker("tries")
    if mark is None:
        yield
        return

    class Here(Trying):
        ground = staticmethod(request.getfixturevalue("grounds"))
        only, own = frozenset(mark.args), OWN
        found, taken, acted = list[str](), set[str](), set[str]()

    monkeypatch.setattr(Flask, "test_client_class", Here)
    yield
    assert Here.found == []
    assert set(mark.args) == Here.taken, "each form was a good one"


@dataclass
class Form:
    """A form on a page with one of its buttons: where it goes, and what it sends."""

    endpoint: str
    to: str
    kind: str | None
    fields: Fields
    button: str
    texts: frozenset[str]  # names of the fields that take any words


@dataclass
class Seen:
    """The forms of the pages that were looked at, one of each kind, and the names they have."""

    app: Flask
    names: dict[str, set[str]]
    forms: dict[tuple[str, str], Form] = field(default_factory=dict)

    def look(self, html: str, address: str) -> list[str]:
        """Take up what is on a page; where its links lead."""
        soup = BeautifulSoup(html, "lxml")
        for form in soup.select("form[method=post]"):
            for button in [*_buttons(soup, form), None]:
                self._take(form, button, address)
        links = (urljoin(address, str(link["href"])) for link in soup.select("a[href]"))
        return [link.partition("#")[0] for link in links]

    def _take(self, form: Tag, button: Tag | None, address: str) -> None:
        aim = (button and button.get("formaction")) or form.get("action") or ""
        to = urljoin(address, str(aim))
        endpoint = endpoint_of(self.app, to)
        fields = filled(form)
        if button and button.get("name"):
            fields[str(button["name"])] = str(button.get("value", ""))
        self.names[endpoint] |= fields.keys() | {str(f["name"]) for f in form.select("[name]")}
        name = f"{button.get('name', '')} {button.get('value', '')}" if button else ""
        pressed = re.split(r"[-0-9]", name)[0]
        kind = str(form["enctype"]) if form.get("enctype") else None
        texts = frozenset(str(each["name"]) for each in form.select(TEXTS))
        found = Form(endpoint, to, kind, fields, pressed, texts)
        self.forms.setdefault((endpoint, pressed), found)


def _buttons(soup: BeautifulSoup, form: Tag) -> Sequence[Tag]:
    outside = soup.select(f'button[form="{form["id"]}"]') if form.get("id") else []
    return [*form.select("button:not([type=button]), input[type=submit]"), *outside]


def endpoint_of(app: Flask, address: str) -> str:
    """Whose address it is when something is sent there; nobody's: the address."""
    try:
        found: str = app.url_map.bind("localhost").match(urlsplit(address).path, method="POST")[0]
    except HTTPException:
        return address
    return found


def filled(form: Tag) -> Fields:
    """The fields of a form as they stand, and something in each that stands empty."""
    found: dict[str, list[str]] = {}
    for each in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(each["name"]), str(each.get("type", each.name))
        if each.has_attr("disabled") or kind in ("submit", "button", "file"):
            continue
        if kind in ("radio", "checkbox"):
            value = str(each.get("value", "on"))
            if kind == "radio" and each.has_attr("checked"):
                found[name] = [value]
            elif each.has_attr("checked") or name not in found:
                found.setdefault(name, []).append(value)
        elif each.name == "select":
            options = [*each.select("option[selected]"), *each.select("option")]
            values = [str(one.get("value", one.get_text())) for one in options]
            found[name] = [next(filter(None, values), "")]
        else:
            written = each.get_text().removeprefix("\n") or str(each.get("value", ""))
            found.setdefault(name, []).append(written or _something(each, kind))
    return dict(found)


def _something(each: Tag, kind: str) -> str:
    soon = now() + timedelta(days=2)
    by_kind = {
        "hidden": "",
        "number": str(each.get("min") or 1),
        "date": f"{soon:%Y-%m-%d}",
        "datetime-local": f"{soon:%Y-%m-%dT09:00}",
        "email": "somebody@example.org",
    }
    numeric = each.get("inputmode") in ("numeric", "decimal")
    return by_kind.get(kind, "1" if numeric else "Essai")
