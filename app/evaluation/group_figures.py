"""The figures of declared breakdowns: every group of every indicator, and how groups differ.

The difference of a group and the first one has the covariance of the two: they share sampling
units. The nation is the plain mean of the territories, of what was asked in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.domain.territories import NATION
from app.evaluation.breakdowns import BrokenDown
from app.evaluation.components import ComponentDefinition
from app.evaluation.drafting import Withheld
from app.evaluation.figures import Programme
from app.evaluation.observing import Observer, Published
from app.evaluation.quantities import Figure, Quantity, Reason
from app.evaluation.suppression import Tier
from app.evaluation.tables import Observation, What


def group_observations(programme: Programme, withheld: Withheld) -> Iterator[Published]:
    """Every group and every difference of groups, under what is withheld."""
    for each in programme.breakdowns:
        yield from GroupFigures(programme, each, withheld).observations()


class GroupFigures:
    """The figures of one breakdown under what is withheld."""

    def __init__(self, programme: Programme, broken: BrokenDown, withheld: Withheld) -> None:
        self.programme = programme
        self.broken = broken
        self.withheld = withheld
        self.observer = Observer(broken.estimates, broken.errors)

    def observations(self) -> Iterator[Published]:
        """Indicator by indicator: territories, then the nation."""
        for code, groups in self.broken.indicators.items():
            for territory in self.programme.territories:
                if self.programme.concerns(territory, code):
                    figures = {g: self.figure(territory, each) for g, each in groups.items()}
                    yield from self._together(territory, groups, figures)
            if self.everywhere(groups) or code in self.programme.of_nation:
                figures = {g: self._nation(each) for g, each in groups.items()}
                yield from self._together(NATION, groups, figures)

    def everywhere(self, groups: dict[str, ComponentDefinition]) -> bool:
        """Whether everyone was asked the indicator, and what tells the groups apart."""
        return all(self.programme.asked.everywhere(each) for each in groups.values())

    def figure(self, territory: str, component: ComponentDefinition) -> Figure:
        """A group in a territory, unless its cell is withheld."""
        if (territory, component.id) in self.withheld.cells:
            return Reason.WITHHELD
        return self._true(territory, component)

    def _true(self, territory: str, component: ComponentDefinition) -> Figure:
        if not self.programme.asked.here(territory, component):
            return Reason.NOT_ASKED
        found = self.broken.estimates.get(territory)
        estimate = found.by_component.get(component.id) if found else None
        if estimate is None:
            return Reason.NO_ANSWERS
        return Quantity(estimate.mean, {(territory, component.id): 1.0})

    def nation(self, component: ComponentDefinition) -> Figure:
        """The plain mean of the territories where somebody is in the group, nothing withheld."""
        if not self.programme.asked.everywhere(component):
            return Reason.NOT_EVERYWHERE
        territories = self.programme.territories
        return self.programme.mean([(each, self._true(each, component)) for each in territories])

    def _nation(self, component: ComponentDefinition) -> Figure:
        if Tier.PLAIN in self.withheld.national.get(component.id, ()):
            return Reason.WITHHELD
        return self.nation(component)

    def _together(
        self,
        territory: str,
        groups: dict[str, ComponentDefinition],
        figures: dict[str, Figure],
    ) -> Iterator[Published]:
        code = self.broken.breakdown.code
        first, *others = groups
        place = Observation(territory, None, What.GROUP, groups[first].indicator)
        place = replace(place, audience=groups[first].audience.value)
        for group, figure in figures.items():
            at = replace(place, group=f"{code}.{group}")
            yield self.observer.level(at, figure, based=True)
        for group in others:
            at = replace(place, what=What.GROUP_GAP, group=f"{code}.{group}-{first}")
            yield self.observer.difference(at, _less(figures[group], figures[first]), interval=True)


def _less(one: Figure, other: Figure) -> Figure:
    if isinstance(one, Reason) or isinstance(other, Reason):
        reasons = [each for each in (one, other) if isinstance(each, Reason)]
        return min(reasons, key=list(Reason).index)
    return one - other
