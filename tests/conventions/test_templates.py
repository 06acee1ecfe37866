"""Rules of templates: escaping stays on, forms carry their token, a page has one heading."""

from __future__ import annotations

import re
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


def test_there_are_templates_to_look_at() -> None:
    assert len(TEMPLATES) > 10
    assert len(PAGES) > 5
