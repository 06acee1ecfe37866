"""Whether a wording asks two things at once, which one answer cannot say: a rough sign, for advice.

Looked for are two questions in one text, "and/or", and two things joined by "and" (Krosnick and
Presser, *Question and questionnaire design*, 2010: one concept to a question). Pairs that are one
thing are let through: people with the person who answers, bounds of numbers. French and English.
"""

from __future__ import annotations

import re

_EITHER = re.compile(r"\b(?:et/ou|and/or)\b", re.IGNORECASE)
_PAIR = {
    "fr": re.compile(r"\b(\w+)\s+(?:et|ainsi que)\s+(?:d[eu]s?\s+|l[ae]s?\s+|à\s+)?(\w+)"),
    "en": re.compile(r"\b(\w+)\s+(?:and|as well as)\s+(?:the\s+|an?\s+|of\s+|to\s+)?(\w+)"),
}
_ONE_THING = frozenset(("moi", "vous", "nous", "lui", "elle", "eux", "soi", "jour", "nuit"))
_ONE_THING |= frozenset(("i", "me", "you", "us", "him", "her", "them", "day", "night"))
_ALSO = {"fr": re.compile(r"\?\s*et\b"), "en": re.compile(r"\?\s*and\b")}


def asks_two(wording: str, language: str) -> bool:
    """Whether the wording seems to ask two things; False for other languages."""
    if language not in _PAIR:
        return False
    said = wording.lower()
    if said.count("?") > 1 or _ALSO[language].search(said) or _EITHER.search(said):
        return True
    return any(
        not ({first, second} & _ONE_THING or first.isdigit() or second.isdigit())
        for first, second in _PAIR[language].findall(said)
    )
