"""The page of administrative series: a value, a file, and what the evaluator then reads."""

from __future__ import annotations

import io
from pathlib import Path

import people
import pytest
from browser import Browser
from entering import with_series
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.storage.series import SeriesRow
from app.workflows.acting import House

VALUE = {
    "code": "STAYS",
    "place": "MAY",
    "start": "2025-01-01",
    "end": "2025-12-31",
    "numerator": "1 250,5",
    "denominator": "33000",
    "source": "ANAP, suivi d’usage 2025",
}
HEADER = "code;territory;sub_area;start;end;numerator;denominator;source\n"


@pytest.fixture
def browser(house: House, client: FlaskClient, tmp_path: Path) -> Browser:
    with_series(house, tmp_path / "files")
    people.settle(house, people.ALICE, people.MAYA, people.EVA)
    return Browser(client)


def file(text: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO((HEADER + text).encode()), "series.csv"


def count(house: House) -> int:
    with house.database.read() as session:
        return session.scalar(select(func.count()).select_from(SeriesRow)) or 0


def test_a_value_is_entered_and_stands_with_its_source(
    house: House, client: FlaskClient, browser: Browser
) -> None:
    people.sign_in(client, house, people.ALICE)
    assert "Rien n’est saisi" in browser.get("/office/series").words
    page = browser.submit(VALUE, form="/series")
    assert "La valeur est saisie" in page.words
    assert "ANAP, suivi d’usage 2025" in page.words
    assert "37,89" in page.words  # 1000 x 1250.5 / 33000
    page = browser.submit({**VALUE, "numerator": "1300"}, form="/series")
    assert "la précédente est gardée" in page.words
    page = browser.submit(form="take-back")
    assert "ne compte plus" in page.words
    assert count(house) == 2


def test_a_wrong_value_is_refused_and_kept_in_the_form(
    house: House, client: FlaskClient, browser: Browser
) -> None:
    people.sign_in(client, house, people.ALICE)
    browser.get("/office/series")
    page = browser.submit({**VALUE, "numerator": "beaucoup", "end": ""}, form="/series", status=422)
    assert "Ce n’est pas un nombre. Écrivez un nombre" in page.words
    assert "ANAP, suivi" in page.html
    page = browser.submit({**VALUE, "denominator": "0"}, form="/series", status=422)
    assert "plus grand que zéro" in page.words
    assert count(house) == 0


@pytest.mark.tries("coordinators.series_import")
def test_a_file_is_previewed_then_taken_whole(
    house: House, client: FlaskClient, browser: Browser
) -> None:
    people.sign_in(client, house, people.ALICE)
    browser.get("/office/series")
    lines = "STAYS;MAY;;2025-01-01;2025-12-31;10;100;a\nSTAYS;BDX;;2025-01-01;2025-12-31;20;100;b\n"
    page = browser.submit({"file": file(lines)}, form="/series/file")
    assert "Aperçu" in page.words
    assert count(house) == 0
    assert "Le fichier est importé" in browser.submit(form="/series/import").words
    assert count(house) == 2


def test_a_file_with_a_fault_changes_nothing_and_reports_by_line(
    house: House, client: FlaskClient, browser: Browser
) -> None:
    people.sign_in(client, house, people.MAYA)
    browser.get("/office/series")
    lines = "STAYS;MAY;;2025-01-01;2025-12-31;10;100;a\nSTAYS;BDX;;2025-01-01;2025-12-31;x;100;b\n"
    page = browser.submit({"file": file(lines)}, form="/series/file", status=422)
    assert "3 numerator" in page.words
    lines = lines.replace(";x;", ";5;")
    page = browser.submit({"file": file(lines)}, form="/series/file", status=422)
    assert "3 territory" in page.words
    assert count(house) == 0


def test_an_evaluator_sees_no_form(house: House, client: FlaskClient, browser: Browser) -> None:
    people.sign_in(client, house, people.EVA)
    assert "Saisir une valeur" not in browser.get("/office/series").words


def test_the_api_gives_the_values(house: House, client: FlaskClient, browser: Browser) -> None:
    people.sign_in(client, house, people.ALICE)
    browser.get("/office/series")
    browser.submit(VALUE, form="/series")
    (item,) = client.get("/api/v1/series").get_json()["items"]
    assert item["numerator"] == 1250.5
    assert item["period_end"] == "2025-12-31"
    people.sign_in(client, house, people.MAYA)
    assert len(client.get("/api/v1/series").get_json()["items"]) == 1
