"""Which other ways of computing a framework admits, so that a finding can be tried under all.

Every combination of one choice from each list is an admissible method. An empty list leaves the
framework's own way alone. Each list that is given holds the framework's own way too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal

Aggregation = Literal["arithmetic", "geometric"]
DontKnow = Literal["as_defined", "out", "no"]
Respondents = Literal["all", "self_only"]
Judge = tuple[tuple[str, Fraction], ...]  # (dimension, points)


class Normalisation(StrEnum):
    """How an indicator becomes a score; all but the first read the territories' values too."""

    GOALPOSTS = "goalposts"  # between the fixed ends of the indicator
    MIN_MAX = "min_max"  # between the lowest and the highest territory
    Z = "z"  # standard deviations from the mean of territories, as 50 + 10 z
    RANK = "rank"  # share of the other territories that are lower
    DISTANCE_TO_TARGET = "distance_to_target"  # between the low goalpost and the target


class Weighting(StrEnum):
    """Whose weights the own tree is given; the national tree, the yardstick, keeps its own."""

    FRAMEWORK = "framework"
    EQUAL = "equal"  # dimensions alike, and inside a dimension its indicators
    JUDGES = "judges"  # one method for each judge


@dataclass(frozen=True, slots=True)
class Methods:
    """The admissible choices of a framework.

    ``judges``: the points that each judge gave the dimensions. ``missing``: least shares of the
    items of a scale that must be answered. ``dont_know``: as each measure says, or out of the base
    or "does not hold" in all of them. ``respondents``: everyone, or without those for whom
    somebody else answered.
    """

    aggregation: tuple[Aggregation, ...] = ()
    normalisation: tuple[Normalisation, ...] = ()
    weights: tuple[Weighting, ...] = ()
    judges: tuple[Judge, ...] = ()
    missing: tuple[Fraction, ...] = ()
    dont_know: tuple[DontKnow, ...] = ()
    respondents: tuple[Respondents, ...] = ()


LISTS = ("aggregation", "normalisation", "weights", "missing", "dont_know", "respondents")
OWN_WAY = {
    "normalisation": Normalisation.GOALPOSTS,
    "weights": Weighting.FRAMEWORK,
    "dont_know": "as_defined",
    "respondents": "all",
}


def listed(methods: Methods) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Each list that is given, by its key."""
    for name in LISTS:
        choices = getattr(methods, name)
        if choices:
            yield name, choices
