"""How far the cells of a system can be apart: solutions of what is known, looked for one by one.

What is known are sums of cells that each lie from 0 to 100. Each solution that is seen shows some
room of every cell; linear programming finds the furthest (HiGHS).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.evaluation.linear_programmes import LinearProgramme

Floats = NDArray[np.float64]
SAME = 1e-7
AGREE = 1e-7  # points: sums that differ by less do not contradict each other


@dataclass
class Limits:
    """What is known: ``matrix`` x = ``right`` but for ``slack``, ``upper`` x <= ``most``; and the
    ends of all solutions that were seen so far."""

    matrix: Floats
    right: Floats
    upper: Floats
    most: Floats
    first: Floats | None

    def __post_init__(self) -> None:
        cells = self.matrix.shape[1]
        self.low, self.high = np.full(cells, np.inf), np.full(cells, -np.inf)
        self.slack = 0.0
        point = self._programme.any() if self.first is None else self.first
        if point is None:
            found, point = _disagreement(self.matrix, self.right, self.upper, self.most)
            if found > AGREE:
                self.slack = found * (1 + 1e-6) + 1e-6
                del self._programme  # it is another now
        if point is not None:
            self._see(point)

    def room(self, j: int) -> float:
        """Between the least and the greatest value of cell ``j`` in the solutions seen."""
        return float(self.high[j] - self.low[j])

    def least(self, j: int) -> None:
        """Look at the solution with the least value of cell ``j``, unless one seen has 0."""
        if self.low[j] > SAME:
            self._furthest(j, 1.0)

    def greatest(self, j: int) -> None:
        """Look at the solution with the greatest value of cell ``j``, unless one seen has 100."""
        if self.high[j] < 100.0 - SAME:
            self._furthest(j, -1.0)

    def _see(self, point: Floats) -> None:
        self.low, self.high = np.minimum(self.low, point), np.maximum(self.high, point)

    def _furthest(self, j: int, sign: float) -> None:
        point = self._programme.least(j, sign)
        self._see(np.full(len(self.low), 50 - 50 * sign) if point is None else point)

    @cached_property
    def _programme(self) -> LinearProgramme:
        """Everything that is known, as a linear programme that can be asked again and again."""
        endless = np.full(len(self.most), -np.inf)
        return LinearProgramme(
            np.vstack([self.matrix, self.upper]),
            np.concatenate([self.right - self.slack, endless]),
            np.concatenate([self.right + self.slack, self.most]),
        )


def _disagreement(
    matrix: Floats, right: Floats, upper: Floats, most: Floats
) -> tuple[float, Floats | None]:
    """The least by which sums must give so that all hold together, and a solution that does."""
    ones = np.ones((len(matrix), 1))
    above = np.vstack(
        [
            np.hstack([matrix, -ones]),
            np.hstack([-matrix, -ones]),
            np.hstack([upper, np.zeros((len(most), 1))]),
        ]
    )
    limits = np.concatenate([right, -right, most])
    solved = LinearProgramme(above, np.full(len(limits), -np.inf), limits).least(matrix.shape[1])
    return (100.0, None) if solved is None else (float(solved[-1]), solved[:-1])
