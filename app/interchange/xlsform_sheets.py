"""Workbooks to rows of text: bounded, without macros, entities or formulas that have no value.

XLSX is read with openpyxl and defusedxml; the older XLS with xlrd, where the extra ``exchange``
brought it. pyxform would read both, but says neither sheet nor row of what it leaves out.
"""

from __future__ import annotations

import importlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from app.interchange.foreign_text import printable
from app.interchange.import_report import ForeignFault
from app.interchange.packages import BadPackage, measure
from app.interchange.workbook_cells import NO_VALUE, rows_of

MAX_ROWS = 12_000
MAX_COLUMNS = 300
MAX_UNPACKED = 60_000_000
MAX_CELL = 32_000
SHEETS = frozenset({"survey", "choices", "settings", "external_choices"})  # those that are read
EMPTY_ROWS = 2_000  # after so many nothing more is expected
_XLS = b"\xd0\xcf\x11\xe0"
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a sheet: its number as the program shows it, its cells by heading."""

    sheet: str
    number: int
    cells: dict[str, str]

    @property
    def place(self) -> str:
        """Where it stands, for a report."""
        return f"{self.sheet}:{self.number}"

    def get(self, *headings: str) -> str:
        """The first of these cells that says something."""
        for heading in headings:
            if self.cells.get(heading):
                return self.cells[heading]
        return ""


@dataclass
class Sheet:
    """One sheet: its headings in order, and its rows that are not empty."""

    name: str
    headings: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)  # headings that stand there again
    rows: list[Row] = field(default_factory=list)


def read_sheets(content: bytes) -> dict[str, Sheet]:
    """The sheets of a workbook by their name in lower case. Raises ``ForeignFault``."""
    if content.startswith(_XLS):
        return _read_xls(content)
    _check_package(content)
    openpyxl = importlib.import_module("openpyxl")
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return {
            _plain(sheet.title): _sheet(_plain(sheet.title), rows_of(sheet, MAX_COLUMNS))
            for sheet in book.worksheets
        }
    except (MemoryError, ForeignFault):
        raise
    except Exception as error:  # a broken part of the package: openpyxl lets many kinds through
        raise ForeignFault("-", "unreadable", format="XLSX") from error


def _check_package(content: bytes) -> None:
    try:
        measure(io.BytesIO(content), MAX_UNPACKED)
    except BadPackage as error:
        fills = {"format": "XLSX"} if error.reason == "unreadable" else {}
        raise ForeignFault("-", error.reason, **fills) from error


def _read_xls(content: bytes) -> dict[str, Sheet]:
    try:
        xlrd = importlib.import_module("xlrd")
    except ImportError as error:
        raise ForeignFault("-", "unreadable", format="XLSX") from error
    try:
        book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO(), on_demand=True)
        return {
            _plain(name): _sheet(_plain(name), _xls_rows(book.sheet_by_name(name), xlrd))
            for name in book.sheet_names()
        }
    except (MemoryError, ForeignFault):
        raise
    except Exception as error:  # xlrd lets many kinds through
        raise ForeignFault("-", "unreadable", format="XLS") from error


def _xls_rows(sheet: Any, xlrd: Any) -> Iterator[Iterable[Any]]:
    for number in range(sheet.nrows):
        yield [_xls_value(cell, xlrd) for cell in sheet.row(number)[:MAX_COLUMNS]]


def _xls_value(cell: Any, xlrd: Any) -> Any:
    """A cell of the older form, in which each formula has its result; an error has a number."""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return NO_VALUE
    return bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value


def _sheet(name: str, lines: Iterator[Iterable[Any]]) -> Sheet:
    found = Sheet(name)
    empty = 0
    for number, values in enumerate(lines, 1):
        texts = [_text(value) for value in values]
        if name in SHEETS and NO_VALUE in _under(found.headings, values):
            raise ForeignFault(f"{name}:{number}", "no_value")
        if not any(texts):
            empty += 1
            if empty > EMPTY_ROWS:
                break
            continue
        empty = 0
        if not found.headings:
            found.headings = [heading(text) for text in texts]
            counted = Counter(filter(None, found.headings))
            found.doubled = [head for head, number in counted.items() if number > 1]
            continue
        if len(found.rows) >= MAX_ROWS:
            raise ForeignFault(f"{name}:{number}", "too_many", most=MAX_ROWS, what="rows")
        pairs = zip(found.headings, texts, strict=False)
        found.rows.append(Row(name, number, _cells(pairs)))
    return found


def _under(headings: list[str], values: Iterable[Any]) -> list[Any]:
    """The values that a heading stands above; without headings: all."""
    if not headings:
        return list(values)
    return [value for head, value in zip(headings, values, strict=False) if head]


def _cells(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for head, text in pairs:
        if head and text:
            cells.setdefault(head, text)
    return cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat().removesuffix("T00:00:00")
    text = printable(str(value)).strip()
    if len(text) > MAX_CELL:
        raise ForeignFault("-", "too_costly")
    return text


def _plain(name: str) -> str:
    return _SPACE.sub("_", name.strip().casefold())[:60]


def heading(text: str) -> str:
    """A heading in one spelling: ``Label : French (fr)`` as ``label::French (fr)``."""
    parts = [part.strip() for part in re.split(r":{1,2}", text) if part.strip()]
    if not parts:
        return ""
    first = _SPACE.sub("_", parts[0].casefold())
    if first == "bind" and len(parts) > 1:
        first, parts = _SPACE.sub("_", parts[1].casefold()), parts[1:]
        first = first.removeprefix("jr:")
    if first in ("media", "image", "audio", "video") and len(parts) > 1:
        parts = [
            first,
            *(p.casefold() if first == "media" and i == 0 else p for i, p in enumerate(parts[1:])),
        ]
    first = _ALIASES.get(first, first)
    return "::".join([first, *parts[1:]])


_ALIASES = {
    "relevance": "relevant",
    "caption": "label",
    "calculate": "calculation",
    "constraining_message": "constraint_message",
    "jr_constraint_message": "constraint_message",
    "constraintmsg": "constraint_message",
    "requiredmsg": "required_message",
    "read_only": "readonly",
    "list": "list_name",
    "repeat": "repeat_count",
    "count": "repeat_count",
    "choicefilter": "choice_filter",
    "param": "parameters",
}
