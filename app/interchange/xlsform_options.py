"""Lists of options of an XLSForm, by their name."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.questionnaire import Option
from app.domain.text import Text
from app.interchange.foreign_names import Names
from app.interchange.import_report import ImportReport
from app.interchange.xlsform_sheets import Row, Sheet
from app.interchange.xlsform_texts import Columns


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of options; ``codes``: ours by the form's; ``cells``: of each row, by our code.

    ``place``: its first row.

    An option that stands in several rows is offered where one of them is.
    """

    options: tuple[Option, ...]
    codes: dict[str, str]
    media: bool
    cells: dict[str, list[dict[str, str]]]
    place: str


def lists_of(sheet: Sheet, columns: Columns, report: ImportReport) -> dict[str, Listed]:
    """The lists of a sheet by name."""
    rows: dict[str, list[Row]] = {}
    for row in sheet.rows:
        name = row.get("list_name", "list")
        if name:
            rows.setdefault(name, []).append(row)
    return {name: list_of(found, columns, report) for name, found in rows.items()}


def list_of(rows: list[Row], columns: Columns, report: ImportReport) -> Listed:
    """One list from its rows."""
    names = Names(options=True)
    codes: dict[str, str] = {}
    options: list[Option] = []
    media = False
    cells: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        name = row.get("name", "value")
        text = columns.text(row, "label", None)
        media = media or any(head.startswith(("media", "image", "audio")) for head in row.cells)
        if not name and not text.wordings:
            continue
        name = name or text.wordings[0][1]
        if name in codes:
            cells[codes[name]].append(row.cells)
            report.approximated(row.place, "options", "option_twice", name=name)
            continue
        codes[name] = names.code(name)
        cells[codes[name]] = [row.cells]
        if codes[name] != name:
            report.approximated(row.place, "look", "option_renamed", name=name, code=codes[name])
        if not text.wordings:
            text = Text(tuple((tag, name) for tag in columns.languages))
            report.approximated(row.place, "text", "no_label", name=name)
        options.append(Option(codes[name], text))
    return Listed(tuple(options), codes, media, cells, rows[0].place)
