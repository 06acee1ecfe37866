"""The marks of a rating: options made from two ends and a few labels, and the labels again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.definitions.worded import own_and_other, written
from app.domain.questionnaire import Option
from app.domain.text import NO_TEXT, Text

MAX_RATING = 21  # marks


def marks(
    low: int, high: int, labels: Mapping[str, Text | dict[str, Any]], languages: tuple[str, ...]
) -> tuple[Option, ...]:
    """An option for each whole number; its label, or the number itself, and its score."""
    said = {int(number): own_and_other(label) for number, label in labels.items()}
    found = []
    for n in range(low, high + 1):
        own, other = said.get(n, (plain_label(n, languages), NO_TEXT))
        found.append(Option(str(n), own, float(n), proxy_text=other))
    return tuple(found)


def labels_of(options: Iterable[Option], languages: tuple[str, ...]) -> dict[str, Any]:
    """The labels that make these options."""
    return {
        option.code: written(option.text, option.proxy_text)
        for option in options
        if option.text != plain_label(int(option.code), languages) or option.proxy_text.wordings
    }


def plain_label(number: int, languages: tuple[str, ...]) -> Text:
    """The number itself, in every language: what an unlabelled value of a scale shows."""
    return Text(tuple((language, str(number)) for language in languages))
