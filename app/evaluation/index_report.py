"""Everything that is said about an index: scores, weights, influence of parts, method choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.evaluation.columns import Floats
from app.evaluation.index_framework import (
    IndexFramework,
    IndexNode,
    effective_weights,
    no_mean,
    nodes,
    with_equal_weights,
)
from app.evaluation.index_tables import Computed, IndexTable, compute
from app.evaluation.indicator_weights import (
    Budget,
    budget_spread,
    entropy_weights,
    principal_component_weights,
)
from app.evaluation.influence import Influence, influences
from app.evaluation.method_choices import Robustness, robustness
from app.evaluation.undefined import Figure, Undefined


@dataclass(frozen=True)
class UnitScore:
    """One unit. ``score``, ``rank``: of the whole index; ``nodes``: every node by its code;

    ``normalised``: every indicator, more is better; ``coverage``: share of the weight that has a
    figure. ``flags``: at_goalpost:CODE (at or beyond one), floored:NODE, treated:CODE (a cap or the
    treatment of outliers changed a value), rescaled:NODE (a part is missing and the others count
    for more).
    """

    unit: str
    score: Figure
    rank: int | Undefined
    coverage: float
    nodes: Mapping[str, Figure]
    normalised: Mapping[str, Figure]
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Weights:
    """Shares of the whole by indicator. The last two are diagnostics: the index never uses them.

    There are no shares where a node is no mean of its parts.
    """

    used: Mapping[str, float] | Undefined
    as_written: Mapping[str, float] | Undefined
    equal: Mapping[str, float] | Undefined
    budget: Mapping[str, Budget]
    principal_components: Mapping[str, float] | Undefined
    entropy: Mapping[str, float] | Undefined


@dataclass(frozen=True)
class IndexReport:
    """``units``: in the order of the table; ``robustness``: None without choices."""

    index: str
    units: tuple[UnitScore, ...]
    weights: Weights
    indicators: tuple[Influence, ...]
    robustness: Robustness | None


def report(index: IndexFramework, table: IndexTable) -> IndexReport:
    """The whole report. Raises NotComputable with the column, unit or node concerned."""
    computed = compute(index, table)
    return IndexReport(
        index=index.code,
        units=tuple(_unit(table, computed, i) for i in range(len(table.units))),
        weights=_weights(index, computed),
        indicators=influences(index, table, computed),
        robustness=robustness(index, table, computed),
    )


def _unit(table: IndexTable, computed: Computed, i: int) -> UnitScore:
    rank = int(computed.ranks[i])
    below = Undefined("coverage_below")
    return UnitScore(
        unit=table.units[i],
        score=_figure(computed.total[i], "coverage_below"),
        rank=rank or below,
        coverage=float(computed.coverage[computed.root.code][i]),
        nodes={code: _figure(each[i], "coverage_below") for code, each in computed.nodes.items()},
        normalised={
            code: _figure(each[i], "missing") for code, each in computed.normalised.items()
        },
        flags=tuple(_flags(computed, i)),
    )


def _figure(value: float, why: str) -> Figure:
    return float(value) if np.isfinite(value) else Undefined(why)


def _flags(computed: Computed, i: int) -> list[str]:
    found = [f"at_goalpost:{code}" for code, each in computed.at_goalpost.items() if each[i]]
    found += [f"floored:{code}" for code, each in computed.floored.items() if each[i]]
    found += [f"treated:{code}" for code, each in computed.treated.items() if each[i]]
    return found + [
        f"rescaled:{node.code}" for node in nodes(computed.root) if _rescaled(computed, node, i)
    ]


def _rescaled(computed: Computed, node: IndexNode, i: int) -> bool:
    """Whether the node has a figure although one of its weighted parts has none."""
    if not np.isfinite(computed.nodes[node.code][i]):
        return False
    parts = {**computed.nodes, **computed.normalised}  # codes are unique over both
    return any(
        child.weight > 0 and not np.isfinite(parts[child.code][i]) for child in node.children
    )


def _weights(index: IndexFramework, computed: Computed) -> Weights:
    codes = list(computed.weights)
    columns = np.column_stack([computed.normalised[code] for code in codes])
    return Weights(
        used=_shares(computed.root),
        as_written=_shares(index.root),
        equal=_shares(with_equal_weights(index.root)),
        budget=budget_spread(index.judges) if index.judges else {},
        principal_components=_named(codes, principal_component_weights(columns)),
        entropy=_named(codes, entropy_weights(columns)),
    )


def _shares(root: IndexNode) -> Mapping[str, float] | Undefined:
    if (code := no_mean(root)) is not None:
        return Undefined("no_shares", code)
    return {code: float(each) for code, each in effective_weights(root).items()}


def _named(codes: list[str], found: Floats | Undefined) -> Mapping[str, float] | Undefined:
    if isinstance(found, Undefined):
        return found
    return {code: float(each) for code, each in zip(codes, found, strict=True)}
