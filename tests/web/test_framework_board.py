"""The board of a framework's draft: weights and sums, judges, what a territory changes."""

from __future__ import annotations

from pathlib import Path

import people
import programme
import pytest
from browser import Browser, Page
from flask.testing import FlaskClient
from people import ALICE, MAYA
from werkzeug.datastructures import MultiDict

from app.web.coordinators.framework_breakdowns import breakdown_sent
from app.workflows.acting import House

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SOURCE = ("source-fr", "source-en")


def said_in(page: Page, form: str) -> list[str]:
    """What the fields of a source hold, by language."""
    found = page.form(form)
    return [str(found.select(f"[name={name}]")[0]["value"]) for name in SOURCE]


@once
def test_the_nation_weighs_and_keeps_what_judges_gave(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE)
    people.sign_in(client, house, ALICE)
    browser = Browser(client)
    browser.get("/office/frameworks/1")
    page = browser.submit(form="/board")
    assert "ensemble 100 points" in page.words.replace("points ensemble", "ensemble 100 points")
    page = browser.submit({"w-OUT": "30", "w-SQ": "70"}, form="/weights")
    assert "70 %" in page.words
    page = browser.submit({"j0-OUT": "50", "j0-SQ": "40"}, form="/judges", status=422)
    assert "Les points ne font pas 100." in page.words
    browser.get(page.address.removesuffix("/judges"))
    page = browser.submit(
        {"j0-OUT": "50", "j0-SQ": "50", "j1-OUT": "80", "j1-SQ": "20"}, form="/judges"
    )
    assert "65 (50 à 80)" in page.words
    page = browser.submit(form="/turn", button="Annuler")
    assert "65 (50 à 80)" not in page.words


@pytest.mark.tries("coordinators.board_break_down")
@once
def test_the_nation_declares_a_breakdown_and_takes_it_away(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE)
    people.sign_in(client, house, ALICE)
    browser = Browser(client)
    browser.get("/office/frameworks/1")
    browser.submit(form="/board")
    said = {
        "code": "WHO", "title-fr": "Qui répond", "title-en": "Who answers", "by": "who_answers",
        "g0-code": "self", "g0-title-fr": "Soi", "g0-title-en": "Self",
        "g1-code": "proxy", "g1-title-fr": "Autre", "g1-title-en": "Other",
    }  # fmt: skip
    page = browser.submit(said, form="/breakdowns/0")
    assert "WHO – Qui répond" in page.words
    page = browser.submit({"by": "question"}, form="/breakdowns/0")
    assert "Il manque la question, ou les réponses d’un groupe." in page.words
    page = browser.submit({"code": ""}, form="/breakdowns/0")
    assert "WHO – Qui répond" not in page.words


def test_a_breakdown_keeps_its_words_in_every_language_of_the_framework() -> None:
    sent = {"code": "SEX", "by": "question", "question": "E07", "audience": "elderly"}
    titles = {"fr": "Sexe", "en": "Sex", "es": "Sexo"}
    sent |= {f"title-{tag}": words for tag, words in titles.items()}
    sent |= {"g0-code": "F", "g0-options": "woman"}
    sent |= {f"g0-title-{tag}": words for tag, words in titles.items()}
    said = breakdown_sent(MultiDict(sent))
    assert said
    assert said["title"] == said["groups"][0]["title"] == titles


def test_a_source_said_once_is_one_line_and_by_language_where_it_differs() -> None:
    sent = {"code": "WHO", "by": "who_answers", "title-fr": "Qui", "title-en": "Who"}
    for words, source in (
        (("DREES 2017", ""), "DREES 2017"),
        (("DREES 2017", "DREES 2017"), "DREES 2017"),
        (("", "DREES 2017"), "DREES 2017"),
        (("Page 3", "Page three"), {"fr": "Page 3", "en": "Page three"}),
    ):
        said = breakdown_sent(MultiDict(sent | dict(zip(SOURCE, words, strict=True))))
        assert said
        assert said["source"] == source
    said = breakdown_sent(MultiDict(sent | dict.fromkeys(SOURCE, "")))
    assert said
    assert "source" not in said


@once
def test_a_territory_drops_an_indicator_with_its_reason(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    people.settle(house, MAYA)
    people.sign_in(client, house, MAYA)
    browser = Browser(client)
    browser.get("/office/frameworks/2")
    page = browser.submit(form="/board")
    address = page.address
    forms = [f for f in page.soup.select("form") if f.select_one("[value=SQ1][name=indicator]")]
    seen = forms[0].select_one("[name=seen]")
    token = forms[0].select_one("[name=csrf_token]")
    assert seen
    assert token
    sent = {
        "csrf_token": token["value"],
        "seen": seen["value"],
        "indicator": "SQ1",
        "relation": "dropped",
        "reason-fr": "Ici non",
        "reason-en": "Not here",
        "evidence": "documented",
        "source-fr": "tests",
    }
    assert client.post(f"{address}/relation", data=sent).status_code == 303
    page = browser.get(address)
    assert page.soup.select_one("details[open] .tag.dropped")
    assert client.post(f"{address}/relation", data=sent).status_code == 409  # shown before


@once
def test_an_indicator_is_written_in_its_form(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    people.settle(house, ALICE)
    people.sign_in(client, house, ALICE)
    browser = Browser(client)
    browser.get("/office/frameworks/1")
    browser.submit(form="/board")
    board = browser.page
    assert board
    browser.click("Ajouter un indicateur")
    # The kind of measure asks for its fields; nothing is saved by that.
    page = browser.submit(
        {"code": "OUT9", "title-fr": "Un", "elderly-kind": "share", "where": "OUT."},
        form="/new-indicator",
        button="Montrer les champs de",
    )
    assert page.soup.select_one("[name=title-fr][value=Un]")
    page = browser.submit(
        {"elderly-of0-item": "E01"}, form="/new-indicator", button="Montrer les champs de"
    )
    said = {
        "title-en": "One",
        "value-code": "own",
        "value-title-fr": "Valeur",
        "value-title-en": "Value",
        "weight": "2",
        "elderly-of0-relation": "is",
        "elderly-of0-value": ["yes"],
        "elderly-dont_know": "no",
        "target-value": "80",
    }
    page = browser.submit(said, form="/new-indicator", button="Ajouter", status=422)
    place = page.soup.select_one("#target-problem")
    assert place
    assert place.get_text(strip=True)
    page = browser.submit(
        {"target-owner-fr": "Agence", "target-date": "2027-12-31"},
        form="/new-indicator",
        button="Ajouter",
    )
    assert page.address.endswith("/indicators/OUT9")
    # What the checker says of a file, it says in place here.
    page = browser.submit(
        {"goalposts-low": "90", "goalposts-high": "10"},
        form="/indicators/OUT9",
        button="Enregistrer",
    )
    assert page.soup.select_one("#goalposts-problem")
    page = browser.submit({"code": "OUT1"}, form="/indicators/OUT9", status=422)
    assert page.soup.select_one("#code[aria-invalid]")
    page = browser.submit(
        {"code": "OUT9", "goalposts-low": "10", "goalposts-high": "90"}, form="/indicators/OUT9"
    )
    assert not page.soup.select(".problem")
    source = client.get(
        board.address.replace("/drafts", "").removesuffix("/board") + ".yaml"
    ).get_data(as_text=True)
    assert "of: E01 = yes" in source
    assert "owner: Agence" in source
    page = browser.get(board.address)
    assert "OUT9" in page.words
    page = browser.submit({"availability": "0,8", "margin": "2"}, form="/rules")
    field = page.soup.select_one("#availability")
    assert field
    assert field["value"] == "0.8"
    page = browser.submit({"OUT-title-fr": "Effets"}, form="/names")
    assert "Effets" in page.words
    page = browser.submit({"margin": "a"}, form="/rules", status=422)
    browser.get(board.address)
    browser.click("OUT9")
    page = browser.submit(form="/act", button="Ne plus le mesurer")
    assert "OUT9" not in page.soup.select("ul.findings")[0].get_text()


@once
def test_a_territory_adapts_and_adds_by_form(
    client: FlaskClient, house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    people.settle(house, MAYA)
    people.sign_in(client, house, MAYA)
    browser = Browser(client)
    browser.get("/office/frameworks/2")
    board = browser.submit(form="/board").address
    page = browser.get(f"{board}/new-indicator?adapts=OUT1")
    assert page.soup.select_one("[name=code][value=OUT1_MAY]")
    page = browser.submit({"reason-fr": "Ici"}, form="/new-indicator", button="Ajouter")
    reason = page.soup.select_one("#reason-problem")  # the English reason is missing
    assert reason
    page = browser.submit({"reason-en": "Here", "source-fr": "p. 3"}, form="/indicators/OUT1_MAY")
    assert said_in(page, "/indicators/OUT1_MAY") == [
        "p. 3",
        "",
    ]  # one line, the same in each language
    page = browser.submit({"source-en": "page 3"}, form="/indicators/OUT1_MAY")
    assert said_in(page, "/indicators/OUT1_MAY") == ["p. 3", "page 3"]
    page = browser.get(board)
    assert "OUT1_MAY" in page.words
    late = browser.get(f"{board}/indicators/MAY1")
    seen = late.soup.select_one("[name=seen]")
    assert seen
    browser.submit({"title-fr": "Autre"}, form="/indicators/MAY1", button="Enregistrer")
    token = late.soup.select_one("[name=csrf_token]")
    assert token
    sent = {"csrf_token": token["value"], "seen": seen["value"], "go": "save", "code": "MAY1"}
    answer = client.post(late.address, data={**sent, "title-fr": "Trop tard"})
    assert answer.status_code == 409
    assert "Trop tard" in answer.get_data(as_text=True)
    browser.get(f"{board}/new-indicator")
    page = browser.submit(
        {"where": "ledger", "code": "GAP", "title-fr": "x", "title-en": "x", "elderly-kind": "gap"},
        form="/new-indicator",
        button="Montrer les champs de",
    )
    page = browser.submit(
        {"elderly-group0-item": "E01", "elderly-inner-kind": "scale"},
        form="/new-indicator",
        button="Montrer les champs de",
    )
    page = browser.submit({"elderly-inner-i0-item": "E02"}, form="/new-indicator", button="Ajouter")
    assert page.address.endswith("/indicators/GAP")
    source = client.get(board.replace("/drafts", "").removesuffix("/board") + ".yaml").get_data(
        as_text=True
    )
    assert "group: answered E01" in source
