"""Days of the calendar where the programme runs, counted by the database.

The database keeps moments in UTC. It counts by the hour, which every zone that we know begins at a
whole one of; the day of each hour is told here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.storage.waves import ZONE

Key = TypeVar("Key", bound=tuple[Any, ...])


class utc_hour(FunctionElement[str]):  # noqa: N801 - it stands in statements like a function
    """The hour of a moment as ``2026-03-29T01``, in UTC."""

    type = String()
    inherit_cache = True
    name = "utc_hour"


@compiles(utc_hour, "sqlite")
def _on_sqlite(element: utc_hour, compiler: SQLCompiler, **options: Any) -> str:
    return f"strftime('%Y-%m-%dT%H', {compiler.process(element.clauses, **options)})"


@compiles(utc_hour, "postgresql")
def _on_postgresql(element: utc_hour, compiler: SQLCompiler, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24')"


def day_of(hour: str) -> date:
    """The day, in Paris, of an hour as the database gives it."""
    return local_day(datetime.fromisoformat(f"{hour}:00").replace(tzinfo=UTC))


def local_day(moment: datetime) -> date:
    """The day, in Paris, of a moment."""
    return moment.astimezone(ZONE).date()


def by_day(rows: Iterable[tuple[Key, str, int]]) -> dict[tuple[Key, date], int]:
    """Counts of hours added up to days, by key and day, in the order in which they came."""
    found: dict[tuple[Key, date], int] = {}
    for key, hour, number in rows:
        place = (key, day_of(hour))
        found[place] = found.get(place, 0) + number
    return found
