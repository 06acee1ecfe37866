"""Files that are not what they say, and packed files made to cost more than they show."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import cache

import xlsxwriter
from openpyxl import load_workbook

CANARY = b"canari-4711"  # stands in each; no answer may show it

DISGUISED: Mapping[str, bytes] = {
    "picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + CANARY,
    "moving picture": b"GIF89a;" + CANARY,
    "document": b"%PDF-1.7\n" + CANARY + b"\n%%EOF",
    "program": b"\x7fELF\x02\x01\x01\x00" + CANARY,
    "script": b"#!/bin/sh\necho " + CANARY,
    "page": b"<!DOCTYPE html><script>alert('" + CANARY + b"')</script>",
    "drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + CANARY + b"</svg>",
    "list": b'["' + CANARY + b'"]',
    "packed text": gzip.compress(b"reference;territory;audience\n" + CANARY),
    "old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + CANARY + b"\x00" * 5_000,
}


@cache
def workbook() -> bytes:
    """A small workbook that is what it says."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["reference", "territory", "audience"])
        sheet.write_row(1, 0, ["A-1", "MAY", "elderly"])
    return out.getvalue()


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def replaced(name: str, content: bytes) -> bytes:
    """The small workbook with one part of its package replaced or added."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as package:
        parts = {part: package.read(part) for part in package.namelist()}
    return packed({**parts, name: content})


def cells_of(*cells: str) -> bytes:
    """The small workbook with a line under its header of these cells, as they stand in its XML."""
    names = ("reference", "territory", "audience", "weight", "note")
    head = [f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in names]
    return sheet_with(f'<row r="1">{"".join(head)}</row><row r="2">{"".join(cells)}</row>')


def sheet_with(rows: str) -> bytes:
    """The small workbook with these rows, as they stand in its XML."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return replaced("xl/worksheets/sheet1.xml", sheet.encode())


def with_cell(content: bytes, place: str, cell: str, sheet: int = 1) -> bytes:
    """A workbook with another cell in this place, as it stands in its XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {part: package.read(part) for part in package.namelist()}
    name = f"xl/worksheets/sheet{sheet}.xml"
    there = re.compile(f'<c r="{place}".*?</c>'.encode())
    parts[name], found = there.subn(cell.replace("<c", f'<c r="{place}"', 1).encode(), parts[name])
    assert found == 1
    return packed(parts)


def with_sheet(content: bytes, name: str) -> bytes:
    """A workbook with one more sheet after its own, that holds a word."""
    book = load_workbook(io.BytesIO(content))
    book.create_sheet(name).cell(1, 1, "word")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


NOT_CALCULATED = {  # cells whose value stands nowhere
    "formula without value": "<c><f>1+1</f></c>",
    "as openpyxl writes it": "<c><f>1+1</f><v></v></c>",
    "part of a shared formula": '<c><f t="shared" si="0"/><v/></c>',
    "text formula without value": '<c t="str"><f>A1</f></c>',
    "error": '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    "error without formula": '<c t="e"><v>#N/A</v></c>',
}
CALCULATED = {  # cells with what they came to
    "<c><f>1+1</f><v>2</v></c>": "2",
    '<c t="str"><f>"1"&amp;"5"</f><v>15</v></c>': "15",
    '<c t="str"><f>IF(A1="","","1")</f><v></v></c>': "",
    '<c t="n"><v>3</v></c>': "3",
    "<c/>": "",
}


_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">'.encode() for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
_OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
_FOREIGN = b'<?xml version="1.0"?><!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">'
_PARAMETER = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>'
_INCLUDED = (
    b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" '
    b'href="file:///etc/hostname" parse="text"/>'
)
XML: Mapping[str, tuple[bytes, bytes]] = {  # prologue, and what stands in the element
    "billion laughs": (_LAUGHS + b"]>", b"&i;"),
    "file as entity": (_OUTSIDE, b"&x;"),
    "foreign document type": (_FOREIGN, b""),
    "parameter entity": (_PARAMETER, b""),
    "inclusion": (b"", _INCLUDED),
}


def sheet_of(kind: str) -> bytes:
    """A workbook whose sheet holds this hostile XML in its first cell."""
    head, inside = XML[kind]
    space = b' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + inside + b"</t></is></c></row>"
    sheet = b"<worksheet" + space + b"><sheetData>" + cell + b"</sheetData></worksheet>"
    return replaced("xl/worksheets/sheet1.xml", head + sheet)


def survey_of(kind: str) -> bytes:
    """A LimeSurvey file with this hostile XML in it."""
    head, inside = XML[kind]
    return head + b"<document><LimeSurveyDocType>" + inside + b"</LimeSurveyDocType></document>"


def _lying() -> bytes:
    """A list of parts that says ten bytes of a part that unpacks to ten million."""
    whole = bytearray(replaced("xl/sharedStrings.xml", b"<sst>" + b" " * 10_000_000 + b"</sst>"))
    with zipfile.ZipFile(io.BytesIO(bytes(whole))) as package:
        size = package.getinfo("xl/sharedStrings.xml").file_size.to_bytes(4, "little")
    place = whole.rindex(size)
    whole[place : place + 4] = (10).to_bytes(4, "little")
    return bytes(whole)


def _far_away() -> bytes:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576">'
        b'<c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    return replaced("xl/worksheets/sheet1.xml", sheet)


@cache
def measured(kind: str) -> bytes:
    """One of ``MEASURED``, made once."""
    return MEASURED[kind]()


# Refused by the list of their parts alone.
MEASURED: Mapping[str, Callable[[], bytes]] = {
    "much out of little": lambda: replaced("xl/worksheets/sheet1.xml", b"\x00" * 50_000_000),
    "more than may be": lambda: replaced("xl/sharedStrings.xml", b"<a/>" * 16_000_000),
    "too many parts": lambda: packed(
        {"xl/workbook.xml": b""} | {f"part{n}": b"" for n in range(2_500)}
    ),
    "other package": lambda: packed({"word/document.xml": CANARY}),
    "empty package": lambda: packed({}),
    "package alone by its first bytes": lambda: b"PK\x03\x04" + CANARY,
    "macros": lambda: replaced("xl/vbaProject.bin", CANARY),
}
# Refused by the process that reads them, or read as what little they hold.
READ: Mapping[str, Callable[[], bytes]] = {
    "sizes that lie": _lying,
    "deep elements": lambda: replaced("xl/sharedStrings.xml", b"<sst>" + b"<a>" * 300_000),
    "one cell far away": _far_away,
}
