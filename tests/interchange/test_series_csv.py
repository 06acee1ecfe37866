"""The file of series: French and English numbers and dates, every fault with its line."""

from __future__ import annotations

import io
from datetime import date

import pytest

from app.domain.errors import BadInput
from app.interchange.series_csv import COLUMNS, read_series, series_template

HEADER = ";".join(COLUMNS)


def read(*lines: str) -> tuple[list[object], list[str]]:
    found = read_series(io.BytesIO("\n".join([HEADER, *lines]).encode()))
    return [value for _, value in found.values], [fault.place for fault in found.faults]


def test_numbers_and_dates_as_offices_write_them() -> None:
    values, faults = read(
        "S;MAY;;2025-01-01;2025-12-31;1 250,5;33000;ANAP",
        "S;MAY;nord;01/01/2024;31/12/2024;10.25;100;CPAM",
    )
    assert faults == []
    first, second = values
    assert (first.numerator, first.denominator) == (1250.5, 33000.0)
    assert (second.start, second.end) == (date(2024, 1, 1), date(2024, 12, 31))
    assert (second.numerator, second.sub_area) == (10.25, "nord")


def test_every_fault_has_its_line_and_column() -> None:
    values, faults = read(
        "S;MAY;;2025-02-30;2025-12-31;x;33000;ANAP", "S;MAY;;2025-01-01;2025-12-31;1;inf;ANAP"
    )
    assert values == []
    assert faults == ["2 start", "2 numerator", "3 denominator"]


def test_a_number_that_may_be_in_thousands_is_refused_but_where_spaces_part_them() -> None:
    values, faults = read(
        "S;MAY;;2025-01-01;2025-12-31;1,250;33000;ANAP",
        "S;MAY;;2025-01-01;2025-12-31;10;33,000;ANAP",
    )
    assert (values, faults) == ([], ["2 numerator", "3 denominator"])
    [value], faults = read("S;MAY;;2025-01-01;2025-12-31;1 250,125;33 000,500;ANAP")
    assert (value.numerator, value.denominator, faults) == (1250.125, 33000.5, [])


@pytest.mark.parametrize("written", ["1_250", "١٢", "nan", "", "."])
def test_a_number_is_in_plain_digits(written: str) -> None:
    values, faults = read(f"S;MAY;;2025-01-01;2025-12-31;{written};33000;ANAP")
    assert (values, faults) == ([], ["2 numerator"])


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadInput) as refused:
        read_series(io.BytesIO(b"code;territory\nS;MAY\n"))
    assert "1 source" in {fault.place for fault in refused.value.faults}


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\xfe\xff\xd8", b"code;\x81\xff\n"])
def test_what_no_table_can_be_written_in_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        read_series(io.BytesIO(content))
    assert refused.value.faults[0].place == "1"


def test_the_empty_file_is_read_back_without_a_value() -> None:
    found = read_series(io.BytesIO(series_template()))
    assert (found.values, found.faults) == ([], [])
