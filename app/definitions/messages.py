"""What is said about a file that cannot be read: one rule, one message, one remedy.

Values in curly brackets are filled in from the file's structure (keys, allowed words), never
from anything that a person answered.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.definitions.format_words import FORMAT_WORDS
from app.definitions.index_words import INDEX_WORDS
from app.definitions.yaml_words import YAML_WORDS
from app.domain.checks import Finding, Level
from app.domain.text import Text, fill
from app.domain.typography import typeset_french

_WORDS = YAML_WORDS | FORMAT_WORDS | INDEX_WORDS


@dataclass(frozen=True, slots=True)
class Trouble:
    """A rule that a place of a file breaks, with what fills its message."""

    rule: str
    fills: tuple[tuple[str, str], ...] = ()


def trouble(rule: str, **fills: object) -> Trouble:
    """``trouble("choice", allowed="no, soft, hard")``."""
    return Trouble(rule, tuple((name, str(value)) for name, value in fills.items()))


def finding_of(found: Trouble, place: str, line: int | None) -> Finding:
    """The finding, in words."""
    terms = dict(found.fills)
    words = (fill(wording, terms) for wording in _WORDS[found.rule])
    fr, en, remedy_fr, remedy_en = words
    return Finding(
        found.rule,
        Level.ERROR,
        place,
        Text.of(fr=typeset_french(fr), en=en),
        Text.of(fr=typeset_french(remedy_fr), en=remedy_en),
        line,
    )
