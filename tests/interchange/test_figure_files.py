"""Figure files: safe in spreadsheets, the same bytes each time, opened by the real programs."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from app.evaluation.tables import Observation
from app.interchange.figure_words import interval_in_words, number, percent, rounded, value_in_words
from app.interchange.figures_csv import harmless, write_csv
from app.interchange.figures_xlsx import write_xlsx
from app.interchange.summary import Column, Sheet, Summary, Words
from app.interchange.verdict_words import verdict_sentence

SHEET = Sheet(
    "tidy",
    "Toutes les données",
    "Un chiffre par ligne.",
    (Column("title", "Intitulé"), Column("value", "Valeur", "number")),
    (("=1+1", 12.5), ("@cmd|' /C calc'!A0", None), ("Équité, « été »", -3.0)),
)
SUMMARY = Summary(
    name="essai",
    title="Essai",
    language="fr",
    synthetic=True,
    dated=datetime(2026, 3, 1, tzinfo=UTC),
    words=Words("Sommaire", "Notes", "Méthodes", "synthétique", "Couverture"),
    cover=(("Programme", "=essai"),),
    notes=("+note",),
    methods=("-méthode",),
    sheets=(),
    tidy=SHEET,
)


def test_text_that_a_spreadsheet_would_run_is_disarmed() -> None:
    for start in ("=", "+", "-", "@", "\t", "\r"):
        assert harmless(f"{start}1") == f"'{start}1"
    assert harmless("Mayenne") == "Mayenne"
    lines = write_csv(SHEET).decode().split("\r\n")
    assert lines[1] == "'=1+1,12.5"
    assert lines[3] == '"Équité, « été »",-3.0'


def test_the_french_flavour_has_commas_and_a_mark_of_its_encoding() -> None:
    content = write_csv(SHEET, french_excel=True)
    assert content.startswith(b"\xef\xbb\xbf")
    assert "'=1+1;12,5" in content.decode("utf-8-sig")


def test_a_workbook_has_the_same_bytes_each_time_and_texts_only_as_texts(tmp_path: Path) -> None:
    content = write_xlsx(SUMMARY)
    assert content == write_xlsx(SUMMARY)
    path = tmp_path / "essai.xlsx"
    path.write_bytes(content)
    book = openpyxl.load_workbook(path)
    found = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in found)
    assert "=1+1" in [cell.value for cell in found]
    assert {sheet.page_setup.fitToHeight for sheet in book.worksheets} == {0}, "as long as it is"
    assert all(sheet.sheet_properties.pageSetUpPr.fitToPage for sheet in book.worksheets)
    assert book.worksheets[-1].print_title_rows == "$4:$4", "the heads stand on every page"


@pytest.mark.full
def test_libreoffice_opens_the_workbook(tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not here: the workbook was not opened by it")
    (tmp_path / "essai.xlsx").write_bytes(write_xlsx(SUMMARY))
    subprocess.run(
        [
            program,
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
            "essai.xlsx",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    read = {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.csv")}
    assert any("=1+1" in text and "12.5" in text for text in read.values())


def test_numbers_are_written_as_people_of_the_language_write_them() -> None:
    assert number(1842.55, "fr") == "1\u202f842,5"
    assert number(1842.55, "en") == "1,842.5"
    assert number(-0.04, "fr", signed=True) == "0,0"
    assert number(-3.14, "fr", signed=True) == "\u22123,1"
    assert number(3.14, "en", signed=True) == "+3.1"
    assert percent(0.861, "fr") == "86\u202f%"
    assert percent(0.861, "en") == "86%"


def test_a_figure_without_value_says_why_and_a_withheld_one_nothing_else() -> None:
    withheld = Observation("MAY", None, "indicator", "SQ3", confidentiality="N", reason="withheld")
    assert value_in_words(withheld, "fr") == "non diffusé"
    assert value_in_words(withheld, "en") == "not published"
    assert interval_in_words(withheld, "fr") == ""
    assert value_in_words(None, "en") == "not available"
    assert value_in_words(Observation("MAY", None, "indicator", reason="no_rest"), "fr").startswith(
        "aucun autre"
    )


def test_rounding_happens_once() -> None:
    seen = Observation("MAY", None, "indicator", "SQ3", value=57.149, se=1.005, low=-0.01, n=30)
    near = rounded(seen)
    assert (near.value, near.low, near.n) == (57.1, 0.0, 30)
    assert rounded(near) == near


@pytest.mark.parametrize(
    ("verdict", "french", "english"),
    [
        ("same_by_construction", "identique par construction", "same by construction"),
        (
            "no_difference_that_matters",
            "pas de différence qui compte",
            "no difference that matters",
        ),
        (
            "no_difference_that_matters_detectable",
            "pas de différence qui compte (décelable)",
            "no difference that matters (detectable)",
        ),
        (
            "stands_higher",
            "se place plus haut\u00a0: +3,1 points, entre +2,2 et +4,0",
            "stands higher: +3.1 points, between +2.2 and +4.0",
        ),
        (
            "higher_size_uncertain",
            "plus haut, ampleur incertaine\u00a0: entre +2,2 et +4,0",
            "higher, size uncertain: between +2.2 and +4.0",
        ),
        (
            "cannot_tell",
            "on ne peut pas dire\u00a0: cette enquête aurait pu voir un décalage de 3,2 points"
            "\u00a0; celui-ci est de +3,1",
            "cannot tell: this survey could have seen a shift of 3.2 points; this one is +3.1",
        ),
    ],
)
def test_verdicts_are_sentences(verdict: str, french: str, english: str) -> None:
    seen = Observation(
        "MAY", "MAY", "standing_shift", value=3.1, low=2.2, high=4.0, verdict=verdict
    )
    smallest = Observation("MAY", "MAY", "smallest_detectable", value=3.2)
    assert verdict_sentence(seen, smallest, "fr") == french
    assert verdict_sentence(seen, smallest, "en") == english
