"""What is shown is what is in the file: every page and every download of a release, compared."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import polars as pl
import pytest
from browser import Browser
from bs4 import BeautifulSoup, Tag

from app.domain.territories import NATION
from app.interchange.figure_words import number, percent
from app.storage.published import Published
from app.web.evaluators.public_copies import addresses
from app.workflows.release_files import FORMATS

Triple = tuple[float, float | None, float | None]  # value, low, high
FIGURE = r"(?<!\d)[+−]?\d{1,3},\d+"
WITH_INTERVAL = re.compile(rf"({FIGURE})(?: %| points)? \(({FIGURE}) à ({FIGURE})\)")
INTERVAL = re.compile(rf"({FIGURE}) à ({FIGURE})")
IN_BRACKETS = re.compile(rf"\(({FIGURE}) à ({FIGURE})\)")
SPACES = re.compile(r"[\s\u00a0\u202f]+")


def plain(text: str) -> str:
    return SPACES.sub(" ", text).strip()


def triples(rows: Iterable[dict[str, object]], *names: str) -> list[Triple]:
    """Value and ends of every figure that is shown, in the order of the file."""
    found = []
    for row in rows:
        value, low, high = (
            None if (cell := row.get(name)) in (None, "", "nan", "NaN") else float(str(cell))
            for name in names or ("value", "low", "high")
        )
        if value is not None:
            found.append((value, low, high))
    return found


def in_files(files: dict[str, bytes]) -> Iterator[tuple[str, list[Triple]]]:
    """The figures of each format, read by what would read it."""
    yield "csv", triples(csv.DictReader(io.StringIO(files["csv"].decode())))
    french = files["excel.csv"].decode("utf-8-sig").replace(",", ".")
    yield "excel.csv", triples(csv.DictReader(io.StringIO(french), delimiter=";"))
    yield "json", triples(json.loads(files["json"])["figures"])
    yield "parquet", triples(pl.read_parquet(io.BytesIO(files["parquet"])).to_dicts())
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    head, *lines = book.worksheets[-1].iter_rows(4, values_only=True)
    names = [column["name"] for column in json.loads(files["json"])["columns"]]
    assert len(head) == len(names)
    yield "xlsx", triples(dict(zip(names, line, strict=True)) for line in lines)
    sdmx = ("OBS_VALUE", "CI_LOW", "CI_HIGH")
    yield "sdmx.csv", triples(csv.DictReader(io.StringIO(files["sdmx.csv"].decode())), *sdmx)
    marked = ElementTree.fromstring(files["sdmx.xml"])
    yield (
        "sdmx.xml",
        triples(
            (dict(each.attrib) for each in marked.iter() if "CONF_STATUS" in each.attrib), *sdmx
        ),
    )


def numbers_in(book: bytes) -> set[str]:
    """Every number of every table of the workbook, as a page may write it."""
    said = set()
    for sheet in openpyxl.load_workbook(io.BytesIO(book)).worksheets:
        for row in sheet.iter_rows(values_only=True):
            for cell in row:
                if isinstance(cell, int | float):
                    for decimals in (0, 1, 2, 4):
                        for signed in (False, True):
                            said.add(plain(number(cell, "fr", decimals, signed=signed)))
                    said.add(plain(percent(cell, "fr")))
    return said


def taken(visitor: Browser, address: str) -> bytes:
    answer = visitor.client.get(f"/office/results/1{address}")
    assert answer.status_code == 200, address
    return bytes(answer.data)


def as_written(figures: Iterable[Triple]) -> set[tuple[str, ...]]:
    """Value and ends of every figure with an interval, as a page writes them."""
    return {
        tuple(plain(number(each, "fr", signed=signed)) for each in (value, low, high))
        for value, low, high in figures
        if low is not None and high is not None
        for signed in (False, True)
    }


def pages(visitor: Browser, seen: Published) -> Iterator[tuple[str, Tag]]:
    """Every page that this release has, also narrowed down."""
    for rest in addresses(seen):
        answer = visitor.client.get(f"/office/results/1{rest}")
        if answer.status_code == 200:
            main = BeautifulSoup(answer.data, "html.parser").select_one("main")
            assert main is not None
            yield rest, main


def in_cells(main: Tag) -> set[str]:
    """The number that each cell of figures begins with."""
    said = (plain(cell.get_text(" ")) for cell in main.select("td.n"))
    return {found[0] for each in said if (found := re.match(rf"{FIGURE}(?= |$)", each))}


def in_report(content: bytes, folder: Path) -> list[tuple[str, str]]:
    """Every interval of a report, as poppler reads it."""
    (folder / "report.pdf").write_bytes(content)
    ran = subprocess.run(
        ["pdftotext", "-layout", "report.pdf", "-"], cwd=folder, capture_output=True, check=True
    )
    return INTERVAL.findall(plain(ran.stdout.decode()))


@pytest.mark.full
def test_every_figure_on_every_page_is_in_every_file(visitor: Browser, seen: Published) -> None:
    files = {form: taken(visitor, f"/downloads/fr/{form}") for form in FORMATS}
    wanted = triples(json.loads(files["json"])["figures"])
    assert len(wanted) > 500
    for form, found in in_files(files):
        assert sorted(found, key=repr) == sorted(wanted, key=repr), form
    written, known = as_written(wanted), numbers_in(files["xlsx"])
    intervals = {(low, high) for _value, low, high in written}
    shown = cells = 0
    for rest, main in pages(visitor, seen):
        text = plain(main.get_text(" "))
        figures = WITH_INTERVAL.findall(text)
        assert set(figures) <= written, rest
        assert set(IN_BRACKETS.findall(text)) <= intervals, rest
        between = set(INTERVAL.findall(text)) - intervals  # the least and the greatest of several
        assert {end for both in between for end in both} <= known, rest
        assert in_cells(main) <= known, rest
        shown += len(figures)
        cells += len(in_cells(main))
    assert shown > 2000
    assert cells > 1000


@pytest.mark.full
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not here to read the PDF")
def test_every_interval_in_every_report_is_in_every_file(
    visitor: Browser, seen: Published, tmp_path: Path
) -> None:
    filed = json.loads(taken(visitor, "/downloads/fr/json"))["figures"]
    intervals = {(low, high) for _value, low, high in as_written(triples(filed))}
    reports = {
        p: in_report(taken(visitor, f"/report/fr/{p}"), tmp_path) for p in (NATION, *seen.places)
    }
    for place, found in reports.items():
        assert len(found) > 20, place
        assert set(found) <= intervals, place
