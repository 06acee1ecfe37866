"""Workbooks are measured before they are opened, and opened where they can do no harm."""

from __future__ import annotations

import io
import socket

import disguised_files
import pytest
import xlsxwriter

from app.interchange.import_report import ForeignFault, ImportReport
from app.interchange.lss_reading import read_lss
from app.interchange.packages import BadPackage, measure
from app.interchange.workbook_cells import NO_VALUE
from app.interchange.workbooks import first_sheet, sheet_names
from app.interchange.xml_text import tag


def rows_of(content: bytes) -> list[tuple[str, ...]]:
    return list(first_sheet(io.BytesIO(content), rows=5_000, columns=20, unpacked=100_000_000))


def test_a_workbook_gives_its_rows() -> None:
    assert rows_of(disguised_files.workbook()) == [
        ("reference", "territory", "audience"),
        ("A-1", "MAY", "elderly"),
    ]


@pytest.mark.parametrize(("cell", "value"), disguised_files.CALCULATED.items())
def test_a_formula_is_read_as_what_it_came_to(cell: str, value: str) -> None:
    row = rows_of(disguised_files.cells_of("<c><v>1</v></c>", cell, "<c><v>3</v></c>"))[1]
    assert row == ("1", value, "3")


@pytest.mark.parametrize("kind", disguised_files.NOT_CALCULATED)
def test_a_formula_without_a_value_is_no_empty_cell(kind: str) -> None:
    cell = disguised_files.NOT_CALCULATED[kind]
    row = rows_of(disguised_files.cells_of("<c><v>1</v></c>", cell))[1]
    assert row == ("1", NO_VALUE)


def test_missing_rows_and_those_out_of_order_keep_their_number() -> None:
    sheet = "".join(
        f'<row r="{number}"><c r="B{number}"><v>{number}</v></c></row>' for number in (2, 4, 3, 5)
    )
    content = disguised_files.sheet_with(sheet)
    assert rows_of(content) == [(), ("", "2"), (), ("", "4"), ("", "5")]


def test_a_hidden_sheet_is_passed_over_and_the_others_that_hold_something_are_named() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name in ("Listes", "Échantillon", "Vide", "Lyon", "Calculs"):
            sheet = book.add_worksheet(name)
            if name != "Vide":
                sheet.write(5 if name == "Lyon" else 0, 0, name)
        for place in (0, 4):
            book.worksheets()[place].hide()
        book.worksheets()[1].activate()
    content = io.BytesIO(out.getvalue())
    assert rows_of(out.getvalue()) == [("Échantillon",)]
    assert sheet_names(content, unpacked=100_000_000) == ("Échantillon", "Lyon")


@pytest.mark.parametrize("kind", disguised_files.MEASURED)
def test_packages_are_refused_by_their_list_of_parts(kind: str) -> None:
    content = disguised_files.measured(kind)
    assert len(content) < 1_000_000
    with pytest.raises(BadPackage):
        measure(io.BytesIO(content), 100_000_000)


@pytest.mark.parametrize("kind", disguised_files.READ)
def test_what_its_list_hides_ends_in_the_process_that_reads_it(kind: str) -> None:
    with pytest.raises(BadPackage):
        rows_of(disguised_files.READ[kind]())


@pytest.mark.parametrize("kind", disguised_files.XML)
def test_no_sheet_brings_in_what_stands_elsewhere(kind: str) -> None:
    content = disguised_files.sheet_of(kind)
    if kind in ("inclusion", "foreign document type"):  # nobody follows them
        assert socket.gethostname() not in repr(rows_of(content))
        return
    with pytest.raises(BadPackage) as refused:
        rows_of(content)
    assert refused.value.reason == "unreadable"


@pytest.mark.parametrize("kind", disguised_files.XML)
def test_no_survey_brings_in_what_stands_elsewhere(kind: str) -> None:
    with pytest.raises(ForeignFault) as refused:
        read_lss(disguised_files.survey_of(kind), ImportReport())
    assert refused.value.said.rule == "unreadable"
    assert socket.gethostname() not in refused.value.said.message.in_("en")


def test_xml_that_is_written_holds_no_markup_of_others() -> None:
    """DDI and SDMX leave through one writer, which escapes; nobody reads them here."""
    written = tag("a", {"b": '"><!ENTITY x "y">'}, "")
    assert written == '<a b="&quot;&gt;&lt;!ENTITY x &quot;y&quot;&gt;"/>'
