"""An index computed over a table of ready values: normalised columns, nodes, total, ranks.

Missing is NaN here and in ``index_nodes`` only; ``index_report`` says it in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

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
from app.evaluation.index_nodes import Climb
from app.evaluation.index_refusals import NotComputable
from app.evaluation.index_steps import Stepped, stepped
from app.evaluation.indicator_weights import budget_shares
from app.evaluation.normalisation import normalised
from app.evaluation.ranking import ranks


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
    a child of a node was raised to the floor, or an indicator is at a goalpost or beyond;
    ``treated``: where a cap or the treatment of outliers changed a value, by indicator or node.
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
    treated: Mapping[str, Bools]


def compute(index: IndexFramework, table: IndexTable, settings: Settings = Settings()) -> Computed:
    """The index as it is written, or with other ``settings``. Raises NotComputable."""
    root = _tree(index, settings)
    raw = {leaf.code: _stepped(table, leaf) for leaf in leaves(root)}
    columns = {
        leaf.code: normalised(
            raw[leaf.code].values, leaf, _method(index, leaf, settings), index.scale
        )
        for leaf in leaves(root)
    }
    availability = float(
        index.availability if settings.availability is None else settings.availability
    )
    climb = Climb(index.floor, availability, columns, table.units)
    total = climb.node(root).values
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
        treated={code: each.treated for code, each in raw.items()} | climb.treated,
    )


def _stepped(table: IndexTable, leaf: IndexIndicator) -> Stepped:
    values = (
        table.columns[leaf.column]
        if leaf.constant is None
        else np.full(len(table.units), leaf.constant)
    )
    return stepped(values, leaf.steps, leaf.column, table.units)


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
