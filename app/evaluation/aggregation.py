"""Aggregation of normalised values: generalised means, and Copeland's pairwise rule."""

from __future__ import annotations

import numpy as np

from app.evaluation.columns import Bools, Floats
from app.evaluation.ranking import rounded

NEAR_ZERO = 1e-12  # powers this small give the geometric mean to the last digits


def generalised_mean(values: Floats, weights: Floats, power: float) -> Floats:
    """(sum w x^p)^(1/p) of each row of float64[n, m]: 1 arithmetic, 0 geometric, -1 harmonic.

    ``weights`` float64[m] >= 0; where a value is NaN the others' weights are rescaled. A row
    without any weighted value is NaN. Values must be at least 0 for other p than 1 (``allowed``);
    with one of 0 the mean is 0 for p <= 0, its limit.
    """
    counted = np.isfinite(values) & (weights > 0)
    share = np.where(counted, weights, 0.0)
    whole = share.sum(axis=1, keepdims=True)
    share = np.divide(share, whole, out=np.zeros_like(share), where=whole > 0)
    if power == 1:
        found = (share * np.where(counted, values, 0.0)).sum(axis=1)
    elif abs(power) < NEAR_ZERO:
        above = counted & (values > 0)
        found = np.exp((share * np.log(np.where(above, values, 1.0))).sum(axis=1))
    else:
        found = _power_mean(values, share, counted, power)
    if power < NEAR_ZERO:
        found = np.where((counted & (values == 0)).any(axis=1), 0.0, found)
    return np.where(whole[:, 0] > 0, found, np.nan)


def _power_mean(values: Floats, share: Floats, inside: Bools, power: float) -> Floats:
    """exp(log1p(sum w expm1(p log x)) / p), each row over its largest value (smallest for p < 0).

    So no power overflows, and powers near 0 keep their digits.
    """
    if power > 0:
        unit = np.where(inside, values, 0.0).max(axis=1, initial=0.0, keepdims=True)
    else:
        unit = np.where(inside, values, np.inf).min(axis=1, initial=np.inf, keepdims=True)
    unit = np.where(np.isfinite(unit) & (unit > 0), unit, 1.0)
    with np.errstate(divide="ignore"):  # 0, for p > 0: its logarithm is minus infinity
        logs = np.log(np.where(inside, values, unit)) - np.log(unit)
        inner = (share * np.expm1(power * logs)).sum(axis=1)
        found = np.log1p(np.maximum(inner, -1.0)) / power
    return np.asarray(np.exp(found) * unit[:, 0])


def allowed(values: Floats, power: float, *, zero: bool = False) -> Bools:
    """Rows bool[n] whose finite values the mean of this power can take.

    ``zero``: 0 is meant where p <= 0, and makes the mean 0.
    """
    if power == 1:
        return np.ones(len(values), dtype=bool)
    bad = values <= 0 if power < NEAR_ZERO and not zero else values < 0
    return np.asarray(~(bad & np.isfinite(values)).any(axis=1))


def extreme(values: Floats, weights: Floats, *, largest: bool) -> Floats:
    """The largest, or smallest, value that is there and weighs something; NaN without any."""
    there = np.isfinite(values) & (weights > 0)
    turned = np.where(there, values if largest else -values, -np.inf).max(axis=1, initial=-np.inf)
    return np.where(there.any(axis=1), turned if largest else -turned, np.nan)


def unevenness(values: Floats, weights: Floats) -> Floats:
    """S^2 / M of each row of float64[n, m], with the weighted mean M and variance S^2 of what it
    has: the penalty of Mazziotta & Pareto (2013, 2016). NaN without any value; M must not be 0."""
    mean = generalised_mean(values, weights, 1.0)
    spread = generalised_mean((values - mean[:, None]) ** 2, weights, 1.0)
    return np.asarray(spread / mean)


def product(values: Floats, weights: Floats) -> Floats:
    """prod x^w of each row of float64[n, m], weights as written; infinite where it has no room.

    A broken power wants a value of 0 or more. NaN where a value is.
    """
    with np.errstate(over="ignore"):
        return np.asarray(np.prod(values**weights, axis=1))


def copeland(values: Floats, weights: Floats) -> Floats:
    """Pairs won minus pairs lost, of each row of float64[n, k] (Munda & Nardo 2009).

    A row wins a pair where the weight of indicators it wins (ties half) is over half, counted
    over the indicators that both have; pairs without any are left out.
    """
    compared = rounded(values)
    known = np.isfinite(compared)
    found = np.zeros(len(values))
    for i in range(len(values)):
        both = known & known[i]
        won = ((compared[i] > compared) & both) @ weights
        tied = ((compared[i] == compared) & both) @ weights
        share = won + tied / 2 - (both @ weights) / 2  # above 0: wins
        found[i] = np.sign(np.round(share, 12)).sum()
    return found
