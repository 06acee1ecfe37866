"""Samples as offices send them: XLSX or CSV, columns by other names, some of no use."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from app.domain.errors import BadInput
from app.interchange.sample_table import as_sample, guessed, header_of


def workbook(rows: list[list[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def made(content: bytes, mapping: dict[str, str]) -> list[str]:
    out = io.BytesIO()
    as_sample(io.BytesIO(content), mapping, out)
    return out.getvalue().decode("utf-8-sig").splitlines()


def header(content: bytes) -> tuple[str, ...]:
    return header_of(io.BytesIO(content))


ROWS: list[list[object]] = [
    ["Identifiant", "Territoire", "Public", "Poids", "Nom", "Téléphone", "Remarque"],
    ["A-1", "MAY", "elderly", 1.5, "Mme Élise", "0612345678", "x"],
    [17, "BDX", "elderly", 2, "M. ; Deux", "", ""],
]


def test_a_workbook_is_read_by_the_names_of_its_columns() -> None:
    content = workbook(ROWS)
    mapping = guessed(header(content))
    assert mapping["Identifiant"] == "reference"
    assert mapping["Téléphone"] == "phone"
    assert mapping["Remarque"] == ""
    lines = made(content, mapping)
    assert lines[0] == "reference;territory;audience;weight;name;phone"
    assert lines[1] == "A-1;MAY;elderly;1.5;Mme Élise;0612345678"
    assert lines[2] == '17;BDX;elderly;2;"M. ; Deux";'


def test_a_csv_file_with_other_names_is_the_same() -> None:
    content = b"Identifiant,Territoire,Public\nA-1,MAY,elderly\n"
    lines = made(content, guessed(header(content)))
    assert lines == ["reference;territory;audience", "A-1;MAY;elderly"]


def test_one_column_is_taken_once() -> None:
    assert list(guessed(["Nom", "Name"]).values()) == ["name", ""]


def test_a_broken_workbook_is_refused() -> None:
    with pytest.raises(BadInput):
        header(b"PK\x03\x04 and nothing more")
