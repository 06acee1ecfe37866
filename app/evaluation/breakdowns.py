"""Declared breakdowns as components: each component again for each group, as a domain.

A person outside a group has neither score nor base there and still is a sampling unit, so a group
is never a smaller sample. The moments of a breakdown stand by themselves: those of the whole stay
as they are, digit for digit, and the groups of one breakdown have their covariance.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from app.domain.breakdowns import PROXY, Breakdown, Group
from app.domain.conditions import OneOf
from app.evaluation.components import ComponentDefinition, Within
from app.evaluation.estimation import TerritoryEstimates, estimates
from app.evaluation.moments import Moments
from app.evaluation.quantities import Cell, Errors
from app.evaluation.veiling import veiled
from app.evaluation.weighted_moments import AS_DRAWN, Weighting


def group_id(component: str, breakdown: Breakdown, group: Group) -> str:
    """The id of a component in a group."""
    return f"{component}@{breakdown.code}.{group.code}"


def group_definitions(
    breakdown: Breakdown, components: Mapping[str, ComponentDefinition]
) -> dict[str, ComponentDefinition]:
    """Every component of the breakdown's audience in every group, by id.

    A gap compares two groups already, and is not broken down.
    """
    found = {}
    for name, each in components.items():
        if each.audience is breakdown.audience and each.group is None:
            for group in breakdown.groups:
                key = group_id(name, breakdown, group)
                found[key] = replace(each, id=key, within=_within(breakdown, group))
    return found


def all_group_definitions(
    breakdowns: Sequence[Breakdown], components: Mapping[str, ComponentDefinition]
) -> dict[str, ComponentDefinition]:
    """The same of several breakdowns."""
    found: dict[str, ComponentDefinition] = {}
    for each in breakdowns:
        found |= group_definitions(each, components)
    return found


def _within(breakdown: Breakdown, group: Group) -> Within:
    if breakdown.question is None:
        return Within(breakdown.code, group.code, proxy=group.code == PROXY)
    return Within(breakdown.code, group.code, OneOf(breakdown.question, group.options))


@dataclass(frozen=True, eq=False)
class BrokenDown:
    """One breakdown with the estimates of its groups by territory; ``errors``: of all figures
    made of them."""

    breakdown: Breakdown
    definitions: Mapping[str, ComponentDefinition]
    estimates: Mapping[str, TerritoryEstimates]
    errors: Errors

    def veiled(self, hidden: Collection[Cell]) -> BrokenDown:
        """The same, with errors that say nothing of the answers in ``hidden`` cells."""
        found = veiled(self.estimates, hidden)
        return replace(self, estimates=found, errors=Errors(found))

    @cached_property
    def indicators(self) -> dict[str, dict[str, ComponentDefinition]]:
        """By indicator the component of each group, in the order of the groups."""
        found: dict[str, dict[str, ComponentDefinition]] = {}
        for each in self.definitions.values():
            assert each.within is not None
            found.setdefault(each.indicator, {})[each.within.group] = each
        return found


def broken_down(
    breakdowns: Sequence[Breakdown],
    components: Mapping[str, ComponentDefinition],
    measured: Mapping[str, Moments],
    weighting: Weighting = AS_DRAWN,
) -> Iterator[BrokenDown]:
    """The breakdowns whose moments are in ``measured``, by code, estimated."""
    for each in breakdowns:
        if each.code in measured:
            definitions = group_definitions(each, components)
            shares = frozenset(name for name, one in definitions.items() if one.is_share)
            found = estimates(measured[each.code], shares, weighting)
            yield BrokenDown(each, definitions, found, Errors(found))
