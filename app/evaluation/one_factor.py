"""The one-factor model by maximum likelihood: what McDonald's omega stands on.

Sigma = l l' + diag(t); minimises F = log|Sigma| + tr(S Sigma^-1) - log|S| - k (Jöreskog 1967) by
Newton steps where F is convex, Fisher scoring elsewhere, both halved until F falls. As R ``lavaan``
with one latent variable of variance 1, a uniqueness may come out negative (Heywood case): then
there is no proper solution.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.evaluation.columns import Floats
from app.evaluation.undefined import Undefined

ROUNDS = 500
CONVERGED = 1e-11  # largest scaled gradient
FURTHEST = -5.0  # a uniqueness below this, of an item with variance 1, does not come back
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
    at = _start(correlation)
    value = _discrepancy(correlation, at)
    for rounds in range(1, ROUNDS + 1):
        gradient, expected, observed = _slopes(correlation, at)
        if np.abs(gradient).max() < CONVERGED or at[k:].min() < FURTHEST:
            return _judged(OneFactor(at[:k], at[k:], value, rounds), expected, items)
        at, value = _moved(correlation, at, value, _step(gradient, expected, observed))
    return Undefined("not_converged", f"round {ROUNDS}")


def _judged(found: OneFactor, expected: Floats, items: tuple[str, ...]) -> OneFactor | Undefined:
    """The model with more positive than negative loadings, or why it is none."""
    if found.uniquenesses.min() <= 0:
        return Undefined("improper_solution", items[int(found.uniquenesses.argmin())])
    if np.linalg.cond(expected) > UNIDENTIFIED:
        return Undefined("not_identified")
    return found if found.loadings.sum() >= 0 else replace(found, loadings=-found.loadings)


def _step(gradient: Floats, expected: Floats, observed: Floats) -> Floats:
    try:
        np.linalg.cholesky(observed)
        return np.asarray(np.linalg.solve(observed, -gradient))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(expected, -gradient, rcond=1e-12)[0])


def _moved(correlation: Floats, at: Floats, value: float, step: Floats) -> tuple[Floats, float]:
    """The next point: the step, halved until F does not rise."""
    size, moved = 1.0, _discrepancy(correlation, at + step)
    while not moved <= value + 1e-14 and size > 1e-9:
        size /= 2
        moved = _discrepancy(correlation, at + size * step)
    return at + size * step, moved


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


def _slopes(correlation: Floats, at: Floats) -> tuple[Floats, Floats, Floats]:
    """Gradient float64[2k] of F, its expected and its actual second derivatives float64[2k, 2k]."""
    k = len(correlation)
    loadings = at[:k]
    inverse: Floats = np.asarray(np.linalg.inv(_implied(at)), dtype=np.float64)
    through = inverse @ correlation @ inverse
    residual = inverse - through
    gradient = np.concatenate([2 * residual @ loadings, np.diag(residual)])
    expected = _traces(inverse, inverse, loadings)
    mixed = _traces(through, inverse, loadings)
    observed = mixed + mixed.T - expected
    observed[:k, :k] += 2 * residual
    return gradient, expected, observed


def _traces(p: Floats, q: Floats, loadings: Floats) -> Floats:
    """tr(P dSigma_a Q dSigma_b) for every pair of parameters, loadings first; P, Q symmetric."""
    a, b = p @ loadings, q @ loadings
    both = np.outer(a, b) + np.outer(b, a) + p * (loadings @ b) + q * (loadings @ a)
    right = p * b[None, :] + q * a[None, :]
    return np.block([[both, right], [right.T, p * q]])
