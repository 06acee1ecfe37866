"""Forms sent with fields that they have not: every column of every table, and words of rights.

A form is sent twice from one and the same state, once as it stands and once with all of these
beside its own. Answer and every cell of every table must be the same. Where they are not, it is
sent once more as it stands: what differs then too is chance (a secret), and must not hold what was
sent. Moments are not compared, but those that were sent lie in the past, where they are seen.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import JSON, Boolean, Date, Integer, Numeric
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app.storage.database import Database, Moment, now
from app.storage.schema import TABLES

Rows = dict[str, list[tuple[Any, ...]]]
Fields = dict[str, Any]
# Names that no table has and somebody may try.
TRIED = ("is_admin", "is_staff", "is_active", "is_approved", "admin", "owner", "wave", "confirmed")
# What any request may change: when somebody was last here, and how often somebody was wrong.
TRACES = {"staff_session": {"seen_at"}, "participant_session": {"seen_at"}, "throttle": {"*"}}
MARK, PAST = "zqextra", "1999-09-09"
MOMENT = re.compile(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(\+00:00|Z)?")


def extra_fields(path: Path) -> dict[str, str]:
    """Every column of the tables in this file with a value that would be seen where it went in.

    A reference names the last row of its table, so that it would be taken.
    """
    found = dict.fromkeys(TRIED, "1")
    with closing(sqlite3.connect(path)) as connection:
        for table in TABLES.sorted_tables:
            for column in table.columns:
                found.setdefault(column.name, _value(connection, column))
    return found | {"role": "national_owner", "territory": "BDX", "audience": "professional"}


def _value(connection: sqlite3.Connection, column: Any) -> str:
    for key in column.foreign_keys:
        last = f"SELECT max({key.column.name}) FROM {key.column.table.name}"  # noqa: S608 # ours
        return str(connection.execute(last).fetchone()[0] or 7)
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
    """The files of a service, put back as they were before each sending."""

    def __init__(self, folder: Path, *databases: Database) -> None:
        self.path = folder / "covalue.sqlite"
        self._folder, self._databases = folder, databases
        self._kept = folder.with_name(f"{folder.name}-kept")
        self.keep()

    def keep(self) -> None:
        """What stands now is what each sending begins with."""
        self._close()
        shutil.rmtree(self._kept, ignore_errors=True)
        shutil.copytree(self._folder, self._kept)
        self.before = self.rows()
        self.extra = extra_fields(self.path)

    def put_back(self) -> None:
        """All rows as they were, and the files that are gone."""
        self._close()
        shutil.copyfile(self._kept / self.path.name, self.path)
        for kept in self._kept.rglob("*"):
            there = self._folder / kept.relative_to(self._kept)
            if kept.is_file() and not there.exists():
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(kept, there)

    def _close(self) -> None:
        for database in self._databases:
            database.dispose()

    def rows(self) -> Rows:
        """Every row in the order in which they were made."""
        self._close()
        found: Rows = {}
        with closing(sqlite3.connect(self.path)) as connection:
            for table in TABLES.sorted_tables:
                names = ", ".join(f'"{name}"' for name in _columns(table.name))
                if names:
                    rows = connection.execute(f"SELECT {names} FROM {table.name} ORDER BY rowid")  # noqa: S608 # ours
                    found[table.name] = rows.fetchall()
        return found

    def acted(self, answered: Answered) -> bool:
        """Whether a row is another than before, but for the log."""
        return any(
            rows != self.before[name]
            for name, rows in answered.rows.items()
            if name not in ("audit_entry", "staff_session")
        )

    def sent(self, client: FlaskClient, to: str, fields: Fields, kind: str | None) -> Answered:
        """Send a form; the client's cookies stay as they were."""
        self.put_back()
        jar = copy(client._cookies)
        answer = FlaskClient.open(
            client, to, method="POST", data=written(fields), content_type=kind
        )
        client._cookies = jar
        html = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        answer.close()
        return Answered(answer.status_code, answer.headers.get("Location", ""), self.rows(), html)

    def tried(
        self, client: FlaskClient, to: str, fields: Fields, own: set[str], kind: str | None = None
    ) -> tuple[Answered, list[str]]:
        """The form as it stands, and what is otherwise with everything beside it."""
        first = self.sent(client, to, fields, kind)
        beside = {name: value for name, value in self.extra.items() if name not in own}
        third = self.sent(client, to, beside | fields, kind)
        found = list(_differences(first, first, third))
        if found:
            found = list(_differences(first, self.sent(client, to, fields, kind), third))
        return first, found


def written(fields: Fields) -> Fields:
    """The fields as a client sends them: of a file, its content anew."""
    return {
        name: (value[0](), value[1]) if isinstance(value, tuple) else value
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
    """A client that tries every form before it sends it; a test makes a class of its own of it.

    ``own``: names that an endpoint's forms have at other times; ``found``: what was otherwise;
    ``acted``: whose forms changed a row.
    """

    ground: Ground
    own: Mapping[str, set[str]]
    found: list[str]
    acted: set[str]

    def post(self, *args: Any, **more: Any) -> TestResponse:
        """Try the form, then send it."""
        to, fields = str(args[0]), dict(more.get("data") or {})
        endpoint = endpoint_of(self.application, to)
        own = fields.keys() | self.own.get(endpoint, set())
        self.ground.keep()
        answered, found = self.ground.tried(self, to, fields, own, more.get("content_type"))
        self.found.extend(f"{endpoint}: {each}" for each in found)
        if self.ground.acted(answered):
            self.acted.add(endpoint)
        self.ground.put_back()
        return super().post(*args, **more)


@dataclass
class Form:
    """A form on a page with one of its buttons: where it goes, and what it sends."""

    endpoint: str
    to: str
    kind: str | None
    fields: Fields
    button: str


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
        self.forms.setdefault((endpoint, pressed), Form(endpoint, to, kind, fields, pressed))


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
