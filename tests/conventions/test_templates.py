"""Rules of templates: escaping stays on, forms carry their token, nothing stands there unused."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "app" / "web"
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
PAGES = [
    path
    for path in TEMPLATES
    if "{% extends" in path.read_text("utf-8") and "{% block content" in path.read_text("utf-8")
]


def named(path: Path) -> str:
    return str(path.relative_to(WEB))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_nothing_goes_round_the_escaping(path: Path) -> None:
    source = path.read_text("utf-8")
    assert not re.search(r"autoescape\s+false|\bMarkup\b", source)
    assert not re.search(r"(?<!['\"])\|\s*safe\b", source), "safe is for written text alone"
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)\s*=", source), "the content policy refuses it"
    assert not re.search(r"(src|href)=[\"'](https?:)?//", source), "nothing from elsewhere"
    assert not re.search(r"=\{\{", source), "an attribute without quotes"


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_forms_that_change_something_carry_their_token(path: Path) -> None:
    forms = re.split(r"(?i)<form\b", path.read_text("utf-8"))[1:]
    for form in forms:
        opening = form.partition(">")[0]
        if re.search(r"(?i)method=.?post", opening):
            body = form.partition("</form>")[0]
            assert "csrf_token" in body or re.search(r"\{\{ (token|keys)\(", body)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_has_a_title(path: Path) -> None:
    assert "{% block title %}" in path.read_text("utf-8")


def test_whom_to_call_is_said_in_one_way() -> None:
    """With the hours: in the macro, and in the head of every page of participants."""
    said = [path.name for path in TEMPLATES if "tel:{{ place.phone" in path.read_text("utf-8")]
    assert said == ["macros.html", "page.html"]


@cache
def words_of(path: Path) -> Counter[str]:
    """How often each word stands in a file."""
    return Counter(re.findall(r"\w[\w-]*", path.read_text("utf-8")))


@cache
def words_of_all(*kinds: str) -> Counter[str]:
    """How often each word stands in the files of these kinds."""
    found: Counter[str] = Counter()
    for path in (path for kind in kinds for path in WEB.rglob(f"*.{kind}")):
        found.update(words_of(path))
    return found


@cache
def extended(path: Path) -> str:
    """The template that this one fills in; what it takes is at hand here too."""
    return "".join(re.findall(r'{% extends "([^"]+)"', path.read_text("utf-8")))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_is_shown_and_uses_what_it_takes(path: Path) -> None:
    source, words, name = path.read_text("utf-8"), words_of(path), path.name.partition(".")[0]
    assert words_of_all("html", "py")[name] > words[name], "no view shows it"
    lists = re.findall(r"{% from \"[^\"]+\" import (.+?)(?: with context)? %}", source)
    taken = [each.split()[-1] for names in lists for each in names.split(",")]
    taken += re.findall(r"{% import \"[^\"]+\" as (\w+)", source)
    below = [words_of(other) for other in TEMPLATES if f"/{path.name}" in extended(other)]
    assert [each for each in taken if words[each] < 2 and not any(each in w for w in below)] == []
    macros = re.findall(r"{% macro (\w+)", source)
    assert [each for each in macros if words_of_all("html")[each] < 2] == []


@pytest.mark.parametrize("path", sorted(WEB.glob("static/*.css")), ids=named)
def test_a_stylesheet_dresses_what_there_is(path: Path) -> None:
    rules = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    selectors = "".join(re.findall(r"([^{}@;]+){", rules))
    classes = set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))
    assert sorted(classes - words_of_all("html", "py", "js").keys()) == []


def test_there_are_templates_to_look_at() -> None:
    assert len(TEMPLATES) > 10
    assert len(PAGES) > 5
