"""Frameworks judged on rectangular data: the whole way without a database, nothing withheld.

The figures are an analyst's own: what is given out to others goes through ``disclosure`` instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.domain.frameworks import Framework, Scale
from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.evaluation.breakdowns import BrokenDown, all_group_definitions, group_definitions
from app.evaluation.columns import Bools, Floats, Integers, ItemColumn, Status
from app.evaluation.components import ComponentDefinition, components_of
from app.evaluation.cross_table import across
from app.evaluation.crosswalk import Asked, Crosswalk, crosswalk
from app.evaluation.drafting import Draft, Withheld
from app.evaluation.figures import Programme
from app.evaluation.group_figures import group_observations
from app.evaluation.inference import Survey
from app.evaluation.judging import Judge
from app.evaluation.observing import Published
from app.evaluation.offline_estimates import People, answers, estimate
from app.evaluation.plain_items import item_column
from app.evaluation.plan import ItemPlan, Plan
from app.evaluation.quantities import Errors, Quantity
from app.evaluation.rectangle import Rectangle
from app.evaluation.refusing import refused, unsettled
from app.evaluation.tables import Observation, What
from app.evaluation.variants import variants

EVERYWHERE = "ALL"  # the one territory of data without territories
EVERYBODY = 1  # nothing is withheld here
COVERED = (What.COMPONENT, What.TOTAL, What.STANDING_SHIFT)
YES = frozenset(("1", "yes", "true", "proxy"))


@dataclass(frozen=True, eq=False)
class Judged:
    """Every observation in the order of a release, and the crosswalk of each own framework.

    ``not_in_data``: items that frameworks read and the data have no column for; ``covariance``:
    of the components, totals and shifts ``covered``, if it was wanted.
    """

    observations: tuple[Observation, ...]
    crosswalks: Mapping[str, Crosswalk]
    not_in_data: tuple[str, ...]
    covered: tuple[Observation, ...]
    covariance: Floats | None


def judge(
    data: Rectangle,
    survey: Survey,
    plan: Plan,
    national: Framework,
    own: Sequence[Framework],
    items: Mapping[str, ItemPlan],
) -> Judged:
    """Indicators, dimensions, totals under each framework, crosswalk, standing shift, verdicts.

    ``items``: what questionnaires say of items; the plan's own come first, and an item that nobody
    describes is read as it stands. Raises ``BadInput`` for data and ``BadDefinition`` for
    frameworks that measure one code in two ways.
    """
    definitions = components_of((national, *own))
    people, columns = _people(data, plan, _read(national, definitions), items)
    asked = _exchanged(_asked(people, columns), plan)
    people = _in_part(people, asked, columns)
    _check_scales(definitions, columns)
    _check_own(own, people.territories)
    found, joined = estimate(survey, people, definitions, asked)
    programme = Programme(
        national=national,
        own={each.territory: each for each in own if each.territory in people.territories},
        asked=asked,
        territories=people.territories,
        population={code: n for code, n in plan.populations.items() if code in people.territories},
        definitions=definitions,
        estimates=found,
        breakdowns=tuple(_broken_down(survey, people, national, definitions, asked)),
    )
    # Territories that a calibration or a unit joins are not independent here.
    vars(programme)["errors"] = Errors(found, joined)
    crosswalks = {code: crosswalk(national, each, asked) for code, each in programme.own.items()}
    draft = Draft(programme, crosswalks, Withheld())
    judged = Judge(draft, plan.seed, EVERYBODY).observations()
    drawn = (*draft.levels(), *judged, *across(draft, plan.seed))
    drawn = (*drawn, *group_observations(programme, draft.withheld))
    read = {item for each in _read(national, definitions).values() for item in each.items}
    covered = [each for each in drawn if each.gradient and each.observation.what in COVERED]
    observations = tuple(each.observation for each in drawn)
    return Judged(
        (*observations, *variants(programme, observations)),
        crosswalks,
        tuple(sorted(read - columns.keys())),
        tuple(each.observation for each in covered) if plan.covariance else (),
        _together(programme.errors, covered) if plan.covariance and covered else None,
    )


def _read(
    national: Framework, definitions: Mapping[str, ComponentDefinition]
) -> dict[str, ComponentDefinition]:
    """Everything that reads items: the components, and these in groups."""
    return dict(definitions) | all_group_definitions(national.breakdowns, definitions)


def _broken_down(
    survey: Survey,
    people: People,
    national: Framework,
    definitions: Mapping[str, ComponentDefinition],
    asked: Asked,
) -> Iterator[BrokenDown]:
    for each in national.breakdowns:
        groups = group_definitions(each, definitions)
        found, joined = estimate(survey, people, groups, asked)
        yield BrokenDown(each, groups, found, Errors(found, joined))


def _together(errors: Errors, covered: Sequence[Published]) -> Floats:
    """The covariance of figures of all territories, audiences and frameworks, float64[m, m]."""
    return errors.covariance([Quantity(0.0, each.gradient) for each in covered])


def _people(
    data: Rectangle,
    plan: Plan,
    definitions: Mapping[str, ComponentDefinition],
    items: Mapping[str, ItemPlan],
) -> tuple[People, Mapping[str, ItemColumn]]:
    described = dict(items) | {each.code: each for each in plan.items}
    needed = sorted({item for each in definitions.values() for item in each.items})
    plans = {item: described.get(item, ItemPlan(item)) for item in needed}
    columns = {
        item: item_column(data, each) for item, each in plans.items() if each.read in data.columns
    }
    territory: Integers = np.zeros(data.n, dtype=np.int64)
    territories: tuple[str, ...] = (EVERYWHERE,)
    if plan.territory is not None:
        territory, territories = data.complete_categories(plan.territory)
        order = sorted(range(len(territories)), key=lambda place: territories[place])
        place_of = np.argsort(order)
        territory, territories = place_of[territory], tuple(territories[k] for k in order)
        _check_names(plan.territory, territories)
    rows, proxy = _rows(data, plan), _proxies(data, plan)
    people = People(
        territories,
        territory,
        rows,
        {audience: answers(data.n, columns, at, proxy) for audience, at in rows.items()},
        proxy,
    )
    return people, columns


def _rows(data: Rectangle, plan: Plan) -> dict[Audience, Integers]:
    if plan.audience_column is None:
        return {Audience(plan.audience): np.arange(data.n)}
    index, names = data.complete_categories(plan.audience_column)
    known = {each.value for each in Audience}
    if not set(names) <= known:
        unknown = np.array([name not in known for name in names])[index]
        line = data.lines[int(np.flatnonzero(unknown)[0])]
        listed = ", ".join(sorted(known))
        raise refused(
            f"{line} {plan.audience_column}",
            ("Ce public est inconnu.", "This audience is unknown."),
            (f"Publics : {listed}.", f"Audiences: {listed}."),
        )
    return {Audience(name): np.flatnonzero(index == place) for place, name in enumerate(names)}


def _proxies(data: Rectangle, plan: Plan) -> Bools:
    if plan.proxy is None:
        return np.zeros(data.n, dtype=bool)
    return np.array([cell.lower() in YES for cell in data.text(plan.proxy)])


def _asked(people: People, columns: Mapping[str, ItemColumn]) -> Asked:
    """An item was asked of an audience in a territory where any of its cells there says something
    (a value, or why there is none)."""
    found: dict[str, dict[Audience, frozenset[str]]] = {}
    for place, territory in enumerate(people.territories):
        found[territory] = {}
        for audience, rows in people.rows.items():
            here = rows[people.territory[rows] == place]
            found[territory][audience] = frozenset(
                item
                for item, column in columns.items()
                if (column.status[here] != Status.SKIPPED).any()
            )
    return Asked(found)


def _exchanged(asked: Asked, plan: Plan) -> Asked:
    """What was asked, with the exchange items of the plan as such in every other territory."""
    if not plan.exchange:
        return asked
    everyone: dict[str, dict[Audience, frozenset[str]]] = {}
    part: dict[str, dict[Audience, frozenset[str]]] = {}
    for territory, of in asked.by_territory.items():
        theirs = {
            item for code, items in plan.exchange.items() if code != territory for item in items
        }
        theirs -= set(plan.exchange.get(territory, ()))
        everyone[territory] = {audience: items - theirs for audience, items in of.items()}
        part[territory] = {audience: items & theirs for audience, items in of.items()}
    return Asked(everyone, part)


def _in_part(people: People, asked: Asked, columns: Mapping[str, ItemColumn]) -> People:
    """With who is in the part that was asked exchange items: any of theirs says something."""
    if not asked.exchange:
        return people
    found = np.zeros(len(people.territory), dtype=bool)
    for place, territory in enumerate(people.territories):
        here = people.territory == place
        for item in frozenset().union(*asked.exchange[territory].values()):
            status = columns[item].status
            found |= here & (status != Status.SKIPPED) & (status != Status.NOT_SHOWN)
    return replace(people, exchange=found)


def _check_names(column: str, territories: Sequence[str]) -> None:
    if NATION in territories:
        raise refused(
            column,
            (f"{NATION} désigne la nation, qui est faite des territoires.",
             f"{NATION} stands for the nation, which is made of the territories."),
            ("Nommez ce territoire autrement.", "Give this territory another name."),
        )  # fmt: skip


def _check_scales(
    definitions: Mapping[str, ComponentDefinition], columns: Mapping[str, ItemColumn]
) -> None:
    """A scale needs the ends of each of its items."""
    scales = (each.measure for each in definitions.values() if isinstance(each.measure, Scale))
    for item in dict.fromkeys(item for scale in scales for item in scale.items):
        column = columns.get(item)
        if column is None:
            continue
        low, high = column.lowest, column.highest
        if low is None or high is None or not low < high:
            raise unsettled(
                f"items.{item}",
                ("Une échelle lit cet élément, dont on ne connaît ni le plus bas ni le plus haut.",
                 "A scale reads this item, whose lowest and highest are not known."),
                ("Donnez min et max, ou un questionnaire avec les scores de ses réponses.",
                 "Give min and max, or a questionnaire with the scores of its answers."),
            )  # fmt: skip


def _check_own(own: Sequence[Framework], territories: Sequence[str]) -> None:
    seen: set[str | None] = set()
    for each in own:
        if each.territory in seen:
            raise refused(
                f"framework {each.code}",
                ("Deux cadres sont donnés pour ce territoire.",
                 "Two frameworks are given for this territory."),
                ("Gardez-en un.", "Keep one of them."),
            )  # fmt: skip
        seen.add(each.territory)
    for each in own:
        if each.territory not in territories:
            listed = ", ".join(territories)
            raise refused(
                f"framework {each.code}",
                ("Le territoire de ce cadre n’est pas dans les données.",
                 "The territory of this framework is not in the data."),
                (f"Territoires des données : {listed}.", f"Territories of the data: {listed}."),
            )  # fmt: skip
