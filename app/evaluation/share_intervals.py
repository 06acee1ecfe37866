"""Intervals of a proportion by every method of R's ``svyciprop``, and Wilson's.

p and its design-based variance v come from the survey; df are the design's. Sources: R ``survey``
4.5 (``svyciprop``); Korn & Graubard 1998; Franco et al. 2019. Where R differs:
docs/methods-estimation.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import asin, exp, log, pi, sin, sqrt

from scipy.optimize import brentq

from app.evaluation.intervals import (
    LEVEL,
    Interval,
    korn_graubard,
    share_interval,
    student,
    wilson,
)
from app.evaluation.undefined import Undefined

TINY = 1e-14


@dataclass(frozen=True)
class ShareFacts:
    """A proportion (0 to 1) and what its intervals read.

    ``n``: people behind it; ``positives``: those who count; ``df``: of the design;
    ``n_by_weights``: Kish's.
    """

    p: float
    variance: float
    n: int
    positives: int
    df: float
    n_by_weights: float

    @property
    def n_effective(self) -> float:
        """p (1 - p) / v."""
        return self.p * (1 - self.p) / self.variance


def share_limits(facts: ShareFacts, method: str, level: float) -> Interval | Undefined:
    """The interval of a proportion; undefined without degrees of freedom.

    Where nobody, or everybody, counts, ``beta`` and ``wilson`` take the people behind it as their
    effective n (NCHS: Parker et al. 2017), the others but ``default`` are undefined. Without an
    error (everyone was asked, or the weights were calibrated to it) it is the proportion itself.
    """
    if facts.df <= 0:
        return Undefined("no_degrees_of_freedom")
    if method == "default":
        if level != LEVEL:
            return Undefined("default_is_for_95_percent")
        return share_interval(
            facts.p, facts.variance, facts.n, facts.positives, facts.df, facts.n_by_weights
        )
    t = student(facts.df, level)
    if not TINY < facts.p < 1 - TINY:
        return _at_an_end(facts, method, t, level)
    if facts.variance <= 0:
        return (facts.p, facts.p)
    return METHODS[method](facts, t, level)


def _at_an_end(facts: ShareFacts, method: str, t: float, level: float) -> Interval | Undefined:
    """The interval of 0 or 1, where the design's variance says nothing."""
    if method == "beta":
        return korn_graubard(round(facts.p), facts.n, level)
    if method == "wilson":
        return wilson(round(facts.p) * facts.n, facts.n, t)
    return Undefined("no_variance")


def _mean(facts: ShareFacts, t: float, _: float) -> Interval:
    half = t * sqrt(facts.variance)
    return (facts.p - half, facts.p + half)


def _logit(facts: ShareFacts, t: float, _: float) -> Interval:
    middle = log(facts.p / (1 - facts.p))
    half = t * sqrt(facts.variance) / (facts.p * (1 - facts.p))
    return (1 / (1 + exp(half - middle)), 1 / (1 + exp(-half - middle)))


def _asin(facts: ShareFacts, t: float, _: float) -> Interval:
    middle = asin(sqrt(facts.p))
    half = t * sqrt(facts.variance / (4 * facts.p * (1 - facts.p)))
    return (sin(max(middle - half, 0.0)) ** 2, sin(min(middle + half, pi / 2)) ** 2)


def _beta(facts: ShareFacts, t: float, level: float) -> Interval:
    n = facts.n_effective * (student(facts.n - 1, level) / t) ** 2
    return korn_graubard(facts.p, n, level)


def _wilson(facts: ShareFacts, t: float, _: float) -> Interval:
    n = facts.n_effective
    return wilson(facts.p * n, n, t)


def _likelihood(facts: ShareFacts, t: float, _: float) -> Interval:
    """Where the deviance, scaled by the design effect as Rao & Scott 1984 scale it, reaches t^2."""
    p = facts.p
    deff = facts.n * facts.variance / (p * (1 - p))
    limit = t * t * deff / (2 * (facts.n - 1))  # R divides the deviance by n / (n - 1)

    def beyond(q: float) -> float:
        return p * log(p / q) + (1 - p) * log((1 - p) / (1 - q)) - limit

    low = _root(beyond, TINY, p) if beyond(TINY) > 0 else 0.0
    high = _root(beyond, 1 - TINY, p) if beyond(1 - TINY) > 0 else 1.0
    return (low, high)


def _root(of: Callable[[float], float], one: float, other: float) -> float:
    return float(brentq(of, one, other, xtol=1e-15, rtol=1e-14))


METHODS: dict[str, Callable[[ShareFacts, float, float], Interval]] = {
    "mean": _mean,
    "logit": _logit,
    "xlogit": _logit,
    "likelihood": _likelihood,
    "asin": _asin,
    "beta": _beta,
    "wilson": _wilson,
}
