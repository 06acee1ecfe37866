"""Cumulative logit (proportional odds) by maximum likelihood; with two categories, plain logit.

P(Y <= j) = 1 / (1 + exp(x'b - c_j)), McCullagh 1980; as R ``MASS::polr`` and, with two categories,
``glm(family = binomial)``. The log-likelihood is concave (Pratt 1981), so Newton's method with
halved steps finds its one maximum, or runs away where the data are separated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from app.evaluation.columns import Floats, Integers
from app.evaluation.undefined import Undefined

ROUNDS = 100
CONVERGED = 1e-10  # half the Newton decrement: what the log-likelihood could still gain
FURTHEST = 40.0  # a standardised slope or cut beyond this has no finite maximum


@dataclass(frozen=True, eq=False)
class OrdinalLogit:
    """``log_likelihood``; ``slopes`` float64[p] on the scale of the columns given."""

    log_likelihood: float
    slopes: Floats
    rounds: int


def ordinal_logit(
    category: Integers, columns: Floats, people: Floats | None = None
) -> OrdinalLogit | Undefined:
    """Fit categories 0..J-1 (each of them present) on ``columns`` float64[n, p] (p may be 0).

    ``people`` float64[n]: how many stand behind each row; one each without it.
    """
    people = np.ones(len(category)) if people is None else people
    whole = people.sum()
    middle = people @ columns / whole
    spread = np.sqrt(people @ (columns - middle) ** 2 / whole)
    if (spread <= 1e-12 * (np.abs(middle) + 1)).any():
        return Undefined("constant_predictor")
    x = (columns - middle) / spread
    if x.shape[1] and np.linalg.cond(x * np.sqrt(people)[:, None]) > 1e10:
        return Undefined("collinear_predictors")
    shares = np.cumsum(np.bincount(category, weights=people))[:-1] / whole
    at = np.concatenate([np.log(shares / (1 - shares)), np.zeros(x.shape[1])])
    design = _Design(category, x, people, len(shares))
    value = design.log_likelihood(at)
    for rounds in range(1, ROUNDS + 1):
        gradient, curvature = design.slopes(at)
        step = np.linalg.lstsq(curvature, gradient, rcond=None)[0]
        if gradient @ step < CONVERGED * 2:
            # one last full step: Newton is quadratic here
            at = at + step
            return OrdinalLogit(design.log_likelihood(at), at[len(shares) :] / spread, rounds)
        size = 1.0
        while not (moved := design.log_likelihood(at + size * step)) > value and size > 1e-8:
            size /= 2
        at, value = at + size * step, moved
        if np.abs(at).max() > FURTHEST:
            return Undefined("separated")
    return Undefined("not_converged", f"round {ROUNDS}")


@dataclass(frozen=True, eq=False)
class _Design:
    """The likelihood of one set of data in the cuts (first ``cuts`` parameters) and slopes."""

    category: Integers
    x: Floats
    people: Floats
    cuts: int

    def _ends(self, at: Floats) -> tuple[Floats, Floats]:
        """x'b below which a person's category begins and ends, float64[n], infinite outside."""
        bounds = np.concatenate([[-np.inf], at[: self.cuts], [np.inf]])
        score = self.x @ at[self.cuts :]
        return bounds[self.category] - score, bounds[self.category + 1] - score

    def log_likelihood(self, at: Floats) -> float:
        """Minus infinity where the cuts are out of order."""
        if (np.diff(at[: self.cuts]) <= 0).any():
            return -np.inf
        low, high = self._ends(at)
        chance = _difference(low, high)
        return float(self.people @ np.log(chance)) if (chance > 0).all() else -np.inf

    def slopes(self, at: Floats) -> tuple[Floats, Floats]:
        """Gradient float64[m] and minus the second derivatives float64[m, m]."""
        low, high = self._ends(at)
        chance = _difference(low, high)
        below, above = expit(low), expit(high)
        f_low, f_high = below * (1 - below), above * (1 - above)
        g_low, g_high = f_low * (1 - 2 * below), f_high * (1 - 2 * above)
        a, b = f_high / chance, f_low / chance
        aa = a**2 - g_high / chance  # minus d2 log / d high2
        bb = b**2 + g_low / chance
        ab = -a * b
        a, b, aa, bb, ab = (self.people * each for each in (a, b, aa, bb, ab))
        n, m = len(chance), self.cuts
        upper, lower = np.zeros((n, m)), np.zeros((n, m))
        rows = np.arange(n)
        has_upper, has_lower = self.category < m, self.category > 0
        upper[rows[has_upper], self.category[has_upper]] = 1
        lower[rows[has_lower], self.category[has_lower] - 1] = 1
        into_high, into_low = np.hstack([upper, -self.x]), np.hstack([lower, -self.x])
        gradient = into_high.T @ a - into_low.T @ b
        mixed = (into_high * ab[:, None]).T @ into_low
        curvature = (
            (into_high * aa[:, None]).T @ into_high
            + (into_low * bb[:, None]).T @ into_low
            + mixed
            + mixed.T
        )
        return gradient, curvature


def _difference(low: Floats, high: Floats) -> Floats:
    """expit(high) - expit(low) without cancellation in the far tails."""
    flip = low > 0
    left, right = np.where(flip, -high, low), np.where(flip, -low, high)
    return np.asarray(expit(right) - expit(left))
