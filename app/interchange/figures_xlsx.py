"""Figures as a workbook: cover, contents, notes, methods, one table a sheet, the tidy sheet last.

No formula, no merged cell, no colour that means something; texts are written as texts whatever
they begin with. The same summary gives the same bytes: the file carries the summary's own date.
"""

from __future__ import annotations

import io
from datetime import UTC
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from app.interchange.summary import CellValue, Sheet, Summary

A4 = 9  # by its number in the format
WIDEST = 48
_FORMATS = {"number": "0.0", "share": "0%", "count": "0", "text": "@"}


def write_xlsx(summary: Summary) -> bytes:
    """The workbook, opening on its cover."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        },
    )
    book.set_properties(
        {
            "title": summary.title,
            "author": "Covalue",
            "created": summary.dated.astimezone(UTC).replace(tzinfo=None, microsecond=0),
        }
    )
    _Pages(book, summary).write()
    book.close()
    return out.getvalue()


class _Pages:
    """The workbook being written, with its formats."""

    def __init__(self, book: Any, summary: Summary) -> None:
        self.book = book
        self.summary = summary
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        self.kinds = {
            kind: book.add_format({"num_format": form, "valign": "top"})
            for kind, form in _FORMATS.items()
        }

    def write(self) -> None:
        words = self.summary.words
        self._cover()
        names = [sheet.title for sheet in (*self.summary.sheets, self.summary.tidy)]
        self._lines(words.contents, tuple(names))
        self._lines(words.notes, self.summary.notes)
        self._lines(words.methods, self.summary.methods)
        for sheet in (*self.summary.sheets, self.summary.tidy):
            self._table(sheet)

    def _sheet(self, title: str) -> Worksheet:
        """A new sheet; the name of every one says when the figures are synthetic."""
        suffix = f" ({self.summary.words.synthetic})" if self.summary.synthetic else ""
        page = self.book.add_worksheet(title[: 31 - len(suffix)] + suffix)
        page.hide_gridlines(2)
        page.set_paper(A4)
        page.set_landscape()
        page.fit_to_pages(1, 0)  # printed, no column falls on a page of its own
        return page

    def _cover(self) -> None:
        page = self._sheet(self.summary.words.cover)
        page.activate()
        page.set_column(0, 0, 30)
        page.set_column(1, 1, 90)
        page.write_string(0, 0, self.summary.title, self.title)
        for row, (label, value) in enumerate(self.summary.cover, 2):
            page.write_string(row, 0, label, self.bold)
            page.write_string(row, 1, value, self.text)

    def _lines(self, title: str, lines: tuple[str, ...]) -> None:
        page = self._sheet(title)
        page.set_column(0, 0, 110)
        page.write_string(0, 0, title, self.title)
        for row, line in enumerate(lines, 2):
            page.write_string(row, 0, line, self.text)

    def _table(self, sheet: Sheet) -> None:
        page = self._sheet(sheet.title)
        page.write_string(0, 0, sheet.title, self.title)
        page.write_string(1, 0, sheet.note)
        top = 3
        for column, each in enumerate(sheet.columns):
            page.set_column(column, column, _width(sheet, column))
            for row, values in enumerate(sheet.rows, top + 1):
                self._cell(page, row, column, values[column], each.kind)
        page.add_table(
            top,
            0,
            top + max(len(sheet.rows), 1),
            len(sheet.columns) - 1,
            {
                "name": f"t_{sheet.code}",
                "style": "Table Style Light 1",
                "columns": [
                    {"header": each.title, "header_format": self.bold} for each in sheet.columns
                ],
            },
        )
        page.freeze_panes(top + 1, 1)
        page.repeat_rows(top)

    def _cell(self, page: Worksheet, row: int, column: int, value: CellValue, kind: str) -> None:
        if isinstance(value, str):
            page.write_string(row, column, value, self.text)
        elif value is not None:
            page.write_number(row, column, value, self.kinds[kind])


def _width(sheet: Sheet, column: int) -> int:
    longest = max((len(str(row[column] or "")) for row in sheet.rows), default=0)
    return min(max(longest, len(sheet.columns[column].title) // 2, 9), WIDEST) + 2
