"""Standing shift: does a territory stand elsewhere among the others by its own framework?

On the common set C (own weights rescaled to 1 over it), with *rest* the plain mean of the other
territories:

    shift = (own_C(t) - own_C(rest)) - (national(t) - national(rest))

Every indicator's share in it is exact: for arithmetic frameworks the difference of the weights
times the distance from the rest; for geometric ones through logarithmic means (LMDI, Ang 2004),
which leave no residual and do not depend on an order. National and own totals are never tested
against each other: they contain different things.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.domain.frameworks import Framework, Relation, global_weights, leaves
from app.evaluation.composites import (
    Aggregation,
    Group,
    aggregate,
    available_groups,
    floored,
)
from app.evaluation.crosswalk import Crosswalk
from app.evaluation.quantities import Figure, Quantity, Reason, total

TINY = 1e-9


class ShiftPart(StrEnum):
    """What a standing shift is made of."""

    WEIGHTED_DIFFERENTLY = "weighted_differently"  # kept and reweighted
    REFORMULATED = "reformulated"  # adapted (national one out, own one in) and added, in C
    DROPPED = "dropped"


@dataclass(frozen=True)
class Shift:
    """A standing shift. ``own`` and ``national``: the distances from the rest by either tree.

    ``by_indicator`` sums to ``shift``, and so do ``parts``. ``reach``: for each indicator the
    difference of its weights in the two trees. ``own_groups``, ``national_groups``: the trees as
    they entered. ``covered``: share of the own tree's weight that entered. ``same``: the trees
    weigh what entered alike.
    """

    shift: Quantity
    own: Quantity
    national: Quantity
    parts: Mapping[ShiftPart, Quantity]
    by_indicator: Mapping[str, Quantity]
    reach: Mapping[str, float]
    own_groups: tuple[Group, ...]
    national_groups: tuple[Group, ...]
    covered: Fraction
    same: bool


def standing_shift(
    national: Framework,
    own: Framework,
    crosswalk: Crosswalk,
    here: Mapping[str, Figure],
    rest: Mapping[str, Figure],
) -> Shift | Reason:
    """The shift of one territory from the scores by code (0 to 100) here and of the rest.

    Indicators missing on either side leave both trees; too little left in one is a reason.
    """
    available = {
        code
        for code, figure in here.items()
        if isinstance(figure, Quantity) and isinstance(rest.get(code), Quantity)
    }
    weights = global_weights(national)
    theirs = available_groups(national, available & weights.keys(), weights)
    covered = sum((weights[code] for group in theirs for code in group.leaves), Fraction(0))
    mine = common_groups(own, crosswalk.common & available)
    own_weights = global_weights(own)
    own_covered = _weight_of(own_weights, crosswalk.common & available)
    enough = own_covered >= own.availability * _weight_of(own_weights, crosswalk.common)
    if not theirs or not mine or covered < national.availability or not enough:
        return Reason.COVERAGE_BELOW
    by_own = _Distance.between(mine, here, rest, own.aggregation)
    by_national = _Distance.between(theirs, here, rest, national.aggregation)
    by_indicator = _differences(by_own.by_indicator, by_national.by_indicator)
    flat_own, flat_national = _flat(mine), _flat(theirs)
    reach = {
        code: float(flat_own.get(code, Fraction(0)) - flat_national.get(code, Fraction(0)))
        for code in by_indicator
    }
    same = flat_own == flat_national and own.aggregation == national.aggregation
    return Shift(
        shift=by_own.whole - by_national.whole,
        own=by_own.whole,
        national=by_national.whole,
        parts=_grouped(by_indicator, crosswalk),
        by_indicator=by_indicator,
        reach=reach,
        own_groups=mine,
        national_groups=theirs,
        covered=own_covered,
        same=same,
    )


def common_groups(own: Framework, codes: Collection[str]) -> tuple[Group, ...]:
    """The own tree cut to these indicators, weights rescaled to 1 over them."""
    weights = global_weights(own)
    whole = _weight_of(weights, codes)
    found = []
    for dimension in own.dimensions:
        inside = [leaf.indicator.code for leaf in leaves(dimension) if leaf.indicator.code in codes]
        share = sum((weights[code] for code in inside), Fraction(0))
        if share:
            shares = {code: weights[code] / share for code in inside}
            found.append(Group(dimension.code, share / whole, shares))
    return tuple(found)


def _weight_of(weights: Mapping[str, Fraction], codes: Collection[str]) -> Fraction:
    return sum((weights[code] for code in weights if code in codes), Fraction(0))


def _flat(groups: Sequence[Group]) -> dict[str, Fraction]:
    return {code: group.share * share for group in groups for code, share in group.leaves.items()}


@dataclass(frozen=True)
class _Distance:
    """The difference of a total between two places, and each indicator's part of it."""

    whole: Quantity
    by_indicator: Mapping[str, Quantity]

    @classmethod
    def between(
        cls,
        groups: Sequence[Group],
        here: Mapping[str, Figure],
        rest: Mapping[str, Figure],
        aggregation: Aggregation,
    ) -> _Distance:
        one, other = (aggregate(groups, scores, aggregation) for scores in (here, rest))
        found: dict[str, Quantity] = {}
        for group in groups:
            for code, share in group.leaves.items():
                step = _quantity(here[code]) - _quantity(rest[code])
                found[code] = step.times(float(group.share * share))
        if aggregation == "geometric":
            outer = _secant(one, other, of_log=False)
            for group in groups:
                alone = [Group(group.code, Fraction(1), group.leaves)]
                inner = _secant(
                    aggregate(alone, here, "arithmetic"),
                    aggregate(alone, rest, "arithmetic"),
                    of_log=True,
                )
                for code in group.leaves:
                    found[code] = found[code] * inner * outer
        return cls(one - other, found)


def _secant(one: Quantity, other: Quantity, *, of_log: bool) -> Quantity:
    """(log a - log b) / (a - b) of floored dimensions, or the inverse ratio for totals."""
    if of_log:
        step, logs = one - other, floored(one).log() - floored(other).log()
        if abs(step.value) < TINY:
            middle = (one + other).times(0.5)
            inside = middle.value > 1.0
            return Quantity(1.0) / middle if inside else Quantity(0.0)
        return logs / step
    logs = one.log() - other.log()
    return (one + other).times(0.5) if abs(logs.value) < TINY else (one - other) / logs


def _quantity(figure: Figure) -> Quantity:
    assert isinstance(figure, Quantity)  # only available indicators come here
    return figure


def _differences(
    own: Mapping[str, Quantity], national: Mapping[str, Quantity]
) -> dict[str, Quantity]:
    zero = Quantity(0.0)
    return {
        code: own.get(code, zero) - national.get(code, zero)
        for code in (*own, *(code for code in national if code not in own))
    }


def _grouped(
    by_indicator: Mapping[str, Quantity], crosswalk: Crosswalk
) -> dict[ShiftPart, Quantity]:
    part_of: dict[str, ShiftPart] = {}
    for row in crosswalk.rows:
        part = {
            Relation.KEPT: ShiftPart.WEIGHTED_DIFFERENTLY,
            Relation.REWEIGHTED: ShiftPart.WEIGHTED_DIFFERENTLY,
            Relation.DROPPED: ShiftPart.DROPPED,
        }.get(row.relation, ShiftPart.REFORMULATED)
        for code in (row.national, row.own):
            if code is not None:
                part_of[code] = part
    return {
        part: total((1.0, each) for code, each in by_indicator.items() if part_of[code] is part)
        for part in ShiftPart
    }
