"""The figures of a programme: indicators of every territory, of the nation and of the rest.

The nation is the plain mean of the territories that have a figure, of what was asked in every
territory; beside it stands the mean weighted by people of 75 and over, for indicators of elderly
people, without the territories whose population is not known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from app.domain.frameworks import Framework, Gap, Indicator, Series, indicators
from app.domain.questionnaire import Audience
from app.evaluation.alternatives import Alternatives
from app.evaluation.breakdowns import BrokenDown
from app.evaluation.components import (
    ComponentDefinition,
    all_indicators,
    definitions_of,
    series_id,
)
from app.evaluation.composites import indicator_figure
from app.evaluation.crosswalk import Asked
from app.evaluation.estimation import TerritoryEstimates
from app.evaluation.observing import REGISTER
from app.evaluation.quantities import Cell, Errors, Figure, Quantity, Reason, total
from app.evaluation.registers import Registers, only_series, series_of


@dataclass(frozen=True, eq=False)
class Programme:
    """Everything that is known before anything is withheld.

    ``own``: the framework of each territory that has one; ``population``: people of 75 and over,
    only where known; ``alternatives``: components under other rules about persons;
    ``registers``: the administrative series; ``breakdowns``: the groups that are told apart.
    """

    national: Framework
    own: Mapping[str, Framework]
    asked: Asked
    territories: tuple[str, ...]
    population: Mapping[str, int]
    definitions: Mapping[str, ComponentDefinition]
    estimates: Mapping[str, TerritoryEstimates]
    alternatives: Alternatives = field(default_factory=dict)
    registers: Registers = field(default_factory=Registers)
    breakdowns: tuple[BrokenDown, ...] = ()

    @cached_property
    def errors(self) -> Errors:
        """Errors of all quantities of the programme."""
        return Errors(self.estimates)

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator of every framework, ledger included, by code."""
        found: dict[str, Indicator] = {}
        for framework in (self.national, *self.own.values()):
            for indicator in all_indicators(framework):
                found.setdefault(indicator.code, indicator)
        return found

    @cached_property
    def of_nation(self) -> frozenset[str]:
        """The indicators of the national framework, ledger included."""
        return frozenset(each.code for each in all_indicators(self.national))

    @cached_property
    def scored(self) -> frozenset[str]:
        """The indicators that stand in some tree."""
        return frozenset(
            indicator.code
            for framework in (self.national, *self.own.values())
            for indicator in indicators(framework)
        )

    @cached_property
    def parts(self) -> dict[str, tuple[ComponentDefinition, ...]]:
        """The components of each indicator."""
        return {code: tuple(definitions_of(each)) for code, each in self.indicators.items()}

    @cached_property
    def components(self) -> dict[Cell, Figure]:
        """Every component in every territory."""
        return {
            (territory, name): self._component(territory, definition)
            for territory in self.territories
            for name, definition in self.definitions.items()
        }

    def _component(self, territory: str, definition: ComponentDefinition) -> Figure:
        if not self.asked.here(territory, definition):
            return Reason.NOT_ASKED
        found = self.estimates.get(territory)
        estimate = found.by_component.get(definition.id) if found else None
        if estimate is None:
            return Reason.NO_ANSWERS
        return Quantity(estimate.mean, {(territory, definition.id): 1.0})

    @cached_property
    def by_territory(self) -> dict[tuple[str, str], Figure]:
        """Every indicator in every territory, in its own unit."""
        return {
            (territory, code): indicator_figure(
                indicator, territory, self.components | self._registered(indicator, [territory])
            )
            for territory in self.territories
            for code, indicator in self.indicators.items()
        }

    def _registered(self, indicator: Indicator, territories: Sequence[str]) -> dict[Cell, Figure]:
        """The series that an indicator reads, over these territories, under the first one."""
        return {
            (territories[0], series_id(each.code)): self.registers.figure(territories, each)
            for each in series_of(indicator)
        }

    def registered(self, code: str) -> bool:
        """Whether administrative series alone give the indicator."""
        return only_series(self.indicators[code])

    def everywhere(self, code: str) -> bool:
        """Whether everyone was asked what the indicator reads (false for series)."""
        series = any(isinstance(part.measure, Series) for part in self.indicators[code].components)
        return not series and all(self.asked.everywhere(part) for part in self.parts[code])

    def concerns(self, territory: str, code: str) -> bool:
        """Whether the indicator has a place in a territory: national, its own, or comparable."""
        if self.everywhere(code):
            return True
        trees = [self.national, *([self.own[territory]] if territory in self.own else [])]
        return any(code == each.code for tree in trees for each in all_indicators(tree))

    def of_elderly_only(self, code: str) -> bool:
        """Whether the population of 75 and over is the right weight for this indicator."""
        parts = self.indicators[code].components
        return all(
            part.audience is Audience.ELDERLY and not isinstance(part.measure, Gap | Series)
            for part in parts
        )

    def mean(
        self, figures: Sequence[tuple[str, Figure]], weights: Mapping[str, int] | None = None
    ) -> Figure:
        """Mean over territories with a figure (and a weight); says whom it leaves out in flags."""
        used = [
            (territory, figure)
            for territory, figure in figures
            if isinstance(figure, Quantity) and (weights is None or territory in weights)
        ]
        whole = sum(1 if weights is None else weights[territory] for territory, _ in used)
        if not used or not whole:
            return Reason.NO_ANSWERS if weights is None else Reason.NO_POPULATION
        mean = total(
            ((1 if weights is None else weights[territory]) / whole, figure)
            for territory, figure in used
        )
        there = {territory for territory, _ in used}
        without = {f"without:{territory}" for territory, _ in figures if territory not in there}
        return Quantity(mean.value, mean.gradient, mean.flags | without)

    def nation(self, code: str, weights: Mapping[str, int] | None = None) -> Figure:
        """The national figure of an indicator: plain mean, or weighted by population.

        Of an administrative series the ratio of sums, which is both. A reason where some territory
        was not asked, or where answers stand beside a series: one has a mean, the other a sum.
        """
        if self.registered(code):
            return self._over_all(code, self.territories)
        if not self.everywhere(code):
            return Reason.UNDEFINED if series_of(self.indicators[code]) else Reason.NOT_EVERYWHERE
        return self.mean(self._over(code, self.territories), weights)

    def _over_all(self, code: str, territories: Sequence[str]) -> Figure:
        indicator = self.indicators[code]
        return indicator_figure(indicator, territories[0], self._registered(indicator, territories))

    def national_component(self, name: str, weights: Mapping[str, int] | None = None) -> Figure:
        """The national figure of a component."""
        figures = [(territory, self.components[territory, name]) for territory in self.territories]
        return self.mean(figures, weights)

    def rest(self, territory: str, code: str) -> Figure:
        """The plain mean of the other territories."""
        others = [other for other in self.territories if other != territory]
        if self.registered(code):
            figure = self._over_all(code, others)
        else:
            figure = self.mean(self._over(code, others))
        if isinstance(figure, Quantity):  # whom the rest lacks is said beside the nation
            return Quantity(figure.value, figure.gradient, figure.flags & {REGISTER})
        return Reason.NO_REST

    def _over(self, code: str, territories: Collection[str]) -> list[tuple[str, Figure]]:
        return [(territory, self.by_territory[territory, code]) for territory in territories]
