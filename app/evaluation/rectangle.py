"""Rectangular data: columns of text, and their reading as numbers and categories.

A cell that is empty, or says ``NA`` or why there is no answer (``!dont_know``, …), is missing.
Nothing that a person answered is repeated in a refusal: it names the line and the column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from app.domain.errors import BadInput, Fault
from app.domain.text import Text
from app.evaluation.columns import Floats, Integers
from app.evaluation.refusing import fault

MISSING = frozenset(
    ("", "NA", "!dont_know", "!prefer_not", "!not_concerned", "!skipped", "!not_shown")
)
MOST_FAULTS = 20
LARGEST, SMALLEST = 1e60, 1e-60  # squares of products, and their sums, keep all their digits
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class Rectangle:
    """``columns``: the cells of each column, in one order; ``lines``: each row's line in the file.

    ``warnings``: what a reader should know of how the file was read.
    """

    columns: Mapping[str, Sequence[str]]
    lines: Sequence[int]
    warnings: tuple[Text, ...] = ()

    @cached_property
    def n(self) -> int:
        """Number of rows."""
        return len(self.lines)

    def text(self, name: str) -> Sequence[str]:
        """A column as it stands; raises ``BadInput`` where there is none."""
        if name not in self.columns:
            listed = ", ".join(self.columns)
            raise BadInput(
                [
                    fault(
                        name,
                        (
                            "Cette colonne n’est pas dans les données.",
                            "No such column in the data.",
                        ),
                        (f"Colonnes présentes : {listed}.", f"Columns there: {listed}."),
                    )
                ]
            )
        return self.columns[name]

    def recoded(self, codes: Mapping[str, Mapping[str, str]]) -> Rectangle:
        """The same with other cells: by column, what stands in the place of what."""
        named = {name: given for name, given in codes.items() if given and name in self.columns}
        changed = {
            name: [given.get(cell, cell) for cell in self.columns[name]]
            for name, given in named.items()
        }
        return replace(self, columns=dict(self.columns) | changed)

    def numbers(self, name: str) -> Floats:
        """A column as float64[n], NaN where missing; raises ``BadInput`` by line."""
        if name not in self._read:
            self._read[name] = self._numbers(name)
        return self._read[name]

    @cached_property
    def _read(self) -> dict[str, Floats]:
        """Columns that were read as numbers already."""
        return {}

    def _numbers(self, name: str) -> Floats:
        cells = self.text(name)
        there = [place for place, cell in enumerate(cells) if cell not in MISSING]
        wrong = [place for place in there if not _NUMBER.fullmatch(cells[place])]
        faults = [_not_a_number(self.lines[place], name) for place in wrong[:MOST_FAULTS]]
        if not wrong:
            beyond = [place for place in there if _no_room(cells[place])]
            faults = [_beyond(self.lines[place], name) for place in beyond[:MOST_FAULTS]]
        if faults:
            raise BadInput(faults)
        return np.array(
            [np.nan if cell in MISSING else float(cell.replace(",", ".")) for cell in cells]
        )

    def complete_numbers(self, name: str) -> Floats:
        """The same where no cell may be missing."""
        values = self.numbers(name)
        self._refuse_missing(name, np.flatnonzero(~np.isfinite(values)))
        return values

    def categories(self, name: str) -> tuple[Integers, tuple[str, ...]]:
        """(index of each row's category, -1 where missing; the categories in order)."""
        cells = self.text(name)
        names = tuple(sorted(set(cells) - MISSING, key=_natural))
        index = {each: place for place, each in enumerate(names)}
        return np.array([index.get(cell, -1) for cell in cells], dtype=np.int64), names

    def complete_categories(self, name: str) -> tuple[Integers, tuple[str, ...]]:
        """The same where no cell may be missing."""
        found, names = self.categories(name)
        self._refuse_missing(name, np.flatnonzero(found < 0))
        return found, names

    def _refuse_missing(self, name: str, rows: Integers) -> None:
        if len(rows):
            raise BadInput(
                [
                    fault(
                        f"{self.lines[row]} {name}",
                        ("Cette cellule est vide.", "This cell is empty."),
                        ("Complétez-la ou retirez la ligne.", "Fill it, or take the line out."),
                    )
                    for row in rows[:MOST_FAULTS].tolist()
                ]
            )


def _no_room(cell: str) -> bool:
    size = abs(float(cell.replace(",", ".")))
    return size > LARGEST or 0 < size < SMALLEST


def _natural(name: str) -> tuple[int, float, str]:
    """Numbers by size, before words by letter."""
    if _NUMBER.fullmatch(name):
        return 0, float(name.replace(",", ".")), name
    return 1, 0.0, name


def _not_a_number(line: int, name: str) -> Fault:
    return fault(
        f"{line} {name}",
        ("Cette cellule n’est pas un nombre.", "This cell is not a number."),
        (
            "Écrivez par exemple 4 ou 0.5 ; laissez vide ou NA ce qui manque.",
            "Write for example 4 or 0.5; leave empty or NA what is missing.",
        ),
    )


def _beyond(line: int, name: str) -> Fault:
    return fault(
        f"{line} {name}",
        ("Ce nombre est trop grand ou trop petit.", "This number is too large or too small."),
        (
            "Donnez la colonne dans une autre unité : entre 1e-60 et 1e60.",
            "Give the column in another unit: between 1e-60 and 1e60.",
        ),
    )
