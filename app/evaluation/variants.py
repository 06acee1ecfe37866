"""The order of the territories under every variant of an index, and how far any two agree.

A variant is a framework's tree on its common set (the same for all territories), as it is written
or with one of its admissible choices in the place of its own: another aggregation, normalisation
or weighting. Everything is read off figures that are shown, so it tells nothing that they do not.
Ranks are those of the territories with every indicator of the set, without error: which places are
possible is said by the rank sets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from app.domain.frameworks import Framework, indicators
from app.domain.method_choices import Normalisation
from app.domain.territories import NATION
from app.evaluation.columns import Floats
from app.evaluation.comparison import common_groups
from app.evaluation.composites import Aggregation, Group
from app.evaluation.crosswalk import crosswalk
from app.evaluation.figures import Programme
from app.evaluation.method_scores import Values, here_and_rest
from app.evaluation.ranking import agreement, ranks
from app.evaluation.robustness import total_of
from app.evaluation.tables import Observation, What
from app.evaluation.undefined import Undefined
from app.evaluation.weightings import weightings

AS_WRITTEN = "as_written"
MEASURES = ("kendall_tau_b", "spearman", "mean_shift", "max_shift")


@dataclass(frozen=True)
class _Way:
    """One way to compute an index: its name, the tree cut to the common set, and how."""

    name: str
    groups: tuple[Group, ...]
    aggregation: Aggregation
    normalisation: Normalisation


def variants(programme: Programme, shown: Sequence[Observation]) -> Iterator[Observation]:
    """The rank of each territory in each variant, then the agreement of every two of them.

    ``shown``: the observations that are given out, of which the indicators are read.
    """
    values = {
        (each.territory, each.code): each.value
        for each in shown
        if each.what == What.INDICATOR and each.audience is None and each.value is not None
    }
    totals: dict[str, Floats] = {}
    for framework in (programme.national, *programme.own.values()):
        for name, found in _totals(programme, framework, values):
            totals[f"{framework.code}.{name}"] = found
            for place, rank in zip(programme.territories, ranks(found).tolist(), strict=True):
                at = Observation(place, framework.code, What.VARIANT_RANK, name)
                yield replace(at, value=float(rank)) if rank else replace(at, reason="undefined")
    for one, other in combinations(totals, 2):
        yield from _agreement(f"{one}@{other}", totals[one], totals[other])


def _agreement(pair: str, one: Floats, other: Floats) -> Iterator[Observation]:
    found = agreement(one, other)
    for measure in MEASURES:
        figure = getattr(found, measure)
        at = Observation(NATION, None, What.AGREEMENT, f"{measure}.{pair}")
        known = not isinstance(figure, Undefined)
        yield replace(at, value=float(figure)) if known else replace(at, reason="undefined")


def _totals(
    programme: Programme, framework: Framework, values: Mapping[tuple[str, str], float]
) -> Iterator[tuple[str, Floats]]:
    """By variant the total of every territory, NaN where one of the indicators is not shown."""
    codes = _common(programme, framework)
    places = programme.territories
    ranked = [p for p, place in enumerate(places) if all((place, code) in values for code in codes)]
    if not codes or len(ranked) < 2:
        return
    table = np.array([[values[places[p], code] for code in codes] for p in ranked])
    found = Values([programme.indicators[code] for code in codes], table, np.ones_like(table) > 0)
    for way in _ways(framework, codes):
        totals = np.full(len(places), np.nan)
        for row, place in enumerate(ranked):
            scores = here_and_rest(found, row, way.normalisation)[0]
            totals[place] = total_of(
                way.groups, dict(zip(codes, scores, strict=True)), way.aggregation
            )
        yield way.name, totals


def _common(programme: Programme, framework: Framework) -> tuple[str, ...]:
    """The framework's indicators that every territory can have, in the order of its tree."""
    codes = [each.code for each in indicators(framework)]
    if framework is programme.national:
        return tuple(code for code in codes if programme.everywhere(code))
    common = crosswalk(programme.national, framework, programme.asked).common
    return tuple(code for code in codes if code in common)


def _ways(framework: Framework, codes: Sequence[str]) -> Iterator[_Way]:
    written = _Way(
        AS_WRITTEN,
        common_groups(framework, codes),
        framework.aggregation,
        Normalisation.GOALPOSTS,
    )
    yield written
    methods = framework.methods
    if methods is None:
        return
    for how in methods.aggregation:
        if how != written.aggregation:
            yield replace(written, name=how, aggregation=how)
    for kind in methods.normalisation:
        if kind is not written.normalisation:
            yield replace(written, name=kind.value, normalisation=kind)
    for name, tree in weightings(framework, methods, codes):
        if tree is not framework:
            yield replace(written, name=name, groups=common_groups(tree, codes))
