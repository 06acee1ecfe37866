"""An index computed over a table of ready values: normalised columns, nodes, total, ranks.

Availability: a node's coverage is the share of its weight that has a figure, down to the leaves;
below the index's availability it is missing with all it holds, else the others' weights are
rescaled. Missing is NaN inside this module only; ``index_report`` says it in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from app.evaluation.aggregation import allowed, copeland, generalised_mean
from app.evaluation.columns import Bools, Floats, Integers
from app.evaluation.index_framework import (
    Aggregation,
    IndexFramework,
    IndexIndicator,
    IndexNode,
    Method,
    Weighting,
    effective_weights,
    leaves,
    nodes,
    with_equal_weights,
    with_leaf_weights,
    without,
)
from app.evaluation.index_refusals import NotComputable
from app.evaluation.indicator_weights import budget_shares
from app.evaluation.normalisation import normalised
from app.evaluation.ranking import ranks

SAME = 1e-12


@dataclass(frozen=True, eq=False)
class IndexTable:
    """Raw values: ``columns[name]`` float64[n], NaN where missing, in the order of ``units``."""

    units: tuple[str, ...]
    columns: Mapping[str, Floats]

    def __post_init__(self) -> None:
        if any(len(column) != len(self.units) for column in self.columns.values()):
            raise ValueError("columns differ in length")


@dataclass(frozen=True)
class Settings:
    """Method choices in place of what the index says; None: as it is written."""

    normalisation: Method | None = None
    aggregation: Aggregation | None = None  # of the root
    weights: Weighting | None = None
    availability: Fraction | None = None
    without: str | None = None


@dataclass(frozen=True, eq=False)
class Computed:
    """An index over n units.

    ``normalised``: by indicator, float64[n], more is better; ``nodes``, ``coverage``: by node, the
    root included, float64[n]; ``total``: that of the root; ``ranks`` int64[n], 1 for the best, 0
    without a score; ``weights``: effective, by indicator; ``floored``, ``at_goalpost``: units where
    a child of a node was raised to the floor, or an indicator cut at a goalpost.
    """

    root: IndexNode
    normalised: Mapping[str, Floats]
    nodes: Mapping[str, Floats]
    coverage: Mapping[str, Floats]
    total: Floats
    ranks: Integers
    weights: Mapping[str, Fraction]
    floored: Mapping[str, Bools]
    at_goalpost: Mapping[str, Bools]


def compute(index: IndexFramework, table: IndexTable, settings: Settings = Settings()) -> Computed:
    """The index as it is written, or with other ``settings``. Raises NotComputable."""
    root = _tree(index, settings)
    columns = {
        leaf.code: normalised(
            table.columns[leaf.column], leaf, _method(index, leaf, settings), index.scale
        )
        for leaf in leaves(root)
    }
    availability = float(
        index.availability if settings.availability is None else settings.availability
    )
    climb = _Climb(index.floor, availability, columns, table.units)
    total, _ = climb.node(root)
    return Computed(
        root=root,
        normalised=columns,
        nodes=climb.values,
        coverage=climb.coverage,
        total=total,
        ranks=ranks(total),
        weights=effective_weights(root),
        floored=climb.floored,
        at_goalpost={
            leaf.code: _at_end(columns[leaf.code], index.scale)
            for leaf in leaves(root)
            if _method(index, leaf, settings) is Method.GOALPOSTS
        },
    )


def _method(index: IndexFramework, leaf: IndexIndicator, settings: Settings) -> Method:
    return settings.normalisation or leaf.method or index.normalisation


def _at_end(column: Floats, scale: tuple[float, float]) -> Bools:
    return np.asarray((column <= scale[0]) | (column >= scale[1]))


def _tree(index: IndexFramework, settings: Settings) -> IndexNode:
    """The tree after choice of weights, of the root's aggregation, and without an indicator.

    A node keeps its weight when an indicator under it is left out.
    """
    rule = settings.weights or index.weights
    root = _weighted(index, rule)
    if settings.without is not None:
        smaller = without(root, settings.without)
        if smaller is None:
            raise NotComputable("nothing_left", settings.without)
        root = with_equal_weights(smaller) if rule is Weighting.EQUAL else smaller
    for node in nodes(root):
        if not any(child.weight for child in node.children):
            raise NotComputable("no_weight", node.code)
    chosen = settings.aggregation
    return root if chosen is None else replace(root, aggregation=chosen)


def _weighted(index: IndexFramework, rule: Weighting) -> IndexNode:
    if rule is Weighting.EQUAL:
        return with_equal_weights(index.root)
    if rule is Weighting.FRAMEWORK:
        return index.root
    if not index.judges:
        raise NotComputable("no_judges", index.code)
    return with_leaf_weights(index.root, budget_shares(index.judges))


class _Climb:
    """From the leaves to the root, keeping what is found at every node."""

    def __init__(
        self,
        floor: float | None,
        availability: float,
        columns: Mapping[str, Floats],
        units: Sequence[str],
    ) -> None:
        self.floor = floor
        self.availability = availability
        self.columns = columns
        self.units = units
        self.values: dict[str, Floats] = {}
        self.coverage: dict[str, Floats] = {}
        self.floored: dict[str, Bools] = {}

    def node(self, node: IndexNode) -> tuple[Floats, Floats]:
        """Figure and coverage of a node, float64[n] each."""
        parts = [
            self.node(child) if isinstance(child, IndexNode) else self._leaf(child)
            for child in node.children
        ]
        values = np.column_stack([each for each, _ in parts])
        covered = np.column_stack([each for _, each in parts])
        weights = np.array([float(child.weight) for child in node.children])
        weights /= weights.sum()
        coverage = np.where(np.isfinite(values), covered, 0.0) @ weights
        if node.aggregation == "copeland":
            found = self._copeland(node, coverage)
        else:
            found = self._mean(node, values, weights, float(node.aggregation))
            found = np.where(self._enough(coverage), found, np.nan)
        self.values[node.code], self.coverage[node.code] = found, coverage
        return found, coverage

    def _leaf(self, leaf: IndexIndicator) -> tuple[Floats, Floats]:
        column = self.columns[leaf.code]
        return column, np.isfinite(column).astype(np.float64)

    def _enough(self, coverage: Floats) -> Bools:
        return np.asarray((coverage >= self.availability - SAME) & (coverage > 0))

    def _mean(self, node: IndexNode, values: Floats, weights: Floats, power: float) -> Floats:
        counted = weights > 0
        if power <= 0 and self.floor is not None:
            low = (values < self.floor) & counted
            self.floored[node.code] = np.asarray(low.any(axis=1))
            values = np.where(low, self.floor, values)
        bad = np.flatnonzero(~allowed(values[:, counted], power))
        if len(bad):
            raise NotComputable("not_positive", f"{self.units[bad[0]]} {node.code}")
        return generalised_mean(values, weights, power)

    def _copeland(self, root: IndexNode, coverage: Floats) -> Floats:
        """By the indicators and their effective weights, among the units that have a score."""
        weights = effective_weights(root)
        enough = self._enough(coverage)
        table = np.column_stack([self.columns[code] for code in weights])[enough]
        found = np.full(len(coverage), np.nan)
        found[enough] = copeland(table, np.array([float(each) for each in weights.values()]))
        return found
