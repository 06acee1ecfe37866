"""What became of each part of a foreign form: one line for each, nothing left unsaid."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from app.domain.text import Text
from app.domain.typography import typeset_french
from app.interchange.import_words import WORDS

Fate = Literal["in", "approximated", "unsupported"]
About = Literal["type", "options", "condition", "language", "limits", "text", "look", "form"]
WHOLE: frozenset[str] = frozenset({"type", "options", "condition", "language"})
MOST_LINES = 20_000
_SILENT = frozenset({("kind", "information"), ("kind", "list")})
LONGEST_FILL = 160
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Said:
    """One line: where (sheet and row, or path), what became of it, which part, why.

    ``fills`` stand in the rule's words; they come from the file, shortened and without signs
    that could change how a line is read.
    """

    place: str
    fate: Fate
    about: About
    rule: str
    fills: tuple[tuple[str, str], ...] = ()

    @property
    def message(self) -> Text:
        """The line in words."""
        fr, en = WORDS[self.rule]
        filled = {"fr": typeset_french(fr), "en": en}
        for name, value in self.fills:
            filled = {tag: words.replace(f"[{name}]", value) for tag, words in filled.items()}
        return Text.of(filled)


@dataclass
class ImportReport:
    """The lines of one import, in the order of the file as far as it was read in order."""

    lines: list[Said] = field(default_factory=list)

    def came(self, place: str, code: str, kind: str) -> None:
        """A question is in, under this code."""
        self._add(place, "in", "type", "came", {"code": code, "kind": kind})

    def approximated(self, place: str, about: About, rule: str, **fills: object) -> None:
        """Something is in, but not quite as it stood in the file."""
        self._add(place, "approximated", about, rule, fills)

    def unsupported(self, place: str, about: About, rule: str, **fills: object) -> None:
        """Something of the file is not in."""
        self._add(place, "unsupported", about, rule, fills)

    def _add(
        self, place: str, fate: Fate, about: About, rule: str, fills: dict[str, object]
    ) -> None:
        if len(self.lines) > MOST_LINES:
            raise ForeignFault("-", "too_much_to_say")
        said = tuple((name, shown(value)) for name, value in fills.items())
        line = Said(shown(place), fate, about, rule, said)
        self.lines.append(line)


class ForeignFault(Exception):
    """The whole file is refused: place, rule, and what fills its words."""

    def __init__(self, place: str, rule: str, **fills: object) -> None:
        told = tuple((name, shown(value)) for name, value in fills.items())
        self.said = Said(shown(place), "unsupported", "form", rule, told)
        super().__init__(rule)


def shown(value: object) -> str:
    """A piece of the file as it may stand in a report: one line, bounded, without tricks."""
    text = _UNSAFE.sub(" ", str(value)).strip()
    return text if len(text) <= LONGEST_FILL else text[: LONGEST_FILL - 1] + "…"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the file's questions came in, and how."""

    questions: int
    whole: int  # with type, options, condition and languages as in the file
    approximated: int
    missing: int


def tally(lines: Iterable[Said]) -> Tally:
    """The questions of a file by what became of them; texts and repeats ask nothing themselves."""
    came: set[str] = set()
    lost: set[str] = set()
    changed: set[str] = set()
    for line in lines:
        if line.fate == "in":
            if not _SILENT.intersection(line.fills):
                came.add(line.place)
        elif line.rule == "not_taken":
            lost.add(line.place)
        elif line.about in WHOLE:
            changed.add(line.place)
    whole = came - changed
    return Tally(len(came | lost), len(whole), len(came & changed), len(lost - came))
