"""A summary of results ready to be written: cover, notes, methods, tables; any format takes it.

It holds what is given out and nothing else: numbers are rounded, withheld figures are absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

CellValue = str | float | int | None
ColumnKind = Literal["text", "number", "share", "count"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a stable name for machines, words for people, and what it holds."""

    name: str
    title: str
    kind: ColumnKind = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its title and a note that says how to read it."""

    code: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[CellValue, ...], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The headings of a file, in its language."""

    contents: str
    notes: str
    methods: str
    synthetic: str
    cover: str


@dataclass(frozen=True)
class Summary:
    """Everything that one file holds. ``dated``: the moment that the file carries as its own."""

    name: str  # file name without ending
    title: str
    language: str
    synthetic: bool
    dated: datetime
    words: Words
    cover: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    methods: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    tidy: Sheet
    metadata: Mapping[str, Any] = field(default_factory=dict)
