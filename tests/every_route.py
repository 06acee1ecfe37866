"""Every route of an application with every method that it takes, and a digest of the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app.storage.database import Database
from app.storage.schema import TABLES

# What an address is filled with where nothing better is known.
ANYTHING: Mapping[str, Any] = {
    "filename": "covalue.css",
    "language": "fr",
    "form": "csv",
    "purpose": "in",
    "what": "describe",
}


@dataclass(frozen=True)
class Call:
    """One route with one method, at one address."""

    endpoint: str
    method: str
    address: str


def calls(app: Flask, values: Mapping[str, Any] | None = None) -> Iterator[Call]:
    """Every route and method; ``values`` fill the addresses by name of the variable, or by
    endpoint and name ("coordinators.agree draft_id") where a page has its own."""
    urls = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda found: (found.rule, found.endpoint)):
        filled = {name: filling(rule, name, values or {}) for name in rule.arguments}
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Call(rule.endpoint, method, urls.build(rule.endpoint, filled, method=method))


def filling(rule: Rule, name: str, values: Mapping[str, Any]) -> Any:
    """What stands in the place of a variable of the address."""
    is_number = type(rule._converters[name]).__name__ == "IntegerConverter"
    anything = ANYTHING.get(name, 1 if is_number else "x")
    return values.get(f"{rule.endpoint} {name}", values.get(name, anything))


def digest(database: Database, without: Mapping[str, set[str]] | None = None) -> dict[str, str]:
    """A hash of each table. ``without``: columns left out, by table; ``{"*"}``: the whole table."""
    found = {}
    left_out = without or {}
    with database.read() as session:
        for table in TABLES.sorted_tables:
            hidden = left_out.get(table.name, set())
            if "*" in hidden:
                continue
            columns = [column for column in table.columns if column.name not in hidden]
            rows = sorted(map(repr, session.execute(select(*columns)).all()))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found
