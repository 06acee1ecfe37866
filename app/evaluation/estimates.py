"""Totals, means, proportions and ratios of any domain, and whatever is made of them.

A ``Statistic`` knows its value under any weights and its influence values; its variance is taken
later, from one design or from replicates, together with all others, so that every covariance is
there. Domains are never smaller samples: who is outside has the influence 0 and stays a unit of
its stratum. A missing value takes its person out of that one figure only (available cases).
Influence values: Lumley 2010, *Complex Surveys*, ch. 2; Deville 1999.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.evaluation.columns import Bools, Floats
from app.evaluation.undefined import Undefined

ByWeights = Callable[[Floats], float]
ROUND_OFF = 4e-16  # what is smaller, relative to what it was made of, is round-off of 0


@dataclass(frozen=True, eq=False)
class Statistic:
    """A figure of weighted totals.

    ``by``: its value from any weights (NaN where undefined); ``influence`` float64[n], times the
    weight, 0 outside; ``members`` bool[n]: who is behind it; ``simple``: what its variance would
    be in a simple random sample of the same people, up to the two references of ``deff``.
    """

    value: float
    by: ByWeights
    influence: Floats
    members: Bools
    simple: float | None = None

    def people(self, weight: Floats) -> int:
        """People with a weight behind it."""
        return int(np.sum(self.members & (weight > 0)))


def _kept(y: Floats, members: Bools) -> tuple[Floats, Bools]:
    there = members & np.isfinite(y)
    return np.where(there, y, 0.0), there


def _spread(y: Floats, there: Bools, weight: Floats) -> float | None:
    """n / (n - 1) times the weighted variance of y (R ``svyvar``)."""
    w = weight[there]
    n, total = int((w > 0).sum()), float(w.sum())
    if n < 2 or total <= 0:
        return None
    return float(w @ _centred(y, there, weight)[there] ** 2) / total * n / (n - 1)


def _centred(y: Floats, there: Bools, weight: Floats) -> Floats:
    """Deviations from the weighted mean, 0 outside, to the last digit of the values' differences.

    The values are taken from the one nearest to the mean first: a small spread around a large
    value, and a mean that one heavy person makes, keep their digits.
    """
    w, values = weight[there], y[there]
    near = values[np.argmin(np.abs(values - float(w @ values) / float(w.sum())))]
    apart = values - near
    found = np.zeros(len(y))
    found[there] = apart - float(w @ apart) / float(w.sum())
    return found


def total(weight: Floats, y: Floats, members: Bools) -> Statistic | Undefined:
    """Sum of w y over a domain: 0, with the error 0, where nobody is in it. Undefined where
    people are in it and none of them answered."""
    kept, there = _kept(y, members)
    if members.any() and not there.any():
        return Undefined("no_answers")
    spread = _spread(kept, there, weight)
    mass = float(weight[there].sum())
    return Statistic(
        float(weight @ kept),
        lambda w: float(w @ kept),
        weight * kept,
        there,
        None if spread is None else spread * mass**2,
    )


def mean(weight: Floats, y: Floats, members: Bools) -> Statistic | Undefined:
    """Sum of w y over sum of w; of a 0/1 column the proportion. Undefined without anybody."""
    kept, there = _kept(y, members)
    mass = float(weight[there].sum())
    if mass <= 0:
        return Undefined("no_answers")
    middle = float(weight @ kept) / mass
    middle += float(weight @ np.where(there, kept - middle, 0.0)) / mass  # takes the rounding out
    return Statistic(
        middle,
        lambda w: _over(float(w @ kept), float(w @ there)),
        weight * _centred(kept, there, weight) / mass,
        there,
        _spread(kept, there, weight),
    )


def ratio(weight: Floats, y: Floats, x: Floats, members: Bools) -> Statistic | Undefined:
    """Sum of w y over sum of w x, over people who have both."""
    there = members & np.isfinite(y) & np.isfinite(x)
    above, below = np.where(there, y, 0.0), np.where(there, x, 0.0)
    whole = float(weight @ below)
    if not there.any() or whole == 0:
        return Undefined("no_denominator")
    value = float(weight @ above) / whole
    apart = above - value * below
    residual = np.where(np.abs(apart) > ROUND_OFF * np.abs(above), apart, 0.0) / whole
    spread = _spread(residual, there, weight)
    mass = float(weight[there].sum())
    return Statistic(
        value,
        lambda w: _over(float(w @ above), float(w @ below)),
        weight * residual,
        there,
        None if spread is None else spread * mass**2,
    )


def combined(statistics: Sequence[Statistic], coefficients: Sequence[float]) -> Statistic:
    """A linear combination: differences of domains, contrasts, paired changes, indices.

    Its influence is that of its parts, so that what they share stays in its error.
    """
    parts = list(zip(statistics, coefficients, strict=True))
    return Statistic(
        sum(c * each.value for each, c in parts),
        lambda w: sum(c * each.by(w) for each, c in parts),
        np.sum([c * each.influence for each, c in parts], axis=0),
        np.any([each.members for each, _ in parts], axis=0),
    )


def smooth(
    statistics: Sequence[Statistic], of: Callable[[Floats], float], slopes: Sequence[float]
) -> Statistic:
    """Any smooth function with its partial derivatives at the values (delta method)."""
    found = combined(statistics, slopes)
    values = np.array([each.value for each in statistics])
    return Statistic(
        of(values),
        lambda w: of(np.array([each.by(w) for each in statistics])),
        found.influence,
        found.members,
    )


def quotient(one: Statistic, other: Statistic) -> Statistic | Undefined:
    """``one`` over ``other``: relative changes, ratios of ratios."""
    if other.value == 0:
        return Undefined("no_denominator")
    value = one.value / other.value
    return smooth(
        [one, other], lambda v: _over(v[0], v[1]), [1 / other.value, -value / other.value]
    )


def design_effects(
    statistic: Statistic, variance: float, weight: Floats
) -> tuple[float | Undefined, float | Undefined]:
    """(R's default deff, R's ``deff = "replace"``): the variance over that of a simple random
    sample of as many people, drawn without replacement from the weighted population, and with.

    The first is undefined where the weights add up to fewer people than answered.
    """
    n = statistic.people(weight)
    if n < 2:
        return (Undefined("one_person"),) * 2
    if statistic.simple is None:
        return (Undefined("not_of_one_simple_figure"),) * 2
    mass = float(weight[statistic.members].sum())
    if not statistic.simple:
        return (Undefined("no_variance"),) * 2
    simple = statistic.simple / n
    without: float | Undefined = Undefined("weights_below_sample_size")
    if mass > n:
        without = variance / (simple * (mass - n) / mass)
    return without, variance / simple


def _over(above: float, below: float) -> float:
    return above / below if below else float("nan")
