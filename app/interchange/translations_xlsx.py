"""Translations as a workbook for a translator, and back; every row of it accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import xlsxwriter

from app.domain.errors import BadInput, Fault
from app.domain.text import Text
from app.domain.translating import Wording
from app.interchange.csv_reading import place
from app.interchange.packages import BadPackage
from app.interchange.workbook_cells import NO_VALUE
from app.interchange.workbooks import first_sheet, no_value, sheet_names

MOST_BYTES, MOST_UNPACKED, MOST_ROWS, MOST_FAULTS = 5_000_000, 60_000_000, 20_000, 100
Outcome = Literal["taken", "same", "empty", "unknown", "source_changed", "twice"]


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of one row of the workbook."""

    row: int
    name: str
    outcome: Outcome


def written(rows: Sequence[Wording], source: str, target: str) -> bytes:
    """The workbook: name, source, translation, state; text only, no formula."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("translations")
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.set_column(0, 0, 30, wrap)
        sheet.set_column(1, 2, 60, wrap)
        sheet.freeze_panes(1, 0)
        for column, words in enumerate(("name", source, target, "state")):
            sheet.write_string(0, column, words)
        for line, row in enumerate(rows, 1):
            for column, words in enumerate((row.name, row.source, row.target, row.state)):
                sheet.write_string(line, column, words)
    return file.getvalue()


def read(
    content: bytes, rows: Sequence[Wording], source: str, target: str
) -> tuple[dict[str, str], list[RowReport]]:
    """The translations to be taken, by name, and what became of every row. Raises BadInput."""
    lines = _lines(content)
    if not lines or lines[0][:3] != ["name", source, target]:
        raise BadInput([Fault("file", *_HEADER)])
    faults = [
        no_value(place(number, lines[0][at]))
        for number, line in enumerate(lines, 1)
        for at, cell in enumerate(line[:3])
        if cell == NO_VALUE
    ]
    if faults:
        raise BadInput(faults[:MOST_FAULTS])
    known = {row.name: row for row in rows}
    said: dict[str, str] = {}
    report = []
    for number, line in enumerate(lines[1:], 2):
        name, its_source, words = (*line, "", "", "")[:3]
        if not any(line):
            continue
        outcome = _outcome(known.get(name), its_source, words, name in said)
        if outcome == "taken":
            said[name] = words
        report.append(RowReport(number, name[:80], outcome))
    return said, report


def _outcome(known: Wording | None, source: str, words: str, again: bool) -> Outcome:
    if known is None:
        return "unknown"
    if again:
        return "twice"
    if source.strip() != known.source.strip():
        return "source_changed"
    if not words:
        return "empty"
    return "same" if words == known.target else "taken"


def other_sheets(content: bytes) -> tuple[str, ...]:
    """The sheets beside the first that hold something: they are not read. Raises BadInput."""
    try:
        return sheet_names(BytesIO(content), unpacked=MOST_UNPACKED)[1:]
    except BadPackage:
        raise BadInput([Fault("file", *_UNREADABLE)]) from None


def _lines(content: bytes) -> list[list[str]]:
    try:
        if len(content) > MOST_BYTES:
            raise BadPackage("too_costly")
        rows = first_sheet(BytesIO(content), rows=MOST_ROWS, columns=4, unpacked=MOST_UNPACKED)
        return [list(row) for row in rows]
    except BadPackage:
        raise BadInput([Fault("file", *_UNREADABLE)]) from None


_HEADER = (
    Text.of(
        fr="La première ligne n’est pas celle du classeur remis.",
        en="The first row is not that of the workbook handed out.",
    ),
    Text.of(
        fr="Gardez les colonnes telles quelles, et remplissez la troisième.",
        en="Keep the columns as they are, and fill in the third.",
    ),
)
_UNREADABLE = (
    Text.of(fr="Ce classeur ne se lit pas.", en="This workbook cannot be read."),
    Text.of(
        fr="Envoyez un fichier .xlsx de 5 Mo au plus.", en="Send a file .xlsx of at most 5 MB."
    ),
)
