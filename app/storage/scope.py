"""The one place that narrows a query to territories: every list of staff goes through it."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute

S = TypeVar("S", bound=Select[*tuple[Any, ...]])


def within_scope(
    statement: S, column: InstrumentedAttribute[str], territories: frozenset[str]
) -> S:
    """The statement, kept to rows whose ``column`` is one of these codes; none keeps nothing."""
    return statement.where(in_scope(column, territories))


def in_scope(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    territories: frozenset[str],
) -> ColumnElement[bool]:
    """The condition itself. A test that wants row-level security alone puts another in its place;
    nothing else can: no setting leads here."""
    return column.in_(sorted(territories))
