"""What each indicator does in an index: effective weight, correlation, and the index without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.evaluation.correlation_ratio import correlation_ratio
from app.evaluation.index_framework import IndexFramework, no_mean
from app.evaluation.index_refusals import NotComputable
from app.evaluation.index_tables import Computed, IndexTable, Settings, compute
from app.evaluation.ranking import Agreement, agreement, pearson
from app.evaluation.undefined import Figure, Undefined


@dataclass(frozen=True)
class Influence:
    """One indicator. ``pearson``, ``correlation_ratio``: of its normalised values with the total,

    over the ``n`` units that have both; ``left_out``: the index against itself without it;
    ``scores_without``, ``ranks_without``: of every unit, the index without it.
    """

    indicator: str
    effective_weight: Figure
    n: int
    missing: int
    pearson: Figure
    correlation_ratio: Figure
    left_out: Agreement | Undefined
    scores_without: Mapping[str, Figure] | Undefined
    ranks_without: Mapping[str, int | Undefined] | Undefined


def influences(
    index: IndexFramework, table: IndexTable, computed: Computed
) -> tuple[Influence, ...]:
    """Every indicator's part in the index as it is written (``computed``)."""
    return tuple(_one(index, table, computed, code) for code in computed.weights)


def _one(index: IndexFramework, table: IndexTable, computed: Computed, code: str) -> Influence:
    column = computed.normalised[code]
    both = np.isfinite(column) & np.isfinite(computed.total)
    x, y = column[both], computed.total[both]
    other = _without(index, table, code)
    unshared, weight = no_mean(computed.root), computed.weights[code]
    few = Undefined("fewer_than_two_units") if len(x) < 2 else None
    return Influence(
        indicator=code,
        effective_weight=Undefined("no_shares", unshared) if unshared else float(weight),
        n=len(x),
        missing=int((~np.isfinite(column)).sum()),
        pearson=few or pearson(x, y),
        correlation_ratio=few or correlation_ratio(x, y),
        left_out=other if isinstance(other, Undefined) else agreement(computed.total, other.total),
        scores_without=other if isinstance(other, Undefined) else _scores(table, other),
        ranks_without=other if isinstance(other, Undefined) else _ranks(table, other),
    )


def _without(index: IndexFramework, table: IndexTable, code: str) -> Computed | Undefined:
    try:
        return compute(index, table, Settings(without=code))
    except NotComputable as refused:
        return refused.why


def _scores(table: IndexTable, computed: Computed) -> dict[str, Figure]:
    return {
        unit: score if np.isfinite(score) else Undefined("coverage_below")
        for unit, score in zip(table.units, computed.total.tolist(), strict=True)
    }


def _ranks(table: IndexTable, computed: Computed) -> dict[str, int | Undefined]:
    return {
        unit: rank or Undefined("coverage_below")
        for unit, rank in zip(table.units, computed.ranks.tolist(), strict=True)
    }
