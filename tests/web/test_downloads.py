"""Downloads: every format of a choice holds the same figures; nobody takes more than they see."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from browser import Browser
from bs4 import Tag
from evaluated import COORDINATOR, EVALUATOR, Evaluated
from pysdmx.io import get_datasets, read_sdmx

from app.definitions.files import read_framework, read_questionnaire
from app.evaluation.tables import Observation
from app.interchange.figure_words import interval_in_words, rounded
from app.storage.published import Published
from app.workflows.choosing import SUBJECTS, What, choice_of, chosen
from app.workflows.release_files import FORMATS, TYPES

NUMBERS = {
    "STD_ERROR": "se",
    "CI_LOW": "low",
    "CI_HIGH": "high",
    "N_BASE": "n",
    "COVERAGE": "coverage",
}
CHOICE = "?territory=MAY&territory=FR&subject=scores&subject=indicators"


def taken(visitor: Browser, form: str, query: str = "") -> bytes:
    answer = visitor.client.get(f"/office/results/1/downloads/fr/{form}{query}")
    assert answer.status_code == 200
    return bytes(answer.data)


def key(seen: Observation) -> tuple[str, str, str, str, str, str]:
    return (
        seen.territory,
        seen.framework or "",
        str(seen.what),
        seen.code,
        seen.audience or "",
        seen.group or "",
    )


def same(found: object, wanted: float | None) -> bool:
    if found in (None, "", "nan") or found != found:
        return wanted is None
    return wanted is not None and float(str(found)) == wanted


def test_subjects_take_every_kind_of_figure_once() -> None:
    kinds = [what for _title, whats in SUBJECTS.values() for what in whats]
    assert sorted(kinds) == sorted(What)


@pytest.mark.parametrize("query", ["", CHOICE])
def test_every_file_has_a_name_of_ours_and_a_type_that_is_no_page(
    visitor: Browser, query: str
) -> None:
    for form in FORMATS:
        answer = visitor.client.get(f"/office/results/1/downloads/fr/{form}{query}")
        told = answer.headers["Content-Disposition"]
        name = re.fullmatch(r'attachment; filename="([A-Za-z0-9-]+\.[a-z.]+)"', told)
        assert name, told
        assert name[1].endswith(f".{form}")
        assert answer.mimetype == TYPES[form] not in ("text/html", "image/svg+xml")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("query", ["", CHOICE])
def test_every_format_holds_the_figures_of_the_choice(
    visitor: Browser, seen: Published, query: str
) -> None:
    wanted = {"territory": ["MAY", "FR"], "subject": ["scores", "indicators"]} if query else {}
    table = {key(each): rounded(each) for each in chosen(seen, choice_of(seen, wanted)).table}
    assert len(table) > 100
    files = {form: taken(visitor, form, query) for form in FORMATS}
    if query:
        assert files == {form: taken(visitor, form, query) for form in FORMATS}  # the same bytes
    rows = list(csv.DictReader(io.StringIO(files["csv"].decode())))
    names = ("territory", "framework", "what", "code", "audience", "group")
    parquet = pl.read_parquet(io.BytesIO(files["parquet"])).to_dicts()
    figures = json.loads(files["json"])["figures"]
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    lines = list(book.worksheets[-1].iter_rows(4, values_only=True))
    sheet = [dict(zip(rows[0], line, strict=True)) for line in lines[1:]]
    for several in (rows, parquet, figures, sheet):
        assert [tuple(each.get(n) or "" for n in names) for each in several] == list(table)
        for each, near in zip(several, table.values(), strict=True):
            for name in ("value", "se", "low", "high", "n", "coverage"):
                assert same(each.get(name), getattr(near, name))
            assert each["status"] == near.confidentiality


def test_pysdmx_reads_the_same_figures(visitor: Browser, seen: Published) -> None:
    files = {
        form: taken(visitor, form).decode() for form in FORMATS if "xml" in form or "sdmx" in form
    }
    structures = read_sdmx(files["structure.xml"])
    definition = next(iter(structures.get_data_structure_definitions()))
    assert definition.short_urn == "DataStructure=COVALUE:FIGURES(1.1)"
    lists = {each.id: {code.id for code in each.codes} for each in structures.get_codelists()}
    table = {key(each): rounded(each) for each in seen.table}
    for form in ("sdmx.csv", "sdmx.xml"):
        data = get_datasets(files[form], files["structure.xml"])[0].data
        assert len(data) == len(table)
        for row, (whole, near) in zip(data.to_dict("records"), table.items(), strict=True):
            found = (
                row["REF_AREA"],
                "" if row["FRAMEWORK"] == "_Z" else row["FRAMEWORK"],
                row["WHAT"],
                "" if row["INDICATOR"] == "_Z" else row["INDICATOR"].replace("$", "."),
                "" if row["AUDIENCE"] == "_T" else row["AUDIENCE"],
                "" if row["BREAKDOWN"] == "_T" else row["BREAKDOWN"].replace("$", "."),
            )
            assert found == whole
            assert same(row["OBS_VALUE"], near.value)
            assert row["CONF_STATUS"] == near.confidentiality
            for name, field in NUMBERS.items():
                assert same(row[name], getattr(near, field))
            for name, listed in (
                ("REF_AREA", "CL_AREA"),
                ("INDICATOR", "CL_INDICATOR"),
                ("BREAKDOWN", "CL_BREAKDOWN"),
            ):
                assert row[name] in lists[listed]


def test_the_archive_can_be_checked_cited_and_loaded_again(visitor: Browser) -> None:
    content = taken(visitor, "zip")
    assert content == taken(visitor, "zip")
    archive = zipfile.ZipFile(io.BytesIO(content))
    folder = archive.namelist()[0].split("/")[0]
    held = {name.removeprefix(f"{folder}/"): archive.read(name) for name in archive.namelist()}
    assert "synthetique" in folder
    sums = dict(line.split("  ")[::-1] for line in held.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in held.items()}
    manifest = json.loads(held["manifest.json"])
    assert {each["name"]: each["sha256"] for each in manifest["files"]} == {
        name: sum_ for name, sum_ in sums.items() if name != "manifest.json"
    }
    assert "Licence Ouverte" in held["LICENCE.txt"].decode()
    assert "Covalue" in held["CITATION.txt"].decode()
    assert "aucun chiffre" in held["README.txt"].decode().lower()
    csv_name = next(name for name in held if name.endswith("-fr.csv"))
    assert held[csv_name] == taken(visitor, "csv")
    national = read_framework(held["frameworks/NAT.yaml"].decode())
    assert read_framework(held["frameworks/MAY.yaml"].decode(), national).territory == "MAY"
    assert read_questionnaire(held["questionnaires/MAY.elderly.yaml"].decode()).pages
    one = visitor.client.get("/office/results/1/definitions/framework/NAT/yaml")
    assert one.data == held["frameworks/NAT.yaml"]


def test_a_page_narrowed_down_leads_to_the_file_of_its_figures(visitor: Browser) -> None:
    page = visitor.get("/office/results/1/indicators/OUT1?territory=MAY&audience=elderly")
    table = page.soup.select("table")[0]
    shown = [row.select("td")[0].get_text(" ", strip=True) for row in table.select("tbody tr")]
    (form,) = page.soup.select("details.narrowing")  # closed: figures come first on a telephone
    assert not form.has_attr("open")
    said = form.select("summary")[0].get_text(strip=True)
    assert said.startswith("Restreint\u00a0: ")
    assert "Mayenne" in said
    link = page.soup.find("a", string="Télécharger ces chiffres")
    assert isinstance(link, Tag)
    query = str(link["href"]).partition("?")[2]
    assert set(query.split("&")) == {
        "territory=FR", "territory=MAY", "audience=elderly", "code=OUT1"
    }  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(taken(visitor, "csv", f"?{query}").decode("utf-8-sig"))))
    values = [r["value"] for r in rows if r["what"] == "component" and r["territory"] == "MAY"]
    assert len(values) == 1
    assert f"{float(values[0]):.1f}".replace(".", ",") in shown[-1]
    assert {row["territory"] for row in rows} <= {"FR", "MAY"}
    rates = visitor.get("/office/results/1/quality?territory=MAY&audience=elderly")
    assert all("Bordeaux" not in each.get_text() for each in rates.soup.select("main table"))
    axis = [
        each.get_text() for each in rates.soup.select("svg.chart.broad text[text-anchor=middle]")
    ]
    assert {"0", "100"} <= set(axis)
    for place in ("BDX", "VAL"):  # also where another's own indicator was asked
        answer = visitor.client.get(f"/office/results/1/downloads/fr/csv?territory={place}")
        assert answer.status_code == 200


def test_the_form_counts_before_and_refuses_what_is_not_there(
    visitor: Browser, seen: Published
) -> None:
    page = visitor.get(f"/office/results/1/downloads{CHOICE}")
    choice = choice_of(seen, {"territory": ["FR", "MAY"], "subject": ["indicators", "scores"]})
    table = chosen(seen, choice).table
    counted = [
        int(each.get_text().replace("\u202f", "")) for each in page.soup.select(".facts b")[-4:]
    ]
    withheld = sum(each.confidentiality == "N" for each in table)
    shown = sum(each.shown for each in table)
    assert counted == [len(table), shown, withheld, len(table) - shown - withheld]
    links = [str(each["href"]) for each in page.soup.select(".files a[href*='/downloads/']")]
    assert len(links) == len(FORMATS) + 1
    assert all("territory=MAY" in link and "subject=scores" in link for link in links)
    refused = visitor.client.get("/office/results/1/downloads?territory=XXX")
    assert refused.status_code == 422
    assert visitor.client.get("/office/results/1/downloads/fr/csv?territory=XXX").status_code == 422


def test_a_file_that_was_taken_is_found_and_taken_again(
    evaluated: Evaluated, catalogues: None, tmp_path: Path
) -> None:
    visitor = evaluated.copied(tmp_path / "own").browser(EVALUATOR)
    first = taken(visitor, "csv", CHOICE)
    taken(visitor, "xlsx")
    newest, before, *_ = visitor.get("/office/results/mine").soup.select("main tbody tr")
    assert "le fichier entier" in newest.get_text()
    (link,) = before.select("td a")
    assert (
        link.get_text() == "territoires\u00a0: France, Mayenne; sujets\u00a0: Indicateurs, Scores"
    )
    assert hashlib.sha256(first).hexdigest()[:16] in before.get_text()
    form = visitor.get(str(link["href"])).soup
    (again,) = (
        str(each["href"])
        for each in form.select("ul.files a")
        if "/downloads/fr/csv" in str(each["href"])
    )
    assert visitor.client.get(again).data == first


def test_who_sees_one_territory_takes_that_one_and_the_nation(
    evaluated: Evaluated, catalogues: None
) -> None:
    visitor = evaluated.browser(COORDINATOR)
    answer = visitor.client.get("/office/results/1/downloads/fr/zip")
    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    names = " ".join(archive.namelist())
    assert "MAY.yaml" in names
    assert "VAL" not in names
    assert "BDX" not in names
    manifest = json.loads(next(archive.read(n) for n in archive.namelist() if "manifest" in n))
    assert {each["territory"] for each in manifest["cells"]} <= {"MAY", "FR"}
    figures = next(archive.read(n).decode() for n in archive.namelist() if n.endswith("-fr.csv"))
    rows = csv.DictReader(io.StringIO(figures))
    assert {row["territory"] for row in rows} == {"MAY", "FR"}
    refused = visitor.client.get("/office/results/1/downloads/fr/csv?territory=VAL")
    assert refused.status_code == 422


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not here to read the PDF")
def test_poppler_reads_the_report_of_a_territory(
    visitor: Browser, seen: Published, tmp_path: Path
) -> None:
    content = visitor.client.get("/office/results/1/report/fr/MAY").data
    assert content == visitor.client.get("/office/results/1/report/fr/MAY").data
    (tmp_path / "report.pdf").write_bytes(content)

    def read(*command: str) -> str:
        ran = subprocess.run([*command], cwd=tmp_path, capture_output=True, check=True).stdout
        return " ".join(ran.decode("utf-8", "replace").split())

    about = read("pdfinfo", "report.pdf")
    assert "Tagged: yes" in about
    assert "Rapport – Mayenne" in about
    tree = read("pdfinfo", "-struct-text", "report.pdf")
    for kind in ("H1", "H2", "Figure", "Table", "TH"):
        assert kind in tree
    said = read("pdftotext", "-layout", "report.pdf", "-")
    assert "Toutes les réponses sont inventées" in said
    assert "Données synthétiques" in said
    shown = 0
    for each in seen.table.of(What.INDICATOR, territory="MAY"):
        if each.shown and each.audience is None:
            assert interval_in_words(each, "fr") in said, each.code
            shown += 1
    assert shown > 15
    assert visitor.client.get("/office/results/1/report/fr/XXX").status_code == 404
