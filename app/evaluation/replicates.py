"""Variance by replicate weights: the figure again under each set of weights, and how far it moves.

V = scale * sum over r of rscale_r (theta_r - c)^2, c the mean of the replicates, or the full
estimate (``mse``). Every replicate is calibrated again, else the gain of calibration is lost or
overstated. Sources: Wolter 2007; Rao & Wu 1988; R ``survey`` (``svrVar``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.evaluation.columns import Bools, Floats
from app.evaluation.estimates import Statistic

DEPENDENT = 1e-5  # R's tolerance for the rank of replicate weights


@dataclass(frozen=True, eq=False)
class Replicates:
    """``weights`` float64[n, R]: the weights to use (not factors); ``rscales`` float64[R]; a column
    with NaN is a replicate that could not be calibrated."""

    weights: Floats
    scale: float
    rscales: Floats
    mse: bool = False

    def recalibrated(self, again: Callable[[Floats], Floats]) -> Replicates:
        """Every replicate calibrated like the full sample."""
        columns = [again(column) for column in self.weights.T]
        return replace(self, weights=np.column_stack(columns))

    def degrees_of_freedom(self, members: Bools | None = None) -> int:
        """Rank of the weights (in the domain) less 1, as R ``degf``."""
        used = self.weights if members is None else self.weights[members]
        used = np.unique(_scaled(used[:, np.isfinite(used).all(axis=0)]).round(12), axis=0)
        if not used.size:
            return 0
        size = np.linalg.svd(used, compute_uv=False)
        return int((size > DEPENDENT * size.max()).sum()) - 1


def _scaled(weights: Floats) -> Floats:
    """Each person's weights over their largest one: the rank stays, the conditioning improves."""
    largest = np.abs(weights).max(axis=1, keepdims=True, initial=0.0)
    return np.asarray(weights / np.where(largest > 0, largest, 1.0))


def replicate_covariance(
    replicates: Replicates, statistics: Sequence[Statistic]
) -> tuple[Floats, int]:
    """(covariance float64[k, k], how many replicates were left out as undefined).

    NaN throughout where no replicate is defined.
    """
    values = np.array([[each.by(column) for each in statistics] for column in replicates.weights.T])
    usable = np.isfinite(values).all(axis=1)
    k = len(statistics)
    if not usable.any():
        return np.full((k, k), np.nan), len(values)
    kept, rscales = values[usable], replicates.rscales[usable]
    if replicates.mse:
        centre = np.array([each.value for each in statistics])
    else:
        centre = kept[rscales > 0].mean(axis=0)
    deviations = (kept - centre) * np.sqrt(rscales)[:, None]
    return np.asarray(replicates.scale * deviations.T @ deviations), int((~usable).sum())
