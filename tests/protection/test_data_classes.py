"""Every table has one class, and what seals stands only where a class says so."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import LargeBinary

from app.storage.privileges import COLUMNS, PRIVILEGES
from app.storage.schema import TABLES

PAGE = (Path(__file__).parents[2] / "docs" / "data-classes.md").read_text("utf-8")
CLASSES = {
    name: re.findall(r"`([a-z_]+)`", tables)
    for name, tables in re.findall(r"^\| ([a-z]+) \| (`[^|]+) \|", PAGE, re.M)
}


HEADS = ("audit_head", "s")  # which anybody may read: a day, a count, a hash, a signature


def test_every_table_has_one_class() -> None:
    named = [table for tables in CLASSES.values() for table in tables]
    assert sorted(named) == sorted(table.name for table in TABLES.sorted_tables)


def test_participants_pages_reach_nothing_of_staff_and_no_sealed_column_of_identities() -> None:
    for table in (*CLASSES["staff"], *CLASSES["record"]):
        public = PRIVILEGES[table][0]
        assert public in ("", "a") or table == "throttle" or (table, public) == HEADS, table
    for table in CLASSES["identity"]:
        if "s" not in PRIVILEGES[table][0]:
            continue
        columns = TABLES.tables[
            next(t.key for t in TABLES.sorted_tables if t.name == table)
        ].columns
        sealed = {column.name for column in columns if column.name.startswith("sealed")}
        readable = COLUMNS.get(("public", table, "s"))
        assert not sealed or (readable is not None and not sealed & readable), table


def test_what_is_sealed_belongs_to_people() -> None:
    people = {*CLASSES["identity"], *CLASSES["answers"], *CLASSES["staff"]}
    for table in TABLES.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary) and column.name.startswith("sealed"):
                assert table.name in people, f"{table.name}.{column.name}"
