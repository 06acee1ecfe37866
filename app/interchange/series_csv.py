"""Values of administrative series as a CSV file: one line a value. See docs/files.md."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from app.domain.errors import Fault
from app.domain.series import SeriesValue
from app.domain.text import Text
from app.domain.written_numbers import number_fault, number_in
from app.interchange.csv_reading import Line, open_csv, place

NEEDED = ("code", "territory", "start", "end", "numerator", "denominator", "source")
COLUMNS = ("code", "territory", "sub_area", *NEEDED[2:])
_FRENCH_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass
class SeriesFile:
    """What was read: values with their place in the file, every fault, and warnings."""

    values: list[tuple[str, SeriesValue]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: tuple[Text, ...] = ()


def series_template() -> bytes:
    """An empty file with its header only: no example that might be taken for a figure."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(COLUMNS)
    return out.getvalue().encode("utf-8-sig")


def read_series(stream: BinaryIO) -> SeriesFile:
    """Read a whole file. Raises BadInput where the header will not do."""
    with open_csv(stream, COLUMNS, NEEDED) as opened:
        found = SeriesFile(warnings=opened.warnings)
        for line in opened.lines():
            if isinstance(line, Fault):
                found.faults.append(line)
                continue
            faults = list(_faults(line))
            found.faults.extend(faults)
            if not faults:
                found.values.append((place(line.number), _value(line)))
    return found


def date_in(cell: str) -> date | None:
    """2025-12-31 or 31/12/2025; None where it is not a date."""
    french = _FRENCH_DATE.fullmatch(cell.strip())
    try:
        if french:
            return date(int(french[3]), int(french[2]), int(french[1]))
        return date.fromisoformat(cell.strip())
    except ValueError:
        return None


def _faults(line: Line) -> Iterator[Fault]:
    for column in ("start", "end"):
        if date_in(line.cells[column]) is None:
            yield Fault(
                place(line.number, column),
                Text.of(fr="Ce n’est pas une date.", en="This is not a date."),
                Text.of(fr="Écrivez par exemple 2025-12-31.", en="Write for example 2025-12-31."),
            )
    for column in ("numerator", "denominator"):
        said = number_fault(line.cells[column])
        if said is not None:
            yield Fault(place(line.number, column), *said)


def _value(line: Line) -> SeriesValue:
    cells = line.cells
    start, end = date_in(cells["start"]), date_in(cells["end"])
    numerator, denominator = number_in(cells["numerator"]), number_in(cells["denominator"])
    assert start is not None
    assert end is not None
    return SeriesValue(
        code=cells["code"],
        territory=cells["territory"],
        sub_area=cells.get("sub_area", ""),
        start=start,
        end=end,
        numerator=numerator or 0.0,
        denominator=denominator or 0.0,
        source=cells["source"],
    )
