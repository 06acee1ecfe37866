"""The draft of everything that would be published, given what is withheld.

What derives from a withheld cell goes with it, by making it again without: indicators of several
audiences are missing with one of them, composites are recomputed without withheld indicators, and
the standing shift leaves them out on both sides. So no composite depends on a withheld cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from app.domain.frameworks import Framework, Gap, indicators
from app.domain.territories import NATION
from app.evaluation.comparison import Shift, standing_shift
from app.evaluation.components import ComponentDefinition
from app.evaluation.composites import Composite, compose, score
from app.evaluation.crosswalk import Crosswalk
from app.evaluation.figures import Programme
from app.evaluation.observing import Observer, Published
from app.evaluation.quantities import Cell, Figure, Quantity, Reason
from app.evaluation.suppression import Cause, Tier
from app.evaluation.tables import Key, Observation, What

KINDS = {
    "value_node": What.VALUE_NODE,
    "dimension": What.DIMENSION,
    "total": What.TOTAL,
}
LEDGER = {
    What.INDICATOR: What.LEDGER,
    What.INDICATOR_BY_POPULATION: What.LEDGER_BY_POPULATION,
}
BY_POPULATION = {
    "dimension": What.DIMENSION_BY_POPULATION,
    "total": What.TOTAL_BY_POPULATION,
}


@dataclass(frozen=True)
class Withheld:
    """What must not be shown: cells, national figures by indicator, and single observations."""

    cells: Mapping[Cell, Cause] = field(default_factory=dict)
    national: Mapping[str, frozenset[Tier]] = field(default_factory=dict)
    observations: frozenset[Key] = frozenset()


class Draft:
    """All figures of a programme as they may be shown under ``withheld``."""

    def __init__(
        self, programme: Programme, crosswalks: Mapping[str, Crosswalk], withheld: Withheld
    ) -> None:
        self.programme = programme
        self.crosswalks = crosswalks
        self.withheld = withheld
        self.observer = Observer(programme.estimates, programme.errors)
        self._composites: dict[tuple[str, str], list[Composite]] = {}

    def figure(self, territory: str, code: str) -> Figure:
        """An indicator in a territory, unless one of its components is withheld there."""
        parts = self.programme.parts[code]
        if any((territory, part.id) in self.withheld.cells for part in parts):
            return Reason.WITHHELD
        return self.programme.by_territory[territory, code]

    def nation(self, code: str, tier: Tier) -> Figure:
        """A national figure, unless it was given up."""
        if tier in self.withheld.national.get(code, ()):
            return Reason.WITHHELD
        weights = self.programme.population if tier is Tier.BY_POPULATION else None
        return self.programme.nation(code, weights)

    def scores(self, territory: str, framework: Framework) -> dict[str, Figure]:
        """The scores of a tree's indicators in a territory."""
        return {
            each.code: score(each, self.figure(territory, each.code))
            for each in indicators(framework)
        }

    def national_scores(self, tier: Tier) -> dict[str, Figure]:
        """The scores of the national tree for the nation."""
        return {
            each.code: score(each, self.nation(each.code, tier))
            for each in indicators(self.programme.national)
        }

    def composites(self, territory: str, framework: Framework) -> list[Composite]:
        """All nodes of a tree in a territory."""
        key = (territory, framework.code)
        if key not in self._composites:
            self._composites[key] = compose(framework, self.scores(territory, framework))
        return self._composites[key]

    def total(self, territory: str, framework: Framework) -> Figure:
        """The total of a tree in a territory."""
        return self.composites(territory, framework)[-1].figure

    @cached_property
    def shifts(self) -> dict[str, Shift | Reason]:
        """The standing shift of each territory with a framework of its own."""
        return {territory: self._shift(territory) for territory in self.crosswalks}

    def _shift(self, territory: str) -> Shift | Reason:
        programme, crosswalk = self.programme, self.crosswalks[territory]
        if len(programme.territories) < 2:
            return Reason.NO_REST
        own = programme.own[territory]
        wanted = {each.code: each for each in indicators(programme.national)}
        for each in indicators(own):
            if each.code in crosswalk.common:
                wanted.setdefault(each.code, each)
        here = {code: score(each, self.figure(territory, code)) for code, each in wanted.items()}
        rest = {code: score(each, self._rest(territory, code)) for code, each in wanted.items()}
        return standing_shift(programme.national, own, crosswalk, here, rest)

    def _rest(self, territory: str, code: str) -> Figure:
        """The rest of the nation: of no use where there is no figure of the nation to show."""
        nation = self.nation(code, Tier.PLAIN)
        return nation if isinstance(nation, Reason) else self.programme.rest(territory, code)

    def levels(self) -> Iterator[Published]:
        """Components, indicators, ledger and composites of territories and nation."""
        yield from self._territories()
        yield from self._nation()

    def checked(self, published: Published) -> Published:
        """The observation, or what is left of it where it is withheld by itself."""
        seen = published.observation
        if seen.key not in self.withheld.observations:
            return published
        place = Observation(seen.territory, seen.framework, seen.what, seen.code, seen.audience)
        place = replace(place, group=seen.group)
        return self.observer.missing(place, Reason.WITHHELD)

    def _territories(self) -> Iterator[Published]:
        programme = self.programme
        for territory in programme.territories:
            for code in programme.indicators:
                if programme.concerns(territory, code):
                    yield from self._indicator(territory, code)
            trees = [programme.national]
            if territory in programme.own:
                trees.append(programme.own[territory])
            for framework in trees:
                for composite in self.composites(territory, framework):
                    yield self._composite(territory, framework, composite, KINDS)

    def _indicator(self, territory: str, code: str) -> Iterator[Published]:
        for part in self.programme.parts[code]:
            cell = (territory, part.id)
            hidden = cell in self.withheld.cells
            figure = Reason.WITHHELD if hidden else self.programme.components[cell]
            yield self.observer.level(
                _component_place(territory, part, What.COMPONENT), figure, based=True
            )
        yield self._whole(territory, code, What.INDICATOR, self.figure(territory, code))

    def _whole(
        self, territory: str, code: str, what: What, figure: Figure, *, based: bool = True
    ) -> Published:
        """An indicator that stands in a tree, or in the ledger."""
        if code not in self.programme.scored:
            what = LEDGER[what]
        place = Observation(territory, None, what, code)
        parts = self.programme.indicators[code].components
        if any(isinstance(part.measure, Gap) for part in parts):
            return self.observer.difference(place, figure, interval=True, based=based)
        return self.observer.level(place, figure, based=based)

    def _composite(
        self, territory: str, framework: Framework, composite: Composite, kinds: Mapping[str, What]
    ) -> Published:
        place = Observation(
            territory,
            framework.code,
            kinds[composite.kind],
            composite.code,
            flags=("incomplete",) if composite.coverage < 1 else (),
        )
        published = self.observer.level(place, composite.figure)
        if isinstance(composite.figure, Quantity):
            seen = replace(published.observation, coverage=composite.coverage)
            return replace(published, observation=seen)
        return published

    def _nation(self) -> Iterator[Published]:
        programme = self.programme
        for code in programme.indicators:
            if programme.everywhere(code) or programme.registered(code):
                yield from self._national(code)
            elif code in programme.of_nation:
                yield from self._without_nation(code)
        for tier, kinds in ((Tier.PLAIN, KINDS), (Tier.BY_POPULATION, BY_POPULATION)):
            for composite in compose(programme.national, self.national_scores(tier)):
                if composite.kind in kinds:
                    yield self._composite(NATION, programme.national, composite, kinds)

    def _national(self, code: str) -> Iterator[Published]:
        """A national indicator and its components, plain and (elderly only) by population."""
        programme = self.programme
        tiers: list[tuple[Tier, Mapping[str, int] | None, What, What]] = [
            (Tier.PLAIN, None, What.COMPONENT, What.INDICATOR)
        ]
        if programme.of_elderly_only(code):
            tiers.append(
                (
                    Tier.BY_POPULATION,
                    programme.population,
                    What.COMPONENT_BY_POPULATION,
                    What.INDICATOR_BY_POPULATION,
                )
            )
        for tier, weights, component, whole in tiers:
            hidden = tier in self.withheld.national.get(code, ())
            # The base stands beside the plain mean only: the two bases may differ by the
            # territories without a population, and their difference would be such a territory.
            based = tier is Tier.PLAIN
            for part in programme.parts[code]:
                figure: Figure = (
                    Reason.WITHHELD if hidden else programme.national_component(part.id, weights)
                )
                yield self.observer.level(
                    _component_place(NATION, part, component), figure, based=based
                )
            yield self._whole(NATION, code, whole, self.nation(code, tier), based=based)

    def _without_nation(self, code: str) -> Iterator[Published]:
        """Why an indicator of the national framework has no national figure."""
        for tier, what in (
            (Tier.PLAIN, What.INDICATOR),
            (Tier.BY_POPULATION, What.INDICATOR_BY_POPULATION),
        ):
            if tier is Tier.PLAIN or self.programme.of_elderly_only(code):
                yield self._whole(NATION, code, what, self.nation(code, tier))


def _component_place(territory: str, part: ComponentDefinition, what: What) -> Observation:
    side = "" if part.group is None else (".group" if part.inside else ".others")
    return Observation(territory, None, what, part.indicator + side, part.audience.value)
