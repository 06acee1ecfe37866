"""Answers that say "I" to somebody who answers in the person's place, and have no other words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.questionnaire import (
    Audience,
    Option,
    Proxy,
    Question,
    Questionnaire,
    WayOut,
    Why,
)

_OF_THE_PERSON = {  # words that mean the person, in the person's own mouth or said to them
    "fr": re.compile(
        r"\b(?:je|moi|me|mon|ma|mes|mien|mienne|vous|votre|vos)\b|\b[jm][’']", re.IGNORECASE
    ),
    "en": re.compile(r"\b(?:i|me|my|mine|you|your|yours)\b", re.IGNORECASE),
}


def check_perspective(question: Question, questionnaire: Questionnaire) -> Iterator[Finding]:
    """One finding for the answers of a question that a proxy would read in the person's words.

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


def _of_the_person(thing: Option | WayOut) -> bool:
    if thing.proxy_text.wordings:
        return False
    return any(
        tag in _OF_THE_PERSON and _OF_THE_PERSON[tag].search(wording)
        for tag, wording in thing.text.wordings
    )
