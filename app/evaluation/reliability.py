"""Reliability of a scale: alpha with its interval, omega, Spearman-Brown, and what each item adds.

Alpha is a lower bound of reliability only where errors are uncorrelated; omega stands first where
there are three items or more. Items must point the same way: turn the others before.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import fdtri

from app.evaluation.columns import Floats
from app.evaluation.covariances import Covariances, covariances
from app.evaluation.one_factor import OneFactor, one_factor
from app.evaluation.undefined import Figure, Undefined

FEW_PEOPLE = 100
OPPOSITE = -1 + 1e-12  # a correlation under it is -1 but for round-off
LEVEL = 0.95
Interval = tuple[float, float]


@dataclass(frozen=True)
class ItemStatistics:
    """One item: people who answered it (all of them, not only the complete ones), those who did
    not, mean and sd (over the people behind the covariances), correlation with the sum of the
    other items, alpha of the others, standardised loading on the one factor."""

    item: str
    answered: int
    missing: int
    mean: Figure
    sd: Figure
    item_rest: Figure
    alpha_if_dropped: Figure
    loading: Figure


@dataclass(frozen=True)
class Reliability:
    """What is known about a scale.

    ``n``: people behind every covariance; ``n_effective``: Kish's with weights, else ``n``;
    ``alpha_standardised``: of the correlations; ``omega``: (sum l)^2 / ((sum l)^2 + sum t) in the
    items' own units; ``omega_standardised``: of the correlations; ``omega_observed``: 1 - sum t
    over the observed variance of the sum of standardised items (R ``psych::omega``'s omega.tot);
    ``spearman_brown``: two items only. ``flags``: ``few_people`` (n under 100),
    ``loadings_of_both_signs`` (an item points the other way).
    """

    items: tuple[ItemStatistics, ...]
    pairwise: bool
    weighted: bool
    n: int
    n_effective: float
    alpha: Figure
    alpha_interval: Interval | Undefined
    alpha_standardised: Figure
    mean_correlation: Figure
    omega: Figure
    omega_standardised: Figure
    omega_observed: Figure
    spearman_brown: Figure
    flags: tuple[str, ...]


def reliability(
    items: tuple[str, ...],
    values: Floats,
    weights: Floats | None = None,
    *,
    pairwise: bool = False,
) -> Reliability:
    """Reliability of the sum of ``items``.

    ``values`` float64[n, k], k >= 2, NaN where there is no answer; ``weights`` float64[n] >= 0.
    Cronbach 1951, Feldt 1965, McDonald 1999, Eisinga et al. 2013 (two items).
    """
    found = covariances(values, weights, pairwise=pairwise)
    trouble = _trouble(items, found)
    correlation = _correlation(found.matrix) if trouble is None else found.matrix
    model = trouble or one_factor(correlation, items)
    alpha = trouble or cronbach_alpha(found.matrix)
    answered = np.isfinite(values).sum(axis=0)
    return Reliability(
        items=tuple(
            _item(items, j, found, trouble, model, (int(answered[j]), len(values)))
            for j in range(len(items))
        ),
        pairwise=pairwise,
        weighted=weights is not None,
        n=found.n,
        n_effective=found.n_effective,
        alpha=alpha,
        alpha_interval=_interval(alpha, found.n_effective, len(items)),
        alpha_standardised=trouble or cronbach_alpha(correlation),
        mean_correlation=trouble or float(correlation[np.triu_indices(len(items), 1)].mean()),
        omega=_omega(model, np.sqrt(np.diag(found.matrix)) if trouble is None else None),
        omega_standardised=_omega(model, np.ones(len(items))),
        omega_observed=model
        if isinstance(model, Undefined)
        else float(1 - model.uniquenesses.sum() / correlation.sum()),
        spearman_brown=trouble or _two_items(correlation),
        flags=_flags(found, model),
    )


def cronbach_alpha(covariance: Floats) -> Figure:
    """k / (k - 1) (1 - sum of variances / variance of the sum), from float64[k, k], k >= 2."""
    k, whole = len(covariance), float(covariance.sum())
    if k < 2:
        return Undefined("fewer_than_two_items")
    if not whole > 0:
        return Undefined("no_variance_of_the_sum")
    between = covariance * (1 - np.eye(k))  # not the whole less its diagonal: no digit is lost
    return k / (k - 1) * float(between.sum()) / whole


def feldt_interval(alpha: float, n: float, k: int, level: float = LEVEL) -> Interval:
    """Feldt 1965: 1 - (1 - alpha) F at both tails, df n - 1 and (n - 1)(k - 1); n > 1."""
    df, tail = (n - 1, (n - 1) * (k - 1)), (1 - level) / 2
    return (
        1 - (1 - alpha) * float(fdtri(*df, 1 - tail)),
        1 - (1 - alpha) * float(fdtri(*df, tail)),
    )


def _interval(alpha: Figure, n: float, k: int) -> Interval | Undefined:
    return alpha if isinstance(alpha, Undefined) else feldt_interval(alpha, n, k)


def _trouble(items: tuple[str, ...], found: Covariances) -> Undefined | None:
    """Why nothing can be said about this scale, if so."""
    if len(items) < 2:
        return Undefined("fewer_than_two_items")
    if found.n < 2:
        j, k = np.unravel_index(int(found.pairs.argmin()), found.pairs.shape)
        return Undefined("too_few_people", ", ".join(dict.fromkeys((items[j], items[k]))))
    spread = np.diag(found.matrix)
    constant = np.flatnonzero(spread <= 1e-12 * (found.mean**2 + spread))
    return Undefined("constant_item", items[constant[0]]) if len(constant) else None


def _correlation(covariance: Floats) -> Floats:
    sd = np.sqrt(np.diag(covariance))
    return np.asarray(covariance / np.outer(sd, sd))


def _omega(model: OneFactor | Undefined, sd: Floats | None) -> Figure:
    if isinstance(model, Undefined) or sd is None:
        return model if isinstance(model, Undefined) else Undefined("constant_item")
    common = float((model.loadings * sd).sum()) ** 2
    return common / (common + float((model.uniquenesses * sd**2).sum()))


def _two_items(correlation: Floats) -> Figure:
    if len(correlation) != 2:
        return Undefined("not_two_items")
    r = float(correlation[0, 1])
    return 2 * r / (1 + r) if r > OPPOSITE else Undefined("opposite_items")


def _flags(found: Covariances, model: OneFactor | Undefined) -> tuple[str, ...]:
    both = isinstance(model, OneFactor) and model.loadings.min() < 0 < model.loadings.max()
    named = {"few_people": found.n < FEW_PEOPLE, "loadings_of_both_signs": both}
    return tuple(name for name, holds in named.items() if holds)


def _item(
    items: tuple[str, ...],
    j: int,
    found: Covariances,
    trouble: Undefined | None,
    model: OneFactor | Undefined,
    counted: tuple[int, int],
) -> ItemStatistics:
    answered, asked = counted
    variance = float(found.matrix[j, j])
    nobody = Undefined("too_few_people", items[j])
    others = [i for i in range(len(items)) if i != j]
    rest = found.matrix[np.ix_(others, others)]
    return ItemStatistics(
        item=items[j],
        answered=answered,
        missing=asked - answered,
        mean=float(found.mean[j]) if np.isfinite(found.mean[j]) else nobody,
        sd=sqrt(max(variance, 0.0)) if np.isfinite(variance) else nobody,
        item_rest=trouble or _item_rest(found.matrix, j, others),
        alpha_if_dropped=trouble or cronbach_alpha(rest),
        loading=model if isinstance(model, Undefined) else float(model.loadings[j]),
    )


def _item_rest(matrix: Floats, j: int, others: list[int]) -> Figure:
    rest = float(matrix[np.ix_(others, others)].sum())
    if not rest > 0:
        return Undefined("no_variance_of_the_sum")
    return float(matrix[j, others].sum()) / sqrt(float(matrix[j, j]) * rest)
