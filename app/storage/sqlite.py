"""What SQLite needs to be told: pragmas, how transactions begin, one schema, whose connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import DDLCompiler

from app.storage.limits import BUSY
from app.storage.privileges import Surface, allowed, authorizer


@compiles(ForeignKeyConstraint, "sqlite")
def reference_across_schemas(
    constraint: ForeignKeyConstraint, compiler: DDLCompiler, **options: Any
) -> str | None:
    """SQLite's own rule leaves out references between schemas; here they end up in one."""
    return DDLCompiler.visit_foreign_key_constraint(compiler, constraint, **options)


def prepare(connection: Any, _record: Any) -> None:
    """Set up a new connection."""
    connection.isolation_level = None  # transactions begin where we say so
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={int(1000 * BUSY)}",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def narrowed(surface: Surface) -> Callable[[Any, Any], None]:
    """What makes a new connection one of this surface only."""

    def narrow(connection: Any, _record: Any) -> None:
        connection.set_authorizer(authorizer(surface, _referring(connection, surface)))

    return narrow


def _referring(connection: Any, surface: Surface) -> frozenset[tuple[str, str]]:
    """The columns of the database that refer to a table to which this surface may add."""
    rows = connection.execute(
        "SELECT one.name, key.'table', key.'from' FROM sqlite_schema AS one, "
        "pragma_foreign_key_list(one.name) AS key WHERE one.type = 'table'"
    ).fetchall()
    return frozenset(
        (table, column)
        for table, parent, column in rows
        if set("ia") & set(allowed(surface, parent))
    )


def begin(connection: Connection) -> None:
    """Writers wait for the lock at once: a read that turns into a write would fail."""
    writes = connection.get_execution_options().get("covalue_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
