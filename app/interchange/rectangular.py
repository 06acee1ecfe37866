"""Rectangular data as CSV: one line per respondent, every column kept as text by its name."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import BinaryIO

from app.domain.errors import BadInput, Fault
from app.domain.text import Text
from app.evaluation.rectangle import Rectangle
from app.interchange.csv_reading import Line, open_csv, place

MOST_FAULTS = 20


def read_rectangle(stream: BinaryIO, needed: Sequence[str] = ()) -> Rectangle:
    """All lines of a CSV file as columns of stripped text; empty lines are passed over.

    ``needed``: columns that must be there; others may be. Raises ``BadInput`` with the line of
    every fault (the first 20), or where there is no line of data.
    """
    faults: list[Fault] = []
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    with open_csv(stream, (), needed) as file:
        for line in file.lines():
            if isinstance(line, Line):
                rows.append(tuple(line.cells.values()))
                numbers.append(line.number)
            else:
                faults.append(line)
                if len(faults) >= MOST_FAULTS:
                    break
    if not rows and not faults:
        faults.append(_empty())
    if faults:
        raise BadInput(faults)
    columns = dict(zip(file.columns, zip(*rows, strict=True), strict=True))
    return Rectangle(columns, tuple(numbers), file.warnings)


def _empty() -> Fault:
    return Fault(
        place(1),
        Text.of(fr="Aucune ligne de données.", en="There is no line of data."),
        Text.of(
            fr="Donnez une ligne de titres puis une ligne par personne.",
            en="Give a line of column names, then one line per person.",
        ),
    )


def names_of(text: str) -> tuple[str, ...]:
    """Names between commas; a name that holds a comma stands in quotation marks.

    Raises BadInput where one of them is longer than a table takes.
    """
    try:
        cells = next(csv.reader([" ".join(text.splitlines())], skipinitialspace=True), [])
    except csv.Error as error:
        raise BadInput([_NAMES]) from error
    return tuple(name.strip() for name in cells if name.strip())


_NAMES = Fault(
    "-",
    Text.of(fr="Un nom est trop long.", en="A name is too long."),
    Text.of(fr="Séparez les noms par des virgules.", en="Put commas between the names."),
)
