"""The whole way from answers to what may be shown, as one pure function.

The same input gives the same observations, in the same order, digit for digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from app.domain.frameworks import Framework, indicators
from app.domain.territories import NATION, Territory
from app.evaluation.alternatives import Alternatives, alternatives, variants_of
from app.evaluation.beside import NOTHING, Beside
from app.evaluation.breakdowns import broken_down, group_definitions
from app.evaluation.comparison import Shift
from app.evaluation.components import components_of
from app.evaluation.cross_table import across
from app.evaluation.crosswalk import Asked, Crosswalk, crosswalk
from app.evaluation.disclosure import ProtectionRecord, protect
from app.evaluation.drafting import Draft, Withheld
from app.evaluation.estimation import estimates
from app.evaluation.figures import Programme
from app.evaluation.group_cells import group_blocks, group_facts, yielding
from app.evaluation.group_figures import group_observations
from app.evaluation.judging import Judge
from app.evaluation.ledger import NO_LEDGER, Ledger
from app.evaluation.measurement import Data, measure
from app.evaluation.moments import Moments
from app.evaluation.observing import Published
from app.evaluation.quantities import Cell, Quantity, Reason
from app.evaluation.suppression import THRESHOLD, CellBlock, CellFacts, NationalRow, Tier
from app.evaluation.tables import Observation, ProtectedTable, Table, What
from app.evaluation.variants import variants
from app.evaluation.veiling import veiled
from app.evaluation.weighted_moments import AS_DRAWN, Weighting

NO_GROUPS: Mapping[str, Moments] = MappingProxyType({})


@dataclass(frozen=True)
class Settings:
    """``threshold``: least number of people in a base; ``seed``: of simultaneous intervals."""

    threshold: int = THRESHOLD
    seed: int = 20140101


@dataclass(frozen=True, eq=False)
class Assessment:
    """Everything computed. Only ``protected`` may be shown; ``record`` says what it hides.

    ``table``, ``shifts``, ``programme``: unprotected; ``crosswalks``: from documents, public.
    """

    table: Table
    protected: ProtectedTable
    record: ProtectionRecord
    crosswalks: Mapping[str, Crosswalk]
    shifts: Mapping[str, Shift | Reason]
    programme: Programme

    @property
    def ledger(self) -> tuple[Observation, ...]:
        """What stands beside the scores, as it may be shown."""
        return self.protected.of(What.LEDGER)


def assess(
    data: Data,
    national: Framework,
    own: Mapping[str, Framework],
    asked: Asked,
    territories: Sequence[Territory],
    settings: Settings = Settings(),
    beside: Beside = NOTHING,
    measured: Moments | None = None,
    weighting: Weighting = AS_DRAWN,
    ledger: Ledger = NO_LEDGER,
    groups: Mapping[str, Moments] | None = None,
) -> Assessment:
    """Evaluate answers under the national framework and each territory's own.

    ``data``: answers and respondents by audience, all of one frame; ``own``: framework by
    territory code; ``asked``: what was asked where; ``beside``: what no framework holds;
    ``measured``: the moments of these data, where they were kept; ``weighting``: what brings those
    to known totals, where ``data`` have the weights that came of it; ``ledger``: who stands behind
    each cell, and what was given out before; ``groups``: the moments of the groups of each
    breakdown, by its code, where they were kept. Raises BadDefinition where one code is measured
    in two ways, ValueError where arrays do not fit together.
    """
    frameworks = (national, *(own[code] for code in sorted(own)))
    definitions = components_of(frameworks)
    others = alternatives(data, definitions, asked, variants_of(frameworks))
    if measured is None:
        measured = measure(data, definitions | beside.definitions, asked)
    if groups is None:
        groups = {
            each.code: measure(data, group_definitions(each, definitions), asked)
            for each in national.breakdowns
        }
    return assess_moments(
        measured,
        national,
        own,
        asked,
        territories,
        settings,
        others,
        beside=beside,
        weighting=weighting,
        ledger=ledger,
        groups=groups,
    )


def assess_moments(
    moments: Moments,
    national: Framework,
    own: Mapping[str, Framework],
    asked: Asked,
    territories: Sequence[Territory],
    settings: Settings = Settings(),
    others: Alternatives | None = None,
    *,
    beside: Beside = NOTHING,
    weighting: Weighting = AS_DRAWN,
    ledger: Ledger = NO_LEDGER,
    groups: Mapping[str, Moments] = NO_GROUPS,
) -> Assessment:
    """The same from moments that were measured (and merged) before.

    ``others``: the components under the rules about persons that the frameworks admit; without
    them these rules are as defined in every method.
    """
    programme = programme_of(
        moments, national, own, asked, territories, others or {}, beside, weighting, groups
    )
    crosswalks = {
        code: crosswalk(national, framework, asked) for code, framework in programme.own.items()
    }

    def published(draft: Draft) -> list[Published]:
        judge = Judge(draft, settings.seed, settings.threshold)
        drawn = (*draft.levels(), *judge.observations(), *across(draft, settings.seed))
        drawn = (*drawn, *beside.observations(draft.programme, draft.withheld))
        drawn = (*drawn, *group_observations(draft.programme, draft.withheld))
        return [beside.described(draft.checked(each), programme) for each in drawn]

    def draw_up(withheld: Withheld) -> list[Published]:
        shown = replace(
            programme,
            estimates=veiled(programme.estimates, withheld.cells),
            breakdowns=tuple(each.veiled(withheld.cells) for each in programme.breakdowns),
        )
        return published(Draft(shown, crosswalks, withheld))

    facts = cell_facts(programme)
    of_groups = group_blocks(programme, facts)
    blocks = [
        *cell_blocks(programme, facts),
        *beside.blocks(programme, facts, settings.threshold),
        *of_groups,
    ]
    ledger = replace(ledger, yielding=yielding(of_groups))
    protected, record = protect(draw_up, blocks, facts, settings.threshold, ledger)
    unprotected = Draft(programme, crosswalks, Withheld())
    everything = [each.observation for each in published(unprotected)]
    shown = protected.observations
    return Assessment(
        table=Table([*everything, *variants(programme, everything)]),
        protected=replace(protected, observations=(*shown, *variants(programme, shown))),
        record=record,
        crosswalks=crosswalks,
        shifts=unprotected.shifts,
        programme=programme,
    )


def programme_of(
    moments: Moments,
    national: Framework,
    own: Mapping[str, Framework],
    asked: Asked,
    territories: Sequence[Territory],
    others: Alternatives,
    beside: Beside,
    weighting: Weighting = AS_DRAWN,
    groups: Mapping[str, Moments] = NO_GROUPS,
) -> Programme:
    """Everything that is known before anything is withheld."""
    components = components_of((national, *(own[code] for code in sorted(own))))
    definitions = components | beside.definitions
    shares = frozenset(name for name, each in definitions.items() if each.is_share)
    codes = sorted(each.code for each in territories if each.code != NATION)
    return Programme(
        national=national,
        own={code: own[code] for code in codes if code in own},
        asked=Asked({code: asked.by_territory.get(code, {}) for code in codes}, asked.exchange),
        territories=tuple(codes),
        population={
            each.code: each.population_75
            for each in territories
            if each.population_75 and each.code != NATION
        },
        definitions=definitions,
        estimates=estimates(moments, shares, weighting),
        alternatives=others,
        registers=beside.registers,
        breakdowns=tuple(broken_down(national.breakdowns, components, groups, weighting)),
    )


def cell_facts(programme: Programme) -> dict[Cell, CellFacts]:
    """What the primary rules read, for every component that has respondents."""
    found = {}
    for cell, figure in programme.components.items():
        if isinstance(figure, Quantity):
            each = programme.estimates[cell[0]].by_component[cell[1]]
            found[cell] = CellFacts(
                each.n, each.mean, each.uniform, each.heaviest, each.weighted_base
            )
    return found | group_facts(programme)


def cell_blocks(programme: Programme, facts: Mapping[Cell, CellFacts]) -> list[CellBlock]:
    """The cells of each indicator, with the national figures that join them."""
    found = []
    for code, parts in programme.parts.items():
        sides: dict[tuple[str, str], set[Cell]] = {}
        cells: list[Cell] = []
        for part in parts:
            for territory in programme.territories:
                cell = (territory, part.id)
                if cell in facts and programme.concerns(territory, code):
                    cells.append(cell)
                    if part.group is not None:
                        sides.setdefault((territory, part.audience), set()).add(cell)
        together = tuple(frozenset(both) for both in sides.values())
        found.append(CellBlock(code, tuple(cells), _national_rows(programme, code), together))
    return [block for block in found if block.cells]


def _national_rows(programme: Programme, code: str) -> tuple[NationalRow, ...]:
    if not programme.everywhere(code):
        return ()
    rows = []
    alone = programme.of_elderly_only(code)  # else its mean by population is told in scores only
    scored = code in {each.code for each in indicators(programme.national)}
    for tier in [Tier.PLAIN] + [Tier.BY_POPULATION] * (alone or scored):
        weights = programme.population if tier is Tier.BY_POPULATION else None
        figures = [programme.nation(code, weights)]
        if alone or tier is Tier.PLAIN:
            figures += [
                programme.national_component(part.id, weights) for part in programme.parts[code]
            ]
        rows += [
            NationalRow(tier, figure.gradient) for figure in figures if isinstance(figure, Quantity)
        ]
    return tuple(rows)
