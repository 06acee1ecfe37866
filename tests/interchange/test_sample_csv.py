"""Sample files: encodings, separators, and everything that can be wrong in a line."""

from __future__ import annotations

import io

import pytest

from app.domain.errors import BadInput
from app.domain.territories import Territory
from app.domain.text import Text
from app.interchange.csv_reading import LONGEST_CELL
from app.interchange.sample_csv import COLUMNS, SampleFile, read_sample, template

TERRITORIES = {
    "FR": Territory("FR", Text.of(fr="France"), None),
    "MAY": Territory("MAY", Text.of(fr="Mayenne"), "FR", sub_areas=("north", "south")),
    "BDX": Territory("BDX", Text.of(fr="Bordeaux"), "FR"),
}
ALLOWED = frozenset({"MAY"})
HEAD = "reference;territory;audience;weight;language;sub_area;name\n"
GOOD = "A-1;MAY;elderly;1;fr;north;Élise\n"


def read(content: str | bytes) -> SampleFile:
    raw = content.encode() if isinstance(content, str) else content
    return read_sample(io.BytesIO(raw), TERRITORIES, ALLOWED)


@pytest.mark.parametrize(
    ("content", "warnings"),
    [
        ((HEAD + GOOD).encode(), 0),
        ((HEAD + GOOD).encode("utf-8-sig"), 0),
        ((HEAD + GOOD).encode("cp1252"), 1),
        ((HEAD + GOOD).replace(";", ",").encode(), 0),
        ((HEAD + GOOD).replace(";", "\t").encode(), 0),
        ((HEAD + GOOD).replace("\n", "\r\n").encode(), 0),
        ((HEAD + GOOD + "\n;;;;;;\n").encode(), 0),
    ],
)
def test_files_of_offices_are_read(content: bytes, warnings: int) -> None:
    found = read(content)
    assert not found.faults
    assert len(found.warnings) == warnings
    [row] = found.rows
    assert (row.reference, row.contact[0], row.sub_area) == ("A-1", "Élise", "north")


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("=1+1;MAY;elderly;1;fr;;", "2 reference"),
        ("+33;MAY;elderly;1;fr;;", "2 reference"),
        (";MAY;elderly;1;fr;;", "2 reference"),
        ("A-1;XXX;elderly;1;fr;;", "2 territory"),
        ("A-1;FR;elderly;1;fr;;", "2 territory"),
        ("A-1;BDX;elderly;1;fr;;", "2 territory"),
        ("A-1;MAY;children;1;fr;;", "2 audience"),
        ("A-1;MAY;elderly;0;fr;;", "2 weight"),
        ("A-1;MAY;elderly;-1;fr;;", "2 weight"),
        ("A-1;MAY;elderly;nan;fr;;", "2 weight"),
        ("A-1;MAY;elderly;inf;fr;;", "2 weight"),
        ("A-1;MAY;elderly;1e99;fr;;", "2 weight"),
        ("A-1;MAY;elderly;one;fr;;", "2 weight"),
        ("A-1;MAY;elderly;1_000;fr;;", "2 weight"),
        ("A-1;MAY;elderly;٣;fr;;", "2 weight"),
        ("A-1;MAY;elderly;1;de;;", "2 language"),
        ("A-1;MAY;elderly;1;fr;east;", "2 sub_area"),
        ("A-1;MAY;elderly;1;fr;;" + "x" * 121, "2 name"),
        ('A-1;MAY;elderly;1;fr;;"a\nb"', "3 name"),
        ("A-1;MAY;elderly;1;fr;;" + "x" * (LONGEST_CELL + 1), "2 name"),
        ("A-1;MAY;elderly;1;fr;;a\x00b", "2 name"),
        ("A-1;MAY;elderly;1;fr;", "2"),
        ("A-1;MAY;elderly;1;fr;;;", "2"),
        ('A-1;MAY;elderly;1;fr;;"open', "2"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(line: str, place: str) -> None:
    found = read(HEAD + line + "\n")
    assert [fault.place for fault in found.faults] == [place]
    assert not found.rows
    assert all(fault.reason.has("fr") and fault.remedy.has("en") for fault in found.faults)


def test_a_cell_of_ten_megabytes_is_refused_where_it_stands() -> None:
    found = read(HEAD + GOOD + "A-2;MAY;elderly;1;fr;;" + "x" * 10_000_000 + "\n")
    assert [fault.place for fault in found.faults] == ["3"]
    assert [row.reference for row in found.rows] == ["A-1"]


def test_a_reference_twice_is_refused() -> None:
    found = read(HEAD + GOOD + GOOD)
    assert [fault.place for fault in found.faults] == ["3 reference"]


@pytest.mark.parametrize(
    "header",
    ["", "reference;territory\n", HEAD.replace("name", "iban"), HEAD.replace("name", "weight")],
)
def test_a_wrong_header_is_refused_at_once(header: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read(header + GOOD)
    assert all(fault.place.startswith("1 ") for fault in refusal.value.faults)


def test_what_stands_in_an_unknown_column_is_not_repeated() -> None:
    with pytest.raises(BadInput) as refusal:
        read("reference;territory;audience;Jean Dupont\nA;MAY;elderly;x\n")
    assert "Dupont" not in repr(refusal.value.faults)


def test_the_template_is_a_file_that_can_be_imported() -> None:
    found = read_sample(io.BytesIO(template()), TERRITORIES, frozenset({"BDX"}))
    assert not found.faults
    assert template().decode("utf-8-sig").splitlines()[0].split(";") == list(COLUMNS)
    assert found.rows[0].contact[2] == "33000 BORDEAUX"


@pytest.mark.parametrize(
    ("written", "weight"),
    [("1,25", 1.25), ("0,250", 0.25), ("1,0000", 1.0), ("1.000", 1.0), ("1250", 1250.0)],
)
def test_a_weight_has_a_comma_or_a_point(written: str, weight: float) -> None:
    for text in (f'A-1,MAY,elderly,"{written}",fr,,\n', f"A-1;MAY;elderly;{written};fr;;\n"):
        [row] = read(HEAD.replace(";", text[3]) + text).rows
        assert row.weight == weight


def test_between_semicolons_a_comma_begins_decimals() -> None:
    [row] = read(HEAD + "A-1;MAY;elderly;1,250;fr;;\n").rows
    assert row.weight == 1.25


@pytest.mark.parametrize("written", ["1,000", "12,500", "+250,125"])
def test_a_weight_that_may_be_a_thousand_is_refused_with_both_ways_to_write_it(
    written: str,
) -> None:
    [fault] = read(HEAD.replace(";", ",") + f'A-1,MAY,elderly,"{written}",fr,,\n').faults
    assert "two ways" in fault.reason.in_("en")
    assert "1 or 1000" in fault.remedy.in_("en")


def test_an_unknown_territory_is_answered_with_those_that_there_are() -> None:
    own = frozenset({"BDX", "MAY"})
    file = io.BytesIO(b"reference;territory;audience\nA-1;XYZ;elderly\n")
    (fault,) = read_sample(file, TERRITORIES, own).faults
    assert fault.remedy.in_("fr") == "Écrivez un de ces codes : BDX, MAY."
    assert fault.remedy.in_("en") == "Write one of these codes: BDX, MAY."
