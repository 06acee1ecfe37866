"""Texts in several languages, and the few names that may be filled into them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

REFERENCE_LANGUAGE = "fr"
EVERY = ""  # in the place of a language: the wording is the same in each
_NAME = re.compile(r"\{([a-z][a-z0-9_]*)\}")
PIPE = re.compile(r"\{(answer|count):([A-Za-z][A-Za-z0-9_]{0,31})\|([^{}|]+)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in one or more languages, as pairs (language, wording).

    A text that is one line in no particular language has one pair, ``(EVERY, line)``.
    """

    wordings: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, by_language: Mapping[str, str] | None = None, **wordings: str) -> Text:
        """Make a text from a mapping or from keywords: ``Text.of(fr="Oui", en="Yes")``."""
        return cls(tuple((by_language or {}).items()) + tuple(wordings.items()))

    @classmethod
    def written(cls, said: str | Mapping[str, str]) -> Text:
        """The text that ``as_written`` made this of; of an empty line, no text."""
        if isinstance(said, str):
            return cls(((EVERY, said),)) if said else NO_TEXT
        return cls.of(said)

    def has(self, language: str) -> bool:
        """Whether a non-empty wording exists in ``language`` itself, or the same in each."""
        return any(code in (language, EVERY) and wording.strip() for code, wording in self.wordings)

    def in_(self, language: str, fallback: str = REFERENCE_LANGUAGE) -> str:
        """The wording in ``language`` or in each, else in ``fallback``, else the empty string."""
        found = ""
        for code, wording in self.wordings:
            if code == language and wording:
                return wording
            if code in (fallback, EVERY):
                found = wording
        return found

    def language_of(self, language: str, fallback: str = REFERENCE_LANGUAGE) -> str:
        """The language that ``in_`` would answer in (for the ``lang`` attribute)."""
        return language if self.has(language) else fallback

    def as_dict(self) -> dict[str, str]:
        """The wordings by language, in their order."""
        return dict(self.wordings)

    def as_written(self) -> str | dict[str, str]:
        """The line alone where it is the same in each language, or empty; else by language."""
        said = self.as_dict()
        return said.get(EVERY, "") if EVERY in said or not said else said


NO_TEXT = Text(())
NO_TERMS: Mapping[str, str] = MappingProxyType({})


def one_line(said: Mapping[str, str]) -> str | dict[str, str]:
    """What was typed by language, as ``Text.as_written`` has it: one wording stands for each."""
    words = {wording for wording in said.values() if wording}
    return dict(said) if len(words) > 1 else "".join(words)


def names_in(wording: str) -> frozenset[str]:
    """The names in curly brackets that ``fill`` would look up in ``wording``."""
    return frozenset(_NAME.findall(wording))


def fill(wording: str, terms: Mapping[str, str]) -> str:
    """Put a territory's local terms in place of ``{names}``; an unknown name stays as it is.

    Where an earlier answer would stand (``domain.piping``), the words for want of one are put.
    Nothing else is interpreted: a text is never a template.
    """
    wording = PIPE.sub(lambda match: match.group(3), wording)
    return _NAME.sub(lambda match: terms.get(match.group(1), match.group(0)), wording)


def without_answers(text: Text) -> Text:
    """The text as it reads where nothing earlier is known, as in a codebook."""
    return Text(tuple((tag, fill(wording, NO_TERMS)) for tag, wording in text.wordings))
