"""Statements are compiled once in a run, not once for every database of a test.

SQLAlchemy keeps what it compiled with each engine and dialect; here every test has an engine of
its own, of one of two kinds. Only speed hangs on this: a tenth of the time of what asks a database.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.engine.base import OptionEngine
from sqlalchemy.util import LRUCache


def _alike(one: Dialect, other: object) -> bool:
    return type(one) is type(other)


def _of_kind(one: Dialect) -> int:
    return hash(type(one))


def share() -> None:
    """From now on, engines of one kind share what was compiled for them."""
    for kind in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        for name, way in (("__eq__", _alike), ("__hash__", _of_kind)):
            setattr(kind, name, way)
    kept: LRUCache[Any, Any] = LRUCache(5000)
    shared = property(lambda _engine: kept, lambda _engine, _own: None)
    for engine in (Engine, OptionEngine):
        setattr(engine, "_compiled_cache", shared)  # noqa: B010 # for the tests alone
