"""Somebody in the person's place reads answers about the person, wherever they stand."""

from __future__ import annotations

from browser import Browser
from builders import world
from flask import Flask
from participants import begin, enter

from app.definitions.files import read_questionnaire
from app.domain.fingerprints import fingerprint
from app.domain.sound_names import question_sound
from app.web.participants import recordings
from app.workflows.acting import House

SURVEY = """
format: covalue/questionnaire/1
code: place
audience: elderly
languages: [fr, en]
title: {fr: Essai, en: Trial}
sections:
  - code: one
    title: {fr: Un, en: One}
    items:
      - code: A
        type: choice
        text: {fr: Comment vivez-vous ?, en: How do you live?}
        options:
          - code: careful
            text: {fr: Je fais attention, en: I am careful}
            proxy: {fr: La personne fait attention, en: The person is careful}
          - {code: well, text: {fr: À l’aise, en: Comfortably}}
        ways_out: [not_concerned]
      - code: D
        type: choices
        text: {fr: Qui avez-vous vu ?, en: Whom did you see?}
        proxy: {fr: Qui a-t-elle vu ?, en: Whom did they see?}
        options:
          - {code: gp, text: {fr: Médecin, en: Doctor}}
          - code: none
            exclusive: true
            text: {fr: Je n’ai vu personne, en: I saw nobody}
            proxy: {fr: Elle n’a vu personne, en: They saw nobody}
      - code: B
        type: choice
        text: {fr: "{answer:A|Cela} : pourquoi ?", en: "{answer:A|This}: why?"}
        options:
          - {code: x, text: {fr: Ceci, en: This}}
          - {code: y, text: {fr: Cela, en: That}}
        ways_out:
          not_concerned:
            text: {fr: Rien pour moi, en: Nothing for me}
            proxy: {fr: Rien pour elle, en: Nothing for them}
"""
PROXY = {"role": "proxy", "relation": "child", "reason": "memory", "agrees": "yes"}


def test_answers_are_about_the_person_on_the_page_and_on_the_check(
    public: Flask, house: House
) -> None:
    codes = world(house, SURVEY, people=2).codes
    seen = {}
    for code, who in zip(codes, (PROXY, {"role": "self"}), strict=True):
        browser = Browser(public.test_client())
        page = begin(browser, code, who=who)
        first = page.words
        browser.submit({"q-A": "careful"}, form="/r/A")
        page = browser.submit({"q-D": ["gp", "none"]}, form="/r/D", status=422)
        asked, other = ("Elle n’a", "Je n’ai") if who is PROXY else ("Je n’ai", "Elle n’a")
        assert f"« {asked} vu personne »" in page.words, "what is wrong is named as it is read"
        assert other not in page.words
        page = browser.submit({"q-D": ["none"]}, form="/r/D")
        second = page.words
        page = browser.submit({"q-B": "~not_concerned"}, form="/r/B")
        assert page.address == "/verifier"
        seen[who["role"]] = (first, second, page.words)
    own, instead = (
        ("Je fais attention", "Rien pour moi"),
        ("La personne fait attention", "Rien pour elle"),
    )
    for role, said, never in (("proxy", instead, own), ("self", own, instead)):
        first, second, check = seen[role]
        assert said[0] in first
        assert f"{said[0]} : pourquoi" in second
        assert said[1] in second
        assert said[0] in check
        assert said[1] in check
        for words in (first, second, check):
            assert not any(each in words for each in never)
    assert "Cela ne concerne pas la personne" in seen["proxy"][0]
    assert "Cela ne me concerne pas" in seen["self"][0]


def test_a_recording_of_the_persons_answers_is_not_played_to_a_proxy(
    public: Flask, house: House
) -> None:
    question = read_questionnaire(SURVEY).question_by_item["A"]
    name = question_sound(fingerprint(question, "A"), "fr") + ".mp3"
    with public.test_request_context("/"):
        public.extensions["covalue.recordings"] = [frozenset({name}), float("inf")]
        assert recordings.recording_of(question, "A", "self", "fr").endswith(name)
        assert recordings.recording_of(question, "A", "proxy", "fr") == ""


def test_why_the_person_does_not_want_to_is_not_asked_of_somebody_else(
    public: Flask, house: House
) -> None:
    codes = world(house, SURVEY, people=2).codes
    browser = Browser(public.test_client())
    page = enter(browser, codes[0], who=PROXY | {"agrees": "no"})
    assert page.address == "/merci"
    assert not page.soup.select("input[name=reason]")
    other = Browser(public.test_client())
    enter(other, codes[1])
    page = other.submit({"consent": "no"})
    assert page.soup.select("input[name=reason]"), "who says no may say why"
