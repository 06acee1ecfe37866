"""The figures of co-production as they may be shown: cells, gaps between audiences, the nation."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from app.domain.coproduction import CoproductionPlan, Mirrored
from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.evaluation.components import ComponentDefinition
from app.evaluation.coproduction import code_of, definitions, kind_of
from app.evaluation.drafting import Withheld
from app.evaluation.figures import Programme
from app.evaluation.gaps import Gap, judge
from app.evaluation.observing import Observer, Published
from app.evaluation.quantities import Cell, Figure, Reason
from app.evaluation.suppression import (
    CellBlock,
    CellFacts,
    NationalRow,
    Tier,
    primary,
    unsafe_cells,
)
from app.evaluation.tables import Observation, What


def asked_anywhere(plan: CoproductionPlan, programme: Programme) -> list[ComponentDefinition]:
    """The plan's components that some territory could answer."""
    return [
        each
        for each in definitions(plan).values()
        if any(programme.asked.here(territory, each) for territory in programme.territories)
    ]


def twins(programme: Programme) -> dict[str, str]:
    """For each component its first twin: the same measure of the same audience is one cell, so
    that what is withheld of an indicator is withheld here."""
    first: dict[Hashable, str] = {}
    return {
        each.id: first.setdefault((each.audience, each.measure, each.group, each.inside), each.id)
        for each in programme.definitions.values()
    }


def blocks(
    plan: CoproductionPlan,
    programme: Programme,
    facts: Mapping[Cell, CellFacts],
    threshold: int,
) -> list[CellBlock]:
    """The cells to protect, but for those that are an indicator's."""
    same = twins(programme)
    components = asked_anywhere(plan, programme)
    found = []
    for each in components:
        if same[each.id] == each.id and not _of_profession(each):
            cells = tuple((t, each.id) for t in programme.territories if (t, each.id) in facts)
            found.append(CellBlock(each.id, cells, _national_row(programme, each)))
    professions = [each.id for each in components if _of_profession(each)]
    for territory in programme.territories:
        cells = tuple((territory, each) for each in professions if (territory, each) in facts)
        found.append(_professions(territory, cells, programme, facts, threshold))
    return [block for block in found if block.cells]


def _national_row(programme: Programme, each: ComponentDefinition) -> tuple[NationalRow, ...]:
    nation = programme.national_component(each.id)
    if not programme.asked.everywhere(each) or isinstance(nation, Reason):
        return ()
    return (NationalRow(Tier.PLAIN, nation.gradient),)


def _professions(
    territory: str,
    cells: tuple[Cell, ...],
    programme: Programme,
    facts: Mapping[Cell, CellFacts],
    threshold: int,
) -> CellBlock:
    """The professions of a territory add up to all of its professionals, who are shown. So where
    one is withheld, the smallest others go with it until nothing can be subtracted."""
    estimates = programme.estimates[territory].by_component if cells else {}
    base = sum(estimates[name].weighted_base for _, name in cells)
    whole = {cell: estimates[cell[1]].weighted_base / base for cell in cells}
    hidden = set(primary({cell: facts[cell] for cell in cells}, threshold))
    others = sorted(set(cells) - hidden, key=lambda cell: (facts[cell].n, cell))
    while hidden and others and unsafe_cells([whole], {c: facts[c].value for c in hidden}):
        hidden.add(others.pop(0))
    together = (frozenset(hidden),) if hidden else ()
    return CellBlock(f"professions:{territory}", cells, (), together)


def _of_profession(component: ComponentDefinition) -> bool:
    return kind_of(component) is What.PARTICIPATION and code_of(component) != ""


class Figures:
    """The observations of a plan under what is withheld."""

    def __init__(self, plan: CoproductionPlan, programme: Programme, withheld: Withheld) -> None:
        self.plan = plan
        self.programme = programme
        self.withheld = withheld
        self.observer = Observer(programme.estimates, programme.errors)
        self.same = twins(programme)

    def observations(self) -> Iterator[Published]:
        """Everything, territory by territory, then the nation."""
        for each in self.components:
            for territory in self.programme.territories:
                yield self._level(territory, each, self.figure(territory, each))
            if self.programme.asked.everywhere(each):
                yield self._level(NATION, each, self._nation(each))
        for place in (*self.programme.territories, NATION):
            yield from self._gaps(place)

    @cached_property
    def components(self) -> list[ComponentDefinition]:
        """What was asked of anybody."""
        return asked_anywhere(self.plan, self.programme)

    def figure(self, territory: str, component: ComponentDefinition) -> Figure:
        """A component in a territory, unless its cell is withheld."""
        cell = (territory, self.same[component.id])
        if cell in self.withheld.cells:
            return Reason.WITHHELD
        return self.programme.components[cell]

    def _nation(self, component: ComponentDefinition) -> Figure:
        """The plain mean of the territories; of a profession only where none is withheld."""
        name = self.same[component.id]
        block = self.programme.definitions[name].indicator
        given_up = self.withheld.national.get(name, self.withheld.national.get(block, ()))
        cells = {(territory, name) for territory in self.programme.territories}
        if Tier.PLAIN in given_up or (
            _of_profession(component) and cells & self.withheld.cells.keys()
        ):
            return Reason.WITHHELD
        return self.programme.national_component(name)

    def _level(self, territory: str, component: ComponentDefinition, figure: Figure) -> Published:
        place = Observation(
            territory, None, kind_of(component), code_of(component), component.audience.value
        )
        return self.observer.level(place, figure, based=True)

    def _gaps(self, territory: str) -> Iterator[Published]:
        found: dict[str, Published] = {}
        judged: dict[str, Gap] = {}
        for pair in self.plan.mirrored:
            figure = self._gap(territory, pair)
            if figure is None:
                continue
            place = Observation(territory, None, What.AUDIENCE_GAP, pair.code)
            each = self.observer.difference(place, figure, interval=True)
            found[pair.code] = each
            seen = each.observation
            if seen.shown and seen.value is not None and seen.se and seen.df:
                judged[pair.code] = Gap(seen.value, seen.se, seen.df)
        verdicts = judge(judged, self.plan.margin)
        for code, each in found.items():
            if code not in verdicts:
                yield each
                continue
            said = verdicts[code]
            seen = replace(each.observation, verdict=str(said.verdict))
            yield replace(each, observation=seen)
            place = Observation(territory, None, What.GAP_DETECTABLE, code, value=said.detectable)
            yield Published(place)
        if found and territory == NATION:
            margin = Observation(NATION, None, What.GAP_MARGIN, value=self.plan.margin)
            yield Published(margin)

    def _gap(self, territory: str, pair: Mirrored) -> Figure | None:
        """First audience less second; None where one of them is not asked anywhere."""
        sides = []
        for audience, _ in (pair.first, pair.second):
            each = next((c for c in self.components if _is(c, pair.code, audience)), None)
            if each is None or (territory == NATION and not self.programme.asked.everywhere(each)):
                return None
            nation = territory == NATION
            sides.append(self._nation(each) if nation else self.figure(territory, each))
        first, second = sides
        if isinstance(first, Reason):
            return first
        return second if isinstance(second, Reason) else first - second


def _is(component: ComponentDefinition, code: str, audience: Audience) -> bool:
    return (kind_of(component), code_of(component), component.audience) == (
        What.MIRRORED,
        code,
        audience,
    )
