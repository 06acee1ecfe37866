"""A table of counts as a page and a file show it: what was asked, its lines, and what is left out.

Everything that stands in it was made before, with its noise: here numbers are only laid out, and
shares taken of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.territories import NATION
from app.domain.text import Text


@dataclass(frozen=True, slots=True)
class Cell:
    """``people``: with their noise; ``share``: percent of the numbers beside it, as shown;
    ``span``: of how many options, where several of a territory are put together."""

    people: int
    share: float | None
    span: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it counts, and a cell for each head, or None under one that goes on."""

    words: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of people: where, and with which answers (empty: with any)."""

    place: str
    row: str
    column: str
    people: int


class Questions:
    """What may be asked of an audience of a release, in one language."""

    def __init__(self, body: bytes, language: str) -> None:
        self.about: dict[str, Any] = json.loads(body)
        self.language = language
        self._by_code = {each["code"]: each for each in self.about["questions"]}

    def said(self, name: str) -> str:
        """A name of the whole, as the programme's or the wave's."""
        return self._say(self.about[name])

    @property
    def codes(self) -> tuple[str, ...]:
        """Every question that may be asked, in order."""
        return tuple(self._by_code)

    def words(self, code: str) -> str:
        """A question."""
        return self._say(self._by_code[code]["text"])

    def options(self, code: str) -> list[str]:
        """The words of its options, in order."""
        return [self._say(each) for each in self._by_code[code]["options"]]

    def place(self, code: str, together: str) -> str:
        """The name of a territory. ``together``: of all of them."""
        return together if code == NATION else self._say(self.about["territories"][code])

    def stored(self, rows: str, columns: str) -> tuple[str, str] | None:
        """The order in which two questions (or one) were kept, where they were."""
        together: Mapping[str, Sequence[str]] = self.about["together"]
        for one, other in ((rows, columns), (columns, rows)):
            if other in together.get(one, ()):
                return one, other
        return None

    def _say(self, wordings: Mapping[str, str]) -> str:
        return Text.of(wordings).in_(self.language)


@dataclass(frozen=True)
class Layer:
    """A territory's table: the first option of each line and column, and the numbers, totals last
    (a question alone: one column, and its totals)."""

    rows: list[int]
    columns: list[int]
    people: list[list[int]]

    @classmethod
    def of(cls, plain: Mapping[str, Any], *, turned: bool) -> Layer:
        """As it was kept, or with lines and columns exchanged."""
        if not turned:
            return cls(plain["rows"], plain["columns"], plain["people"])
        people = [list(each) for each in zip(*plain["people"], strict=True)]
        return cls(plain["columns"], plain["rows"], people)


@dataclass(frozen=True)
class CountedTable:
    """The tables of one or two questions: a layer for each territory, in order, the whole first."""

    questions: Questions
    rows: str
    columns: str
    together: str  # how all territories together are called
    layers: Mapping[str, Layer]

    @classmethod
    def read(
        cls, questions: Questions, rows: str, columns: str, together: str, body: bytes
    ) -> CountedTable:
        """From what was kept."""
        turned = questions.stored(rows, columns) != (rows, columns)
        kept = json.loads(body)
        codes = sorted(kept, key=lambda code: (code != NATION, questions.place(code, together)))
        layers = {code: Layer.of(kept[code], turned=turned) for code in codes}
        return cls(questions, rows, columns, together, layers)

    def name(self, place: str) -> str:
        """The name of a territory, or of all together."""
        return self.questions.place(place, self.together)

    @property
    def missing(self) -> list[str]:
        """The names of the territories that have no table of their own."""
        every = self.questions.about["territories"]
        return sorted(self.name(code) for code in every if code not in {NATION, *self.layers})

    def heads(self, place: str) -> list[str]:
        """The heads of the columns: territories of one question, else the second one's options."""
        if not self.columns:
            return [self.name(code) for code in self.layers]
        layer = self.layers[place]
        return self._grouped(self.columns, layer.columns)

    def lines(self, place: str, total: str) -> list[Line]:
        """The lines of the page's table, the last one with the totals, called ``total``."""
        return self._crossed(place, total) if self.columns else self._by_territory(total)

    def _by_territory(self, total: str) -> list[Line]:
        words = self.questions.options(self.rows)
        cells: list[list[Cell | None]] = [[] for _ in (*words, total)]
        for layer in self.layers.values():
            shown = [line[0] for line in layer.people]
            ends = [*layer.rows[1:], len(words)]
            for option in range(len(words)):
                cells[option].append(None)
            for k, (first, end) in enumerate(zip(layer.rows, ends, strict=True)):
                cells[first][-1] = Cell(shown[k], _share(shown[k], shown[:-1]), end - first)
            cells[-1].append(Cell(shown[-1], None))
        return [Line(said, tuple(each)) for said, each in zip((*words, total), cells, strict=True)]

    def _crossed(self, place: str, total: str) -> list[Line]:
        layer = self.layers[place]
        words = [*self._grouped(self.rows, layer.rows), total]
        return [
            Line(
                said,
                tuple(
                    Cell(people, _share(people, line[:-1]) if k < len(line) - 1 else None)
                    for k, people in enumerate(line)
                ),
            )
            for said, line in zip(words, layer.people, strict=True)
        ]

    def numbers(self, places: Sequence[str]) -> Iterator[Counted]:
        """Every number of these territories, line by line."""
        for place in places:
            layer = self.layers[place]
            rows = [*self._grouped(self.rows, layer.rows), ""]
            columns = [*self._grouped(self.columns, layer.columns), ""] if self.columns else [""]
            for row, line in zip(rows, layer.people, strict=True):
                for column, people in zip(columns, line, strict=False):
                    yield Counted(place, row, column, people)

    def _grouped(self, code: str, firsts: Sequence[int]) -> list[str]:
        words = self.questions.options(code)
        ends = [*firsts[1:], len(words)]
        return [" / ".join(words[a:b]) for a, b in zip(firsts, ends, strict=True)]


def _share(people: int, beside: Sequence[int]) -> float | None:
    whole = sum(beside)
    return 100.0 * people / whole if whole else None
