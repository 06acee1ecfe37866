"""The one-factor model by maximum likelihood: what McDonald's omega stands on.

Sigma = l l' + diag(t); minimises F = log|Sigma| + tr(S Sigma^-1) - log|S| - k (Jöreskog 1967) by
Fisher scoring with halved steps. As R ``lavaan`` with one latent variable of variance 1, a
uniqueness may come out negative (Heywood case): then there is no proper solution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.evaluation.columns import Floats
from app.evaluation.undefined import Undefined

ROUNDS = 500
CONVERGED = 1e-11  # largest scaled gradient
UNIDENTIFIED = 1e12  # condition of the information: other loadings fit just as well
LEAST_ITEMS = 3


@dataclass(frozen=True, eq=False)
class OneFactor:
    """``loadings``, ``uniquenesses`` float64[k], of items with variance 1; ``discrepancy``: F."""

    loadings: Floats
    uniquenesses: Floats
    discrepancy: float
    rounds: int


def one_factor(correlation: Floats, items: tuple[str, ...]) -> OneFactor | Undefined:
    """The model of a correlation matrix float64[k, k]; k >= 3, else it is not identified."""
    k = len(items)
    if k < LEAST_ITEMS:
        return Undefined("fewer_than_three_items")
    if not np.isfinite(correlation).all() or np.linalg.eigvalsh(correlation)[0] <= k * 1e-12:
        return Undefined("not_positive_definite")
    found = _fitted(correlation)
    if isinstance(found, Undefined):
        return found
    if found.uniquenesses.min() <= 0:
        return Undefined("improper_solution", items[int(found.uniquenesses.argmin())])
    return found


def _fitted(correlation: Floats) -> OneFactor | Undefined:
    k = len(correlation)
    at = _start(correlation)
    value = _discrepancy(correlation, at)
    for rounds in range(1, ROUNDS + 1):
        gradient, information = _slopes(correlation, at)
        if np.abs(gradient).max() < CONVERGED:
            if np.linalg.cond(information) > UNIDENTIFIED:
                return Undefined("not_identified")
            loadings = at[:k] if at[:k].sum() >= 0 else -at[:k]
            return OneFactor(loadings, at[k:], value, rounds)
        step = np.linalg.lstsq(information, -gradient, rcond=1e-12)[0]
        size, moved = 1.0, _discrepancy(correlation, at + step)
        while not moved <= value + 1e-14 and size > 1e-6:
            size /= 2
            moved = _discrepancy(correlation, at + size * step)
        at, value = at + size * step, moved
        if not np.isfinite(value):
            return Undefined("not_converged", f"round {rounds}")
    return Undefined("not_converged", f"round {ROUNDS}")


def _start(correlation: Floats) -> Floats:
    values, vectors = np.linalg.eigh(correlation)
    loadings = vectors[:, -1] * np.sqrt(values[-1]) * 0.8
    return np.concatenate([loadings, np.maximum(1 - loadings**2, 0.1)])


def _implied(at: Floats) -> Floats:
    k = len(at) // 2
    return np.outer(at[:k], at[:k]) + np.diag(at[k:])


def _discrepancy(correlation: Floats, at: Floats) -> float:
    """F, or infinity where Sigma is not positive definite."""
    try:
        root = np.linalg.cholesky(_implied(at))
    except np.linalg.LinAlgError:
        return float("inf")
    half = np.linalg.solve(root, np.linalg.cholesky(correlation))
    own = 2 * np.log(np.diag(root)).sum() - np.linalg.slogdet(correlation)[1]
    return float(own + (half**2).sum() - len(correlation))


def _slopes(correlation: Floats, at: Floats) -> tuple[Floats, Floats]:
    """Gradient float64[2k] of F and its expected second derivatives float64[2k, 2k]."""
    k = len(correlation)
    loadings = at[:k]
    inverse = np.linalg.inv(_implied(at))
    residual = inverse @ (_implied(at) - correlation) @ inverse
    gradient = np.concatenate([2 * residual @ loadings, np.diag(residual)])
    a = inverse @ loadings
    cross = 2 * inverse * a[None, :]
    information = np.block(
        [[2 * (np.outer(a, a) + inverse * (loadings @ a)), cross], [cross.T, inverse**2]]
    )
    return gradient, information
