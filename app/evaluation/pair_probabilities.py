"""Variance where units were drawn one for one with their own probabilities, pair by pair.

With D_ij = (pi_ij - pi_i pi_j) / pi_ij and influence values z_i of units (already times 1 / pi_i),

    Horvitz & Thompson 1952   V = sum over i, j of D_ij z_i z_j
    Yates & Grundy 1953       V = sum over i, j of D_ij z_i z_j - sum over i, j of D_ij z_i^2

Units of different strata, and under Poisson sampling all of them, were drawn independently: D is 0.
Sources: Overton 1985 (pi_ij from pi_i alone); R ``survey`` (``ppsmat``, ``poisson_sampling``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.evaluation.columns import Floats, Integers
from app.evaluation.refusing import refused, unsettled

MOST_UNITS = 5_000  # 200 MB
LIKE = 1e-6  # relative: how nearly the two ways of writing a probability must agree


@dataclass(frozen=True, eq=False)
class Pairs:
    """``d`` float64[units, units], D of every pair; ``differences``: Yates & Grundy's form."""

    d: Floats
    differences: bool = False

    def covariance(self, z: Floats) -> Floats:
        """float64[k, k] from influence values of units float64[units, k]."""
        found = z.T @ self.d @ z
        if self.differences:
            found = found - (z * self.d.sum(axis=1)[:, None]).T @ z
        return np.asarray((found + found.T) / 2)


def poisson(probability: Floats) -> Pairs:
    """Every unit drawn independently of all others."""
    check_units(len(probability))
    return Pairs(np.diag(1.0 - probability))


def overton(probability: Floats, stratum: Integers, *, differences: bool = False) -> Pairs:
    """Pairs from probabilities float64[units] alone: pi_ij = pi_i pi_j (n - 1) / (n - (pi_i +
    pi_j) / 2), n units of the stratum."""
    check_units(len(probability))
    n = np.bincount(stratum)[stratum].astype(np.float64)
    middle = (probability[:, None] + probability[None, :]) / 2
    d = 1.0 - (n[:, None] - middle) / np.maximum(n - 1, 1)[:, None]
    d[(stratum[:, None] != stratum[None, :]) | (middle == 1.0)] = 0.0
    np.fill_diagonal(d, 1.0 - probability)
    return Pairs(d, differences)


def joint(both: Floats, *, differences: bool = False) -> Pairs:
    """Pairs from joint probabilities float64[units, units], each unit's own on the diagonal.

    Raises ``BadInput`` where they are none: not symmetric, not above 0, or above a unit's own.
    """
    check_units(len(both))
    own = np.diag(both)
    bound = np.minimum(own[:, None], own[None, :]) * (1 + LIKE)
    wrong = ~((both > 0) & (both <= bound) & (own <= 1)[:, None])
    wrong |= np.abs(both - both.T) > LIKE * np.abs(both)
    if wrong.any():
        row, column = (int(each) + 1 for each in np.argwhere(wrong)[0])
        raise refused(
            f"pps row {row}, column {column}",
            ("Ce n’est pas une probabilité d’inclusion double.",
             "This is no joint probability of inclusion."),
            ("La matrice est symétrique, au-dessus de 0, et sur la diagonale chacun a la sienne, "
             "la plus grande de sa ligne.",
             "The matrix is symmetric, above 0, and each unit's own, the largest of its row, "
             "stands on the diagonal."),
        )  # fmt: skip
    return Pairs((both - np.outer(own, own)) / both, differences)


def check_units(units: int) -> None:
    """Raise ``BadInput`` where pairs of so many units have no room."""
    if units > MOST_UNITS:
        raise unsettled(
            "pps",
            (f"Plus de {MOST_UNITS} unités.", f"More than {MOST_UNITS} units."),
            ("Prenez la méthode brewer.", "Use the method brewer."),
        )
