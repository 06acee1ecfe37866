"""Figures as tidy CSV: one figure a line, in UTF-8; or as a French Excel opens it by itself."""

from __future__ import annotations

import csv
import io

from app.interchange.summary import CellValue, Sheet

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take these for a formula


def write_csv(sheet: Sheet, *, french_excel: bool = False) -> bytes:
    """The sheet with stable column names. ``french_excel``: BOM, semicolons, decimal commas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if french_excel else ",", lineterminator="\r\n")
    writer.writerow([column.name for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow([_cell(value, french_excel=french_excel) for value in row])
    return out.getvalue().encode("utf-8-sig" if french_excel else "utf-8")


def _cell(value: CellValue, *, french_excel: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    text = repr(value)
    return text.replace(".", ",") if french_excel else text


def harmless(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would run as a formula (OWASP)."""
    return f"'{text}" if text.startswith(DANGEROUS) else text
