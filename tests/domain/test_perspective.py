"""Answers in words for who answers in the person's place, and the check that misses them."""

from __future__ import annotations

import pytest

from app.definitions.files import read_questionnaire
from app.definitions.questionnaire_writing import write_questionnaire_yaml
from app.domain.answers import Answer
from app.domain.composition import plugged
from app.domain.differences import questionnaire_differences
from app.domain.perspective import (
    both_words,
    hint_for,
    introduction_for,
    reason_for,
    reworded,
    title_for,
    words_for,
)
from app.domain.piping import Pipe, words_of
from app.domain.questionnaire import Questionnaire
from app.domain.questionnaire_checks import check_questionnaire
from app.domain.severity import Severity

SURVEY = """
format: covalue/questionnaire/1
code: place
audience: elderly
languages: [fr, en]
title: {fr: Essai, en: Trial}
ways_out:
  not_concerned:
    text: {fr: Cela ne me concerne pas, en: Not for me}
    proxy: {fr: Cela ne la concerne pas, en: Not for them}
sections:
  - code: one
    title: {fr: Un, en: One}
    items:
      - code: A
        type: choice
        text: {fr: Vos revenus ?, en: Your income?}
        proxy: {fr: Ses revenus ?, en: Their income?}
        options:
          - code: careful
            text: {fr: Je fais attention, en: I am careful}
            proxy: {fr: La personne fait attention, en: The person is careful}
          - {code: well, text: {fr: À l’aise, en: Comfortably}}
        ways_out: [not_concerned, prefer_not]
      - code: B
        type: choice
        text: {fr: "Pourquoi « {answer:A|cela} » ?", en: "Why “{answer:A|this}”?"}
        options:
          - {code: x, text: {fr: Je ne sais, en: I know not}}
          - {code: y, text: {fr: Autre, en: Other}}
        ways_out: {not_concerned: {fr: Rien pour moi, en: Nothing for me}}
"""


@pytest.fixture
def asked() -> Questionnaire:
    return read_questionnaire(SURVEY)


def test_a_proxy_reads_the_words_for_a_proxy_and_everybody_else_the_persons(
    asked: Questionnaire,
) -> None:
    careful, well = asked.question_by_item["A"].options
    for role, said in (("self", "Je fais attention"), ("helped", "Je fais attention")):
        assert words_for(careful, role).in_("fr") == said
    assert words_for(careful, "proxy").in_("en") == "The person is careful"
    assert words_for(well, "proxy").in_("fr") == "À l’aise"
    not_concerned, prefer_not = asked.question_by_item["A"].ways_out
    assert words_for(not_concerned, "proxy").in_("fr") == "Cela ne la concerne pas"
    assert not words_for(prefer_not, "proxy").wordings
    (own,) = asked.question_by_item["B"].ways_out
    assert words_for(own, "proxy").in_("en") == "Nothing for me", "own words hide the usual ones"
    assert [reworded(each) for each in asked.questions] == [True, False]


def test_a_later_text_repeats_the_answer_in_the_words_of_who_reads(asked: Questionnaire) -> None:
    question, told = asked.question_by_item["A"], {"A": Answer("careful")}.get
    pipe = Pipe("answer", "A", "cela")
    assert words_of(pipe, question, told, "fr") == "Je fais attention"
    assert words_of(pipe, question, told, "fr", "proxy") == "La personne fait attention"


def test_both_words_stand_where_one_reads_for_all(asked: Questionnaire) -> None:
    careful, well = asked.question_by_item["A"].options
    assert both_words(careful).in_("fr") == "Je fais attention / La personne fait attention"
    assert both_words(well).in_("en") == "Comfortably"


def test_the_check_names_the_answers_that_speak_of_the_wrong_person(asked: Questionnaire) -> None:
    def named(text: str) -> list[tuple[str, str]]:
        findings = check_questionnaire(read_questionnaire(text))
        return [
            (found.place, found.message.in_("en").rpartition(": ")[2])
            for found in findings
            if found.rule == "proxy_first_person"
        ]

    assert named(SURVEY) == [("B", "x, not_concerned.")]
    assert named(SURVEY.replace("audience: elderly", "audience: family")) == []
    assert named(SURVEY.replace('text: {fr: "P', 'proxy: not_asked\n        text: {fr: "P')) == []
    missing = SURVEY.replace("en: The person is careful", "en: ''")
    rules = {(f.rule, f.place) for f in check_questionnaire(read_questionnaire(missing))}
    assert ("language_missing", "A") in rules


def test_other_words_for_a_proxy_are_other_words_and_no_other_answer(asked: Questionnaire) -> None:
    before = read_questionnaire(
        SURVEY.replace(
            "            proxy: {fr: La personne fait attention, en: The person is careful}\n", ""
        ).replace("    proxy: {fr: Cela ne la concerne pas, en: Not for them}\n", "")
    )
    found = questionnaire_differences(before, asked)
    assert {(each.severity, each.part) for each in found} == {
        (Severity.WORDING, "options.careful.proxy"),
        (Severity.WORDING, "ways_out.not_concerned.proxy"),
    }


def test_what_is_written_reads_the_same(asked: Questionnaire) -> None:
    assert read_questionnaire(write_questionnaire_yaml(asked)) == asked


BESIDE = """
format: covalue/questionnaire/1
code: beside
audience: elderly
languages: [fr, en]
title: {fr: Essai, en: Trial}
introduction: {fr: Parlons de votre vie., en: Let us talk of your life.}
sections:
  - code: one
    title: {fr: Votre santé, en: Your health}
    items:
      - page:
          code: PA
          title: {fr: Vous, en: You}
          questions:
            - code: A
              type: rating
              text: {fr: Et le moral ?, en: And your spirits?}
              proxy: {fr: Et son moral ?, en: And their spirits?}
              hint: {fr: Pensez à votre semaine., en: Think of your week.}
              why_we_ask: {fr: Votre moral compte., en: Your spirits matter.}
              from: 0
              to: 2
              labels:
                "0": {fr: Je vais mal, en: I am bad}
                "2": {fr: Très bien, en: Very well}
"""
SAID = (  # where it stands, its part, what a proxy reads instead
    ("Parlons de votre vie.", "Let us talk of your life.", "Parlons de sa vie.", "Of their life."),
    ("Votre santé", "Your health", "Sa santé", "Their health"),
    ("Vous", "You", "La personne", "The person"),
    ("Pensez à votre semaine.", "Think of your week.", "Pensez à sa semaine.", "To their week."),
    ("Votre moral compte.", "Your spirits matter.", "Son moral compte.", "Their spirits matter."),
    ("Je vais mal", "I am bad", "Elle va mal", "They are bad"),
)


def given() -> str:
    text = BESIDE
    for own, own_en, other, other_en in SAID:
        plain = f"{{fr: {own}, en: {own_en}}}"
        assert plain in text
        text = text.replace(plain, f"{{text: {plain}, proxy: {{fr: {other}, en: {other_en}}}}}")
    return text


def test_the_texts_beside_a_question_have_other_words_for_a_proxy_too() -> None:
    asked = read_questionnaire(given())
    (section,), (page,), (question,) = asked.sections, asked.pages, asked.questions
    for role, column in (("self", 0), ("helped", 0), ("proxy", 2)):
        said = (
            introduction_for(asked, role),
            title_for(section, role),
            title_for(page, role),
            hint_for(question, role),
            reason_for(question, role),
            words_for(question.options[0], role),
        )
        assert [each.in_("fr") for each in said] == [each[column] for each in SAID]
    assert [words_for(each, "proxy").in_("en") for each in question.options[1:]] == [
        "1",
        "Very well",
    ]
    assert read_questionnaire(write_questionnaire_yaml(asked)) == asked
    composed = plugged(asked, None)
    assert title_for(composed.sections[0], "proxy").in_("en") == "Their health"


def test_texts_beside_a_question_that_speak_of_the_wrong_person_are_named() -> None:
    def named(text: str) -> list[tuple[str, str]]:
        findings = check_questionnaire(read_questionnaire(text))
        return [
            (found.place, found.message.in_("en").rpartition(": ")[2])
            for found in findings
            if found.rule in ("proxy_spoken_of", "proxy_first_person")
        ]

    assert sorted(named(BESIDE)) == [
        ("A", "0."),
        ("A", "the hint."),
        ("A", "why it is asked."),
        ("PA", "the title."),
        ("beside", "the introduction."),
        ("one", "the title."),
    ]
    assert named(given()) == []
    assert named(BESIDE.replace("audience: elderly", "audience: family")) == []
    to_who_answers = BESIDE.replace("Pensez à votre semaine.", "Vous pouvez passer.").replace(
        "Think of your week.", "You may skip it."
    )
    assert ("A", "the hint.") not in named(to_who_answers), "said to whoever answers"
    missing = given().replace("en: To their week.", "en: ''")
    rules = {(f.rule, f.place) for f in check_questionnaire(read_questionnaire(missing))}
    assert ("language_missing", "A") in rules


def test_other_words_beside_a_question_change_as_the_words_do() -> None:
    found = questionnaire_differences(read_questionnaire(BESIDE), read_questionnaire(given()))
    assert {(each.severity, each.place, each.part) for each in found} == {
        (Severity.PRESENTATION, "beside", "introduction.proxy"),
        (Severity.PRESENTATION, "one", "title.proxy"),
        (Severity.PRESENTATION, "PA", "title.proxy"),
        (Severity.WORDING, "A", "hint.proxy"),
        (Severity.PRESENTATION, "A", "why_we_ask.proxy"),
        (Severity.WORDING, "A", "options.0.proxy"),
    }
