"""What calibration leaves of influence values: the part that the known totals do not explain.

Each function returns the residual of influence values z float64[n, k] (times the weight), as R
``survey``'s ``svyrecvar`` takes it; Deville & Sarndal 1992 for the theory.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.evaluation.columns import Floats, Integers
from app.evaluation.linearisation import sums
from app.evaluation.sampling import Residual

CYCLES = 10  # of R over the margins


def in_cells(cell: Integers, start: Floats, final: Floats) -> Residual:
    """Post-stratification: z / w less its mean in the cell, weighted by the start weights."""
    cells = int(cell.max()) + 1
    mass = np.bincount(cell, start, minlength=cells)[:, None]

    def residual(z: Floats) -> Floats:
        means = sums(cell, cells, z * (start / final)[:, None]) / mass
        return np.asarray(z - means[cell] * final[:, None])

    return residual


def over_margins(margins: Sequence[Integers], final: Floats) -> Residual:
    """Raking as in R: z / w less its plain mean in each margin in turn, ten times around."""
    people = [np.bincount(category) for category in margins]

    def residual(z: Floats) -> Floats:
        values = z / final[:, None]
        for _ in range(CYCLES):
            for category, n in zip(margins, people, strict=True):
                means = sums(category, len(n), values) / np.maximum(n, 1)[:, None]
                values = values - means[category]
        return np.asarray(values * final[:, None])

    return residual


def of_regression(auxiliary: Floats, start: Floats, factor: Floats) -> Residual:
    """Linear calibration, and raking converged: z / w less its regression on the auxiliary
    variables float64[n, m], weighted by the start weights; ``factor``: final over start."""
    half = np.sqrt(start)[:, None]
    basis = _basis(auxiliary * half)

    def residual(z: Floats) -> Floats:
        scaled = z / (half * factor[:, None])
        return np.asarray((scaled - basis @ (basis.T @ scaled)) * (half * factor[:, None]))

    return residual


def _basis(columns: Floats) -> Floats:
    """Orthonormal columns that span the same; columns that depend on others add nothing."""
    length = np.linalg.norm(columns, axis=0)
    left, size, _ = np.linalg.svd(columns / np.where(length > 0, length, 1.0), full_matrices=False)
    return np.asarray(left[:, size > 1e-9 * size.max()])
