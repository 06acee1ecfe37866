"""Quantiles of weighted answers by nine rules, with Woodruff's intervals.

The rules are R ``survey``'s (``qrule``): ``math`` is the inverse of the weighted distribution
function; ``school`` takes the middle where a step is hit exactly; hf1 to hf9 are the weighted forms
of Hyndman & Fan 1996. Interval (Woodruff 1952): that of the proportion of people at most at the
quantile, both ends taken back through the rule. A step counts as hit within 1e-12 of the weights.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.evaluation.columns import Bools, Floats
from app.evaluation.estimates import Statistic, mean
from app.evaluation.undefined import Undefined

HIT = 1e-12
Rule = Callable[[Floats, Floats, float], float]


def quantile(weight: Floats, y: Floats, members: Bools, p: float, rule: str) -> float | Undefined:
    """The p-quantile (0 < p < 1) of y over a domain."""
    there = members & np.isfinite(y) & (weight > 0)
    if not there.any():
        return Undefined("no_answers")
    order = np.argsort(y[there], kind="stable")
    return RULES[rule](y[there][order], weight[there][order], p)


def share_at_most(weight: Floats, y: Floats, members: Bools, value: float) -> Statistic | Undefined:
    """The proportion of people at most at this value, whose interval Woodruff takes back."""
    below = np.where(np.isfinite(y), (y <= value).astype(np.float64), np.nan)
    return mean(weight, below, members)


def taken_back(
    weight: Floats, y: Floats, members: Bools, end: float, rule: str
) -> float | Undefined:
    """One end of a quantile's interval from that of its share; undefined outside 0 to 1."""
    if not 0 <= end <= 1:
        return Undefined("interval_out_of_range")
    return quantile(weight, y, members, end, rule)


def _step(y: Floats, w: Floats, p: float) -> tuple[float, float, float, float]:
    """(value at or below p, the next value, p less its share, next share less p)."""
    cumulative = np.cumsum(w) / w.sum()
    at = int(np.searchsorted(cumulative, p + HIT, side="right")) - 1
    if at < 0:  # below the first step: R ``survey`` goes on to the second value here
        return float(y[0]), float(y[0]), p, float(cumulative[0] - p)
    above = min(at + 1, len(y) - 1)
    under = float(p - cumulative[at])
    return (
        float(y[at]),
        float(y[above]),
        0.0 if abs(under) <= HIT else under,
        float(cumulative[above] - p),
    )


def _math(y: Floats, w: Floats, p: float) -> float:
    low, high, under, _ = _step(y, w, p)
    return low if under == 0 else high


def _school(y: Floats, w: Floats, p: float) -> float:
    low, high, under, _ = _step(y, w, p)
    return (low + high) / 2 if under == 0 else high


def _even(y: Floats, w: Floats, p: float) -> float:
    values, index = np.unique(y, return_inverse=True)
    mass = np.bincount(index, w)
    low, high, under, _ = _step(values, np.asarray(mass, dtype=np.float64), p)
    whole = int(np.searchsorted(values, low)) + 1
    return low if under == 0 and whole % 2 == 0 else high


def _interpolated(y: Floats, w: Floats, p: float) -> float:
    low, high, under, over = _step(y, w, p)
    share = under / (under + over) if under + over else 0.0
    return low * (1 - share) + high * share


def _along(positions: Callable[[Floats, Floats], Floats]) -> Rule:
    def rule(y: Floats, w: Floats, p: float) -> float:
        if len(y) == 1:
            return float(y[0])
        return _approximated(positions(np.cumsum(w), w), y, p)

    return rule


def _approximated(at: Floats, y: Floats, p: float) -> float:
    """Linear between the points; values at the same position are averaged, as R ``approx``."""
    where, index = np.unique(at, return_inverse=True)
    middle = np.bincount(index, y) / np.bincount(index)
    return float(np.interp(p, where, middle))


RULES: dict[str, Rule] = {
    "math": _math,
    "school": _school,
    "hf1": _math,
    "hf2": _school,
    "hf3": _even,
    "hf4": _interpolated,
    "hf5": _along(lambda c, w: (c - w / 2) / c[-1]),
    "hf6": _along(lambda c, w: c / (c[-1] + w[-1])),
    "hf7": _along(lambda c, _: np.concatenate([[0.0], c[:-1]]) / c[-2]),
    "hf8": _along(lambda c, w: ((c - w) / 3 + c * 2 / 3) / (c[-1] + w[-1] / 3)),
    "hf9": _along(lambda c, w: ((c - w) * 3 / 8 + c * 5 / 8) / (c[-1] + w[-1] / 4)),
}
