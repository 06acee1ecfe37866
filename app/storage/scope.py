"""The one place that narrows a query to territories: every list of staff goes through it."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

S = TypeVar("S", bound=Select[*tuple[Any, ...]])


def within_scope(
    statement: S, column: InstrumentedAttribute[str], territories: frozenset[str]
) -> S:
    """The statement, kept to rows whose ``column`` is one of these codes; none keeps nothing."""
    return statement.where(column.in_(sorted(territories)))
