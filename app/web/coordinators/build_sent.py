"""What a form of the builder sent, read part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain.plain_documents import Raw, both_words, other_words, own_words
from app.domain.text import one_line
from app.web.coordinators.condition_form import count_of


@dataclass(frozen=True)
class Sent:
    """What a form sent, read part by part."""

    form: MultiDict[str, str]
    languages: Sequence[str]

    def word(self, name: str) -> str:
        """One line, without spaces around it."""
        return self.form.get(name, "").strip()

    def text(self, name: str) -> dict[str, str]:
        """The wordings of a text; lines end as files end them."""
        return {
            tag: self.form.get(f"{name}-{tag}", "").replace("\r\n", "\n").strip()
            for tag in self.languages
        }

    def worded(self, name: str, stored: Any = None) -> Any:
        """A text with its other words for a proxy, where there are any; languages that the form
        does not show stay as stored. Empty where nothing is said."""
        own = kept_beside(self.text(name), own_words(stored))
        other = kept_beside(self.text(f"{name}-proxy"), other_words(stored))
        return both_words(own, other) if any((*own.values(), *other.values())) else {}

    def line(self, name: str, stored: Any = None) -> str | dict[str, str]:
        """A text that may be one line, the same in each language: one wording is enough."""
        others = stored if isinstance(stored, dict) else {}
        return one_line(kept_beside(self.text(name), others))

    def count(self, letter: str) -> int:
        """How many entries of a list the form showed."""
        return count_of(self.form, letter)


def kept_beside(said: Raw, stored: Raw) -> Raw:
    """What was said, with the stored wordings in languages that the form does not show."""
    return {**said, **{tag: words for tag, words in stored.items() if tag not in said}}
