"""Exact Sobol indices of discrete choices: every combination is known, so nothing is sampled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.evaluation.columns import Floats
from app.evaluation.undefined import Undefined


@dataclass(frozen=True)
class SobolIndices:
    """By axis: ``first`` V(E[y | x_i]) / V(y), ``total`` E(V[y | all but x_i]) / V(y).

    ``variance``: of y over all combinations, each as likely.
    """

    first: tuple[float, ...]
    total: tuple[float, ...]
    variance: float


def sobol_indices(y: Floats) -> SobolIndices | Undefined:
    """Indices of an output known on the full grid: ``y`` has one axis per choice.

    Sobol 1993; total effects Homma & Saltelli 1996. With uniform independent options these are
    the limits of Saltelli's (2010) estimators. Undefined where a value is missing or y is constant.
    """
    if not np.isfinite(y).all():
        return Undefined("a_combination_is_missing")
    variance = float(y.var())
    if variance <= (1e-12 * max(float(np.abs(y).max()), 1e-300)) ** 2:
        return Undefined("no_variance")
    axes = range(y.ndim)
    first = [float(y.mean(axis=tuple(a for a in axes if a != axis)).var()) for axis in axes]
    total = [float(y.var(axis=axis).mean()) for axis in axes]
    return SobolIndices(
        tuple(each / variance for each in first), tuple(each / variance for each in total), variance
    )
