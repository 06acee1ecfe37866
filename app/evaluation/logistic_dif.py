"""Logistic DIF: does the group still matter for an answer once the total score is known?

Three nested models of the answer: total; total + group (uniform); total + group + total x group
(non-uniform). Plain logit for two categories (Swaminathan & Rogers 1990), proportional odds for
more (Zumbo 1999). Sizes by Nagelkerke (Jodoin & Gierl 2001) and McFadden (Choi et al. 2011).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from app.evaluation.columns import Floats
from app.evaluation.matching import Tally
from app.evaluation.ordinal_logit import OrdinalLogit, ordinal_logit
from app.evaluation.undefined import Figure, Undefined

SIGNIFICANT = 0.05
MODERATE, LARGE = 0.035, 0.070  # change of Nagelkerke's measure, Jodoin & Gierl 2001
MODELS = ("total", "uniform", "non_uniform")


@dataclass(frozen=True)
class LikelihoodRatio:
    """One comparison of two nested models; ``nagelkerke``, ``mcfadden``: what is explained more."""

    chi2: Figure
    df: int
    p: Figure
    nagelkerke: Figure
    mcfadden: Figure


@dataclass(frozen=True)
class LogisticDif:
    """One item. ``uniform`` and ``non_uniform`` have 1 df, ``both`` 2.

    ``group``: slope of the group (focal 1) in the uniform model, a log odds ratio of a higher
    answer; ``interaction``: slope of total x group in the non-uniform model;
    ``log_likelihoods``: of the three models; ``size``: A, B or C on ``both``.
    """

    uniform: LikelihoodRatio
    non_uniform: LikelihoodRatio
    both: LikelihoodRatio
    group: Figure
    interaction: Figure
    log_likelihoods: tuple[Figure, ...]
    size: str | Undefined
    categories: int

    @property
    def test(self) -> str:
        """The name of the test."""
        return "logit" if self.categories == 2 else "ordinal_logit"

    @property
    def flag_p(self) -> Figure:
        """The p value by which an item is flagged: uniform or not, 2 df."""
        return self.both.p


def logistic_dif(tally: Tally) -> LogisticDif:
    """The models of one item."""
    levels, score, group, people = tally.levels, tally.total, tally.focal, tally.people
    category = np.searchsorted(levels, tally.answer)
    columns = np.column_stack([score, group, score * group])
    if len(levels) < 2:
        fits: list[OrdinalLogit | Undefined] = [Undefined("constant_item")] * 3
    else:
        fits = [
            _placed(ordinal_logit(category, columns[:, : 1 + extra], people), MODELS[extra])
            for extra in range(3)
        ]
    empty = _empty_model(np.bincount(category, weights=people).astype(np.float64))
    return LogisticDif(
        uniform=_ratio(fits[0], fits[1], empty, tally.n, 1),
        non_uniform=_ratio(fits[1], fits[2], empty, tally.n, 1),
        both=(both := _ratio(fits[0], fits[2], empty, tally.n, 2)),
        group=_slope(fits[1], 1),
        interaction=_slope(fits[2], 2),
        log_likelihoods=tuple(
            each if isinstance(each, Undefined) else each.log_likelihood for each in fits
        ),
        size=_size(both),
        categories=len(levels),
    )


def _placed(fit: OrdinalLogit | Undefined, model: str) -> OrdinalLogit | Undefined:
    """Say in which model a fit failed."""
    if isinstance(fit, Undefined):
        return Undefined(fit.why, f"model {model} {fit.place}".rstrip())
    return fit


def _empty_model(counts: Floats) -> float:
    return float((counts * np.log(counts / counts.sum())).sum())


def _ratio(
    small: OrdinalLogit | Undefined, large: OrdinalLogit | Undefined, empty: float, n: int, df: int
) -> LikelihoodRatio:
    if isinstance(small, Undefined) or isinstance(large, Undefined):
        why = small if isinstance(small, Undefined) else large
        assert isinstance(why, Undefined)
        return LikelihoodRatio(why, df, why, why, why)
    chi2 = max(2 * (large.log_likelihood - small.log_likelihood), 0.0)
    explained = [_nagelkerke(each.log_likelihood, empty, n) for each in (small, large)]
    return LikelihoodRatio(
        chi2,
        df,
        float(chdtrc(df, chi2)),
        nagelkerke=explained[1] - explained[0],
        mcfadden=(small.log_likelihood - large.log_likelihood) / empty,
    )


def _nagelkerke(log_likelihood: float, empty: float, n: int) -> float:
    """Nagelkerke 1991: Cox & Snell's share over its largest possible value."""
    return float(np.expm1(2 * (empty - log_likelihood) / n) / np.expm1(2 * empty / n))


def _slope(fit: OrdinalLogit | Undefined, which: int) -> Figure:
    return fit if isinstance(fit, Undefined) else float(fit.slopes[which])


def _size(both: LikelihoodRatio) -> str | Undefined:
    if isinstance(both.p, Undefined) or isinstance(both.nagelkerke, Undefined):
        return both.p if isinstance(both.p, Undefined) else Undefined("no_measure")
    if both.p >= SIGNIFICANT or both.nagelkerke < MODERATE:
        return "A"
    return "C" if both.nagelkerke >= LARGE else "B"
