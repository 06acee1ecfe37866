"""Texts: complete in every language, with known names only, plain, and short enough."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.piping_checks import PIPED_PARTS, check_braces, check_pipes
from app.domain.questionnaire import Kind, Proxy, Question, Questionnaire
from app.domain.text import NO_TERMS, Text, fill, names_in
from app.domain.two_in_one import asks_two

MOST_WORDS = 15
_ONE_ANSWER = (Kind.CHOICE, Kind.RATING, Kind.BATTERY, Kind.NUMBER, Kind.DATE)
_TAG = re.compile(r"</?[a-zA-Z!]")
_IN = {"fr": ("en français", "in French"), "en": ("en anglais", "in English")}
_PARTS = {  # as the pages of the builder call them
    "title": ("le titre", "the title"),
    "source": ("la source", "the source"),
    "owner": ("qui a fixé la cible", "who set the target"),
    "introduction": ("l’introduction", "the introduction"),
    "description": ("la description", "the description"),
    "text": ("la question", "the question"),
    "hint": ("l’aide", "the hint"),
    "why_we_ask": ("la raison de la question", "why it is asked"),
    "interviewer_note": ("la note pour qui lit", "the note to who reads it out"),
    "unit": ("l’unité", "the unit"),
    "name": ("ce que demande le champ", "what the field asks for"),
    "entry": ("comment s’appelle un élément", "what an entry is called"),
    "pattern_text": ("la forme de la réponse, en mots", "the form of the answer, in words"),
    "proxy": ("la question posée à un tiers", "the question put to somebody else"),
    "options": ("la réponse", "the answer"),
    "ways_out": ("l’échappatoire", "the way out"),
    "proxy_title": ("le titre lu par un tiers", "the title read by somebody else"),
    "proxy_introduction": (
        "l’introduction lue par un tiers",
        "the introduction read by somebody else",
    ),
    "proxy_hint": ("l’aide donnée à un tiers", "the hint given to somebody else"),
    "proxy_why_we_ask": (
        "la raison de la question, dite à un tiers",
        "why it is asked, said to somebody else",
    ),
    "proxy_options": ("la réponse proposée à un tiers", "the answer put to somebody else"),
    "proxy_ways_out": ("l’échappatoire proposée à un tiers", "the way out put to somebody else"),
}
Placed = tuple[str, str, Text]  # code, part, text


def texts_of(questionnaire: Questionnaire) -> Iterator[Placed]:
    """Every text that a participant may see: the code it belongs to, its part, the text."""
    yield questionnaire.code, "title", questionnaire.title
    yield from _given(questionnaire.code, "introduction", questionnaire.introduction)
    instead = questionnaire.proxy_introduction
    yield from _given(questionnaire.code, "proxy_introduction", instead)
    for section in questionnaire.sections:
        yield section.code, "title", section.title
        yield from _given(section.code, "proxy_title", section.proxy_title)
    for page in questionnaire.pages:
        yield from _given(page.code, "title", page.title)
        yield from _given(page.code, "proxy_title", page.proxy_title)
    for question in questionnaire.questions:
        if not question.of_list:  # what a list asks is said by the list
            yield from question_texts(question)


def question_texts(question: Question) -> Iterator[Placed]:
    """Every text of one question."""
    code = question.code
    yield code, "text", question.text
    for part, text in (
        ("hint", question.hint),
        ("why_we_ask", question.why_we_ask),
        ("proxy_hint", question.proxy_hint),
        ("proxy_why_we_ask", question.proxy_why_we_ask),
        ("interviewer_note", question.interviewer_note),
        ("unit", question.unit),
        ("name", question.name),
        ("entry", question.entry),
        ("pattern_text", question.limits.pattern_text),
    ):
        yield from _given(code, part, text)
    if question.proxy is Proxy.REWORDED:
        yield code, "proxy", question.proxy_text
    for option in question.options:
        yield code, f"options.{option.code}", option.text
        yield from _given(code, f"proxy_options.{option.code}", option.proxy_text)
    for row in question.rows:
        yield row.code, "text", row.text
        if row.proxy is Proxy.REWORDED:
            yield row.code, "proxy", row.proxy_text
    for way in question.ways_out:
        yield from _given(code, f"ways_out.{way.why}", way.text)
        yield from _given(code, f"proxy_ways_out.{way.why}", way.proxy_text)
    for asked in question.each:
        yield from question_texts(asked)


def _sources(questionnaire: Questionnaire) -> Iterator[tuple[str, Text]]:
    yield questionnaire.code, questionnaire.source
    for question in questionnaire.questions:
        if not question.of_list:
            yield from ((each.code, each.source) for each in (question, *question.each))


def _given(code: str, part: str, text: Text) -> Iterator[Placed]:
    if text.wordings:
        yield code, part, text


def check_texts(questionnaire: Questionnaire, names: frozenset[str]) -> Iterator[Finding]:
    """Every language in every text; no unknown name; no HTML; earlier answers where they may be."""
    about = {one.code for question in questionnaire.questions for one in question.each}
    pages = {page.code for page in questionnaire.pages}
    for code, part, text in texts_of(questionnaire):
        known = names | ({"entry"} if code in about and part in PIPED_PARTS else frozenset())
        yield from check_text(code, part, text, questionnaire.languages, known)
        piped = part in PIPED_PARTS or (code in pages and part in ("title", "proxy_title"))
        yield from check_braces(code, part, text, piped=piped)
    for code, source in _sources(questionnaire):
        if source.wordings:
            yield from check_languages(code, "source", source, questionnaire.languages)
    yield from check_pipes(questionnaire)


def check_text(
    code: str, part: str, text: Text, languages: tuple[str, ...], names: frozenset[str]
) -> Iterator[Finding]:
    """What is wrong with one text."""
    yield from check_languages(code, part, text, languages)
    wordings = text.as_dict().values()
    for name in sorted({name for wording in wordings for name in names_in(wording)} - names):
        known = ", ".join(sorted(names)) or "–"
        yield finding("unknown_name", code, name=name, known=known)
    if any(_TAG.search(wording) for wording in wordings):
        yield finding("html", code, part=part)


def check_languages(
    code: str, part: str, text: Text, languages: tuple[str, ...]
) -> Iterator[Finding]:
    """The languages in which a text is missing."""
    for language in languages:
        if not text.has(language):
            yield finding("language_missing", code, part=part_words(part), language=_in(language))


def part_words(part: str) -> Text:
    """Which text of a question it is, in words: ``options.yes`` is the answer “yes”."""
    kind, _dot, code = part.partition(".")
    fr, en = _PARTS.get(kind, (kind, kind))
    return Text.of(fr=f"{fr} « {code} »", en=f"{en} “{code}”") if code else Text.of(fr=fr, en=en)


def _in(language: str) -> Text:
    fr, en = _IN.get(language, (f"en « {language} »", f"in “{language}”"))
    return Text.of(fr=fr, en=en)


def check_wordings(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Long questions, and how many wordings nobody has tried out."""
    asked = [each for each in questionnaire.questions if not each.of_list]
    for question in (*asked, *(one for each in asked for one in each.each)):
        if question.kind is Kind.INFORMATION:
            continue
        for language, wording in question.text.wordings:
            said = fill(wording, NO_TERMS)
            words = sum(any(sign.isalnum() for sign in word) for word in said.split())
            if words > MOST_WORDS:
                yield finding("long_wording", question.code, words=words, language=language)
        yield from _two_in_one(question)
    drafts = {question.code for question in asked if question.status == "draft"}
    if drafts:
        yield finding("draft_wordings", questionnaire.code, count=len(drafts))


def _two_in_one(question: Question) -> Iterator[Finding]:
    """Wordings that seem to ask two things for one answer, of the question or its rows."""
    if question.kind not in _ONE_ANSWER:
        return
    said = [(question.code, question.text), *((row.code, row.text) for row in question.rows)]
    for code, text in said:
        for language, wording in text.wordings:
            if asks_two(fill(wording, NO_TERMS), language):
                yield finding("two_in_one", code, language=language)
