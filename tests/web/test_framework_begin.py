"""A framework begun on the screens: the nation's with one question, a territory's on it."""

from __future__ import annotations

from pathlib import Path

import people
import programme
import pytest
from browser import Browser
from evaluated import small_root
from flask.testing import FlaskClient
from people import ALICE, BASILE, EVA, MAYA

from app.domain.new_frameworks import first_measure, measurable
from app.domain.questionnaire import Kind, Option, Question
from app.domain.text import NO_TEXT, Text
from app.workflows import demonstration
from app.workflows.accounts import operator
from app.workflows.acting import House
from app.workflows.evaluate import make_cut, make_release
from app.workflows.programmes import load_programme

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAID = {
    "framework-title-fr": "Cadre national",
    "dimension-title-fr": "Vie",
    "value-title-fr": "Être bien",
}


def without_frameworks(house: House, root: Path) -> None:
    """The programme with its questionnaires, and nothing yet to judge by."""
    programme.written(root)
    for path in root.glob("config/frameworks/*.yaml"):
        path.unlink()
    load_programme(house, root, synthetic=True)


def signed_in(client: FlaskClient, house: House, person: people.Person) -> Browser:
    people.settle(house, person)
    people.sign_in(client, house, person)
    return Browser(client)


@pytest.mark.tries("coordinators.framework_begun")
def test_the_first_national_framework_is_begun_with_a_question(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    without_frameworks(house, tmp_path)
    browser = signed_in(client, house, ALICE)
    page = browser.get("/office/frameworks")
    assert "une question suffit" in page.words
    page = browser.click("Commencer un cadre")
    page = browser.submit({"dimension-title-fr": "Vie"}, form="/frameworks/new", status=422)
    assert "Aucune question n’est choisie." in page.words
    assert page.soup.select_one("[name=dimension-title-fr][value=Vie]")  # nothing typed is lost
    page = browser.submit({"question": "elderly.E01"}, form="/frameworks/new", status=422)
    assert page.words.count("Il manque un titre.") == 4  # above, and at the two empty fields
    page = browser.submit(SAID | {"dimension-code": "1 2"}, form="/frameworks/new", status=422)
    assert page.soup.select_one(".problems")
    page = browser.submit({"dimension-code": "D1"}, form="/frameworks/new")
    assert page.address.endswith("/board/indicators/I1")
    assert page.soup.select_one("[name=title-fr]")["value"] == "Êtes-vous bien chez vous ?"  # type: ignore[index]
    assert page.soup.select_one("[name=elderly-of0-value][value=yes][checked]")
    page = browser.click("Poids et relations")
    page = browser.click("Différence, effets, publication")
    page = browser.submit({"note": "Le premier"}, form="/publish")
    assert page.heading == "Cadre national"
    assert "100 %" in page.words.replace("\u202f", " ")
    browser.get("/office/frameworks/new")
    assert client.post("/office/frameworks/new", data=sent(browser, SAID)).status_code == 404


def sent(browser: Browser, said: dict[str, str]) -> dict[str, str]:
    """What a form that stood open since before would send."""
    assert browser.page
    token = browser.page.soup.select_one("[name=csrf_token]")
    assert token
    codes = {"framework": "NAT", "dimension": "D", "value": "V", "indicator": "I"}
    said = said | {f"{part}-code": code for part, code in codes.items()}
    chosen = {"what": "national", "question": "elderly.E01"}
    return said | chosen | {"csrf_token": str(token["value"])}


@once
def test_a_territory_begins_with_what_the_nation_judges_by(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    browser = signed_in(client, house, BASILE)
    page = browser.get("/office/frameworks/new")
    assert "Le cadre national" not in page.words
    page = browser.submit({"framework-title-fr": "Cadre de Bordeaux"}, form="/frameworks/new")
    assert page.address.endswith("/board")
    assert page.heading.startswith("Cadre de Bordeaux")
    assert page.soup.select_one("[name=w-OUT][value='60']")
    people.settle(house, MAYA)  # whose territory has one
    people.sign_in(client, house, MAYA)
    page = browser.get("/office/frameworks/new")
    assert "a déjà une version" in page.words


def test_what_is_measured_to_begin_with() -> None:
    def asked(kind: Kind, *options: tuple[str, float | None]) -> Question:
        offered = tuple(Option(code, NO_TEXT, score) for code, score in options)
        return Question("Q", kind, Text.of(fr="Q"), options=offered)

    no_yes = asked(Kind.CHOICE, ("no", 0.0), ("yes", 1.0))
    assert first_measure(no_yes) == ({"share": {"of": "Q = yes"}}, "%")
    three = asked(Kind.RATING, ("1", 1.0), ("2", 2.0), ("3", 3.0))
    assert first_measure(three) == ({"scale": {"items": ["Q"]}}, "points")
    bare = asked(Kind.CHOICE, ("a", None), ("b", None))
    assert first_measure(bare) == ({"share": {"of": "Q = a"}}, "%")
    several = asked(Kind.CHOICES, ("a", None), ("b", None))
    assert [measurable(each) for each in (no_yes, three, bare, several)] == [True] * 3 + [False]


@pytest.mark.full
@once
def test_from_no_framework_to_a_release_that_it_judges(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    """The shipped questionnaires of three territories, one question, made-up people, a release."""
    root = small_root(tmp_path)
    for path in root.glob("config/frameworks/*.yaml"):
        path.unlink()
    load_programme(house, root, synthetic=True)
    browser = signed_in(client, house, ALICE)
    browser.get("/office/frameworks/new")
    browser.submit(SAID | {"question": "elderly.E02"}, form="/frameworks/new")
    browser.click("Poids et relations")
    browser.click("Différence, effets, publication")
    browser.submit({"note": "Le premier"}, form="/publish")
    demonstration.fill(house, root)
    actor = operator(house, "DEMO")
    release = make_release(house, actor, make_cut(house, actor, 1))
    people.settle(house, EVA)
    people.sign_in(client, house, EVA)
    page = browser.get(f"/office/results/{release}")
    assert "En moyenne, les territoires atteignent" in page.words
    page = browser.get(f"/office/results/{release}/indicators/I1")
    assert page.heading == "C’est moi qui décide comment se passent mes journées."
    assert page.soup.select("figure svg.chart")
