"""Samples as offices send them: XLSX or CSV, columns by other names, some of no use."""

from __future__ import annotations

import io

import disguised_files
import pytest
import xlsxwriter

from app.domain.errors import BadInput
from app.interchange.csv_reading import LONGEST_CELL, Line, open_csv
from app.interchange.sample_table import MOST_COLUMNS, as_sample, guessed, header_of


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


def refused(content: bytes) -> list[tuple[str, str]]:
    """Place and reason of every fault of a file that is made into ours."""
    with pytest.raises(BadInput) as refusal:
        made(content, guessed(header(content)))
    return [(fault.place, fault.reason.in_("en")) for fault in refusal.value.faults]


def test_lines_keep_their_number_after_empty_ones_and_cells_of_several_lines() -> None:
    """Place and reason of what is wrong must point to the line of the file that was sent."""
    sent = b'Identifiant;"Mon\nnom"\n\nA-1;"x\ny\nz"\n\nA-2;\n'
    lines = made(sent, {"Identifiant": "reference", "Mon\nnom": ""})
    assert {lines.index("A-1") + 1, lines.index("A-2") + 1} == {6, 8}
    rows: list[list[object]] = [["reference", "name"], ["A-1", "x\ny"], [], ["A-2", ""]]
    out = io.BytesIO()
    as_sample(io.BytesIO(workbook(rows)), guessed(["reference", "name"]), out)
    with open_csv(out, (), ()) as opened:
        assert [line.number for line in opened.lines() if isinstance(line, Line)] == [2, 4]


def test_columns_beyond_the_most_and_doubled_ones_are_refused_not_cut() -> None:
    wide = [f"c{n}" for n in range(MOST_COLUMNS + 1)]
    for content in (workbook([[*wide]]), ";".join(wide).encode()):
        assert refused(content) == [(f"1 n° {MOST_COLUMNS + 1}", "Over 200 columns.")]
    doubled = ["Remarque", "Nom", "Nom"]
    for content in (workbook([[*doubled]]), ";".join(doubled).encode()):
        assert refused(content) == [("1 n° 3", "This column is there twice.")]
    assert header(workbook([["Nom", "", "", "Public"]])) == ("Nom", "", "", "Public")


def test_a_hundred_thousand_columns_cost_little_and_are_told_in_bounds() -> None:
    assert len(refused(b";".join(b"c%d" % n for n in range(100_000)))) == 1
    assert len(refused(b";" * 1_000_000)) == 100


def test_the_place_of_an_endless_cell_is_no_name_of_the_file() -> None:
    content = f"Mme Durand;reference\n{'x' * (LONGEST_CELL + 1)};A-1\n".encode()
    assert [place for place, _ in refused(content)] == ["2 n° 1"]


@pytest.mark.parametrize(
    ("kind", "reason"), [("macros", "holds macros"), ("much out of little", "is too large")]
)
def test_why_a_workbook_is_not_opened_is_said(kind: str, reason: str) -> None:
    [(place, said)] = refused(disguised_files.measured(kind))
    assert place == "1"
    assert reason in said


def test_a_broken_workbook_is_refused() -> None:
    with pytest.raises(BadInput):
        header(b"PK\x03\x04 and nothing more")
