"""Samples as offices send them: XLSX or CSV, columns by other names, some of no use."""

from __future__ import annotations

import io

import disguised_files
import pytest
import xlsxwriter

from app.domain.errors import BadInput
from app.interchange.csv_reading import LONGEST_CELL, Line, open_csv
from app.interchange.sample_table import (
    MOST_COLUMNS,
    MOST_FAULTS,
    as_sample,
    guessed,
    header_of,
    sheets_of,
)


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
    assert lines[0] == "reference,territory,audience,weight,name,phone"
    assert lines[1] == "A-1,MAY,elderly,1.5,Mme Élise,0612345678"
    assert lines[2] == "17,BDX,elderly,2,M. ; Deux,"


def test_a_csv_file_with_other_names_is_the_same() -> None:
    content = b"Identifiant,Territoire,Public\nA-1,MAY,elderly\n"
    lines = made(content, guessed(header(content)))
    assert lines == ["reference,territory,audience", "A-1,MAY,elderly"]
    lines = made(content.replace(b",", b";"), guessed(header(content)))
    assert lines == ["reference;territory;audience", "A-1;MAY;elderly"], "its commas stay decimal"


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


@pytest.mark.parametrize("kind", disguised_files.NOT_CALCULATED)
def test_a_cell_whose_value_stands_nowhere_is_refused_where_its_column_is_read(kind: str) -> None:
    """A weight would else be 1, and a name empty, without a word."""
    one, bad = "<c><v>1</v></c>", disguised_files.NOT_CALCULATED[kind]
    content = disguised_files.cells_of(one, one, one, bad, bad)
    [(place, said)] = refused(content)
    assert place == "2 weight"
    assert "formula without a stored result" in said
    mapping = guessed(header(content)) | {"weight": ""}
    assert made(content, mapping) == ["reference,territory,audience", "1,1,1"]


def test_a_name_of_a_column_whose_value_stands_nowhere_is_refused() -> None:
    content = disguised_files.sheet_with("<row><c><v>1</v></c><c><f>A1</f></c></row>")
    assert [place for place, _ in refused(content)] == ["1 n° 2"]


def test_a_whole_column_that_is_not_calculated_is_told_in_bounds() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["reference", "weight"])
        for row in range(1, MOST_FAULTS + 100):
            sheet.write_formula(row, 1, "=1/3", None, "#N/A")
    assert len(refused(out.getvalue())) == MOST_FAULTS


def test_a_workbook_whose_first_sheet_is_empty_says_which_sheet_is_read() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("Lisez-moi")
        book.add_worksheet("Liste").write(0, 0, "reference")
    with pytest.raises(BadInput) as refusal:
        header(out.getvalue())
    assert "first sheet" in refusal.value.faults[0].reason.in_("en")
    assert sheets_of(io.BytesIO(out.getvalue())) == ("Lisez-moi", "Liste")


def test_a_broken_workbook_is_refused() -> None:
    with pytest.raises(BadInput):
        header(b"PK\x03\x04 and nothing more")
