"""Composites: indicators from components, scores from indicators, nodes and total from scores.

Goalposts are fixed by the framework, so an arithmetic composite is linear in the means and its
error exact. Geometric frameworks are arithmetic inside a dimension and geometric across dimensions
(floor 1), as the Human Development Index; its error is by the delta method.

Availability: every node is judged by the weight of its leaves that have a figure. A node without a
weight of its own weighs what its available leaves weigh; a dimension keeps its weight as long as
its coverage reaches the framework's availability, below it is missing with all it holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.domain.frameworks import (
    Framework,
    Gap,
    Indicator,
    Leaf,
    Node,
    Series,
    global_weights,
    leaves,
)
from app.evaluation.components import component_id, series_id
from app.evaluation.quantities import (
    Cell,
    Figure,
    Quantity,
    Reason,
    strongest,
    total,
    weighted_mean,
)

FLOOR = 1.0  # of a dimension in a geometric mean
Aggregation = Literal["arithmetic", "geometric"]


@dataclass(frozen=True)
class Group:
    """A dimension as it enters a total: its share of the whole, and its leaves' shares of it."""

    code: str
    share: Fraction
    leaves: Mapping[str, Fraction]


@dataclass(frozen=True)
class Composite:
    """One node: what it is, its figure, and the share of its weight that had one."""

    kind: Literal["value_node", "dimension", "total"]
    code: str
    figure: Figure
    coverage: float


def indicator_figure(
    indicator: Indicator, territory: str, components: Mapping[Cell, Figure]
) -> Figure:
    """The indicator in its own unit: mean of its audiences by their weights, gaps as differences.

    Missing as soon as one audience is.
    """
    parts: list[tuple[float, Figure]] = []
    for part in indicator.components:
        if isinstance(part.measure, Series):
            cell = (territory, series_id(part.measure.code))
            parts.append((float(part.weight), components.get(cell, Reason.NO_SERIES)))
        elif isinstance(part.measure, Gap):
            sides = [
                components[territory, component_id(indicator.code, part.audience, side)]
                for side in ("group", "others")
            ]
            parts.append((float(part.weight), _difference(sides)))
        else:
            cell = (territory, component_id(indicator.code, part.audience))
            parts.append((float(part.weight), components[cell]))
    return weighted_mean(parts)


def _difference(sides: Sequence[Figure]) -> Figure:
    group, others = sides
    if isinstance(group, Reason) or isinstance(others, Reason):
        return strongest(side for side in sides if isinstance(side, Reason))
    return group - others


def score(indicator: Indicator, figure: Figure) -> Figure:
    """The indicator on 0 to 100 between its goalposts, turned so that more is better."""
    if isinstance(figure, Reason):
        return figure
    low, high = indicator.goalposts
    if not low < high or any(isinstance(part.measure, Gap) for part in indicator.components):
        return Reason.UNDEFINED
    slope = 100.0 / (high - low)
    value = slope * (figure.value - low)
    if not indicator.higher_is_better:
        slope, value = -slope, 100.0 - value
    if value < 0.0 or value > 100.0:
        return figure.mapped(min(max(value, 0.0), 100.0), 0.0, "at_goalpost")
    return figure.mapped(value, slope)


def compose(framework: Framework, scores: Mapping[str, Figure]) -> list[Composite]:
    """Every node of the tree and the total, by the availability rule, in the order of the tree."""
    available = {code for code, figure in scores.items() if isinstance(figure, Quantity)}
    weights = global_weights(framework)
    found = []
    for dimension in framework.dimensions:
        for node in _nodes(dimension):
            kind: Literal["dimension", "value_node"] = (
                "dimension" if node is dimension else "value_node"
            )
            coverage = _coverage(node, available, weights)
            shares = inside_shares(node, available)
            missing = coverage < framework.availability or not shares
            figure: Figure = Reason.COVERAGE_BELOW if missing else _mean(shares, scores)
            found.append(Composite(kind, node.code, figure, float(coverage)))
    groups = available_groups(framework, available, weights)
    covered = sum((weights[code] for group in groups for code in group.leaves), Fraction(0))
    if covered < framework.availability or not groups:
        total_figure: Figure = Reason.COVERAGE_BELOW
    else:
        total_figure = aggregate(groups, scores, framework.aggregation)
    return [*found, Composite("total", "", total_figure, float(covered))]


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        if isinstance(child, Node):
            yield from _nodes(child)


def _coverage(node: Node, available: Collection[str], weights: Mapping[str, Fraction]) -> Fraction:
    codes = [leaf.indicator.code for leaf in leaves(node)]
    whole = sum((weights[code] for code in codes), Fraction(0))
    there = sum((weights[code] for code in codes if code in available), Fraction(0))
    return there / whole if whole else Fraction(0)


def inside_shares(node: Node | Leaf, available: Collection[str]) -> dict[str, Fraction]:
    """Share of a node that each available leaf carries; they sum to 1 unless there is none."""
    if isinstance(node, Leaf):
        return {node.indicator.code: Fraction(1)} if node.indicator.code in available else {}
    inside = [
        (_weight(child, available), inside_shares(child, available)) for child in node.children
    ]
    inside = [(weight, shares) for weight, shares in inside if shares and weight]
    whole = sum((weight for weight, _ in inside), Fraction(0))
    return {
        code: weight / whole * share for weight, shares in inside for code, share in shares.items()
    }


def _weight(node: Node | Leaf, available: Collection[str]) -> Fraction:
    if isinstance(node, Leaf):
        return node.weight if node.indicator.code in available else Fraction(0)
    if node.weight is not None:
        return node.weight
    return sum((_weight(child, available) for child in node.children), Fraction(0))


def available_groups(
    framework: Framework, available: Collection[str], weights: Mapping[str, Fraction]
) -> tuple[Group, ...]:
    """The dimensions that enter the total, their shares summing to 1; empty if none does.

    ``weights``: the global weights of the framework.
    """
    found = []
    for dimension in framework.dimensions:
        shares = inside_shares(dimension, available)
        if shares and _coverage(dimension, available, weights) >= framework.availability:
            found.append((dimension, _weight(dimension, available), shares))
    whole = sum((weight for _, weight, _ in found), Fraction(0))
    return tuple(
        Group(dimension.code, weight / whole, shares)
        for dimension, weight, shares in found
        if weight
    )


def aggregate(
    groups: Sequence[Group], scores: Mapping[str, Figure], aggregation: Aggregation
) -> Quantity:
    """The total of groups whose leaves all have a score."""
    dimensions = [(float(group.share), _mean(group.leaves, scores)) for group in groups]
    if aggregation == "arithmetic":
        return total(dimensions)
    return total((share, floored(value).log()) for share, value in dimensions).exp()


def floored(value: Quantity) -> Quantity:
    """At least 1, so that it can enter a geometric mean."""
    return value if value.value > FLOOR else value.mapped(FLOOR, 0.0, "floored")


def _mean(shares: Mapping[str, Fraction], scores: Mapping[str, Figure]) -> Quantity:
    parts = []
    for code, share in shares.items():
        figure = scores[code]
        assert isinstance(figure, Quantity)  # only available leaves have a share
        parts.append((float(share), figure))
    return total(parts)
