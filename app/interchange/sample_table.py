"""A sample as it is sent, CSV or XLSX with columns of any name, made into the file that we read.

Nothing is guessed about a cell: numbers and dates of a spreadsheet become text as they are typed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import repeat
from typing import BinaryIO

from app.domain.calls import plain_letters
from app.domain.errors import BadInput, Fault
from app.domain.text import Text
from app.interchange.csv_reading import open_csv, place
from app.interchange.packages import BadPackage, Reason
from app.interchange.sample_csv import COLUMNS
from app.interchange.workbook_cells import NO_VALUE
from app.interchange.workbooks import first_sheet, no_value, sheet_names

XLSX = b"PK\x03\x04"
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_FAULTS = 500  # a file with more is not read further
LARGEST = 400 * 1024 * 1024  # bytes unpacked
LEFT_OUT = ""
Rows = Generator[tuple[str, ...], None, None]
_LINE_END = re.compile(r"\r\n|\r|\n")  # within a cell it would move the lines after it
_OTHER_NAMES = {
    "reference": "identifiant numero id ref",
    "territory": "territoire",
    "audience": "public",
    "case": "dossier menage foyer",
    "stratum": "strate",
    "psu": "grappe unite",
    "weight": "poids",
    "language": "langue",
    "sub_area": "secteur sous-secteur",
    "name": "nom",
    "address1": "adresse adresse1",
    "address2": "adresse2 ville",
    "address3": "adresse3",
    "address4": "adresse4",
    "email": "courriel mail e-mail",
    "phone": "telephone tel portable",
}
_KNOWN = {
    spelled: column for column, names in _OTHER_NAMES.items() for spelled in names.split()
} | {column: column for column in COLUMNS}


def is_workbook(stream: BinaryIO) -> bool:
    """Whether the file is an XLSX workbook, by its first bytes; it is left at its beginning."""
    found = stream.read(len(XLSX)) == XLSX
    stream.seek(0)
    return found


def header_of(stream: BinaryIO) -> tuple[str, ...]:
    """The names of the columns as they stand in the file. Raises ``BadInput``."""
    header = next(iter(_rows(stream)), ())
    if not any(header):
        stream.seek(0)
        raise BadInput([_NO_NAMES_IN_SHEET if is_workbook(stream) else _NO_NAMES])
    return header


def sheets_of(stream: BinaryIO) -> tuple[str, ...]:
    """The sheet of a workbook that is read, then the others that hold something and are not.

    Raises ``BadInput``.
    """
    try:
        return sheet_names(stream, unpacked=LARGEST)
    except BadPackage as error:
        raise BadInput([_REFUSED[error.reason]]) from error


def guessed(header: Sequence[str]) -> dict[str, str]:
    """What each column seems to be; left out where nobody can tell, or it is there already."""
    found: dict[str, str] = {}
    for name in header:
        column = _KNOWN.get(plain_letters(name).strip().replace(" ", ""), LEFT_OUT)
        found[name] = LEFT_OUT if column in found.values() else column
    return found


def as_sample(stream: BinaryIO, mapping: Mapping[str, str], out: BinaryIO) -> None:
    """Write the file to ``out`` with our columns alone, as ``read_sample`` takes it; line numbers
    stay the same.

    ``mapping``: our column by the name in the file; empty: left out. Raises ``BadInput``, also for
    a cell of a column that is not left out whose formula has no value.
    """
    decimal_comma = _has_decimal_comma(stream)
    rows = _rows(stream)
    header = next(rows, ())
    kept = [(at, mapping[name]) for at, name in enumerate(header) if mapping.get(name)]
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    delimiter = ";" if decimal_comma else ","
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow([column for _, column in kept])
    faults: list[Fault] = []
    for number, row in enumerate(rows, 2):
        cells = [row[at] if at < len(row) else "" for at, _ in kept]
        writer.writerow([_LINE_END.sub("\v", cell) for cell in cells])
        faults += [
            no_value(place(number, column))
            for cell, (_, column) in zip(cells, kept, strict=True)
            if cell == NO_VALUE
        ]
        if len(faults) >= MOST_FAULTS:
            break
    text.detach()
    if faults:
        raise BadInput(faults)
    out.seek(0)


def _has_decimal_comma(stream: BinaryIO) -> bool:
    """Whether a comma begins decimals for certain; the file is left at its beginning."""
    if is_workbook(stream):
        return False
    with open_csv(stream, (), ()) as opened:
        found = opened.delimiter == ";"
    stream.seek(0)
    return found


def _rows(stream: BinaryIO) -> Iterator[tuple[str, ...]]:
    """The rows, of which the first names at most ``MOST_COLUMNS`` columns, each once; row ``n`` is
    line ``n`` of the file."""
    with closing(_of_workbook(stream) if is_workbook(stream) else _of_csv(stream)) as rows:
        header = next(rows, ())
        if len(header) > MOST_COLUMNS:
            raise BadInput([_TOO_WIDE])
        faults = [
            no_value(place(1, f"n° {at + 1}")) if name == NO_VALUE else _twice(at)
            for at, name in enumerate(header)
            if name and (name == NO_VALUE or name in header[:at])
        ]
        if faults:
            raise BadInput(faults)
        yield header
        yield from rows


def _of_csv(stream: BinaryIO) -> Rows:
    stream.seek(0)
    with open_csv(stream, (), ()) as opened:
        yield opened.columns
        written = 1
        for line in opened.lines():
            if isinstance(line, Fault):
                raise BadInput([_by_number(line, opened.columns)])
            yield from repeat((), line.number - written - 1)  # empty, or cells of several lines
            written = line.number
            yield tuple(line.cells[name] for name in opened.columns)


def _of_workbook(stream: BinaryIO) -> Rows:
    rows = first_sheet(stream, rows=MOST_ROWS + 1, columns=MOST_COLUMNS + 1, unpacked=LARGEST)
    try:
        yield from rows
    except BadPackage as error:
        raise BadInput([_REFUSED[error.reason]]) from error


def _by_number(fault: Fault, columns: Sequence[str]) -> Fault:
    """The fault with its column by number: a name that is none of ours may be a person's."""
    line, _, column = fault.place.partition(" ")
    at = f"n° {columns.index(column) + 1}" if column in columns else ""
    return replace(fault, place=f"{line} {at}".strip())


def _twice(at: int) -> Fault:
    return Fault(
        place(1, f"n° {at + 1}"),
        Text.of(fr="Cette colonne est là deux fois.", en="This column is there twice."),
        Text.of(fr="Donnez à chaque colonne son nom.", en="Give every column its own name."),
    )


_TOO_WIDE = Fault(
    place(1, f"n° {MOST_COLUMNS + 1}"),
    Text.of(fr="Plus de 200 colonnes.", en="Over 200 columns."),
    Text.of(fr="Gardez les colonnes de l’échantillon.", en="Keep the columns of the sample alone."),
)
_NO_NAMES = Fault(
    "1",
    Text.of(fr="La première ligne ne nomme aucune colonne.", en="The first row names no column."),
    Text.of(
        fr="Mettez le nom de chaque colonne dans la première ligne.",
        en="Put the name of each column into the first row.",
    ),
)
_NO_NAMES_IN_SHEET = Fault(
    "1",
    Text.of(
        fr="La première ligne de la première feuille ne nomme aucune colonne.",
        en="The first row of the first sheet names no column.",
    ),
    Text.of(
        fr="Mettez en premier la feuille de l’échantillon, et le nom de chaque colonne dans sa "
        "première ligne.",
        en="Put the sheet of the sample first, and the name of each column into its first row.",
    ),
)
_REFUSED: Mapping[Reason, Fault] = {
    "unreadable": Fault(
        "1",
        Text.of(fr="Ce classeur ne se lit pas.", en="This workbook cannot be read."),
        Text.of(
            fr="Enregistrez-le à nouveau en XLSX ou en CSV, sans mot de passe.",
            en="Save it again as XLSX or CSV, without a password.",
        ),
    ),
    "macros": Fault(
        "1",
        Text.of(fr="Ce classeur contient des macros.", en="This workbook holds macros."),
        Text.of(
            fr="Enregistrez-le en XLSX ou en CSV, sans macros.",
            en="Save it as XLSX or CSV, without macros.",
        ),
    ),
    "too_costly": Fault(
        "1",
        Text.of(
            fr="Ce classeur est trop grand\u00a0: plus de 200\u00a0000 lignes, une cellule sans "
            "fin, ou trop de contenu hors de la feuille.",
            en="This workbook is too large: over 200,000 lines, an endless cell, or too much "
            "beside the sheet.",
        ),
        Text.of(
            fr="Copiez la feuille seule dans un nouveau fichier, ou partagez-la.",
            en="Copy the sheet alone into a new file, or split it.",
        ),
    ),
}
