"""Calibration to totals of any variables: w F(x'b), with F linear, exponential or logit, in bounds.

Deville & Sarndal 1992. ``b`` minimises the convex function sum w G(x'b) - totals'b, G' = F, by
Newton's method with halved steps; as R ``survey::calibrate`` with ``calfun`` linear, raking, logit.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Literal

import numpy as np

from app.evaluation.calibration import Calibrated, report
from app.evaluation.columns import Floats
from app.evaluation.margins import check
from app.evaluation.refusing import refused
from app.evaluation.residuals import of_regression

STEPS = 200
MET = 1e-11  # of the totals
Kind = Literal["linear", "exponential", "logit"]


@dataclass(frozen=True)
class Factor:
    """How a weight may change: F(u) with F(0) = 1, kept within ``bounds`` (lower < 1 < upper)
    where they are given; the logit needs them."""

    kind: Kind
    bounds: tuple[float, float] | None = None

    def at(self, u: Floats) -> tuple[Floats, Floats, Floats]:
        """G, F and the slope of F at ``u``, float64[n] each."""
        if self.kind == "logit":
            return self._logit(u)
        inside = u
        if self.bounds is not None:
            low, high = (self._inverse(end) for end in self.bounds)
            inside = np.clip(u, low, high)
        if self.kind == "linear":
            f, slope = 1.0 + inside, np.ones_like(u)
            g = inside + inside**2 / 2
        else:
            f = np.exp(np.minimum(inside, 700.0))
            slope, g = f, f
        beyond = u - inside
        return g + f * beyond, f, np.where(beyond == 0, slope, 0.0)

    def _inverse(self, factor: float) -> float:
        if self.kind == "linear":
            return factor - 1.0
        return log(factor) if factor > 0 else -np.inf

    def _logit(self, u: Floats) -> tuple[Floats, Floats, Floats]:
        assert self.bounds is not None
        low, high = self.bounds
        steep = (high - low) / ((1 - low) * (high - 1))
        odds = log((1 - low) / (high - 1)) + steep * u
        share = 1.0 / (1.0 + np.exp(-np.clip(odds, -700.0, 700.0)))
        g = low * u + (high - low) / steep * np.logaddexp(0.0, odds)
        return g, low + (high - low) * share, (high - low) * steep * share * (1 - share)


def calibrate(start: Floats, auxiliary: Floats, totals: Floats, factor: Factor) -> Calibrated:
    """Weights w F(x'b) that meet the totals of ``auxiliary`` float64[n, m].

    Linear without bounds, weights may become negative: the report counts them. Raises ``BadInput``
    where no such weights meet the totals: the variables depend on each other and the totals do
    not, or they lie beyond what the bounds allow.
    """
    check(start, [])
    size = np.maximum(np.abs(auxiliary).max(axis=0), np.finfo(float).tiny)
    x, wanted = auxiliary / size, totals / size

    def again(weights: Floats) -> Floats:
        factors = _solved(weights, x, wanted, factor)
        return np.full(len(weights), np.nan) if factors is None else weights * factors

    weight = again(start)
    if np.isnan(weight).any():
        raise refused(
            "totals",
            ("Aucun poids n’atteint ces totaux : les variables dépendent les unes des autres, ou "
             "les bornes sont trop étroites.",
             "No weights meet these totals: the variables depend on each other, or the bounds are "
             "too narrow."),
            ("Retirez une variable, élargissez les bornes ou corrigez les totaux.",
             "Take one variable out, widen the bounds, or correct the totals."),
        )  # fmt: skip
    residual = of_regression(auxiliary, start, weight / start)
    said = report(f"{factor.kind} calibration", start, weight, [])
    return Calibrated(weight, residual, again, said)


def _solved(weights: Floats, x: Floats, totals: Floats, factor: Factor) -> Floats | None:
    """The factors that meet the totals; None where none are found."""
    slope = np.zeros(x.shape[1])
    g, f, steep = factor.at(x @ slope)
    scale = float(np.abs(totals).max() + np.abs(weights @ np.abs(x)).max())
    value = float(weights @ g)
    for _ in range(STEPS):
        missing = totals - (weights * f) @ x
        if np.abs(missing).max() <= MET * scale:
            return f
        step = np.linalg.lstsq((x * (weights * steep)[:, None]).T @ x, missing, rcond=None)[0]
        gain = float(missing @ step)
        if gain <= 0:
            return None
        length = 1.0
        while True:
            there = slope + length * step
            g, f, steep = factor.at(x @ there)
            moved = float(weights @ g - totals @ there)
            if moved <= value - 1e-4 * length * gain + 1e-13 * abs(value):
                break
            length /= 2
            if length < 1e-10:
                return None
        slope, value = there, moved
    return None
