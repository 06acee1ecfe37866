"""Weights of indicators: judges' budgets, and two data-driven sets that are diagnostics only.

Data-driven weights change with the data and reward correlation or dispersion, not importance: they
are shown beside the weights of the index and never used by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.evaluation.columns import Floats
from app.evaluation.undefined import Figure, Undefined


@dataclass(frozen=True)
class Budget:
    """What the judges gave one indicator, in shares of 1: mean, sd (n - 1), least, most."""

    mean: float
    sd: Figure
    least: float
    most: float


def budget_shares(judges: Mapping[str, Mapping[str, Fraction]]) -> dict[str, Fraction]:
    """Mean share of 1 that each indicator gets; every judge counts alike."""
    found: dict[str, Fraction] = {}
    for points in judges.values():
        whole = sum(points.values(), Fraction(0))
        for code, given in points.items():
            found[code] = found.get(code, Fraction(0)) + given / whole / len(judges)
    return found


def budget_spread(judges: Mapping[str, Mapping[str, Fraction]]) -> dict[str, Budget]:
    """Mean and spread over the judges, by indicator."""
    shares = {
        code: np.array([float(p[code] / sum(p.values(), Fraction(0))) for p in judges.values()])
        for code in budget_shares(judges)
    }
    return {
        code: Budget(
            mean=float(each.mean()),
            sd=float(each.std(ddof=1)) if len(each) > 1 else Undefined("one_judge"),
            least=float(each.min()),
            most=float(each.max()),
        )
        for code, each in shares.items()
    }


def entropy_weights(values: Floats) -> Floats | Undefined:
    """1 - e_j over their sum, e_j = - sum_i p_ij log p_ij / log n, p_ij = x_ij / sum_i x_ij.

    ``values`` float64[n, k] of 0 or more, more is better; only rows without a gap count (Shannon's
    entropy: Zeleny 1982).
    """
    full = values[np.isfinite(values).all(axis=1)]
    if len(full) < 2:
        return Undefined("fewer_than_two_complete_units")
    if (full < 0).any() or (full.sum(axis=0) <= 0).any():
        return Undefined("negative_or_empty_column")
    p = full / full.sum(axis=0)
    logs = np.log(np.where(p > 0, p, 1.0))
    dispersion = 1 + (p * logs).sum(axis=0) / np.log(len(full))
    dispersion = np.where(dispersion < 1e-14, 0.0, dispersion)
    if dispersion.sum() == 0:
        return Undefined("no_variance")
    return np.asarray(dispersion / dispersion.sum())


def principal_component_weights(values: Floats) -> Floats | Undefined:
    """Largest squared rotated loading of each indicator, over their sum (Nicoletti et al. 2000).

    Principal components of the correlations of ``values`` float64[n, k], complete rows only; kept
    are those with an eigenvalue above 1 (at least the first); varimax with Kaiser's normalisation.
    An indicator's squared loading over its component's sum of squares, times the component's share
    of the variance explained, is its squared loading over a constant.
    """
    full = values[np.isfinite(values).all(axis=1)]
    if len(full) < 3:
        return Undefined("fewer_than_three_complete_units")
    spread = full.std(axis=0, ddof=1)
    if (spread <= 1e-12 * (np.abs(full).max(axis=0) + 1e-300)).any():
        return Undefined("no_variance")
    z = (full - full.mean(axis=0)) / spread
    sizes, directions = np.linalg.eigh(z.T @ z / (len(full) - 1))
    kept = max(int((sizes > 1 + 1e-10).sum()), 1)
    loadings = directions[:, -kept:] * np.sqrt(np.maximum(sizes[-kept:], 0.0))
    best = (varimax(loadings) ** 2).max(axis=1)
    return np.asarray(best / best.sum())


def varimax(loadings: Floats, rounds: int = 1_000) -> Floats:
    """Kaiser 1958, rows scaled to length 1 first, as R ``varimax``; float64[k, m]."""
    k, m = loadings.shape
    if m < 2:
        return loadings
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    length = np.where(length > 0, length, 1.0)
    x, turn, reached = loadings / length, np.eye(m), 0.0
    for _ in range(rounds):
        z = x @ turn
        u, sizes, v = np.linalg.svd(x.T @ (z**3 - z * (z**2).sum(axis=0) / k))
        turn, before, reached = u @ v, reached, float(sizes.sum())
        if reached <= before * (1 + 1e-13):
            break
    return np.asarray(x @ turn * length)
