"""Every kind of question in every state: well made, and the same whether kept or made afresh."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask, g
from pages import faults
from participants import ANSWERS, EVERY_KIND
from werkzeug.datastructures import MultiDict

from app.definitions.files import read_questionnaire
from app.domain.acceptance import accept
from app.domain.answers import Answer
from app.domain.questionnaire import Questionnaire
from app.domain.routing import path_through
from app.storage.instruments import Frozen
from app.web.participants import question_page
from app.web.participants.page_form import given, marks
from app.web.participants.question_page import Shown, html

SURVEYS = Path(__file__).parents[1] / "surveys"
SHIPPED = Path(__file__).parents[2] / "surveys"
BATTERY = (SURVEYS / "battery_list.yaml").read_text()
PAGES = (SURVEYS / "pages.yaml").read_text()
WRONG: Mapping[str, Mapping[str, object]] = {
    "K1": {"q-K1": ["yes", "no"]},
    "K2": {"q-K2": ["none", "meals"]},
    "K3": {"q-K3": "17"},
    "KINFO": {},
    "K4": {"q-K4": "beaucoup"},
    "K5": {"q-K5": "x" * 251},
    "K6": {"q-K6-month": "13", "q-K6-year": "2020"},
    "K7a": {"q-K7a": ["1", "2"]},
    "K7b": {"q-K7b": "9"},
    "K8": {"q-K8": "a\x07b"},
    "K9": {"q-K9-day": "31", "q-K9-month": "2", "q-K9-year": "2020"},
}
ASKED = read_questionnaire(EVERY_KIND)
STATES = ("empty", "answered", "error", "reminder", "away")


def _shown(asked: Questionnaire, code: str, state: str) -> Shown:
    frozen = Frozen("0" * 64, asked)
    answers = {"K1": Answer("yes")}
    page = path_through(asked, answers).page(code)
    assert page is not None
    if state == "empty":
        return Shown(frozen, page, "self", {}, "key", back="K1")
    typed = MultiDict((WRONG if state == "error" else ANSWERS).get(code, {}))
    values = given(page.page, typed).answers
    verdicts = [accept(one, values, {}, asked) for one in page.questions]
    if state == "answered":
        taken = {item: answer for each in verdicts for item, answer in each.answers.items()}
        return Shown(frozen, page, "self", taken, "key", back="K1")
    return Shown(
        frozen,
        page,
        "self",
        {},
        "key",
        values=values,
        faults=tuple(f for each in verdicts for f in each.faults) if state == "error" else (),
        reminders=page.item_codes if state == "reminder" else (),
        away=state == "away",
    )


@pytest.fixture(autouse=True)
def _request(public: Flask) -> object:
    with public.test_request_context("/r/K1"):
        g.place = (None, "FR")
        yield


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("code", [page.code for page in ASKED.pages])
def test_a_page_is_well_made(code: str, state: str, language: str) -> None:
    g.language = language
    made = html(_shown(ASKED, code, state))
    assert not faults(made)
    soup = BeautifulSoup(made, "html.parser")
    assert soup.title
    wrong = soup.title.get_text().startswith(("Erreur", "Error"))
    assert wrong == (state == "error" and code != "KINFO")
    if wrong:
        link = soup.select_one(".problems a")
        assert link
        target = soup.select_one(str(link["href"]).replace("#", "[id='") + "']")
        assert target
        assert target.name in ("input", "textarea")
    if state == "away":
        assert "encore" in made or "still" in made


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("state", ["empty", "answered"])
@pytest.mark.parametrize("code", [page.code for page in ASKED.pages])
def test_a_kept_page_is_the_page_made_afresh(code: str, state: str) -> None:
    shown = _shown(ASKED, code, state)
    first, second = html(shown), html(shown)
    fresh = question_page._render(shown, shown.filling)
    assert first == second == fresh
    assert "\x00" not in first


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("definition", [BATTERY, PAGES])
def test_pages_with_several_questions_are_well_made(definition: str) -> None:
    asked = read_questionnaire(definition)
    for page in path_through(asked, {}).pages:
        shown = Shown(Frozen("1" * 64, asked), page, "self", {}, "key")
        made = html(shown)
        assert not faults(made)
        names = {str(f["name"]) for f in BeautifulSoup(made, "html.parser").select("[name^=q-]")}
        assert all(any(name.startswith(f"q-{item}") for name in names) for item in page.item_codes)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("audience", ["elderly", "family", "professional"])
def test_no_heading_of_a_shipped_page_is_said_twice(audience: str) -> None:
    asked = read_questionnaire((SHIPPED / audience / "core.yaml").read_text("utf-8"))
    for page in path_through(asked, {}).pages:
        soup = BeautifulSoup(
            html(Shown(Frozen("2" * 64, asked), page, "self", {}, "key")), "html.parser"
        )
        said = [" ".join(one.get_text(" ").split()) for one in soup.select("main :is(h1, h2, h3)")]
        assert len(said) == len(set(said)), page.code


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_written_is_shown_as_text() -> None:
    hostile = '"><script>alert(1)</script>'
    page = path_through(ASKED, {}).page("K5")
    assert page is not None
    made = html(Shown(Frozen("0" * 64, ASKED), page, "self", {"K5": Answer(hostile)}, "key"))
    assert "<script>" not in made
    field = BeautifulSoup(made, "html.parser").select_one("#q-K5")
    assert field
    assert field["value"] == hostile


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_marks_say_whether_an_answer_changed_without_telling_it() -> None:
    one = marks(["A"], {"A": Answer("yes")})
    assert one == marks(["A"], {"A": Answer("yes", sitting=3, at="later")})
    assert one != marks(["A"], {"A": Answer("no")})
    assert "yes" not in one
    assert marks(["A"], {}) == "A="


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("language", "asked"), [("fr", "Ne nommez personne"), ("en", "not name anyone")]
)
def test_who_writes_freely_is_asked_to_name_nobody(language: str, asked: str) -> None:
    """Wherever words go into what a reviewer reads: long texts, and which other answer it is."""
    g.language = language
    looked_at = set()
    for page in ASKED.pages:
        soup = BeautifulSoup(html(_shown(ASKED, page.code, "empty")), "html.parser")
        for field in soup.select("textarea[name^=q-], input[name$=-other]"):
            ids = str(field.get("aria-describedby", "")).split()
            said = [one.get_text() for each in ids for one in soup.select(f"[id='{each}']")]
            assert any(asked in words for words in said), field["name"]
            looked_at.add(field.name)
    assert looked_at == {"textarea", "input"}
