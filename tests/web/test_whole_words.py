"""A French line does not end inside "a-t-il", and nobody hears or copies other words for it."""

from __future__ import annotations

import pytest
from browser import Browser
from builders import world
from flask import Flask
from markupsafe import Markup
from participants import begin

from app.web.participants.display import together
from app.workflows.acting import House

SURVEY = """
format: covalue/questionnaire/1
code: whole
audience: elderly
languages: [fr, en]
title: {fr: Essai, en: Trial}
sections:
  - code: one
    title: {fr: Un, en: One}
    items:
      - code: A
        type: choice
        text: {fr: "Qui vous l’a-t-il dit ?", en: Who told you?}
        options: [{code: x, text: {fr: Oui, en: Yes}}, {code: y, text: {fr: Non, en: No}}]
"""


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Un soignant vous a-t-il parlé ?", ["a-t-il"]),
        ("Quelqu’un l’a-t-on vu ? Est-elle là ?", ["l’a-t-on", "Est-elle"]),
        ("Qui appelle-t-elle ? Que pensent-ils ?", ["t-elle"]),
        ("Rendez-vous au sous-sol, moi-même.", []),
        (Markup('<a href="/a-t-il">a-t-il</a>'), ["a-t-il"]),
    ],
)
def test_what_stays_together_is_a_short_verb_with_who_it_asks_of(
    said: str, kept: list[str]
) -> None:
    made = together(said)
    found = Markup(made).split('<span class="whole">')[1:]
    assert [each.partition("</span>")[0] for each in found] == kept
    assert made.striptags() == Markup.escape(said).striptags(), "the words are the same"


def test_a_question_keeps_its_words_and_its_title(public: Flask, house: House) -> None:
    code = world(house, SURVEY).codes[0]
    page = begin(Browser(public.test_client()), code)
    assert page.soup.h1 is not None
    assert page.soup.h1.get_text() == "Qui vous l’a-t-il dit\u00a0?"
    assert [each.text for each in page.soup.select("h1 .whole")] == ["l’a-t-il"]
    assert page.soup.title is not None
    assert page.soup.title.text.startswith("Qui vous l’a-t-il dit\u00a0?")
    page = Browser(public.test_client(), "en").get("/")
    assert not page.soup.select(".whole")
