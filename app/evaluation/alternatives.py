"""Components under other rules about persons: their means alone, for trying other methods.

A variant changes the missing rule of scales, what "don't know" counts as, or whose answers count.
Only sums are kept, no errors: what is published of them is which signs they turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import NamedTuple

import numpy as np

from app.domain.frameworks import Framework, Scale, Share, ShareOfItems
from app.domain.method_choices import DontKnow, Respondents
from app.evaluation.components import ComponentDefinition
from app.evaluation.crosswalk import Asked
from app.evaluation.measurement import Data, could_answer
from app.evaluation.quantities import Cell
from app.evaluation.scoring import score


@dataclass(frozen=True, slots=True)
class Variant:
    """Rules about persons. ``missing``: the least share of a scale's items; None: as defined."""

    missing: Fraction | None = None
    dont_know: DontKnow = "as_defined"
    respondents: Respondents = "all"


class Mean(NamedTuple):
    """People in the base, and the weighted mean of their scores, 0 to 100."""

    n: int
    value: float


AS_DEFINED = Variant()
Alternatives = Mapping[tuple[Cell, Variant], Mean]


def variants_of(frameworks: Iterable[Framework]) -> tuple[Variant, ...]:
    """Every combination of rules about persons that some framework admits."""
    found: dict[Variant, None] = {}
    for framework in frameworks:
        if framework.methods is not None:
            methods = framework.methods
            for choice in product(
                methods.missing or (None,),
                methods.dont_know or ("as_defined",),
                methods.respondents or ("all",),
            ):
                found[Variant(*choice)] = None
    return tuple(found)


def reduced(definition: ComponentDefinition, variant: Variant) -> Variant:
    """What of a variant changes this component: a share has no missing rule, a scale no other."""
    measure = definition.measure
    if isinstance(measure, Scale):
        missing = None if variant.missing == measure.minimum else variant.missing
        return Variant(missing, "as_defined", variant.respondents)
    same = variant.dont_know in ("as_defined", measure.dont_know)
    return Variant(None, "as_defined" if same else variant.dont_know, variant.respondents)


def alternatives(
    data: Data,
    definitions: Mapping[str, ComponentDefinition],
    asked: Asked,
    variants: Iterable[Variant],
) -> Alternatives:
    """The means of all components that these variants change, where somebody is in the base."""
    variants = tuple(variants)
    found: dict[tuple[Cell, Variant], Mean] = {}
    for definition in definitions.values():
        if definition.audience in data and definition.group is None:
            wanted = dict.fromkeys(reduced(definition, variant) for variant in variants)
            for variant in wanted:
                if variant != AS_DEFINED:
                    found.update(_means(definition, variant, data, asked))
    return found


def _means(
    definition: ComponentDefinition, variant: Variant, data: Data, asked: Asked
) -> Iterator[tuple[tuple[Cell, Variant], Mean]]:
    columns, who = data[definition.audience]
    scores = score(_changed(definition, variant), columns)
    counts = scores.d & could_answer(definition, who, asked) & (who.weight > 0)
    if variant.respondents == "self_only":
        counts &= ~who.proxy
    weight = np.where(counts, who.weight, 0.0)
    size = len(who.territories)
    people = np.bincount(who.territory, counts, size)
    whole = np.bincount(who.territory, weight, size)
    total = np.bincount(who.territory, weight * scores.x, size)
    for place in np.flatnonzero(people):
        cell = (who.territories[place], definition.id)
        yield (cell, variant), Mean(int(people[place]), float(total[place] / whole[place]))


def _changed(definition: ComponentDefinition, variant: Variant) -> Share | Scale | ShareOfItems:
    measure = definition.measure
    if isinstance(measure, Scale):
        return measure if variant.missing is None else replace(measure, minimum=variant.missing)
    if variant.dont_know == "as_defined":
        return measure
    return replace(measure, dont_know=variant.dont_know)
