"""Statements that go straight to the driver: written in Core, compiled once, then only filled in.

What a page in great demand asks of the database is always the same few statements. SQLAlchemy takes
0.1 to 0.3 ms to execute one, the driver 0.01 to 0.05, and a page needs little else. In a session of
SQLAlchemy's they may be executed as well, where they are part of a longer act.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter

from app.storage.row_security import TELL_SECRET

Convert = Callable[[Any], Any]
_GIVEN = object()  # stands where a value has no constant


@dataclass(frozen=True, slots=True)
class Driver:
    """A connection of the driver, for as long as it is borrowed from the pool."""

    connection: Any
    engine: Engine
    secret: str | None = None  # told with every statement: whose rows are seen

    def execute(self, sql: str, values: Any) -> Any:
        """Execute one statement; its cursor."""
        if self.secret is None:
            return self.connection.execute(sql, values)
        with self.connection.pipeline():
            self.connection.execute(TELL_SECRET, (self.secret,))
            return self.connection.execute(sql, values)


class Prepared:
    """A Core statement with a ``bindparam`` for every value."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement: Any = statement
        self._written: dict[str, Written] = {}
        self._columns: dict[str, tuple[tuple[int, Convert], ...]] = {}

    def row(self, at: Driver | Session, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """The first row found, or None."""
        if isinstance(at, Session):
            row: Sequence[Any] | None = at.execute(self._statement, values).first()
            return row
        cursor = self._execute(at, values)
        found = cursor.fetchone()
        return None if found is None else self._converted(at.engine, cursor, found)

    def rows(self, at: Driver | Session, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        """Every row found."""
        if isinstance(at, Session):
            return list(at.execute(self._statement, values))
        cursor = self._execute(at, values)
        return [self._converted(at.engine, cursor, found) for found in cursor.fetchall()]

    def run(self, at: Driver | Session, values: Mapping[str, Any]) -> int:
        """Execute, and say how many rows were written."""
        if isinstance(at, Session):
            done: Any = at.execute(self._statement, values)
            return int(done.rowcount)
        return int(self._execute(at, values).rowcount)

    def _execute(self, at: Driver, values: Mapping[str, Any]) -> Any:
        written = self._written.get(at.engine.name)
        if written is None:
            written = self._written[at.engine.name] = _compiled(self._statement, at.engine)
        return at.execute(written.sql, written.filled(values))

    def _converted(self, engine: Engine, cursor: Any, found: Sequence[Any]) -> list[Any]:
        converts = self._columns.get(engine.name)
        if converts is None:
            converts = self._converts(engine, cursor)
        row = list(found)
        for place, convert in converts:
            if row[place] is not None:
                row[place] = convert(row[place])
        return row

    def _converts(self, engine: Engine, cursor: Any) -> tuple[tuple[int, Convert], ...]:
        """What makes the driver's values those of the columns, where they are not: place and
        conversion. The first result says from what; nothing stays nothing."""
        processors = (
            column.type.dialect_impl(engine.dialect).result_processor(engine.dialect, described[1])
            for column, described in zip(
                self._statement.exported_columns, cursor.description, strict=True
            )
        )
        found = self._columns[engine.name] = tuple(
            (place, convert) for place, convert in enumerate(processors) if convert is not None
        )
        return found


@dataclass(frozen=True, slots=True)
class Written:
    """SQL as one kind of database takes it, with each value's name, constant and conversion."""

    sql: str
    takes: tuple[tuple[str, Any, Convert], ...]
    by_place: bool  # values go in by place, else by name

    def filled(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them. Raises KeyError for a value that is missing."""
        filled = [
            (name, convert(values[name] if constant is _GIVEN else constant))
            for name, constant, convert in self.takes
        ]
        return [value for _name, value in filled] if self.by_place else dict(filled)


def _compiled(statement: ClauseElement, engine: Engine) -> Written:
    compiled = statement.compile(dialect=engine.dialect)
    assert isinstance(compiled, SQLCompiler)
    sql = str(compiled)
    for schema in engine.get_execution_options().get("schema_translate_map", ()):
        sql = re.sub(rf"\b{schema}\.(\w+)", r"\1", sql)  # a database without schemas
    binds = {name: bind for bind, name in compiled.bind_names.items()}
    takes = tuple(
        (name, _GIVEN if binds[name].required else binds[name].value, _into(binds[name], engine))
        for name in compiled.positiontup or binds
    )
    return Written(sql, takes, compiled.positional)


def _into(bind: BindParameter[Any], engine: Engine) -> Convert:
    convert = bind.type.dialect_impl(engine.dialect).bind_processor(engine.dialect)
    return convert or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
