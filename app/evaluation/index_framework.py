"""An index over a table of ready values: its tree, weights, and how each value is normalised.

For figures that are computed elsewhere: units (countries, territories, centres) by indicators. The
framework of a programme, with measures on answers, is ``app.domain.frameworks``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from app.evaluation.index_steps import Step


class Method(StrEnum):
    """How a column of raw values is made comparable; formulas in ``normalisation``."""

    GOALPOSTS = "goalposts"
    MIN_MAX = "min_max"
    Z_SCORE = "z_score"
    RANK = "rank"
    BORDA = "borda"
    PERCENTILE_RANK = "percentile_rank"
    DISTANCE_TO_TARGET = "distance_to_target"
    DISTANCE_TO_MAXIMUM = "distance_to_maximum"
    NONE = "none"


class Weighting(StrEnum):
    """Whose weights: as written, equal inside every node, or the mean of the judges' points."""

    FRAMEWORK = "framework"
    EQUAL = "equal"
    BUDGET = "budget"


# the power of a generalised mean (1, 0 geometric, -1 harmonic), or a rule that is no mean
Aggregation = (
    float
    | Literal["copeland", "minimum", "maximum", "product", "ratio"]
    | Literal["mazziotta_pareto", "mazziotta_pareto_of_ills"]
)
PENALISED = ("mazziotta_pareto", "mazziotta_pareto_of_ills")
ARITHMETIC, GEOMETRIC, HARMONIC = 1.0, 0.0, -1.0
UNSHARED = frozenset(("minimum", "maximum", "product", "ratio"))
EXPONENTS = "product"  # its weights are powers, not shares


@dataclass(frozen=True)
class IndexIndicator:
    """A leaf. ``column``: its name in the table; ``method`` None: that of the index.

    ``constant``: the value of every unit, in place of a column. ``steps`` come before the
    normalisation; ``goalposts``, ``target``: in the raw unit, before the steps. ``capped``: a
    distance to target is not above 1, values beyond goalposts are cut; None: only the latter.
    """

    code: str
    column: str
    weight: Fraction = Fraction(1)
    higher_is_better: bool = True
    method: Method | None = None
    goalposts: tuple[float, float] | None = None
    target: float | None = None
    capped: bool | None = None
    steps: tuple[Step, ...] = ()
    constant: float | None = None


@dataclass(frozen=True)
class IndexNode:
    """A node with at least one child; ``copeland`` stands at the root only.

    ``steps``: after its aggregation. ``availability`` None: that of the index; ``least_parts``,
    ``least_indicators``: how many children, and leaves under it, must have a figure.
    """

    code: str
    children: tuple[IndexNode | IndexIndicator, ...]
    weight: Fraction = Fraction(1)
    aggregation: Aggregation = ARITHMETIC
    steps: tuple[Step, ...] = ()
    availability: Fraction | None = None
    least_parts: int = 0
    least_indicators: int = 0


@dataclass(frozen=True)
class Choices:
    """Admissible options of each method choice; an empty tuple: as the index is written.

    None among the options means "as written". ``without``: indicators left out, one at a time.
    """

    normalisation: tuple[Method | None, ...] = ()
    aggregation: tuple[Aggregation | None, ...] = ()  # of the root
    weights: tuple[Weighting, ...] = ()
    availability: tuple[Fraction | None, ...] = ()
    without: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class IndexFramework:
    """A whole index. ``scale``: what 0 and 1 become after a normalisation to 0..1;

    ``availability``: least share of a node's weight that must have a figure; ``floor``: values
    below it are raised to it in geometric and harmonic means, which are 0 with a value of 0;
    ``judges``: points by judge and indicator, 100 each.
    """

    code: str
    root: IndexNode
    availability: Fraction
    normalisation: Method = Method.GOALPOSTS
    scale: tuple[float, float] = (0.0, 100.0)
    weights: Weighting = Weighting.FRAMEWORK
    floor: float | None = None
    unit_column: str = "unit"
    judges: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    choices: Choices = Choices()

    @property
    def indicators(self) -> tuple[IndexIndicator, ...]:
        """The leaves in the order of the tree."""
        return tuple(leaves(self.root))


def leaves(node: IndexNode | IndexIndicator) -> Iterator[IndexIndicator]:
    """The indicators under a node, in order."""
    if isinstance(node, IndexIndicator):
        yield node
    else:
        for child in node.children:
            yield from leaves(child)


def nodes(node: IndexNode) -> Iterator[IndexNode]:
    """The node and every node under it, from the root down."""
    yield node
    for child in node.children:
        if isinstance(child, IndexNode):
            yield from nodes(child)


def effective_weights(root: IndexNode) -> dict[str, Fraction]:
    """Share of the whole that each indicator carries: the product of shares down the tree."""
    found: dict[str, Fraction] = {}

    def walk(node: IndexNode | IndexIndicator, share: Fraction) -> None:
        if isinstance(node, IndexIndicator):
            found[node.code] = share
            return
        whole = sum((child.weight for child in node.children), Fraction(0))
        for child in node.children:
            walk(child, share * child.weight / whole if whole else Fraction(0))

    walk(root, Fraction(1))
    return found


def no_mean(root: IndexNode) -> str | None:
    """The code of a node that is no mean of its parts, so that none has a share; None: no such."""
    found = (node.code for node in nodes(root) if node.aggregation in UNSHARED)
    return next(found, None)


def without(node: IndexNode, code: str) -> IndexNode | None:
    """The tree without one indicator and without nodes that it leaves empty."""
    kept: list[IndexNode | IndexIndicator] = []
    for child in node.children:
        if isinstance(child, IndexIndicator):
            kept += [child] * (child.code != code)
        elif (smaller := without(child, code)) is not None:
            kept.append(smaller)
    return replace(node, children=tuple(kept)) if kept else None


def with_equal_weights(node: IndexNode) -> IndexNode:
    """The tree in which the children of every node weigh the same; exponents stay as they are."""
    shared = node.aggregation != EXPONENTS
    return replace(
        node,
        children=tuple(
            replace(
                with_equal_weights(child) if isinstance(child, IndexNode) else child,
                weight=Fraction(1) if shared else child.weight,
            )
            for child in node.children
        ),
    )


def with_leaf_weights(node: IndexNode, weights: Mapping[str, Fraction]) -> IndexNode:
    """The tree in which leaves weigh as given, and nodes what their leaves weigh together."""
    children: list[IndexNode | IndexIndicator] = []
    for child in node.children:
        if isinstance(child, IndexNode):
            inner = with_leaf_weights(child, weights)
            whole = sum((weights[leaf.code] for leaf in leaves(inner)), Fraction(0))
            children.append(replace(inner, weight=whole))
        else:
            children.append(replace(child, weight=weights[child.code]))
    return replace(node, children=tuple(children))
