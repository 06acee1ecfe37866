"""Does a standing shift keep its sign under every method that the framework admits?

All combinations of the admissible choices are enumerated on the indicators that entered the shift,
the same for all. Aggregation and normalisation change both trees; weights change the own one, the
national being the yardstick; rules about persons change the figures of every territory. What is
told is the share of methods that keep the sign, and which choice turns it: Sobol shares of "keeps
the sign" (0 or 1), so that methods in different units can stand in one table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from math import exp, log
from typing import Any

import numpy as np

from app.domain.frameworks import Indicator, Series
from app.domain.method_choices import (
    Aggregation,
    DontKnow,
    Methods,
    Normalisation,
    Respondents,
)
from app.domain.questionnaire import Audience
from app.evaluation.alternatives import AS_DEFINED, Variant, reduced
from app.evaluation.columns import Floats
from app.evaluation.comparison import Shift, common_groups
from app.evaluation.components import component_id
from app.evaluation.composites import FLOOR, Group
from app.evaluation.drafting import Draft
from app.evaluation.method_scores import SAME, Pair, Values, here_and_rest
from app.evaluation.quantities import Quantity
from app.evaluation.sobol import Sobol, sobol
from app.evaluation.weightings import weightings

Axes = tuple[tuple[str, tuple[Any, ...]], ...]  # each list with its choices


@dataclass(frozen=True, eq=False)
class Robustness:
    """``kept``: share of the ``count`` methods under which the shift has its published sign.

    ``factors``: the lists with several choices; ``shifts``: the shift by every method, an axis for
    each of them, not to be given out; ``shares``: their Sobol shares, None where no method turns
    the sign.
    """

    kept: float
    count: int
    factors: tuple[str, ...]
    shifts: Floats
    shares: Sobol | None

    @property
    def leading(self) -> str | None:
        """The choice with the largest total share, the first of equals."""
        if self.shares is None:
            return None
        return self.factors[self.shares.total.index(max(self.shares.total))]


def robustness(draft: Draft, territory: str, shift: Shift, threshold: int) -> Robustness | None:
    """Try a territory's shift by all methods of its own framework; None if it admits no other.

    A rule about persons that leaves fewer than ``threshold`` of them in a base does not change
    that figure: a handful of answers decides nothing.
    """
    own = draft.programme.own[territory]
    if own.methods is None or shift.same:
        return None
    trial = _Trial(draft, territory, shift, threshold)
    axes = trial.axes(own.methods)
    several = [len(choices) for _, choices in axes if len(choices) > 1]
    if not several:
        return None
    shifts = np.array([trial.shift(*chosen) for chosen in product(*(each for _, each in axes))])
    kept = _signs(shifts) == _signs(np.array(shift.shift.value))
    table = kept.astype(np.float64).reshape(several)
    names = tuple(name for name, choices in axes if len(choices) > 1)
    return Robustness(float(table.mean()), table.size, names, shifts.reshape(several), sobol(table))


def _signs(shifts: Floats) -> Floats:
    return np.asarray(np.sign(np.where(np.abs(shifts) < SAME, 0.0, shifts)))


class _Trial:
    """One territory's shift on its common set, computed by any method."""

    def __init__(self, draft: Draft, territory: str, shift: Shift, threshold: int) -> None:
        self.programme = draft.programme
        self.draft = draft
        self.threshold = threshold
        self.own = self.programme.own[territory]
        self.place = self.programme.territories.index(territory)
        self.mine, self.theirs = shift.own_groups, shift.national_groups
        self.codes = sorted(shift.by_indicator)
        self.indicators = [self.programme.indicators[code] for code in self.codes]
        self.scores = cache(self._scores)

    def axes(self, methods: Methods) -> Axes:
        """The choices of each list; a list that is not given has the framework's own way."""
        return (
            ("aggregation", methods.aggregation or (None,)),
            ("normalisation", methods.normalisation or (Normalisation.GOALPOSTS,)),
            ("weights", self._weightings(methods) or (self.mine,)),
            ("missing", methods.missing or (None,)),
            ("dont_know", methods.dont_know or ("as_defined",)),
            ("respondents", methods.respondents or ("all",)),
        )

    def shift(
        self,
        aggregation: Aggregation | None,
        normalisation: Normalisation,
        mine: tuple[Group, ...],
        missing: Fraction | None,
        dont_know: DontKnow,
        respondents: Respondents,
    ) -> float:
        """The standing shift by one combination of choices."""
        here, rest = self.scores(normalisation, Variant(missing, dont_know, respondents))
        own, national = self.own, self.programme.national
        distances = [
            self._total(groups, here, how) - self._total(groups, rest, how)
            for groups, how in (
                (mine, aggregation or own.aggregation),
                (self.theirs, aggregation or national.aggregation),
            )
        ]
        return distances[0] - distances[1]

    def _weightings(self, methods: Methods) -> tuple[tuple[Group, ...], ...]:
        """The own tree by each admissible weighting, cut to the common set."""
        codes = {code for group in self.mine for code in group.leaves}
        trees = (tree for _, tree in weightings(self.own, methods, codes))
        return tuple(common_groups(tree, codes) for tree in trees)

    def _scores(self, kind: Normalisation, variant: Variant) -> Pair:
        territories = self.programme.territories
        values = [
            [self._value(place, each, variant) for each in self.indicators] for place in territories
        ]
        shown = [
            [isinstance(self.draft.figure(place, code), Quantity) for code in self.codes]
            for place in territories
        ]
        found = Values(self.indicators, np.array(values), np.array(shown))
        return here_and_rest(found, self.place, kind)

    def _value(self, place: str, indicator: Indicator, variant: Variant) -> float:
        """An indicator in its own unit under other rules about persons; NaN without a figure."""
        figure = self.programme.by_territory[place, indicator.code]
        if not isinstance(figure, Quantity):
            return float("nan")
        if any(isinstance(part.measure, Series) for part in indicator.components):
            return figure.value  # nobody was asked: no rule about persons changes it
        parts = [
            (float(part.weight), self._component(place, indicator.code, part.audience, variant))
            for part in indicator.components
        ]
        return sum(weight * value for weight, value in parts) / sum(weight for weight, _ in parts)

    def _component(self, place: str, code: str, audience: Audience, variant: Variant) -> float:
        cell = (place, component_id(code, audience))
        wanted = reduced(self.programme.definitions[cell[1]], variant)
        other = self.programme.alternatives.get((cell, wanted))
        if wanted != AS_DEFINED and other is not None and other.n >= self.threshold:
            return other.value
        figure = self.programme.components[cell]
        assert isinstance(figure, Quantity)  # its indicator has a figure
        return figure.value

    def _total(self, groups: Sequence[Group], scores: Floats, how: Aggregation) -> float:
        return total_of(groups, dict(zip(self.codes, scores, strict=True)), how)


def total_of(groups: Sequence[Group], scores: Mapping[str, float], how: Aggregation) -> float:
    """The total of groups from the scores of their leaves, without error or flags."""
    dimensions = [
        (
            float(group.share),
            sum(float(share) * scores[code] for code, share in group.leaves.items()),
        )
        for group in groups
    ]
    if how == "arithmetic":
        return float(sum(share * score for share, score in dimensions))
    return exp(sum(share * log(max(score, FLOOR)) for share, score in dimensions))
