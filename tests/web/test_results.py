"""The evaluators' pages and files: they agree to the digit, and show nothing that is withheld."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from browser import Browser
from bs4 import Tag
from evaluated import COORDINATOR, EVALUATOR, PLACES, Evaluated
from sqlalchemy import select, update

from app.domain.coproduction import LevelOfCoproduction, Phase
from app.domain.frameworks import Target, global_weights
from app.domain.territories import NATION
from app.domain.text import Text
from app.evaluation.assessment import assess
from app.evaluation.comparison import ShiftPart
from app.evaluation.gaps import GapVerdict
from app.evaluation.tables import Observation, What
from app.factory import create_app
from app.interchange.figure_words import (
    flags_in_words,
    interval_in_words,
    percent,
    rounded,
    value_in_words,
)
from app.settings import from_environment
from app.storage.accounts import Account
from app.storage.extract_reading import columns
from app.storage.frameworks import FrameworkVersion
from app.storage.published import Published, published
from app.storage.releases import DataCut, Download
from app.web.evaluators.reading import Reading
from app.workflows.assessing import settings as disclosure
from app.workflows.beside_words import PHASES
from app.workflows.extract_variables import variables_of
from app.workflows.licensing import institution
from app.workflows.summary_words import AUDIENCES

NUMBERS = ("value", "se", "low", "high", "df", "n", "n_effective", "proxies", "dont_know",
    "weighted_base", "coverage",
)  # fmt: skip


@pytest.fixture
def there(evaluated: Evaluated) -> Evaluated:
    return evaluated


@pytest.fixture
def seen(there: Evaluated) -> Published:
    found = published(there.house().database, 1, there.release_id)
    assert found is not None
    return found


@pytest.fixture
def visitor(there: Evaluated, catalogues: None) -> Browser:
    return there.browser(EVALUATOR)


def address(rest: str = "") -> str:
    return f"/office/results/1{rest}"


def addresses(seen: Published) -> Iterator[str]:
    yield from map(address, ("", "/compare", "/indicators", "/methods", "/downloads"))
    yield from (address(f"/territories/{place}") for place in seen.places)
    yield from (address(f"/indicators/{code}") for code in seen.indicators)


def files(visitor: Browser, language: str = "fr") -> dict[str, bytes]:
    forms = ("xlsx", "csv", "excel.csv", "json")
    return {
        form: visitor.client.get(address(f"/downloads/{language}/{form}")).data for form in forms
    }


def tidy(content: bytes, *, excel: bool = False) -> list[dict[str, str]]:
    text = content.decode("utf-8-sig" if excel else "utf-8")
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if excel else ","))


def words_of(seen: Observation | None) -> str:
    """A cell of a table as it must read."""
    found = interval_in_words(seen, "fr")
    return value_in_words(seen, "fr") + (f" ({found})" if found else "")


def plain(text: str) -> str:
    return re.sub(r"[ \n\u00a0\u202f]+", " ", text).strip()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_is_sound_and_says_that_the_data_are_made_up(
    there: Evaluated, catalogues: None, seen: Published, language: str, tmp_path: Path
) -> None:
    if language != "fr":
        there = there.copied(tmp_path / "own")
        with there.house().database.write() as session:
            session.execute(update(Account).values(language=language))
    visitor = there.browser(EVALUATOR, language)
    said = "Données synthétiques" if language == "fr" else "Synthetic data"
    for each in ("/office/results", *addresses(seen)):
        page = visitor.get(each)
        assert page.soup.html is not None
        assert page.soup.html["lang"] == language
        assert said in page.html
        for drawing in page.soup.select("svg.chart[role=img]"):
            assert said in drawing.get_text()
            for part in ("title", "desc"):
                found = drawing.select_one(part)
                assert found is not None
                assert found.get_text()


def test_local_names_are_words_on_every_page_and_in_every_file(
    visitor: Browser, seen: Published
) -> None:
    """Where each territory says its own name of a thing in a question, readers get the nation's."""
    unfilled = re.compile(r"\{[a-z_]+\}")
    for each in (*addresses(seen), address("/coproduction")):
        assert unfilled.search(visitor.get(each).soup.get_text()) is None, each
    team = seen.territories[NATION].terms["support_team"].in_("fr")
    assert f"Je peux compter sur {team}." in visitor.get(address("/indicators/TL3")).html
    platform = seen.territories["MAY"].terms["support_platform"].in_("fr")
    assert platform != seen.territories[NATION].terms["support_platform"].in_("fr")
    assert platform in visitor.get(address("/indicators/MAY2")).html  # asked in MAY only
    content = files(visitor)
    assert unfilled.search(content["csv"].decode()) is None
    assert f"Travaille chaque mois avec {team}" in content["csv"].decode()
    for variable in variables_of(seen, ("elderly", "family", "professional")):
        for text in (variable.label, *variable.names):
            assert unfilled.search(text.in_("fr") + text.in_("en")) is None, variable.name


def test_a_profile_says_how_much_the_national_framework_does_not_see(
    visitor: Browser, seen: Published
) -> None:
    for place in seen.places:
        blind = [
            seen.table.one(place, seen.own[place].code, What.BLIND_SPOT, part)
            for part in ("here_only", "elsewhere_impossible", "dropped")
        ]
        here, nowhere, dropped = (
            each.value for each in blind if each is not None and each.value is not None
        )
        assert here + nowhere > 0, place
        said = (
            f"Le cadre national ne voit pas {percent(here + nowhere, 'fr')} des valeurs du "
            f"territoire ; le territoire laisse {percent(dropped, 'fr')} des valeurs nationales."
        )
        page = plain(visitor.get(address(f"/territories/{place}")).soup.get_text())
        assert plain(said) in page, place


def test_profiles_show_the_figures_of_the_files(visitor: Browser, seen: Published) -> None:
    rows = tidy(files(visitor)["csv"])
    assert all(bool(each["flags"]) == bool(each["flag_codes"]) for each in rows)
    assert any(each["flag_codes"] for each in rows)
    compared = 0
    for place in seen.places:
        page = visitor.get(address(f"/territories/{place}"))
        for row in page.soup.select("tbody tr"):
            link = row.select_one("th a[href*='/indicators/']")
            if link is None or row.find_parent("figure"):  # there, the groups of a breakdown
                continue
            code = str(link["href"]).rsplit("/", 1)[1]
            observed = seen.table.one(place, None, What.INDICATOR, code) or seen.table.one(
                place, None, What.LEDGER, code
            )
            assert observed is not None
            first = plain(row.select("td")[0].get_text(" "))
            if "Pourquoi" in plain(row.find_parent("table").get_text(" ")):
                continue
            assert first == plain(words_of(observed))
            line = next(
                each
                for each in rows
                if (each["territory"], each["code"], each["audience"]) == (place, code, "")
                and each["what"] in ("indicator", "ledger")
            )
            assert line["value"] == ("" if not observed.shown else repr(rounded(observed).value))
            compared += 1
    assert compared > 60


def test_scores_and_shifts_on_the_pages_are_those_of_the_files(
    visitor: Browser, seen: Published
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(files(visitor)["xlsx"]))
    totals = {row[0]: row for row in book["Scores (synthétique)"].iter_rows(5, values_only=True)}
    shifts = {row[0]: row for row in book["Décalages (synthétique)"].iter_rows(5, values_only=True)}
    overview, compare = visitor.get(address()), visitor.get(address("/compare"))
    for place in seen.places:
        national = seen.table.one(place, "NAT", What.TOTAL)
        own = seen.table.one(place, place, What.TOTAL)
        assert national is not None
        assert own is not None
        assert totals[place][2:4] == (rounded(national).value, rounded(own).value)
        row = _row(overview.soup.select("details table")[0], seen.name(place, "fr"))
        assert [plain(each.get_text(" ")) for each in row.select("td")[:2]] == [
            plain(words_of(national)),
            plain(words_of(own)),
        ]
        shift = seen.table.one(place, place, What.STANDING_SHIFT)
        assert shift is not None
        row = _row(compare.soup.select("details table")[0], seen.name(place, "fr"))
        said = [plain(each.get_text(" ")) for each in row.select("td")]
        if shift.shown:
            near = rounded(shift)
            assert shifts[place][4:7] == (near.value, near.low, near.high)
            assert said[2].startswith(value_in_words(shift, "fr", signed=True))
            assert said[3] == plain(shifts[place][7])


def _row(table: Tag, name: str) -> Tag:
    return next(row for row in table.select("tbody tr") if name in row.select("th")[0].get_text())


def test_charts_say_what_their_tables_say(visitor: Browser, seen: Published) -> None:
    for code in list(seen.indicators)[:12]:
        page = visitor.get(address(f"/indicators/{code}"))
        figure = page.soup.select_one("figure")
        assert figure is not None
        table = figure.select_one("details table")
        assert table is not None
        for drawing in figure.select("svg.chart[role=img]"):
            drawn = plain(drawing.get_text(" "))
            for place in seen.places:
                observed = seen.table.one(place, None, What.INDICATOR, code)
                if observed is not None:
                    assert value_in_words(observed, "fr") in drawn
                    assert plain(words_of(observed)) in plain(table.get_text(" "))


def test_a_page_says_what_was_found_and_how_to_take_it_away_and_cite_it(
    visitor: Browser, seen: Published
) -> None:
    """Leads are findings, not questions; a published page is cited with its release."""
    quality = visitor.get(address("/quality")).soup.select_one(".lede")
    assert quality is not None
    rate = percent(seen.manifest["people"]["submitted"] / seen.manifest["people"]["eligible"], "fr")
    assert rate in quality.get_text()
    pairs = visitor.get(address("/audiences")).soup.select_one(".lede")
    assert pairs is not None
    gaps = seen.table.of(What.AUDIENCE_GAP, territory="FR")
    apart = sum(each.verdict in (GapVerdict.HIGHER, GapVerdict.LOWER) for each in gaps)
    assert (f"un écart sur {apart}" in pairs.get_text()) == bool(apart)
    assert " 0" not in pairs.get_text()
    page = visitor.get(address("/indicators/OUT1"))
    assert page.soup.select_one('p > a[href*="/downloads?code=OUT1"]')
    citation = seen.manifest["citation"]["fr"]
    assert "diffusion 1" in citation
    assert ("Pour citer" in page.words) == (not seen.provisional)
    if not seen.provisional:
        assert citation in page.words


def test_lists_of_territories_follow_their_names_and_possible_places_have_no_middle(
    visitor: Browser, seen: Published
) -> None:
    names = [seen.name(place, "fr") for place in seen.places]
    for rest, column in (("/methods", "th"), ("/weights", "th")):
        table = visitor.get(address(rest)).soup.select_one("main table")
        assert table is not None
        rows = [row.select_one(f"tbody {column}") for row in table.select("tbody tr")]
        told = [plain(cell.get_text()) for cell in rows if cell is not None]
        places = [next((n for n in names if each.startswith(n)), None) for each in told]
        order = [names.index(each) for each in places if each is not None]
        assert order
        assert order == sorted(order), rest
    chart = visitor.get(address("/cross")).soup.select_one("svg.chart")
    assert chart is not None
    ticks = {
        round(float(text["x"]))
        for text in chart.select("text")
        if text.get_text(strip=True).isdigit() and text.get("x")
    }
    rounds = {round(float(mark["cx"])) for mark in chart.select("circle")}
    assert rounds <= ticks, "a mark between two places"


def test_a_distribution_stands_only_beside_a_figure_that_is_shown(
    visitor: Browser, seen: Published
) -> None:
    told = seen.table.of(What.DISTRIBUTION)
    assert told
    cells = {(each.territory, each.code.partition(".")[0], each.audience) for each in told}
    for place, code, audience in cells:
        mean = seen.table.one(place, None, What.COMPONENT, code, audience)
        assert mean is not None
        assert mean.shown
        assert sum(
            each.value or 0
            for each in told
            if (each.territory, each.code.partition(".")[0], each.audience)
            == (place, code, audience)
        ) == pytest.approx(100)
    place, code, audience = min(cells, key=repr)
    page = visitor.get(address(f"/indicators/{code}?audience={audience}"))
    found = page.soup.select_one(f"svg.chart.broad[aria-labelledby^=spread-{audience}]")
    assert found is not None
    drawing = found.get_text()
    for each in told:
        if (each.territory, each.code.partition(".")[0], each.audience) == (place, code, audience):
            assert f"{value_in_words(each, 'fr')}\u00a0%" in drawing
    assert place != NATION


def test_bands_of_a_distribution_are_as_wide_as_their_shares(
    visitor: Browser, seen: Published
) -> None:
    drawn = 0
    for code in dict.fromkeys(
        each.code.partition(".")[0] for each in seen.table.of(What.DISTRIBUTION)
    ):
        for drawing in visitor.get(address(f"/indicators/{code}")).soup.select("svg.chart"):
            boxes = [
                (float(box["x"]), float(box["y"]), float(box["width"]))
                for box in drawing.select("rect.part")
            ]
            for y in {each[1] for each in boxes}:
                row = sorted(each for each in boxes if each[1] == y)
                assert len(row) > 1
                drawn += 1
                whole = sum(wide for _x, _y, wide in row)
                assert whole == pytest.approx(298 if whole < 400 else 710, abs=1), (code, row)
    assert drawn


def test_every_file_holds_the_same_figures(
    visitor: Browser, seen: Published, there: Evaluated
) -> None:
    for language in ("fr", "en"):
        made = files(visitor, language)
        rows = tidy(made["csv"])
        assert len(rows) == len(seen.table)
        for row, observed in zip(rows, seen.table, strict=True):
            near = rounded(observed)
            for name in NUMBERS:
                value = getattr(near, name)
                assert row[name] == ("" if value is None else repr(value))
        french = tidy(made["excel.csv"], excel=True)
        assert [
            {
                name: value.replace(",", ".") if name in NUMBERS else value
                for name, value in row.items()
            }
            for row in french
        ] == rows
        document = json.loads(made["json"])
        assert document["schema"] == "covalue/figures/1"
        assert [
            [None if row[name] == "" else float(row[name]) for name in NUMBERS] for row in rows
        ] == [[each.get(name) for name in NUMBERS] for each in document["figures"]]
        book = openpyxl.load_workbook(io.BytesIO(made["xlsx"]))
        sheet = book.worksheets[-1]
        head = [cell.value for cell in sheet[4]]
        assert len(head) == len(rows[0])
        for row, line in zip(rows, sheet.iter_rows(5, values_only=True), strict=True):
            for (name, text), value in zip(row.items(), line, strict=True):
                assert text == ("" if value is None else value if name not in NUMBERS else text)
                if name in NUMBERS and text:
                    assert float(text) == value
    with there.house().database.read() as session:
        assert session.query(Download).count() > 0


def test_workbooks_hold_no_formula_and_say_synthetic_on_every_sheet(visitor: Browser) -> None:
    book = openpyxl.load_workbook(io.BytesIO(files(visitor)["xlsx"]))
    for number, sheet in enumerate(book.worksheets):
        assert "(synthétique)" in sheet.title
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        if number:
            assert sheet.title == f"{sheet['A1'].value} (synthétique)", "its name is not cut"
    assert book.active is not None
    assert book.active.title.startswith("Couverture")


def test_a_workbook_says_what_each_indicator_is_and_whom_to_ask(
    visitor: Browser, seen: Published
) -> None:
    content = files(visitor)
    book = openpyxl.load_workbook(io.BytesIO(content["xlsx"]))
    names = [sheet.title.removesuffix(" (synthétique)") for sheet in book.worksheets]
    assert names[:5] == ["Couverture", "Sommaire", "Notes", "Méthodes", "Métadonnées"]
    cover = dict(book.worksheets[0].iter_rows(3, values_only=True))
    who = institution().publisher
    assert cover["Contact"] == f"{who['name']}, {who['email']}"
    assert "Licence Ouverte" in cover["Réutilisation"]
    assert "La vague" in cover["Suite"]
    heads, *lines = book.worksheets[4].iter_rows(4, values_only=True)
    told = {each.code.partition(".")[0].partition("@")[0] for each in seen.table}
    assert [line[0] for line in lines] == [code for code in seen.indicators if code in told]
    filed = {each["code"]: each for each in json.loads(content["json"])["indicators"]}
    for line in lines:
        each, of = dict(zip(heads, line, strict=True)), seen.indicators[line[0]]
        assert each["Intitulé"] == of.title.in_("fr") == filed[of.code]["title"]
        assert each["Définition"] == filed[of.code]["measure"]
        assert json.loads(each["Définition"]).keys() == {
            part.audience.value for part in of.components
        }
        assert each["Sens"] == f"plus {'haut' if of.higher_is_better else 'bas'} est mieux"
    assert filed["OUT7"]["items"] == "F01, F02, F03, F04"
    assert filed["OUT7"]["direction"] == "plus bas est mieux"


@pytest.mark.parametrize(("language", "percent_sign"), [("fr", "\u202f%"), ("en", "%")])
def test_the_lead_of_an_indicator_has_its_percent_beside_the_figure(
    there: Evaluated, catalogues: None, tmp_path: Path, language: str, percent_sign: str
) -> None:
    own = there.copied(tmp_path / "own")
    with own.house().database.write() as session:
        session.execute(update(Account).values(language=language))
    visitor, seen = own.browser(EVALUATOR, language), own.seen()
    assert seen.indicators["OUT1"].unit == "%"
    nation = seen.table.one(NATION, None, What.INDICATOR, "OUT1")
    assert nation is not None
    assert nation.shown
    lede = visitor.get(address("/indicators/OUT1")).soup.select_one(".lede")
    assert lede is not None
    assert f"{value_in_words(nation, language)}{percent_sign} (" in lede.get_text()


@pytest.mark.parametrize(
    ("language", "item", "report"),
    [
        ("fr", "Question propre E01", "rapport d’activité"),
        ("en", "Own item E01", "activity report"),
    ],
)
def test_sources_are_in_the_language_of_page_and_file(
    there: Evaluated, catalogues: None, tmp_path: Path, language: str, item: str, report: str
) -> None:
    own = there.copied(tmp_path / "own")
    with own.house().database.write() as session:
        session.execute(update(Account).values(language=language))
    visitor = own.browser(EVALUATOR, language)
    assert item in visitor.get(address("/indicators/OUT1")).words
    assert report in visitor.get(address("/territories/MAY")).words
    filed = json.loads(files(visitor, language)["json"])["indicators"]
    assert next(each["source"] for each in filed if each["code"] == "OUT1") == item


def test_a_page_of_an_indicator_holds_its_metadata(visitor: Browser, seen: Published) -> None:
    page = visitor.get(address("/indicators/OUT7"))
    said = plain(page.soup.get_text(" "))
    assert "Score moyen de 0 à 100 sur F01 inversé, F02, F03, F04" in said
    assert "Un chiffre de 0 donne un score de 100, et 100 un score de 0 : plus bas" in said
    for each in seen.frameworks:
        if "OUT7" in global_weights(each):
            weight = percent(float(global_weights(each)["OUT7"]), "fr")
            assert f"{each.code} {plain(weight)}" in said
    assert f"Un chiffre repose sur {seen.table.threshold} personnes au moins" in said
    assert "Licence Ouverte" in said


def _unprotected(there: Evaluated, seen: Published) -> list[Observation]:
    house = there.house()
    with house.database.read() as session:
        cut = session.get_one(DataCut, 1)
    data = columns(Path(house.folder) / cut.extract, tuple(sorted(seen.territories)))
    found = assess(
        {audience: (each.answers, each.respondents) for audience, each in data.items()},
        seen.national,
        seen.own,
        seen.asked,
        list(seen.territories.values()),
        disclosure(),
    )
    return list(found.table)


def test_no_withheld_figure_is_on_any_page_or_in_any_file(
    visitor: Browser, seen: Published, there: Evaluated
) -> None:
    allowed = {words_of(each) for each in seen.table if each.shown}
    hidden: list[Observation] = []
    for observed in _unprotected(there, seen):
        given = seen.table.by_key.get(observed.key)
        if given is not None and given.confidentiality == "N" and observed.value is not None:
            hidden.append(observed)
    assert len(hidden) >= 5
    pages = [plain(visitor.get(each).soup.get_text(" ")) for each in addresses(seen)]
    contents = [
        content.decode("utf-8", "replace")
        for language in ("fr", "en")
        for form, content in files(visitor, language).items()
        if form != "xlsx"
    ]
    rows = {
        tuple(row[name] for name in ("territory", "what", "code", "audience", "group")): row
        for row in tidy(files(visitor)["csv"])
    }
    for observed in hidden:
        exact = repr(observed.value)
        assert len(exact) < 8 or not any(exact[:9] in text for text in (*pages, *contents))
        said = words_of(observed)
        if "(" in said and said not in allowed:
            assert not any(plain(said) in page for page in pages)
        at = (observed.territory, str(observed.what), observed.code, observed.audience or "")
        row = rows[*at, observed.group or ""]
        assert row["status"] == "N"
        assert row["reason"] == "non diffusé"
        assert [row[name] for name in NUMBERS] == [""] * len(NUMBERS)


def test_a_coordinator_sees_the_own_territory_and_the_nation_only(
    there: Evaluated, catalogues: None, seen: Published
) -> None:
    app = create_app(from_environment(there.environment), "both")
    evaluator = there.browser(EVALUATOR, app=app)
    visitor = there.browser(COORDINATOR, app=app)
    own, foreign = "Mayenne", [seen.name(place, "fr") for place in PLACES if place != "MAY"]
    for each in ("", "/compare", "/indicators", "/methods", "/territories/MAY", "/indicators/OUT1"):
        whole = evaluator.get(address(each))  # kept by the server from here on
        page = visitor.get(address(each))
        assert page.html != whole.html
        assert evaluator.get(address(each)).html == whole.html
        assert "Évaluation" in whole.words
        assert "Évaluation" not in page.soup.select_one("footer").get_text()  # type: ignore[union-attr] # it has one
        text = re.sub(r"sans [A-Z]\S+", "", page.soup.get_text(" "))  # left out of the mean
        assert own in text or each == "/indicators"
        assert not any(name in text for name in foreign), each
    visitor.get(address("/territories/BDX"), status=403)
    visitor.get(address("/territories/NOWHERE"), status=404)
    visitor.get(address(f"/territories/{NATION}"), status=404)
    assert visitor.client.get("/office/results/99").status_code == 404
    places = {row["territory"] for row in tidy(files(visitor)["csv"])}
    assert places == {"FR", "MAY"}
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get(address()).html)
    assert token is not None
    made = visitor.client.post("/office/results/make/1", data={"csrf_token": token.group(1)})
    assert made.status_code == 403


def test_an_evaluator_starts_a_release_and_sees_how_far_it_is(
    there: Evaluated, catalogues: None, tmp_path: Path
) -> None:
    visitor = there.copied(tmp_path / "own").browser(EVALUATOR)
    visitor.get("/office/results")
    page = visitor.submit(form="/make/1")
    assert "/making/" in page.address
    assert "Arrêt des données" in page.html


def test_the_api_gives_the_figures_of_the_files(visitor: Browser, seen: Published) -> None:
    document = json.loads(files(visitor)["json"])
    figures: list[Any] = []
    following: str | None = "/api/v1/releases/1/figures?per_page=400"
    while following:
        body = visitor.client.get(following).get_json()
        figures += body["items"]
        following = body["next"]
    assert figures == document["figures"]


def rows_under(page: Any, caption: str, first: str = "") -> dict[str, list[str]]:
    """The cells of each line of a table, by its head; ``first``: the head of its first column."""
    for table in page.soup.select("table"):
        named = table.caption is not None and plain(table.caption.get_text()) == caption
        if named and first in plain(table.select_one("thead th").get_text()):
            return {
                plain(row.th.get_text()): [plain(cell.get_text()) for cell in row.select("td")]
                for row in table.select("tbody tr")
                if row.th is not None
            }
    pytest.fail(f"no table: {caption}")


def test_the_two_frameworks_show_what_each_shift_is_made_of_and_how_sure_it_is(
    visitor: Browser, seen: Published
) -> None:
    page = visitor.get(address("/compare"))
    parts = rows_under(page, "Parts de chaque décalage, en points")
    held = {
        place: [
            seen.table.one(place, tree, What.RANK, "simultaneous")
            for tree in (seen.national.code, seen.own[place].code)
        ]
        for place in seen.places
    }
    placed = any(each is not None and each.shown for both in held.values() for each in both)
    caption = "Méthodes où le décalage de position garde son signe"
    if placed:
        caption = (
            "Places que chaque territoire peut tenir, et méthodes qui gardent le signe de son "
            "décalage"
        )
    sure = rows_under(page, caption)
    shown = 0
    for place in seen.places:
        own, name = seen.own[place].code, seen.name(place, "fr")
        shift = seen.table.one(place, own, What.STANDING_SHIFT)
        if shift is None or not shift.shown:
            assert name not in parts
            continue
        shown += 1
        told = [seen.table.one(place, own, What.SHIFT_PART, part.value) for part in ShiftPart]
        assert parts[name] == [
            plain(value_in_words(each, "fr", signed=True)) for each in (*told, shift)
        ]
        kept = seen.table.one(place, own, What.METHOD_SHARE)
        said = [
            f"{each.low:.0f}–{each.high:.0f}" if each is not None and each.shown else "–"
            for each in held[place]
            if placed
        ]
        assert sure[name] == [*said, plain(value_in_words(kept, "fr"))]
    assert shown
    local = page.soup.find(
        "caption",
        string="Valeurs des territoires sur lesquelles personne d’autre n’a été interrogé",
    )
    assert local is not None
    assert "Cible" in local.find_parent("table").get_text()


def test_weighting_and_comparability_stand_beside_the_figures_of_every_page(
    visitor: Browser, seen: Published
) -> None:
    compared = [each.verdict for each in seen.table.of(What.COMPARABILITY)]
    good = sum(each in ("comparable", "asked_alike") for each in compared)
    words = f"Comparables entre territoires : {good} chiffres sur {len(compared)}."
    if set(compared) == {"not_assessable"}:
        words = (
            "Comparaison entre territoires : non évaluable, avec moins de 200 personnes d’un côté."
        )
    for rest in ("", "/compare", "/indicators/OUT1", "/territories/MAY", "/glance", "/audiences"):
        context = visitor.get(address(rest)).soup.select_one("p.context")
        assert context is not None
        said = plain(context.get_text())
        assert "Pondération : les poids de l’échantillon." in said
        assert words in said
        for page in ("weights", "comparability"):
            assert context.select_one(f'a[href="{address("/" + page)}"]') is not None


def test_a_target_is_told_with_who_set_it_and_when(seen: Published) -> None:
    target = Target(70.0, Text.written("ARS"), "2026-01-15")
    aimed = replace(seen.national.ledger[0], code="AIMED", target=target)
    national = replace(seen.national, ledger=(aimed,))
    assert (
        Reading(replace(seen, national=national), "fr").target("AIMED")
        == "70,0 (ARS, 15 janvier 2026)"
    )


def test_verdicts_say_who_did_not_answer(visitor: Browser, seen: Published) -> None:
    for rest, places in (("/compare", seen.places), ("/territories/MAY", ("MAY",))):
        context = visitor.get(address(rest)).soup.select_one("p.context")
        assert context is not None
        said = plain(context.get_text())
        for audience, words in AUDIENCES.items():
            cells = [
                each
                for each in seen.manifest["cells"]
                if each["territory"] in places and each["audience"] == audience
            ]
            name = words.in_("fr")
            if any(each["submitted"] is None for each in cells):
                assert name in said.partition("non communiqué pour")[2].partition(".")[0]
                continue
            asked = sum(each["eligible"] for each in cells)
            silent = 1 - sum(each["submitted"] for each in cells) / asked
            assert f"{name} {plain(percent(silent, 'fr'))}" in said


def test_a_number_of_answers_that_is_not_told_says_so(visitor: Browser, seen: Published) -> None:
    hidden = {each["territory"] for each in seen.manifest["cells"] if each["submitted"] is None}
    assert hidden
    for place in seen.places:
        facts = visitor.get(address(f"/territories/{place}")).soup.select_one("ul.facts")
        assert facts is not None
        said = "non communiqué, pour protéger les personnes" in plain(facts.get_text(" "))
        assert said == (place in hidden)
    whole = visitor.get(address("")).soup.select_one("ul.facts")
    assert whole is not None
    assert "non communiqué" not in whole.get_text()


def test_verdicts_say_whether_weights_were_chosen_after_answers_were_seen(
    there: Evaluated, catalogues: None, tmp_path: Path
) -> None:
    visitor = there.browser(EVALUATOR)
    for rest in ("/compare", "/territories/MAY", "/methods"):
        assert (
            "Aucun cadre de cette diffusion n’a été publié après" in visitor.get(address(rest)).html
        )
    changed = there.copied(tmp_path / "own")
    with changed.house().database.write() as session:
        cut = session.scalars(select(DataCut)).one().made_at
        session.execute(
            update(FrameworkVersion)
            .where(FrameworkVersion.territory == "MAY")
            .values(published_at=cut + timedelta(days=2))
        )
    visitor = changed.browser(EVALUATOR)
    late = "Le cadre MAY, version 1, a été publié le"
    for rest in ("/compare", "/territories/MAY", "/methods"):
        assert late in visitor.get(address(rest)).html, rest
    assert late not in visitor.get(address("/territories/BDX")).html
    book = openpyxl.load_workbook(io.BytesIO(files(visitor)["xlsx"]))
    (methods,) = (sheet for sheet in book if sheet.title.startswith("Méthodes"))
    assert any(late in str(row[0]) for row in methods.iter_rows(values_only=True))


def test_no_caution_is_told_as_a_code(seen: Published) -> None:
    names = {code: seen.name(code, "en") for code in seen.territories}
    told = {words for each in seen.table for words in flags_in_words(each, "en", names)}
    assert "fewer than 200 people here" in told
    assert [words for words in told if re.fullmatch(r"[a-z]+_[a-z_]+|\w+:\w+", words)] == []


def test_a_profile_says_how_people_take_part(visitor: Browser, seen: Published) -> None:
    page = visitor.get(address("/territories/MAY"))
    for audience, words in AUDIENCES.items():
        lines = rows_under(page, words.in_("fr").capitalize())
        for phase in Phase:
            told = [
                seen.table.one("MAY", None, What.COPRODUCTION, f"{phase}.{level}", audience)
                for level in LevelOfCoproduction
            ]
            assert lines[PHASES[phase.value].in_("fr")] == [plain(words_of(each)) for each in told]


def test_the_three_audiences_stand_side_by_side(visitor: Browser, seen: Published) -> None:
    page = visitor.get(address("/audiences"))
    several = [each for each in seen.indicators.values() if len(each.components) == 3]
    assert several
    for place, caption in (
        (NATION, "Moyenne des territoires"),
        ("MAY", "Ce que dit chaque public, Mayenne"),
    ):
        lines = rows_under(page, caption, "Indicateur")
        for each in several:
            told = [
                seen.table.one(place, None, What.COMPONENT, each.code, name) for name in AUDIENCES
            ]
            (line,) = (cells for head, cells in lines.items() if f" {each.code} " in head)
            assert line == [plain(words_of(seen)) for seen in told]


def test_a_number_of_answers_that_is_not_told_is_told_nowhere(
    visitor: Browser, seen: Published
) -> None:
    """Not beside the weights either: a cell that goes to protect another one would give it back."""
    cells = {(each["territory"], each["audience"]): each for each in seen.manifest["cells"]}
    untold = {cell for cell, each in cells.items() if each["submitted"] is None}
    weighed = {(each["territory"], each["audience"]): each for each in seen.manifest["weights"]}
    assert untold & weighed.keys()
    for cell in untold & weighed.keys():
        assert weighed[cell] == {"territory": cell[0], "audience": cell[1], "withheld": True}
    for cell in weighed.keys() - untold:
        assert weighed[cell]["final"]["n"] == cells[cell]["submitted"]
