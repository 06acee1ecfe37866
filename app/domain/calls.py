"""Calls to people of a sample: their results, and notes that say nothing of anybody's health."""

from __future__ import annotations

import re
import unicodedata

RESULTS = ("spoke", "no_answer", "wrong_number")
LONGEST_NOTE = 120

# Beginnings of words, without accents, that speak of health: a note with one is refused.
_HEALTH = re.compile(
    r"\b(malad|hopita|hospital|cancer|alzheimer|parkinson|demen|depress|douleur|traitement|medic|"
    r"medec|diabet|avc|chute|handicap|aveugl|sourd|fauteuil|chirurg|oper|chimi|psych|sante|sick|ill|"
    r"pain|disease|stroke|deaf|blind|wheelchair|health|doctor|nurse|infirm|surgery)"
)


LONGEST_NAME = 300  # signs: whoever is looked for has fewer, and more take long to be made plain


def plain_letters(text: str) -> str:
    """In lower case and without accents."""
    apart = unicodedata.normalize("NFD", text.lower())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def speaks_of_health(note: str) -> bool:
    """Whether a note seems to say something of somebody's health."""
    return _HEALTH.search(plain_letters(note)) is not None


def name_keys(name: str) -> frozenset[str]:
    """The words of a name by which a person is found: letters only, two at least, no title."""
    words = re.findall(r"[a-z]{2,}", plain_letters(name[:LONGEST_NAME]))
    return frozenset(words) - {"mme", "mlle", "mr", "mrs", "ms", "dr", "de", "du", "la", "le", "et"}
