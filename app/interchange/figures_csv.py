"""Figures as tidy CSV: one figure a line, in UTF-8; or as a French Excel opens it by itself."""

from __future__ import annotations

import csv
import io
import unicodedata

from app.interchange.summary import CellValue, Sheet

# What a spreadsheet would take for a formula, as a file from anywhere in the world may write it.
DANGEROUS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
_ABLE = frozenset("\t\r\n")


def write_csv(sheet: Sheet, *, french_excel: bool = False) -> bytes:
    """The sheet with stable column names. ``french_excel``: BOM, semicolons, decimal commas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if french_excel else ",", lineterminator="\r\n")
    writer.writerow([harmless(column.name) for column in sheet.columns])
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
    """The text, with an apostrophe before what a spreadsheet would run as a formula (OWASP).

    Looked at is the first sign that is not a space, a quotation mark or invisible; a control
    character at the start is enough.
    """
    if not text:
        return text
    if text[0] in _ABLE:
        return f"'{text}"
    first = next((sign for sign in text if not _passed_over(sign)), "")
    return f"'{text}" if first in DANGEROUS else text


def as_given(text: str) -> str:
    """The text without the apostrophe that ``harmless`` put before it."""
    bare = text.removeprefix("'")
    return bare if harmless(bare) == text else text


def _passed_over(sign: str) -> bool:
    return sign in "\"'" or sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf")
