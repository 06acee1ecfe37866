"""The groups of a breakdown are the same figures on every page, in every file and in print, and
what is withheld of them is withheld in all of these."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import polars as pl
import pytest
from browser import Browser, Page
from bs4 import Tag
from evaluated import EVALUATOR, Evaluated
from pysdmx.io import get_datasets
from sqlalchemy import select, update

from app.domain.breakdowns import Breakdown
from app.domain.territories import NATION
from app.evaluation.tables import Observation, What
from app.factory import create_app
from app.interchange.figure_words import interval_in_words, number, rounded, value_in_words
from app.settings import from_environment
from app.storage.accounts import Account
from app.storage.database import now
from app.storage.jobs import Job
from app.storage.published import Published
from app.storage.releases import Release
from app.web.evaluators import public_copies
from app.workflows import jobs
from app.workflows.release_files import FORMATS
from app.workflows.summary_columns import GROUPS

NUMBERS = ("value", "se", "low", "high", "df", "n", "n_effective", "weighted_base", "dont_know")
KINDS = (What.GROUP, What.GROUP_GAP)
INDICATORS = "/office/results/1/indicators"
DOWNLOADS = "/office/results/1/downloads"


@pytest.fixture
def breakdown(seen: Published) -> Breakdown:
    (found,) = seen.national.breakdowns
    return found


def told(seen: Published) -> list[Observation]:
    """Every figure of a group, and every difference of groups, as the files have them in turn."""
    return [each for each in seen.table if each.what in KINDS]


def words_of(each: Observation | None, language: str, *, signed: bool = False) -> str:
    found = interval_in_words(each, language, signed=signed)
    value = value_in_words(each, language, signed=signed)
    return f"{value} ({found})" if found else value


def answers_of(each: Observation | None, language: str) -> str:
    known = each is not None and each.shown and each.n is not None
    return number(each.n, language, 0) if known and each else "–"


def line(
    levels: list[Observation | None], gaps: list[Observation | None], language: str
) -> list[str]:
    """A row of a table with every group side by side, as it must read."""
    wanted = [said for e in levels for said in (words_of(e, language), answers_of(e, language))]
    return [plain(each) for each in (*wanted, *(words_of(g, language, signed=True) for g in gaps))]


def plain(text: str) -> str:
    return re.sub(r"[ \n]+", " ", text).strip()


def cells(row: Tag) -> list[str]:
    return [plain(each.get_text(" ")) for each in row.select("td")]


def row_of(table: Tag, name: str) -> Tag:
    return next(
        r for r in table.select("tbody tr") if r.select("th")[0].get_text().startswith(name)
    )


def figure_of(page: Page, title: str) -> Tag:
    return next(
        each
        for each in page.soup.select("figure")
        if (head := each.select_one("figcaption")) and head.get_text().startswith(title)
    )


def test_some_groups_are_shown_and_some_withheld(seen: Published) -> None:
    for what in KINDS:
        kinds = {each.confidentiality for each in told(seen) if each.what == what}
        assert {"F", "N"} <= kinds
    withheld = [each for each in told(seen) if each.confidentiality == "N"]
    assert all(getattr(each, name) is None for each in withheld for name in NUMBERS)


def test_where_no_group_is_given_out_no_empty_chart_is_drawn(
    visitor: Browser, seen: Published, breakdown: Breakdown, tmp_path: Path
) -> None:
    shown = {e.territory for e in told(seen) if e.what == What.GROUP and e.shown}
    silent = [place for place in seen.places if place not in shown]
    assert silent
    assert shown
    for place in seen.places:
        page = visitor.get(f"/office/results/1/territories/{place}")
        figure = figure_of(page, breakdown.title.in_("fr"))
        assert bool(figure.select("svg")) == (place in shown)
        assert ("Aucun chiffre d’un groupe" in figure.get_text()) == (place in silent)
        tagged = printed(visitor, place, "fr", tmp_path)
        said = plain("".join(re.findall(r'^ *"(.*)"$', tagged, re.MULTILINE)))
        assert ("Aucun chiffre d’un groupe" in said) == (place in silent)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_of_an_indicator_and_of_a_territory_shows_the_groups(
    evaluated: Evaluated,
    catalogues: None,
    seen: Published,
    breakdown: Breakdown,
    language: str,
    tmp_path: Path,
) -> None:
    if language != "fr":
        evaluated = evaluated.copied(tmp_path / "own")
        with evaluated.house().database.write() as session:
            session.execute(update(Account).values(language=language))
    visitor = evaluated.browser(EVALUATOR, language)
    figures = {(e.territory, e.code, e.group): e for e in told(seen)}
    first, *others = (each.code for each in breakdown.groups)
    compared = 0
    for code in dict.fromkeys(code for _place, code, _group in figures):
        page = visitor.get(f"{INDICATORS}/{code}")
        figure = figure_of(page, breakdown.title.in_(language))
        table = figure.select("table")[0]
        drawings = [plain(each.get_text(" ")) for each in figure.select("svg.chart[role=img]")]
        levels_of = (e for e in figures.values() if e.what == What.GROUP and e.code == code)
        assert len(drawings) == 2 * any(each.shown for each in levels_of)
        for place in (NATION, *seen.places):
            levels = [figures.get((place, code, f"{breakdown.code}.{g}")) for g in (first, *others)]
            if not any(levels):
                continue
            gaps = [figures.get((place, code, f"{breakdown.code}.{g}-{first}")) for g in others]
            assert cells(row_of(table, seen.name(place, language))) == line(levels, gaps, language)
            for each, drawing in ((e, d) for e in levels for d in drawings):
                assert plain(value_in_words(each, language)) in drawing
            compared += 1
    assert compared > 20
    for place in seen.places:
        page = visitor.get(f"/office/results/1/territories/{place}")
        figure = figure_of(page, breakdown.title.in_(language))
        rows = figure.select("tbody tr")
        here = [
            code
            for code in seen.indicators
            if (place, code, f"{breakdown.code}.{first}") in figures
        ]
        assert [str(row.select("th a")[0]["href"]) for row in rows] == [
            f"{INDICATORS}/{code}" for code in here
        ]
        for code, row in zip(here, rows, strict=True):
            levels = [figures.get((place, code, f"{breakdown.code}.{g}")) for g in (first, *others)]
            gaps = [figures.get((place, code, f"{breakdown.code}.{g}-{first}")) for g in others]
            assert cells(row) == line(levels, gaps, language)
            chart = figure.select_one("svg.chart[role=img]")
            said = plain(chart.get_text(" ")) if chart else ""
            assert not chart or all(plain(value_in_words(e, language)) in said for e in levels)


def test_a_page_of_one_group_shows_that_group_and_leads_to_its_file(
    visitor: Browser, seen: Published, breakdown: Breakdown
) -> None:
    figures = {(e.territory, e.code, e.group): e for e in told(seen)}
    for group in (f"{breakdown.code}.{each.code}" for each in breakdown.groups):
        codes = list(dict.fromkeys(code for _p, code, g in figures if g == group))
        assert len(codes) > 10
        for code in codes:
            page = visitor.get(f"{INDICATORS}/{code}?group={group}")
            table = page.soup.select("table")[0]
            shown = {
                place: each for (place, c, g), each in figures.items() if (c, g) == (code, group)
            }
            assert len(table.select("tbody tr")) == len(shown)
            for place, each in shown.items():
                said = cells(row_of(table, seen.name(place, "fr")))
                assert said[:2] == [plain(words_of(each, "fr")), answers_of(each, "fr")]
            link = page.soup.find("a", string="Télécharger ces chiffres")
            assert isinstance(link, Tag)
            query = urlsplit(str(link["href"])).query
            assert parse_qs(query)["group"] == [group]
            rows = rows_of(visitor, "csv", f"?{query}")
            wanted = [e for e in told(seen) if e.code == code and in_choice(e, group)]
            assert len(rows) == len(wanted)
            same_rows(rows, wanted)


def in_choice(each: Observation, group: str) -> bool:
    """Whether a choice of this group takes it: its figures, and its difference from the first."""
    return (each.group or "").partition("-")[0] == group


def content(visitor: Browser, form: str, query: str, language: str = "fr") -> bytes:
    answer = visitor.client.get(f"{DOWNLOADS}/{language}/{form}{query}")
    assert answer.status_code == 200
    return bytes(answer.data)


def rows_of(visitor: Browser, form: str, query: str) -> list[dict[str, str]]:
    excel = form == "excel.csv"
    text = content(visitor, form, query).decode("utf-8-sig" if excel else "utf-8")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";" if excel else ","))
    if excel:
        for row in rows:
            row.update({name: row[name].replace(",", ".") for name in NUMBERS})
    return rows


def same(found: object, wanted: float | None) -> bool:
    if found in (None, "", "nan") or found != found:
        return wanted is None
    return wanted is not None and float(str(found)) == wanted


def same_rows(
    rows: list[dict[str, str]], wanted: list[Observation], numbers: Sequence[str] = NUMBERS
) -> None:
    for row, each in zip(rows, wanted, strict=True):
        near = rounded(each)
        at = [row[name] for name in ("territory", "what", "code", "audience", "group", "status")]
        assert at == [
            each.territory, str(each.what), each.code, each.audience, each.group,
            each.confidentiality,
        ]  # fmt: skip
        assert all(same(row.get(name), getattr(near, name)) for name in numbers), each


@pytest.mark.parametrize("query", ["?subject=groups", "?group=LIVING.together"])
def test_every_format_holds_the_groups(visitor: Browser, seen: Published, query: str) -> None:
    alone = query.rpartition("=")[2] if "group=" in query else ""
    wanted = [each for each in told(seen) if not alone or in_choice(each, alone)]
    assert len(wanted) > 40
    read: dict[str, list[dict[str, str]]] = {
        form: rows_of(visitor, form, query) for form in ("csv", "excel.csv")
    }
    read["json"] = json.loads(content(visitor, "json", query))["figures"]
    read["parquet"] = pl.read_parquet(io.BytesIO(content(visitor, "parquet", query))).to_dicts()
    answer = visitor.client.get(f"/api/v1/releases/1/files/json{query}")
    read["api"] = json.loads(answer.data)["figures"]
    book = openpyxl.load_workbook(io.BytesIO(content(visitor, "xlsx", query)))
    tidy = list(book.worksheets[-1].iter_rows(4, values_only=True))
    read["xlsx"] = [dict(zip(read["csv"][0], line, strict=True)) for line in tidy[1:]]
    for rows in read.values():
        same_rows(rows, wanted)
    names = {f"{g.code}": g.title.in_("fr") for g in seen.national.breakdowns[0].groups}
    for row, each in zip(read["csv"], wanted, strict=True):
        codes = (each.group or "").partition(".")[2].split("-")
        assert row["group_name"] == " − ".join(names[code] for code in codes)
    (sheet,) = (each for each in book.worksheets if each.title.startswith("Groupes"))
    lines = list(sheet.iter_rows(4, values_only=True))
    kinds = [[each for each in wanted if each.what == what] for what in KINDS]
    same_rows(
        [dict(zip(GROUPS, line, strict=True)) for line in lines[1:]],
        [each for several in kinds for each in several],
        tuple(name for name in NUMBERS if name in GROUPS),
    )


def test_sdmx_tells_the_groups_apart(visitor: Browser, seen: Published) -> None:
    wanted = told(seen)
    files = {form: content(visitor, form, "?subject=groups").decode() for form in FORMATS
             if "xml" in form or "sdmx" in form}  # fmt: skip
    for form in ("sdmx.csv", "sdmx.xml"):
        data = get_datasets(files[form], files["structure.xml"])[0].data
        for row, each in zip(data.to_dict("records"), wanted, strict=True):
            assert row["BREAKDOWN"].replace("$", ".") == each.group
            assert (row["REF_AREA"], row["WHAT"]) == (each.territory, each.what)
            assert row["CONF_STATUS"] == each.confidentiality
            near = rounded(each)
            for name, field in (("OBS_VALUE", "value"), ("CI_LOW", "low"), ("N_BASE", "n")):
                assert same(row[name], getattr(near, field))


def test_everybody_reads_the_same_groups(
    evaluated: Evaluated,
    catalogues: None,
    seen: Published,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = evaluated.copied(tmp_path / "own")
    all_of = [each for each in public_copies.addresses(seen) if "?group=" in each]
    assert len(all_of) == len({(e.code, e.group) for e in told(seen) if e.what == What.GROUP})
    some = [*dict.fromkeys(each.partition("?")[0] for each in all_of[:6]), *all_of[:6]]
    monkeypatch.setattr(public_copies, "addresses", lambda _seen: iter(("", *some)))
    visitor = there.browser(EVALUATOR)
    with there.house().database.write() as session:
        at = now()
        session.execute(update(Release).values(approved_at=at, checked_at=at, published_at=at))
    visitor.get("/office/results")
    visitor.submit(form="/public")
    house = there.house()
    with house.database.read() as session:
        job = session.scalars(select(Job.id).where(Job.kind == "public_pages")).one()
    assert jobs.run(house, job)
    anybody = Browser(create_app(from_environment(there.environment), "public").test_client(), "fr")
    base = str(anybody.get("/results/DEMO").soup.select("main a")[0]["href"])
    for rest in some:
        shown, staff = anybody.get(f"{base}{rest}"), visitor.get(f"/office/results/1{rest}")
        assert [cells(row) for row in shown.soup.select("main tbody tr")] == [
            cells(row) for row in staff.soup.select("main tbody tr")
        ]
        path, _, query = rest.partition("?")
        text = anybody.client.get(
            f"{base}{path}.csv" + (f"?{query}" if query else "")
        ).data.decode()
        rows = [r for r in csv.DictReader(io.StringIO(text)) if r["what"] in map(str, KINDS)]
        group, code = query.partition("=")[2], path.rpartition("/")[2]
        same_rows(
            rows,
            [e for e in told(seen) if e.code == code and (not group or in_choice(e, group))],
        )


def printed(visitor: Browser, place: str, language: str, folder: Path) -> str:
    """What poppler reads of a report, with its tags."""
    answer = visitor.client.get(f"/office/results/1/report/{language}/{place}")
    assert answer.status_code == 200
    (folder / "report.pdf").write_bytes(answer.data)
    command = ["pdfinfo", "-struct-text", "report.pdf"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return ran.stdout.decode("utf-8", "replace")


def printed_rows(tagged: str) -> Iterator[list[str]]:
    """The cells of every row of every table, but the last of each."""
    for row in re.split(r"\n +TR(?=\n)", tagged)[1:]:
        cells = re.split(r"\n +T[DH]\b[^\n]*", row)[1:-1]
        yield [plain("".join(re.findall(r'^ *"(.*)"$', each, re.MULTILINE))) for each in cells]


@pytest.mark.skipif(not shutil.which("pdfinfo"), reason="poppler is not here to read the PDF")
@pytest.mark.parametrize("language", ["fr", "en"])
def test_reports_hold_the_groups(
    visitor: Browser, seen: Published, breakdown: Breakdown, language: str, tmp_path: Path
) -> None:
    figures = {(e.territory, e.code, e.group): e for e in told(seen)}
    first = breakdown.groups[0].code
    for place in (NATION, *seen.places):
        tagged = printed(visitor, place, language, tmp_path)
        wanted = []
        for code, indicator in seen.indicators.items():
            for group in breakdown.groups:
                level = figures.get((place, code, f"{breakdown.code}.{group.code}"))
                gap = figures.get((place, code, f"{breakdown.code}.{group.code}-{first}"))
                if level is not None:
                    line = (
                        f"{code} – {indicator.title.in_(language)} ({indicator.unit})",
                        group.title.in_(language),
                        value_in_words(level, language),
                        interval_in_words(level, language),
                        answers_of(level, language),
                        "–" if group.code == first else words_of(gap, language, signed=True),
                    )
                    wanted.append([plain(each) for each in line])
        rows = [row for row in printed_rows(tagged) if len(row) == 6]
        assert len(wanted) > 20
        assert [row for row in rows if row[1] in {line[1] for line in wanted}] == wanted
        said = plain("".join(re.findall(r'^ *"(.*)"$', tagged, re.MULTILINE)))
        assert plain(breakdown.title.in_(language)) in said
