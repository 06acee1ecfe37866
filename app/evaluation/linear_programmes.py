"""Linear programmes that are asked many questions: the least answer under one set of rules.

HiGHS (Huangfu and Hall 2018) keeps the corner where the last question ended and begins the next one
there, which takes a few steps where a new programme takes hundreds. By the primal simplex method:
the rules stay, so that corner still keeps them, and only what is asked for is another.
"""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PRIMAL = 4  # as HiGHS numbers its strategies


class LinearProgramme:
    """Unknowns from 0 to 100 of which each row of ``matrix`` sums to between ``low`` and ``high``.

    ``matrix``: rows x unknowns; ``low``, ``high``: one figure a row, or without end.
    """

    def __init__(self, matrix: Floats, low: Floats, high: Floats) -> None:
        rows, unknowns = matrix.shape
        filled = matrix != 0.0
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = unknowns, rows
        model.col_cost_ = np.zeros(unknowns)
        model.col_lower_, model.col_upper_ = np.zeros(unknowns), np.full(unknowns, 100.0)
        model.row_lower_, model.row_upper_ = low, high
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.concatenate([[0], filled.sum(axis=1).cumsum()])
        model.a_matrix_.index_ = filled.nonzero()[1]
        model.a_matrix_.value_ = matrix[filled]
        self._solver = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("simplex_strategy", PRIMAL)
        self._solver.passModel(model)
        self._asked: int | None = None

    def any(self) -> Floats | None:
        """A solution, asked for before anything else; none where there is none."""
        return self._solved()

    def least(self, unknown: int, sign: float = 1.0) -> Floats | None:
        """The solution with the least value of an unknown, or with ``sign`` -1 the greatest; none
        where there is no solution."""
        if self._asked is not None:
            self._solver.changeColCost(self._asked, 0.0)
        self._solver.changeColCost(unknown, sign)
        self._asked = unknown
        return self._solved()

    def _solved(self) -> Floats | None:
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.array(self._solver.getSolution().col_value)
