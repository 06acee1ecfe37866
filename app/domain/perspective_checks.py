"""Words that say "I" to somebody who answers in the person's place, where there are no others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.questionnaire import (
    Audience,
    Option,
    Page,
    Proxy,
    Question,
    Questionnaire,
    Section,
    WayOut,
    Why,
)
from app.domain.text import Text
from app.domain.text_checks import part_words

_OF_THE_PERSON = {  # words that mean the person, in the person's own mouth or said to them
    "fr": re.compile(
        r"\b(?:je|moi|me|mon|ma|mes|mien|mienne|vous|votre|vos)\b|\b[jm][’']", re.IGNORECASE
    ),
    "en": re.compile(r"\b(?:i|me|my|mine|you|your|yours)\b", re.IGNORECASE),
}
_ABOUT_THE_PERSON = {  # the same, but for what is said to whoever answers: "you may", "your answer"
    "fr": re.compile(
        r"\b(?:je|moi|me|mon|ma|mes|mien|mienne|(?:votre|vos)(?! (?:réponse|choix)))\b|\b[jm][’']",
        re.IGNORECASE,
    ),
    "en": re.compile(r"\b(?:i|me|my|mine|your(?! (?:answer|choice)))\b", re.IGNORECASE),
}


def check_perspective(question: Question, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Findings for the answers of a question, its hint and its reason that a proxy would read in
    the person's words.

    Only elderly people are answered for. Who does not know, or prefers not to answer, is the
    proxy: these ways out stay as they are.
    """
    if questionnaire.audience is not Audience.ELDERLY or question.proxy is Proxy.NOT_ASKED:
        return
    offered = [option for option in question.options if not option.closed]
    ways = [way for way in question.ways_out if way.why is Why.NOT_CONCERNED]
    said = [option.code for option in offered if _of_the_person(option)]
    said += [way.why.value for way in ways if _of_the_person(way)]
    if said:
        yield finding("proxy_first_person", question.code, options=", ".join(said))
    beside = (
        ("hint", question.hint, question.proxy_hint),
        ("why_we_ask", question.why_we_ask, question.proxy_why_we_ask),
    )
    for part, own, other in beside:
        if not other.wordings and _says(_ABOUT_THE_PERSON, own):
            yield finding("proxy_spoken_of", question.code, part=part_words(part))


def check_titles(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Findings for titles, and for the introduction, that speak to a proxy as to the person."""
    if questionnaire.audience is not Audience.ELDERLY:
        return
    titled: tuple[Section | Page, ...] = (*questionnaire.sections, *questionnaire.pages)
    for each in titled:
        if not each.proxy_title.wordings and _says(_OF_THE_PERSON, each.title):
            yield finding("proxy_spoken_of", each.code, part=part_words("title"))
    if not questionnaire.proxy_introduction.wordings and _says(
        _ABOUT_THE_PERSON, questionnaire.introduction
    ):
        yield finding("proxy_spoken_of", questionnaire.code, part=part_words("introduction"))


def _of_the_person(thing: Option | WayOut) -> bool:
    return not thing.proxy_text.wordings and _says(_OF_THE_PERSON, thing.text)


def _says(words: Mapping[str, re.Pattern[str]], text: Text) -> bool:
    return any(tag in words and words[tag].search(said) for tag, said in text.wordings)
