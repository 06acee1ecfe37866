"""A framework's tree under other admissible weights: equal ones, or those of each judge."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from fractions import Fraction

from app.domain.frameworks import Framework, Leaf, Node
from app.domain.method_choices import Methods, Weighting
from app.evaluation.comparison import common_groups


def weightings(
    framework: Framework, methods: Methods, codes: Collection[str]
) -> Iterator[tuple[str, Framework]]:
    """Each admissible weighting of the tree, named ``framework``, ``equal``, ``judge1`` …

    ``codes``: the indicators that will be used; a judge whose points all lie outside their
    dimensions has nothing to say and is left out.
    """
    used = {group.code for group in common_groups(framework, codes)}
    for weighting in methods.weights:
        if weighting is Weighting.FRAMEWORK:
            yield weighting.value, framework
        elif weighting is Weighting.EQUAL:
            yield weighting.value, _equal(framework)
        else:
            for number, points in enumerate(map(dict, methods.judges), start=1):
                if any(points.get(code) for code in used):
                    yield f"judge{number}", _judged(framework, points)


def _equal(framework: Framework) -> Framework:
    """The tree with dimensions alike, and inside a dimension its indicators alike."""
    one = Fraction(1)
    return replace(
        framework,
        dimensions=tuple(replace(_alike(each), weight=one) for each in framework.dimensions),
    )


def _alike(node: Node) -> Node:
    children: tuple[Node | Leaf, ...] = tuple(
        _alike(child) if isinstance(child, Node) else Leaf(child.indicator, Fraction(1))
        for child in node.children
    )
    return replace(node, children=children, weight=None)


def _judged(framework: Framework, points: dict[str, Fraction]) -> Framework:
    """The tree with a judge's points as the weights of its dimensions."""
    return replace(
        framework,
        dimensions=tuple(
            replace(each, weight=points.get(each.code, Fraction(0)))
            for each in framework.dimensions
        ),
    )
