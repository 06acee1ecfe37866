"""People of two groups in strata of equal total score: what Mantel's tests compare within."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.evaluation.columns import Bools, Floats, Integers


@dataclass(frozen=True, eq=False)
class Matched:
    """Sums per stratum, all float64[m], over strata of at least two people.

    ``focal``, ``reference``: people; ``focal_sum``, ``reference_sum``: their answers summed;
    ``squares``: sum of squared answers of both; ``left_out``: people in strata of one.
    """

    focal: Floats
    reference: Floats
    focal_sum: Floats
    reference_sum: Floats
    squares: Floats
    left_out: int

    @property
    def people(self) -> Floats:
        """People of both groups, per stratum."""
        return self.focal + self.reference

    @property
    def expected(self) -> Floats:
        """Expected focal sum where the group makes no difference."""
        return self.focal * (self.focal_sum + self.reference_sum) / self.people

    @property
    def variance(self) -> Floats:
        """Variance of the focal sum where the group makes no difference (hypergeometric)."""
        whole, people = self.focal_sum + self.reference_sum, self.people
        spread = np.maximum(people * self.squares - whole**2, 0.0)
        return np.asarray(self.focal * self.reference * spread / (people**2 * (people - 1)))


def matched(answers: Floats, focal: Bools, score: Floats) -> Matched:
    """Group people by ``score``; all arrays have n entries, one a person, none missing.

    Scores that differ by less than 1e-9 are the same: sums of decimal answers are not exact.
    """
    stratum: Integers
    _, stratum = np.unique(np.round(score, 9), return_inverse=True)

    def sums(values: Floats) -> Floats:
        return np.asarray(np.bincount(stratum, weights=values), dtype=np.float64)

    f, r = focal.astype(np.float64), (~focal).astype(np.float64)
    table = np.stack(
        [sums(f), sums(r), sums(f * answers), sums(r * answers), sums(answers * answers)]
    )
    enough = table[0] + table[1] >= 2
    lost = len(answers) - int(table[:2, enough].sum())
    f_n, r_n, f_sum, r_sum, squares = table[:, enough]
    return Matched(f_n, r_n, f_sum, r_sum, squares, lost)
