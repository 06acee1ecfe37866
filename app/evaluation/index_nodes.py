"""The nodes of an index, from the leaves to the root: figures, coverage, what is missing.

A node's coverage is the share of its weight that has a figure, down to the leaves. Below its
availability, or with fewer parts or indicators than it wants, it is missing with all it holds;
else the others' weights are rescaled. A product and a ratio want every part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.evaluation.aggregation import (
    allowed,
    copeland,
    extreme,
    generalised_mean,
    product,
    unevenness,
)
from app.evaluation.columns import Bools, Floats
from app.evaluation.index_framework import IndexIndicator, IndexNode, effective_weights
from app.evaluation.index_refusals import NotComputable
from app.evaluation.index_steps import stepped

SAME = 1e-12


@dataclass(frozen=True, eq=False)
class Part:
    """A node or leaf over n units: its figure (NaN: missing), the share of its weight that has one,
    and how many leaves under it have."""

    values: Floats
    coverage: Floats
    indicators: Floats


class Climb:
    """What is found at every node on the way up, by its code."""

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
        self.treated: dict[str, Bools] = {}

    def node(self, node: IndexNode) -> Part:
        """The node after everything under it; raises NotComputable with unit and node."""
        parts = [
            self.node(child) if isinstance(child, IndexNode) else self._leaf(child)
            for child in node.children
        ]
        values = np.column_stack([each.values for each in parts])
        there = np.isfinite(values)
        weights = np.array([float(child.weight) for child in node.children])
        shares = weights / weights.sum()
        covered = np.column_stack([each.coverage for each in parts])
        leaves = np.column_stack([each.indicators for each in parts])
        coverage = np.where(there, covered, 0.0) @ shares
        indicators = np.where(there, leaves, 0.0).sum(axis=1)
        enough = self._enough(node, coverage, there.sum(axis=1), indicators)
        if node.aggregation in ("product", "ratio"):
            enough &= there.all(axis=1)
        found = self._figure(node, values, weights, enough)
        done = stepped(np.where(enough, found, np.nan), node.steps, node.code, self.units)
        self.treated[node.code] = done.treated
        self.values[node.code], self.coverage[node.code] = done.values, coverage
        return Part(done.values, coverage, indicators)

    def _leaf(self, leaf: IndexIndicator) -> Part:
        column = self.columns[leaf.code]
        there = np.isfinite(column).astype(np.float64)
        return Part(column, there, there)

    def _enough(
        self, node: IndexNode, coverage: Floats, parts: Floats, indicators: Floats
    ) -> Bools:
        wanted = self.availability if node.availability is None else float(node.availability)
        return np.asarray(
            (coverage >= wanted - SAME)
            & (coverage > 0)
            & (parts >= node.least_parts)
            & (indicators >= node.least_indicators)
        )

    def _figure(self, node: IndexNode, values: Floats, weights: Floats, enough: Bools) -> Floats:
        match node.aggregation:
            case "copeland":
                return self._copeland(node, enough)
            case "minimum" | "maximum":
                return extreme(values, weights, largest=node.aggregation == "maximum")
            case "mazziotta_pareto":
                return self._penalised(node, values, weights, -1.0)
            case "mazziotta_pareto_of_ills":
                return self._penalised(node, values, weights, 1.0)
            case "product":
                return self._product(node, values, weights)
            case "ratio":
                return self._ratio(node, values)
            case power:
                return self._mean(node, values, weights, float(power))

    def _mean(self, node: IndexNode, values: Floats, weights: Floats, power: float) -> Floats:
        counted = weights > 0
        if power <= 0 and self.floor is not None:
            low = (values < self.floor) & counted
            self.floored[node.code] = np.asarray(low.any(axis=1))
            values = np.where(low, self.floor, values)
        zero = self.floor == 0
        self._refuse(~allowed(values[:, counted], power, zero=zero), "not_positive", node)
        return generalised_mean(values, weights, power)

    def _penalised(self, node: IndexNode, values: Floats, weights: Floats, sign: float) -> Floats:
        """The mean less (of ills: plus) the unevenness of the parts."""
        mean = generalised_mean(values, weights, 1.0)
        self._refuse(mean <= 0, "penalty_without_mean", node)
        return np.asarray(mean + sign * unevenness(values, weights))

    def _product(self, node: IndexNode, values: Floats, weights: Floats) -> Floats:
        broken = np.mod(weights, 1) != 0
        negative = np.asarray((values[:, broken] < 0).any(axis=1))
        self._refuse(negative, "negative_in_product", node)
        found = product(values, weights)
        self._refuse(np.isinf(found), "beyond_numbers", node)
        return found

    def _ratio(self, node: IndexNode, values: Floats) -> Floats:
        if values.shape[1] != 2:
            raise NotComputable("not_two_parts", node.code)
        self._refuse(values[:, 1] == 0, "ratio_to_zero", node)
        with np.errstate(over="ignore"):
            found = values[:, 0] / values[:, 1]
        self._refuse(np.isinf(found), "beyond_numbers", node)
        return np.asarray(found)

    def _copeland(self, root: IndexNode, enough: Bools) -> Floats:
        """By the indicators and their effective weights, among the units that have a score."""
        weights = effective_weights(root)
        table = np.column_stack([self.columns[code] for code in weights])[enough]
        found = np.full(len(enough), np.nan)
        found[enough] = copeland(table, np.array([float(each) for each in weights.values()]))
        return found

    def _refuse(self, wrong: Bools, why: str, node: IndexNode) -> None:
        if wrong.any():
            raise NotComputable(why, f"{self.units[np.flatnonzero(wrong)[0]]} {node.code}")
