"""No text of anybody becomes a formula: 120 payloads in every place for text of every export."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import orjson
import polars as pl
import pytest
from formula_payloads import PAYLOADS

from app.domain.known_totals import KnownTotal
from app.domain.text import Text
from app.domain.translating import Wording
from app.evaluation.tables import Observation
from app.interchange import translations_xlsx
from app.interchange.extract_csv import safe, write_codebook
from app.interchange.extract_variables import Described, Variable
from app.interchange.figures_csv import write_csv
from app.interchange.figures_json import write_json
from app.interchange.figures_parquet import write_parquet
from app.interchange.figures_xlsx import write_xlsx
from app.interchange.known_totals_csv import read_totals, written_totals
from app.interchange.sdmx import SdmxContent
from app.interchange.sdmx_csv import write_sdmx_csv
from app.interchange.sdmx_ml import write_sdmx_data, write_sdmx_structure
from app.interchange.summary import Column, Sheet, Summary, Words
from app.interchange.tables_csv import table_csv

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
COLUMNS = (Column("title", "Intitulé"), Column("value", "Valeur", "number"), Column("source", "S"))
ROWS = tuple((payload, 12.5, payload) for payload in PAYLOADS)
HOSTILE = Summary(
    name="essai",
    title=PAYLOADS[0],
    language="fr",
    synthetic=False,
    dated=datetime(2026, 3, 1, tzinfo=UTC),
    words=Words("Sommaire", "Notes", "Méthodes", "synthétique", "Couverture"),
    cover=tuple(zip(PAYLOADS, PAYLOADS, strict=True)),
    notes=PAYLOADS,
    methods=PAYLOADS,
    sheets=(Sheet("one", "Un", PAYLOADS[1], COLUMNS, ROWS),),
    tidy=Sheet("tidy", "Toutes", PAYLOADS[2], COLUMNS, ROWS),
    metadata={"wave": PAYLOADS[3]},
)
SDMX = SdmxContent(
    observations=tuple(
        Observation(
            "MAY", None, "indicator", f"X{n}", value=1.5, source=p, verdict=p, reason=p, flags=(p,)
        )
        for n, p in enumerate(PAYLOADS)
    ),
    units={},
    lists={"INDICATOR": {f"X{n}": Text.of(fr=p, en=p) for n, p in enumerate(PAYLOADS)}},
    title=Text.of(fr=PAYLOADS[0], en=PAYLOADS[0]),
    sender="DEMO",
    period="2026-01-01/P90D",
    made_at=datetime(2026, 3, 1, tzinfo=UTC),
    synthetic=False,
)


def dangerous(cell: str) -> bool:
    """What a spreadsheet would look at first, once spaces and signs that are not seen are gone."""
    return cell.startswith(STARTS) or cell.lstrip(' \u00a0\u200b\ufeff"').startswith(STARTS)


@pytest.mark.parametrize("french_excel", [False, True])
def test_no_cell_of_a_csv_file_begins_like_a_formula(french_excel: bool) -> None:
    text = write_csv(HOSTILE.tidy, french_excel=french_excel).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, ""), delimiter=";" if french_excel else ","))
    assert len(rows) == 121
    for row, payload in zip(rows[1:], PAYLOADS, strict=True):
        assert not any(dangerous(cell) for cell in row), payload
        assert row[0] in (payload, f"'{payload}")
    sdmx = list(csv.reader(io.StringIO(write_sdmx_csv(SDMX).decode(), "")))
    assert len(sdmx) == 121
    assert not any(dangerous(cell) for row in sdmx for cell in row)


def test_tables_codebooks_answers_and_translations_hold_every_text_as_text() -> None:
    named = tuple(
        Variable(f"X{n}", Text.of(fr=p, en=p), "choice", ("1",), (Text.of(fr=p, en=p),))
        for n, p in enumerate(PAYLOADS)
    )
    described = Described(Text.of(fr=PAYLOADS[0]), named, 1, {}, synthetic=False, language="fr")
    codebook = write_codebook(described).decode()
    for text, delimiter in (
        (table_csv([PAYLOADS[0]], [[each] for each in PAYLOADS]).decode("utf-8-sig"), ";"),
        (codebook, ","),
    ):
        rows = list(csv.reader(io.StringIO(text, ""), delimiter=delimiter))
        assert len(rows) > len(PAYLOADS)
        texts = [cell for row in rows for cell in row if not cell.removeprefix("-").isdigit()]
        assert not any(map(dangerous, texts))  # -9991 is a code, a number
    assert not any(map(dangerous, safe(pl.Series(PAYLOADS)).to_list()))
    wordings = [Wording(f"text {n}", "", (), p, p, "done") for n, p in enumerate(PAYLOADS)]
    book = openpyxl.load_workbook(io.BytesIO(translations_xlsx.written(wordings, "fr", "en")))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} == {"s"}


def test_known_totals_are_text_and_come_back_as_they_were() -> None:
    totals = [
        KnownTotal(
            "MAY", "elderly", payload, payload, 12.5, payload, date(2026, 1, 1), into=payload
        )
        for payload in PAYLOADS
        if payload.isprintable() and payload == payload.strip()
    ]
    assert len(totals) > 20
    written = written_totals(totals)
    for row in csv.reader(io.StringIO(written.decode("utf-8-sig"), ""), delimiter=";"):
        assert not any(dangerous(cell) for cell in row), row
    read = read_totals(io.BytesIO(written))
    assert not read.faults
    assert [total for _place, total in read.totals] == totals


def test_a_workbook_and_the_other_formats_hold_every_text_as_it_is() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(HOSTILE)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    texts = {str(cell.value) for cell in cells if cell.data_type == "s"}
    assert {p for p in PAYLOADS if p.isprintable()} <= texts
    frame = pl.read_parquet(io.BytesIO(write_parquet(HOSTILE)))
    assert tuple(frame["title"]) == PAYLOADS
    assert [each["title"] for each in orjson.loads(write_json(HOSTILE))["figures"]] == list(
        PAYLOADS
    )
    data = ElementTree.fromstring(write_sdmx_data(SDMX))
    assert [obs.get("SOURCE") for obs in data.iter("Obs")] == list(PAYLOADS)
    lists = ElementTree.fromstring(write_sdmx_structure(SDMX))
    told = {(each.text or "").strip() for each in lists.iter()}
    assert {payload.strip() for payload in PAYLOADS} <= told


@pytest.mark.full
def test_libreoffice_opens_no_formula(tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not here: no file was opened by it")
    small = replace(HOSTILE, sheets=())
    (tmp_path / "book.xlsx").write_bytes(write_xlsx(small))
    (tmp_path / "plain.csv").write_bytes(write_csv(HOSTILE.tidy))
    (tmp_path / "french.csv").write_bytes(write_csv(HOSTILE.tidy, french_excel=True))
    (tmp_path / "sdmx.csv").write_bytes(write_sdmx_csv(SDMX))
    _open(program, tmp_path, "", "book.xlsx")
    _open(program, tmp_path, "CSV:44,34,76", "plain.csv", "sdmx.csv")
    _open(program, tmp_path, "CSV:59,34,76", "french.csv")
    opened = sorted(tmp_path.glob("*.fods"))
    assert len(opened) == 4
    for path in opened:
        text = path.read_text("utf-8")
        assert "table:formula" not in text, path.name
        assert "calc" in text, path.name


def _open(program: str, folder: Path, read_as: str, *names: str) -> None:
    """Have LibreOffice read files and write what it made of them, formulas included."""
    command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command += [f"--infilter={read_as}"] if read_as else []
    command += ["--convert-to", "fods", *names]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)
