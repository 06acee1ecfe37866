"""A reader of counts with noise who wants to know the numbers themselves, written apart.

They know how large the noise may be, that 0 stays 0 and which numbers never appear, everything that
is shown, and from elsewhere the exact number of every answer to each question in each territory.
The unknowns are the whole numbers of people by territory and answers to all questions at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Shown = Mapping[tuple[str, str], Mapping[str, Mapping[str, Any]]]  # questions -> territory -> plain
WHOLE = "FR"


class Reader:
    """``options``: how many each question has; ``exact``: by territory and question, of each
    answer; ``noise``: the largest; ``inside``: of which territories the whole consists by
    questions."""

    def __init__(
        self,
        options: Mapping[str, int],
        exact: Mapping[tuple[str, str], Sequence[int]],
        noise: int,
        inside: Mapping[tuple[str, str], Sequence[str]],
        shown: Shown,
    ) -> None:
        self.questions = list(options)
        self.noise, self.inside = noise, inside
        self.places = sorted({place for place, _ in exact})
        answers = list(product(*(range(size) for size in options.values())))
        self.unknown = [(place, each) for place in self.places for each in answers]
        self.rows: list[np.ndarray] = []
        self.low: list[float] = []
        self.high: list[float] = []
        for (place, question), numbers in exact.items():
            for option, number in enumerate(numbers):
                self._know(self._row((place,), {question: {option}}), number, number)
        for questions, layers in shown.items():
            for place, layer in layers.items():
                for wanted, number in self._cells(questions, layer):
                    least = 0 if number == 0 else max(1, number - noise)
                    row = self._row(self._places(questions, place), wanted)
                    self._know(row, least, number + noise)

    def _places(self, questions: tuple[str, str], place: str) -> Sequence[str]:
        return self.inside[questions] if place == WHOLE else (place,)

    def _cells(self, questions: tuple[str, str], layer: Mapping[str, Any]) -> Any:
        one, other = questions
        sizes = {name: 1 + max(e[1][self.questions.index(name)] for e in self.unknown)
                 for name in questions}  # fmt: skip
        lines = self._groups(layer["rows"], sizes[one])
        columns = self._groups(layer["columns"], sizes[other])
        for line, numbers in zip([*lines, None], layer["people"], strict=True):
            for column, number in zip([*columns, None], numbers, strict=True):
                wanted = {one: line} if line else {}
                wanted |= {other: column} if column else {}
                yield wanted, number

    def _groups(self, firsts: Sequence[int], size: int) -> list[set[int]]:
        return [set(range(a, b)) for a, b in zip(firsts, [*firsts[1:], size], strict=True)]

    def _row(self, places: Sequence[str], wanted: Mapping[str, set[int]]) -> np.ndarray:
        at = {self.questions.index(name): options for name, options in wanted.items()}
        return np.array(
            [
                float(place in places and all(answers[k] in each for k, each in at.items()))
                for place, answers in self.unknown
            ]
        )

    def _know(self, row: np.ndarray, low: float, high: float) -> None:
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def range_of(self, questions: tuple[str, str], place: str, wanted: Mapping[str, set[int]]
                 ) -> tuple[int, int]:  # fmt: skip
        """The least and the greatest number of people that a cell may have."""
        row = self._row(self._places(questions, place), wanted)
        found = []
        for sign in (1.0, -1.0):
            solved = milp(
                sign * row,
                constraints=LinearConstraint(csr_array(np.array(self.rows)), self.low, self.high),
                integrality=np.ones(len(row)),
                bounds=Bounds(0, np.inf),
            )
            assert solved.success, solved.message
            found.append(round(sign * solved.fun))
        return found[0], found[1]
