"""Frameworks: a tree Dimension > Public value > Indicator with weights, and measures on answers.

A national framework stands alone. A territory's own extends a version of it and says of each
national indicator whether it is kept, adapted, reweighted or dropped, and what it adds.
Weights are exact fractions: whole numbers in files, shares of one after resolution.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from app.domain import conditions
from app.domain.breakdowns import Breakdown
from app.domain.conditions import Condition
from app.domain.evidence import Evidence
from app.domain.method_choices import Methods
from app.domain.questionnaire import Audience
from app.domain.text import NO_TEXT, Text

Counting = Literal["no", "out"]  # a missing kind counts as "does not hold", or leaves the base


class Relation(StrEnum):
    """How an indicator of a territory's framework relates to the national one."""

    KEPT = "kept"
    ADAPTED = "adapted"
    REWEIGHTED = "reweighted"
    DROPPED = "dropped"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Share:
    """Share (0 to 100) of the base for whom ``of`` holds.

    The base is who meets ``base`` (everyone without it) and gave a value to every item that
    ``of`` reads. ``dont_know``, ``not_concerned`` and ``not_shown`` say whether a person without
    a value for that reason leaves the base ("out") or stays in it as not holding ("no").
    Prefer not to say and skipped always leave the base.
    """

    of: Condition
    base: Condition | None = None
    dont_know: Counting = "out"
    not_concerned: Counting = "out"
    not_shown: Counting = "out"


@dataclass(frozen=True, slots=True)
class Scale:
    """Mean (0 to 100) of a person's rescaled item scores, ``reversed`` ones turned.

    Each score x becomes 100 (x - lowest) / (highest - lowest) over the item's scored options.
    A person without values for at least ``minimum`` of the items is out of the base.
    """

    items: tuple[str, ...]
    reversed: tuple[str, ...] = ()
    base: Condition | None = None
    minimum: Fraction = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Part:
    """One element of ``ShareOfItems``; it counts for a person only where ``when`` holds."""

    of: Condition
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class ShareOfItems:
    """Mean over persons of the share (0 to 100) of counted parts that hold for them.

    A part counts where its ``when`` holds and every item its ``of`` reads has a value, or is
    without one for a reason that counts as "no". A person with no counted part is out.
    """

    parts: tuple[Part, ...]
    base: Condition | None = None
    dont_know: Counting = "out"
    not_concerned: Counting = "out"
    not_shown: Counting = "out"


@dataclass(frozen=True, slots=True)
class Gap:
    """Signed difference of a measure: those meeting ``group`` minus the others. Never scored."""

    measure: Share | Scale | ShareOfItems
    group: Condition


@dataclass(frozen=True, slots=True)
class Series:
    """A figure that no questionnaire gives: numerator and denominator per territory and period.

    It is ``per`` x sum of numerators / sum of denominators: 100 gives percent.
    """

    code: str
    per: int = 100


Measure = Share | Scale | ShareOfItems | Gap | Series


def items_of(measure: Measure) -> frozenset[str]:
    """Every item code that the measure reads."""
    found: frozenset[str] = frozenset()
    if isinstance(measure, Series):
        return found
    if isinstance(measure, Gap):
        return items_of(measure.measure) | conditions.items_of(measure.group)
    if measure.base is not None:
        found |= conditions.items_of(measure.base)
    if isinstance(measure, Share):
        return found | conditions.items_of(measure.of)
    if isinstance(measure, Scale):
        return found | frozenset(measure.items)
    for part in measure.parts:
        found |= conditions.items_of(part.of)
        if part.when is not None:
            found |= conditions.items_of(part.when)
    return found


@dataclass(frozen=True, slots=True)
class Component:
    """A measure for one audience; ``weight`` is the audience's share inside the indicator."""

    audience: Audience
    measure: Measure
    weight: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Target:
    """A level somebody set: never invented."""

    value: float
    owner: Text
    date: str


@dataclass(frozen=True)
class Indicator:
    """What is measured. ``scored`` is false for what stands in the ledger only."""

    code: str
    title: Text
    components: tuple[Component, ...]
    unit: Literal["%", "points"] = "%"
    higher_is_better: bool = True
    goalposts: tuple[float, float] = (0.0, 100.0)
    scored: bool = True
    target: Target | None = None
    note: Text = NO_TEXT
    origin: str | None = None  # the national code that an adapted indicator stands for
    relation: Relation | None = None  # None in a national framework
    evidence: Evidence | None = None
    source: Text = NO_TEXT


@dataclass(frozen=True)
class Node:
    """A dimension or a public value. Without ``weight`` it weighs what its children sum to."""

    code: str
    title: Text
    children: tuple[Node | Leaf, ...]
    weight: Fraction | None = None
    description: Text = NO_TEXT


@dataclass(frozen=True)
class Leaf:
    """An indicator at its place in the tree, with its weight among the dimension's indicators."""

    indicator: Indicator
    weight: Fraction


@dataclass(frozen=True)
class Change:
    """What a territory did with one national indicator, or that it added one."""

    relation: Relation
    indicator: str  # the national code; for "added" the own code
    replaced_by: str | None = None  # the own code of an adapted indicator
    reason: Text = NO_TEXT
    evidence: Evidence = Evidence.ILLUSTRATIVE
    source: Text = NO_TEXT
    factor: Fraction | None = None  # of a reweighted indicator


@dataclass(frozen=True)
class Framework:
    """A resolved framework: everything needed to compute and to explain it."""

    code: str  # "NAT", "BDX"
    title: Text
    dimensions: tuple[Node, ...]
    territory: str | None = None  # None: national
    extends: tuple[str, int] | None = None  # (code, number) of the national version
    description: Text = NO_TEXT
    aggregation: Literal["arithmetic", "geometric"] = "arithmetic"
    availability: Fraction = Fraction(3, 5)
    margin: float | None = None  # delta in points; None: a quarter of the spread of the scores
    changes: tuple[Change, ...] = ()
    ledger: tuple[Indicator, ...] = ()  # shown, never scored
    source: Text = NO_TEXT
    version: int | None = field(default=None)  # number once published
    methods: Methods | None = None  # None: nothing is said of other methods
    breakdowns: tuple[Breakdown, ...] = ()  # the nation's, for every territory


def leaves(node: Node | Leaf) -> Iterator[Leaf]:
    """The leaves under a node, in order."""
    if isinstance(node, Leaf):
        yield node
    else:
        for child in node.children:
            yield from leaves(child)


def indicators(framework: Framework) -> tuple[Indicator, ...]:
    """The scored indicators in the order of the tree."""
    return tuple(leaf.indicator for node in framework.dimensions for leaf in leaves(node))


def node_weight(node: Node | Leaf) -> Fraction:
    """A node's own weight, or what its children sum to."""
    if node.weight is not None:
        return node.weight
    assert isinstance(node, Node)  # a leaf always has a weight
    return sum((node_weight(child) for child in node.children), Fraction(0))


def global_weights(framework: Framework) -> dict[str, Fraction]:
    """Share of the whole that each scored indicator carries; they sum to exactly 1."""
    weights: dict[str, Fraction] = {}

    def walk(children: tuple[Node | Leaf, ...], share: Fraction) -> None:
        total = sum((node_weight(child) for child in children), Fraction(0))
        for child in children:
            part = share * node_weight(child) / total
            if isinstance(child, Leaf):
                weights[child.indicator.code] = part
            else:
                walk(child.children, part)

    walk(framework.dimensions, Fraction(1))
    return weights


def overlap(one: Framework, other: Framework) -> Fraction:
    """Sum of the smaller weight over shared indicator codes: a property of documents, 0 to 1."""
    left, right = global_weights(one), global_weights(other)
    return sum((min(left[code], right[code]) for code in left.keys() & right.keys()), Fraction(0))
