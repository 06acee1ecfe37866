"""Rows of a sheet as openpyxl reads them, where a cell without a value to read is not empty.

Office programs store beside a formula what it came to. A program that does not calculate stores
nothing there, and only who opens the workbook sees a value; openpyxl takes such a cell for an empty
one. It is told apart here, and so is a cell that holds an error, such as #N/A.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from typing import Any

from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

NO_VALUE = "\x00"  # in place of a value; no XML can hold it


class _Parser(WorkSheetParser):  # type: ignore[misc] # openpyxl has no types
    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["data_type"] == "e" or _not_calculated(element):
            cell["value"] = NO_VALUE
        return cell


def _not_calculated(element: Any) -> bool:
    """Whether a formula stands alone; where it came to an empty text, that is its value."""
    if element.find(FORMULA_TAG) is None or element.get("t") == "inlineStr":
        return False
    value = element.find(VALUE_TAG)
    return value is None or (not value.text and element.get("t") != "str")


def rows_of(sheet: Any, most_columns: int) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet that is open for reading alone, those between that are missing too.

    What the file says of its own size is not believed. Raises what openpyxl does.
    """
    book, written = sheet.parent, 0
    with sheet._get_source() as source:
        parser = _Parser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.parse():
            if number <= written:  # a row that is there already
                continue
            yield from repeat((), number - written - 1)
            written = number
            row: list[Any] = []
            for cell in cells:
                place = cell["column"] - 1
                if place < most_columns:
                    row += [None] * (place + 1 - len(row))
                    row[place] = cell["value"]
            yield tuple(row)
