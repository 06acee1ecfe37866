"""Known totals of a wave's populations as a CSV file: one line a category. See docs/files.md."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from app.domain.errors import Fault
from app.domain.known_totals import KnownTotal
from app.domain.text import Text
from app.domain.written_numbers import number_fault, number_in
from app.interchange.csv_reading import Line, open_csv, place
from app.interchange.figures_csv import as_given, harmless
from app.interchange.series_csv import date_in

NEEDED = ("territory", "audience", "margin", "category", "count", "source", "dated")
COLUMNS = ("territory", "audience", "margin", "category", "count", "units", "into", *NEEDED[5:])
NUMBERS = ("count", "units")


@dataclass
class KnownTotalsFile:
    """What was read: totals with their place in the file, every fault, and warnings."""

    totals: list[tuple[str, KnownTotal]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: tuple[Text, ...] = ()


def totals_template() -> bytes:
    """An empty file with its header only: no example that might be taken for a count."""
    return _written([])


def written_totals(totals: list[KnownTotal]) -> bytes:
    """These totals as a file that ``read_totals`` takes and of which a spreadsheet runs nothing."""
    return _written(
        [
            [
                each.territory,
                each.audience,
                each.margin,
                each.category,
                "" if each.count is None else f"{each.count:.15g}",
                "" if each.units is None else f"{each.units:.15g}",
                each.into,
                each.source,
                each.dated.isoformat(),
            ]
            for each in totals
        ]
    )


def _written(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in (COLUMNS, *rows))
    return out.getvalue().encode("utf-8-sig")


def read_totals(stream: BinaryIO) -> KnownTotalsFile:
    """Read a whole file. Raises BadInput where the header will not do."""
    with open_csv(stream, COLUMNS, NEEDED) as opened:
        found = KnownTotalsFile(warnings=opened.warnings)
        for line in opened.lines():
            if isinstance(line, Fault):
                found.faults.append(line)
                continue
            faults = list(_faults(line))
            found.faults.extend(faults)
            if not faults:
                found.totals.append((place(line.number), _total(line)))
    return found


def _faults(line: Line) -> Iterator[Fault]:
    if date_in(line.cells["dated"]) is None:
        yield Fault(
            place(line.number, "dated"),
            Text.of(fr="Ce n’est pas une date.", en="This is not a date."),
            Text.of(fr="Écrivez par exemple 2025-01-01.", en="Write for example 2025-01-01."),
        )
    for column in NUMBERS:
        cell = line.cells.get(column, "")
        said = number_fault(cell) if cell else None
        if said is not None:
            yield Fault(place(line.number, column), *said)


def _total(line: Line) -> KnownTotal:
    cells = {name: as_given(cell) for name, cell in line.cells.items()}
    dated: date | None = date_in(cells["dated"])
    assert dated is not None
    return KnownTotal(
        territory=cells["territory"],
        audience=cells["audience"],
        margin=cells["margin"],
        category=cells["category"],
        count=number_in(cells["count"]) if cells["count"] else None,
        source=cells["source"],
        dated=dated,
        units=number_in(cells["units"]) if cells.get("units") else None,
        into=cells.get("into", ""),
    )
