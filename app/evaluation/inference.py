"""From statistics to figures with errors: one survey, linearised or by replicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np

from app.evaluation.columns import Bools, Floats
from app.evaluation.estimates import ROUND_OFF, Statistic, design_effects
from app.evaluation.intervals import Interval, student
from app.evaluation.linearisation import covariance
from app.evaluation.replicates import Replicates, replicate_covariance
from app.evaluation.sampling import Design, degrees_of_freedom
from app.evaluation.share_intervals import ShareFacts, share_limits
from app.evaluation.undefined import Figure, Undefined

NOT_COMPUTED = Undefined("not_computed")
FIXED = 1e-9  # the same as ROUND_OFF after a calibration, which ends when margins hold to 1e-11
DRAWN = 1e-14  # and of replicates, which are differences of whole figures
LOST = 1e-12  # a spread so small against its figure leaves an error without digits


@dataclass(frozen=True, eq=False)
class Survey:
    """A sample as it is analysed; with ``replicates`` every variance is theirs."""

    design: Design
    replicates: Replicates | None = None
    level: float = 0.95

    @property
    def weight(self) -> Floats:
        """float64[n]."""
        return self.design.weight

    def covariance(self, statistics: Sequence[Statistic]) -> Floats:
        """float64[k, k]; NaN where undefined."""
        if self.replicates is not None:
            return replicate_covariance(self.replicates, statistics)[0]
        influence = np.column_stack([each.influence for each in statistics])
        members = np.column_stack([each.members for each in statistics])
        return covariance(self.design, influence, members)

    def df(self, members: Bools | None = None) -> int:
        """Degrees of freedom of the design, or of the replicates, in a domain."""
        if self.replicates is None:
            return degrees_of_freedom(self.design, members)
        key = b"" if members is None else members.tobytes()
        if key not in self._ranks:
            self._ranks[key] = self.replicates.degrees_of_freedom(members)
        return self._ranks[key]

    @cached_property
    def _ranks(self) -> dict[bytes, int]:
        """Degrees of freedom of replicates by domain: a rank is dear."""
        return {}


@dataclass(frozen=True)
class Estimated:
    """A figure with everything that must stand beside it; nothing is rounded.

    ``df``: of the domain; ``n``: people with a weight; ``weighted_n``: their weights;
    ``deff``, ``deff_replace``: R's two design effects; ``n_effective``: variance between people
    over the variance of the mean; ``n_by_weights``: Kish's. ``flags``: fixed_by_weighting (the
    error is 0 because the weights were calibrated to it), one_unit (no degrees of freedom).
    """

    value: Figure
    se: Figure = NOT_COMPUTED
    low: Figure = NOT_COMPUTED
    high: Figure = NOT_COMPUTED
    df: int = 0
    n: int = 0
    weighted_n: float = 0.0
    deff: Figure = NOT_COMPUTED
    deff_replace: Figure = NOT_COMPUTED
    n_effective: Figure = NOT_COMPUTED
    n_by_weights: Figure = NOT_COMPUTED
    flags: tuple[str, ...] = ()


def estimated(
    survey: Survey, statistic: Statistic | Undefined, variance: float, interval: str = "t"
) -> Estimated:
    """The figure of a statistic whose variance is known.

    ``interval``: "t" (Student's), "share" (the same for a proportion: undefined where nobody, or
    everybody, counts), or a method of ``share_limits`` for a proportion.
    """
    if isinstance(statistic, Undefined):
        return Estimated(statistic, statistic, statistic, statistic)
    weight = survey.weight
    df = survey.df(statistic.members)
    n = statistic.people(weight)
    used = weight[statistic.members]
    mass, squares = float(used.sum()), float((used**2).sum())
    kish = mass**2 / squares if squares else 0.0
    if not np.isfinite(variance):
        why = Undefined("variance_undefined")
        return Estimated(statistic.value, why, why, why, df, n, mass, n_by_weights=kish)
    variance, flags = _cleaned(survey, statistic, variance, df)
    if variance == 0.0 and not flags and _without_digits(statistic, n):
        lost = Undefined("beyond_precision")
        return Estimated(statistic.value, lost, lost, lost, df, n, mass, n_by_weights=kish)
    alone = df <= 0 and variance == 0.0  # nothing to tell an error from
    limits = _limits(survey, statistic, variance, df, n, kish, interval)
    low, high = (limits, limits) if isinstance(limits, Undefined) else limits
    deff, replaced = design_effects(statistic, variance, weight)
    between = _between(statistic, n)
    return Estimated(
        value=statistic.value,
        se=Undefined("no_degrees_of_freedom") if alone else sqrt(variance),
        low=low,
        high=high,
        df=df,
        n=n,
        weighted_n=mass,
        deff=deff,
        deff_replace=replaced,
        n_effective=between / variance if between and variance else Undefined("no_variance"),
        n_by_weights=kish,
        flags=flags,
    )


def _cleaned(
    survey: Survey, statistic: Statistic, variance: float, df: int
) -> tuple[float, tuple[str, ...]]:
    """The variance, exactly 0 where it is round-off, with what must be said of it."""
    flags = ("one_unit",) if df <= 0 else ()
    scale = max(abs(statistic.value), float(np.abs(statistic.influence).sum()))
    calibrated = bool(survey.design.residuals)
    least = (FIXED if calibrated else DRAWN) * scale
    if not calibrated and survey.replicates is None:
        least = ROUND_OFF * float(np.sqrt((statistic.influence**2).sum()))
        least = max(least, DRAWN * scale) if df <= 0 else least  # people of one unit add up to 0
    if variance > least**2:
        return variance, flags
    varies = bool(statistic.simple)
    return 0.0, (*flags, "fixed_by_weighting") if varies and calibrated else flags


def _without_digits(statistic: Statistic, n: int) -> bool:
    """Whether people differ, but by too little for an error of 0 to be one."""
    least = LOST * max(abs(statistic.value), float(np.abs(statistic.influence).sum()))
    return 0 < (statistic.simple or 0.0) <= n * least**2


def _limits(
    survey: Survey,
    statistic: Statistic,
    variance: float,
    df: int,
    n: int,
    kish: float,
    interval: str,
) -> Interval | Undefined:
    if df <= 0:
        return Undefined("no_degrees_of_freedom")
    if interval in ("t", "share"):
        if interval == "share" and variance == 0.0 and not 0 < statistic.value < 1:
            return Undefined("no_variance")
        half = student(df, survey.level) * sqrt(variance)
        return (statistic.value - half, statistic.value + half)
    counted = statistic.members & (survey.weight > 0) & (statistic.influence > 0)
    positives = int(counted.sum()) if 0 < statistic.value < 1 else round(statistic.value * n)
    facts = ShareFacts(min(max(statistic.value, 0.0), 1.0), variance, n, positives, df, kish)
    return share_limits(facts, interval, survey.level)


def _between(statistic: Statistic, n: int) -> float | None:
    """Variance between people without n / (n - 1), so that of a proportion it is p (1 - p)."""
    return statistic.simple * (n - 1) / n if statistic.simple and n else None
