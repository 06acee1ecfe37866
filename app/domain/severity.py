"""How much a change to a published definition matters, and the record of one change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from app.domain.text import Text


class Severity(IntEnum):
    """The classes of change, the weightiest last."""

    PRESENTATION = 1  # order, titles, layout: what is asked stays the same
    WORDING = 2  # the same question in other words
    ADDITIVE = 3  # something more is asked or allowed; what was there keeps its meaning
    BREAKING = 4  # answers before and after are not the same thing: needs a new item code


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: its class, the code it concerns, which part, the language, before and after."""

    severity: Severity
    place: str
    part: str
    language: str | None = None
    before: str = ""
    after: str = ""


def text_differences(
    place: str, part: str, before: Text, after: Text, severity: Severity = Severity.WORDING
) -> Iterator[Difference]:
    """One difference for each language whose wording changed; a new language adds.

    Of a line that is the same in each language: one, of no language.
    """
    old, new = before.as_dict(), after.as_dict()
    for language in dict.fromkeys([*old, *new]):
        was, now = old.get(language, ""), new.get(language, "")
        if was != now:
            translated = bool(old) and not was and severity is Severity.WORDING
            found = Severity.ADDITIVE if translated else severity
            yield Difference(found, place, part, language or None, was, now)
