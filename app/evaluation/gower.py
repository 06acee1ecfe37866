"""Gower's distance between units described by variables of several kinds, and how mixed a group is.

d = sum w_k delta_k d_k / sum w_k delta_k (Gower 1971): numeric and ordinal |a - b| / range, nominal
0 or 1, asymmetric binary skips pairs that both lack it, a missing value skips the variable.
Ordinal values are whole-number codes, as in R ``cluster::daisy``. Fix the ranges in advance, else
every distance changes when a unit joins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from app.evaluation.columns import Bools, Floats, Integers
from app.evaluation.undefined import Figure, Undefined

DRAWS = 9_999


class VariableKind(StrEnum):
    """How two values of a variable are compared."""

    NUMERIC = "numeric"
    ORDINAL = "ordinal"
    NOMINAL = "nominal"
    ASYMMETRIC = "asymmetric"  # 1 has it, 0 has it not: two zeros say nothing


@dataclass(frozen=True, eq=False)
class Variable:
    """One variable: ``values`` float64[n] (codes, for nominal ones), NaN where missing.

    ``weight`` >= 0; ``bounds``: smallest and largest possible value of a numeric or ordinal
    variable, None for those of the data.
    """

    name: str
    kind: VariableKind
    values: Floats
    weight: float = 1.0
    bounds: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        known = self.values[np.isfinite(self.values)]
        if not (np.isfinite(self.weight) and self.weight >= 0):
            raise ValueError(f"{self.name}: the weight must be 0 or more")
        if self.kind is VariableKind.ASYMMETRIC and not np.isin(known, (0.0, 1.0)).all():
            raise ValueError(f"{self.name}: an asymmetric variable is 0 or 1")
        if self.bounds is not None and len(known):
            low, high = self.bounds
            if not low < high or known.min() < low or known.max() > high:
                raise ValueError(f"{self.name}: a value lies outside the fixed range")


@dataclass(frozen=True, eq=False)
class Distances:
    """``matrix`` float64[n, n], 0 to 1, symmetric; meaningful where ``known`` bool[n, n]."""

    matrix: Floats
    known: Bools

    def between(self, one: int, other: int) -> Figure:
        """The distance of two units, or why there is none."""
        if not self.known[one, other]:
            return Undefined("no_variable_in_common")
        return float(self.matrix[one, other])

    def mean_of(self, group: Sequence[int] | Integers) -> Figure:
        """Mean distance over the pairs of a group that have one."""
        members = np.asarray(group, dtype=np.int64)
        chosen = np.ix_(members, members)
        upper = np.triu(np.ones((len(group), len(group)), dtype=bool), 1) & self.known[chosen]
        if not upper.any():
            return Undefined("no_pair")
        return float(self.matrix[chosen][upper].mean())


@dataclass(frozen=True)
class Heterogeneity:
    """How far apart the members of a group are, beside groups drawn at random from the pool.

    ``p_more``, ``p_less``: share of draws at least as (at most as) far apart, the group counted.
    """

    mean: float
    drawn_mean: float
    drawn_low: float
    drawn_high: float
    p_more: float
    p_less: float
    draws: int


def gower(variables: Sequence[Variable]) -> Distances:
    """Distances of all pairs of units; at least one variable, all of the same length n."""
    lengths = {len(variable.values) for variable in variables}
    if len(lengths) != 1:
        raise ValueError("variables differ in length, or there is none")
    n = lengths.pop()
    apart, counted = np.zeros((n, n)), np.zeros((n, n))
    for variable in variables:
        distance, delta = _one(variable)
        apart += variable.weight * delta * distance
        counted += variable.weight * delta
    known = counted > 0
    return Distances(np.divide(apart, counted, out=np.zeros((n, n)), where=known), known)


def _one(variable: Variable) -> tuple[Floats, Bools]:
    """Distance of every pair in one variable, and whether the pair can be compared in it."""
    there = np.isfinite(variable.values)
    values = np.where(there, variable.values, 0.0)
    delta = there[:, None] & there[None, :]
    if variable.kind in (VariableKind.NOMINAL, VariableKind.ASYMMETRIC):
        different = (values[:, None] != values[None, :]).astype(np.float64)
        if variable.kind is VariableKind.ASYMMETRIC:
            delta &= (values[:, None] != 0) | (values[None, :] != 0)
        return different, delta
    low, high = variable.bounds or _range(variable.values[there])
    gaps = np.abs(values[:, None] - values[None, :])
    return (gaps / (high - low) if high > low else np.zeros_like(gaps)), delta


def _range(known: Floats) -> tuple[float, float]:
    return (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)


def heterogeneity(
    distances: Distances, group: Sequence[int], *, seed: int, draws: int = DRAWS
) -> Heterogeneity | Undefined:
    """Mean pairwise distance of ``group`` (positions in the pool), with the permutation yardstick.

    Draws ``draws`` groups of the same size from the whole pool without replacement (numpy's
    PCG64 with ``seed``); the 2.5 and 97.5 percentiles of their means are ``drawn_low`` and
    ``drawn_high``. A draw without any comparable pair is left out.
    """
    observed = distances.mean_of(group)
    if isinstance(observed, Undefined):
        return observed
    rng = np.random.default_rng(seed)
    pool = len(distances.matrix)
    means = [
        mean
        for _ in range(draws)
        if isinstance(mean := distances.mean_of(rng.permutation(pool)[: len(group)]), float)
    ]
    drawn = np.array(means)
    close = 1e-12
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Heterogeneity(
        mean=observed,
        drawn_mean=float(drawn.mean()),
        drawn_low=float(low),
        drawn_high=float(high),
        p_more=(1 + int((drawn >= observed - close).sum())) / (1 + len(drawn)),
        p_less=(1 + int((drawn <= observed + close).sum())) / (1 + len(drawn)),
        draws=len(drawn),
    )
