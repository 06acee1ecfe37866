"""Means and covariances of items, weighted or not, from complete people or pair by pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.evaluation.columns import Bools, Floats, Integers


@dataclass(frozen=True, eq=False)
class Covariances:
    """Covariances of k items.

    ``matrix`` float64[k, k], in products of the items' units; ``mean`` float64[k]; ``pairs``
    int64[k, k]: people behind each entry, the diagonal those behind each item; ``n``: people
    behind the whole (the smallest entry of ``pairs``); ``n_effective``: the same, Kish's
    (sum w)^2 / sum w^2 with weights. An entry with fewer than two people is NaN.
    """

    matrix: Floats
    mean: Floats
    pairs: Integers
    n: int
    n_effective: float


def covariances(
    values: Floats, weights: Floats | None = None, *, pairwise: bool = False
) -> Covariances:
    """Covariances of the columns of ``values`` float64[n, k], NaN where there is no answer.

    Listwise: people who answered everything; pairwise: for each pair, people who answered both
    (R ``cov(use = "pairwise")``). Weighted as R ``survey::svyvar`` for independent people:
    m / (m - 1) * sum w (x - mean)(y - mean) / sum w over the m people with a weight above 0.
    """
    people: Floats = np.ones(len(values)) if weights is None else weights
    counted: Bools = np.asarray(people > 0)
    answered = np.isfinite(values) & counted[:, None]
    if not pairwise:
        answered &= answered.all(axis=1, keepdims=True)
    there = answered.astype(np.float64)
    middle = _weighted_means(np.where(answered, values, 0.0), there, people)
    centred = np.where(answered, values - middle, 0.0)  # near 0, so that products do not cancel
    weighed = there * people[:, None]
    mass = weighed.T @ there
    pairs = np.rint(there.T @ there).astype(np.int64)
    with np.errstate(invalid="ignore", divide="ignore"):
        left = (centred * people[:, None]).T @ there / mass  # mean of j where k is answered
        products = (centred * people[:, None]).T @ centred / mass - left * left.T
        matrix = np.where(pairs > 1, products * pairs / (pairs - 1), np.nan)
        squares = (there * people[:, None] ** 2).T @ there
        effective = np.where(pairs > 0, mass**2 / squares, 0.0)
    return Covariances(
        (matrix + matrix.T) / 2, middle, pairs, int(pairs.min()), float(effective.min())
    )


def _weighted_means(values: Floats, there: Floats, people: Floats) -> Floats:
    mass = people @ there
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(people @ values / mass)
