"""The cross table: every territory scored by one tree, cut to what was asked everywhere.

A column is one framework and one common set, the same for all rows, its weights rescaled to 1 over
it; so scores can be compared down a column, never along a row. A territory without one of the
indicators (withheld, or nobody answered) is scored without it and flagged incomplete; it has no
rank, since it is not on the common set. Full own scores stand apart and are not ranked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from math import sqrt

import numpy as np

from app.domain.frameworks import Framework, global_weights, indicators
from app.evaluation.comparison import common_groups
from app.evaluation.composites import aggregate, score
from app.evaluation.drafting import Draft
from app.evaluation.observing import Published
from app.evaluation.quantities import Figure, Quantity, Reason
from app.evaluation.rank_sets import RankSets, rank_sets
from app.evaluation.ranking import agreement
from app.evaluation.tables import Observation, What


@dataclass(frozen=True)
class Entry:
    """A territory in a column: its score, and the share of the common set's weight behind it."""

    figure: Figure
    coverage: Fraction


class Column:
    """One framework's common set applied to every territory of a draft."""

    def __init__(self, draft: Draft, framework: Framework, seed: int) -> None:
        self.draft = draft
        self.framework = framework
        self.seed = seed
        own = draft.crosswalks.get(framework.territory or "")
        everywhere = draft.programme.everywhere
        self.codes = frozenset(
            each.code
            for each in indicators(framework)
            if (everywhere(each.code) if own is None else each.code in own.common)
        )
        weights = global_weights(framework)
        self.weights = {code: weights[code] for code in self.codes}

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """The score of every territory."""
        return {place: self._entry(place) for place in self.draft.programme.territories}

    def _entry(self, place: str) -> Entry:
        scores = {
            each.code: score(each, self.draft.figure(place, each.code))
            for each in indicators(self.framework)
            if each.code in self.codes
        }
        available = {code for code, figure in scores.items() if isinstance(figure, Quantity)}
        whole = sum(self.weights.values(), Fraction(0))
        there = sum((self.weights[code] for code in available), Fraction(0))
        coverage = there / whole if whole else Fraction(0)
        if not there or coverage < self.framework.availability:
            return Entry(Reason.COVERAGE_BELOW, coverage)
        groups = common_groups(self.framework, available)
        return Entry(aggregate(groups, scores, self.framework.aggregation), coverage)

    @cached_property
    def ranked(self) -> dict[str, Quantity]:
        """The territories on the whole common set that have an error: the others are absent."""
        return {
            place: entry.figure
            for place, entry in self.entries.items()
            if isinstance(entry.figure, Quantity)
            and entry.coverage == 1
            and self.draft.programme.errors.df(entry.figure) is not None
        }

    @cached_property
    def sets(self) -> RankSets | None:
        """The rank sets of the ranked territories, in their order; None for fewer than two."""
        errors = self.draft.programme.errors
        scores = list(self.ranked.values())
        if len(scores) < 2:
            return None
        df = min(each for score in scores if (each := errors.df(score)) is not None)
        values = [score.value for score in scores]
        return rank_sets(values, errors.covariance(scores), df, self.seed)

    @cached_property
    def above(self) -> frozenset[tuple[str, str]]:
        """The pairs of territories whose order this column settles, the higher one first."""
        names = list(self.ranked)
        pairs = () if self.sets is None else self.sets.above
        return frozenset((names[i], names[j]) for i, j in pairs)

    def observations(self) -> Iterator[Published]:
        """Scores of all, then rank sets and chances of the first place of those with a rank."""
        for place, entry in self.entries.items():
            flags = ("incomplete",) if 0 < entry.coverage < 1 else ()
            at = Observation(place, self.framework.code, What.CROSS, flags=flags)
            drawn = self.draft.observer.level(at, entry.figure)
            if isinstance(entry.figure, Quantity):
                seen = replace(drawn.observation, coverage=float(entry.coverage))
                drawn = replace(drawn, observation=seen)
            yield drawn
        if self.sets is not None:
            for k, place in enumerate(self.ranked):
                yield from self._ranks(self.sets, k, place)

    def _ranks(self, sets: RankSets, k: int, place: str) -> Iterator[Published]:
        for code, places in (("marginal", sets.marginal), ("simultaneous", sets.simultaneous)):
            low, high = places[k]
            at = Observation(place, self.framework.code, What.RANK, code)
            yield Published(replace(at, value=(low + high) / 2, low=low, high=high))
        at = Observation(place, self.framework.code, What.FIRST_PLACE)
        yield Published(replace(at, value=sets.first[k]))


def across(draft: Draft, seed: int) -> Iterator[Published]:
    """The cross table, rank sets, and where the order by a territory's tree leaves the nation's."""
    programme = draft.programme
    national = Column(draft, programme.national, seed)
    yield from national.observations()
    for territory in draft.crosswalks:
        column = Column(draft, programme.own[territory], seed)
        yield from column.observations()
        yield from _order(territory, national, column)
        yield from _flips(national, column)


def _order(territory: str, national: Column, column: Column) -> Iterator[Published]:
    """How far two orders of the same territories agree: a description."""
    both = [place for place in national.ranked if place in column.ranked]
    scores = [np.array([each.ranked[place].value for place in both]) for each in (national, column)]
    found = agreement(*scores)
    for code, figure in (
        ("kendall_tau_b", found.kendall_tau_b),
        ("spearman", found.spearman),
    ):
        at = Observation(territory, column.framework.code, What.ORDER, code)
        known = figure if isinstance(figure, float) else None
        reason = str(Reason.UNDEFINED) if known is None else None
        yield Published(replace(at, value=known, reason=reason))


def _flips(national: Column, column: Column) -> Iterator[Published]:
    """The pairs of territories in opposite orders, with z of the difference under each tree."""
    errors = national.draft.programme.errors
    both = [place for place in national.ranked if place in column.ranked]
    for one, other in combinations(both, 2):
        steps = [each.ranked[one] - each.ranked[other] for each in (national, column)]
        if steps[0].value * steps[1].value >= 0:
            continue
        pair, turned = (one, other), (other, one)
        resolved = all(pair in each.above or turned in each.above for each in (national, column))
        for tree, step in zip(("national", "own"), steps, strict=True):
            variance = errors.variance(step)
            at = Observation(one, column.framework.code, What.FLIP, f"{other}.{tree}")
            if variance > 0:
                flags = ("resolved",) if resolved else ()
                yield Published(replace(at, value=step.value / sqrt(variance), flags=flags))
