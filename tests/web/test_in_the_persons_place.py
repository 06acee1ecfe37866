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
BESIDE = """
format: covalue/questionnaire/1
code: place
audience: elderly
languages: [fr, en]
title: {fr: Essai, en: Trial}
introduction:
  text: {fr: Parlons de votre vie., en: Let us talk of your life.}
  proxy: {fr: Parlons de sa vie., en: Let us talk of their life.}
sections:
  - code: one
    title: {text: {fr: Votre santé, en: Your health}, proxy: {fr: Sa santé, en: Their health}}
    items:
      - page:
          code: PA
          title: {text: {fr: Votre moral, en: Your spirits}, proxy: {fr: Son moral, en: Theirs}}
          questions:
            - code: A
              type: rating
              text: {fr: Et le moral ?, en: And the spirits?}
              hint:
                text: {fr: Pensez à votre semaine., en: Think of your week.}
                proxy: {fr: Pensez à sa semaine., en: Think of their week.}
              why_we_ask:
                text: {fr: Votre moral compte., en: Your spirits matter.}
                proxy: {fr: Son moral compte., en: Their spirits matter.}
              from: 0
              to: 2
              labels:
                "0": {text: {fr: Je vais mal, en: I am bad}, proxy: {fr: Elle va mal, en: Bad}}
  - code: two
    title: {text: {fr: Votre toit, en: Your roof}, proxy: {fr: Son toit, en: Their roof}}
    items:
      - code: B
        type: choice
        text: {fr: Et le toit ?, en: And the roof?}
        options: [{code: x, text: {fr: Bon, en: Good}}, {code: y, text: {fr: Mauvais, en: Bad}}]
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


def test_all_that_stands_beside_a_question_is_about_the_person(public: Flask, house: House) -> None:
    codes = world(house, BESIDE, people=2).codes
    for code, who in zip(codes, ({"role": "self"}, PROXY), strict=True):  # each after the other
        column = 1 if who is PROXY else 0
        browser = Browser(public.test_client())
        seen = [enter(browser, code, who=who).words]
        page = browser.submit({"consent": "yes"})
        seen.append(f"{page.soup.title} {page.words}")
        browser.submit({"q-A": "0"}, form="/r/PA")
        page = browser.get("/partie/one")
        seen.append(page.words)
        seen.append(browser.get("/parties").words)
        page = browser.get("/r/B")
        seen.append(page.words)
        page = browser.submit({"q-B": "x"}, form="/r/B")
        seen.append(page.words)
        for number, pairs in (
            (0, (("Parlons de votre vie", "Parlons de sa vie"),)),
            (
                1,
                (
                    ("Votre santé", "Sa santé"),
                    ("Votre moral", "Son moral"),
                    ("Pensez à votre semaine", "Pensez à sa semaine"),
                    ("Votre moral compte", "Son moral compte"),
                    ("Je vais mal", "Elle va mal"),
                ),
            ),
            (2, (("Votre santé", "Sa santé"), ("Votre toit", "Son toit"))),
            (3, (("Votre santé", "Sa santé"), ("Votre toit", "Son toit"))),
            (4, (("Votre toit", "Son toit"),)),
            (5, (("Votre santé", "Sa santé"), ("Je vais mal", "Elle va mal"))),
        ):
            for pair in pairs:
                assert pair[column] in seen[number], (number, pair)
                assert pair[1 - column] not in seen[number], (number, pair)


def test_saying_no_and_stopping_change_nothing_for_the_person(public: Flask, house: House) -> None:
    codes = world(house, SURVEY, people=3).codes
    own, persons = "à vos soins ni à vos aides", "aux soins ni aux aides de la personne"
    for code, who, said, never in (
        (codes[0], PROXY, persons, own),
        (codes[1], {"role": "self"}, own, persons),
    ):
        browser = Browser(public.test_client())
        page = enter(browser, code, who=who)
        assert said in page.words
        assert never not in page.words
        named = "Ni votre nom ni celui de la personne ne sont gardés"
        assert (named in page.words) is (who is PROXY)
        browser.submit({"consent": "yes"})
        page = browser.get("/arreter")
        assert f"Arrêter ne change rien {said}" in page.words
        assert never not in page.words
    browser = Browser(public.test_client())
    enter(browser, codes[2], who=PROXY)
    page = browser.submit({"consent": "no"})
    assert page.address == "/merci"
    assert "Cela ne change rien pour personne." in page.words


GOES_ON = """
format: covalue/questionnaire/1
code: goes_on
audience: elderly
languages: [fr, en]
title: {fr: Essai, en: Trial}
sections:
  - code: one
    title: {fr: Un, en: One}
    items:
      - code: A
        type: battery
        layout: list
        text: {fr: Voyez-vous souvent…, en: Do you often see…}
        proxy: {fr: La personne voit-elle souvent…, en: Does the person often see…}
        options: [{code: x, text: {fr: Oui, en: Yes}}, {code: y, text: {fr: Non, en: No}}]
        rows:
          - {code: A1, text: {fr: un médecin ?, en: a doctor?}}
          - code: A2
            text: {fr: vos voisins ?, en: your neighbours?}
            proxy: {fr: ses voisins ?, en: their neighbours?}
      - code: B
        type: battery
        layout: list
        text: {fr: "D’accord ?", en: "Do you agree?"}
        options: [{code: x, text: {fr: Oui, en: Yes}}, {code: y, text: {fr: Non, en: No}}]
        rows:
          - {code: B1, text: {fr: On m’écoute., en: I am heard.}}
"""


def test_a_row_that_ends_the_questions_sentence_is_checked_with_it(
    public: Flask, house: House
) -> None:
    codes = world(house, GOES_ON, people=2).codes
    for code, who, said in (
        (codes[0], {"role": "self"}, ("Voyez-vous souvent…", "vos voisins ?")),
        (codes[1], PROXY, ("La personne voit-elle souvent…", "ses voisins ?")),
    ):
        browser = Browser(public.test_client())
        begin(browser, code, who=who)
        browser.submit({"q-A1": "x", "q-A2": "y"}, form="/r/A")
        page = browser.submit({"q-B1": "x"}, form="/r/B")
        assert page.address == "/verifier"
        asked = [" ".join(each.text.split()) for each in page.soup.select("dl.summary dt")]
        stem, row = said
        assert asked == [f"{stem} un médecin ?", f"{stem} {row}", "On m’écoute."]


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
