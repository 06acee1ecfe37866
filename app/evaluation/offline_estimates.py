"""Components of frameworks estimated under any design, calibration or replicates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from app.domain.questionnaire import Audience
from app.evaluation.columns import AnswerColumns, Bools, ByProxy, Floats, Integers, ItemColumn
from app.evaluation.components import ComponentDefinition
from app.evaluation.crosswalk import Asked
from app.evaluation.estimates import Statistic, mean
from app.evaluation.estimation import ROUNDING, Estimate, TerritoryEstimates
from app.evaluation.inference import Survey
from app.evaluation.intervals import Interval, mean_interval, share_interval
from app.evaluation.refusing import refused
from app.evaluation.scoring import score_component

Across = dict[tuple[str, str], Floats]
SMALL = 1e-14  # relative: a covariance between territories that is round-off of 0


@dataclass(frozen=True, eq=False)
class People:
    """Who is where. ``territory`` int64[n], an index into ``territories``; ``rows``: of each
    audience; ``answers``: of those rows, in their order; ``proxy`` bool[n]; ``exchange``
    bool[n]: in the part that was asked exchange items (None: there is none)."""

    territories: tuple[str, ...]
    territory: Integers
    rows: Mapping[Audience, Integers]
    answers: Mapping[Audience, AnswerColumns]
    proxy: Bools
    exchange: Bools | None = None


@dataclass(frozen=True, eq=False)
class _Scored:
    """One component over all rows: score (NaN outside its base), and who is unsure."""

    x: Floats
    unsure: Bools


def estimate(
    survey: Survey, people: People, definitions: Mapping[str, ComponentDefinition], asked: Asked
) -> tuple[dict[str, TerritoryEstimates], Across]:
    """Estimates by territory, and the covariances between territories that are not 0."""
    scored = {
        name: _scored(people, each, asked, survey.design.n) for name, each in definitions.items()
    }
    statistics: dict[tuple[str, str], Statistic] = {}
    for place, territory in enumerate(people.territories):
        inside = people.territory == place
        for name, each in scored.items():
            found = mean(survey.weight, each.x, inside)
            if isinstance(found, Statistic):
                statistics[territory, name] = found
    cells = list(statistics)
    v = survey.covariance(list(statistics.values())) if cells else np.zeros((0, 0))
    _check(v, cells)
    found_by = {
        territory: _territory(survey, people, territory, definitions, scored, statistics, v)
        for territory in people.territories
    }
    return found_by, _across(people.territories, tuple(definitions), cells, v)


def _check(v: Floats, cells: list[tuple[str, str]]) -> None:
    for k in np.flatnonzero(~np.isfinite(np.diag(v))):
        territory, name = cells[int(k)]
        raise refused(
            f"{territory}: {name}",
            ("La variance n’est pas définie sous ce plan.",
             "The variance is not defined under this design."),
            ("Choisissez une autre règle pour les strates à une unité, ou d’autres répliques.",
             "Choose another rule for strata with one unit, or other replicates."),
        )  # fmt: skip


def _scored(people: People, definition: ComponentDefinition, asked: Asked, n: int) -> _Scored:
    x, unsure = np.full(n, np.nan), np.zeros(n, dtype=bool)
    rows = people.rows.get(definition.audience)
    if rows is not None:
        scores = score_component(definition, people.answers[definition.audience])
        here = np.array([asked.here(code, definition) for code in people.territories])
        possible = here[people.territory[rows]]
        if people.exchange is not None:
            part = np.array([asked.of_a_part(code, definition) for code in people.territories])
            possible &= people.exchange[rows] | ~part[people.territory[rows]]
        x[rows] = np.where(possible & scores.d, scores.x, np.nan)
        unsure[rows] = possible & scores.unsure
    return _Scored(x, unsure)


def _territory(
    survey: Survey,
    people: People,
    territory: str,
    definitions: Mapping[str, ComponentDefinition],
    scored: Mapping[str, _Scored],
    statistics: Mapping[tuple[str, str], Statistic],
    v: Floats,
) -> TerritoryEstimates:
    places = {cell: place for place, cell in enumerate(statistics)}
    names = tuple(definitions)
    inside = people.territory == people.territories.index(territory)
    covariance = np.zeros((len(names), len(names)))
    found = {}
    there = [k for k, name in enumerate(names) if (territory, name) in statistics]
    at = [places[territory, names[k]] for k in there]
    covariance[np.ix_(there, there)] = v[np.ix_(at, at)]
    for k in there:
        name = names[k]
        unsure = scored[name].unsure & inside & (survey.weight > 0)
        one = _estimate(
            survey, people, statistics[territory, name], float(covariance[k, k]), unsure,
            is_share=definitions[name].is_share,
        )  # fmt: skip
        found[name] = one
        if one.uniform:
            covariance[k, :] = covariance[:, k] = 0.0
    first = survey.design.stages[0]
    units, strata = (len(np.unique(each[inside])) for each in (first.unit, first.stratum))
    return TerritoryEstimates(territory, names, covariance, found, units, strata)


def _estimate(
    survey: Survey,
    people: People,
    statistic: Statistic,
    variance: float,
    unsure: Bools,
    *,
    is_share: bool,
) -> Estimate:
    weight, there = survey.weight, statistic.members & (survey.weight > 0)
    used = weight[there]
    base = float(used.sum())
    x = statistic.influence[there] * base / used  # score less mean
    between = float(used @ x**2) / base
    uniform = between < ROUNDING
    variance = 0.0 if uniform else max(variance, 0.0)
    n, df = int(there.sum()), survey.df(statistic.members)
    value = min(max(statistic.value, 0.0), 100.0)
    by_weights = base**2 / float((used**2).sum())
    interval: Interval | None = None
    if df > 0 and (is_share or variance == 0.0):
        positives = float((x + statistic.value).sum()) / 100
        ends = share_interval(value / 100, variance / 1e4, n, round(positives), df, by_weights)
        interval = (100 * ends[0], 100 * ends[1])
    elif df > 0:
        interval = mean_interval(value, variance, df)
    first = survey.design.stages[0]
    return Estimate(
        mean=value,
        variance=variance,
        df=df,
        n=n,
        weighted_base=base,
        n_effective=between / variance if variance > 0 else None,
        n_by_weights=by_weights,
        interval=interval,
        uniform=uniform,
        heaviest=float(used.max()) / base,
        proxies=float(people.proxy[there].mean()),
        dont_know=float(unsure.sum()) / (n + int((unsure & ~there).sum())),
        lonely=bool((first.sampled[first.stratum[there]] == 1).any()),
    )


def _across(
    territories: tuple[str, ...],
    names: tuple[str, ...],
    cells: list[tuple[str, str]],
    v: Floats,
) -> Across:
    places = {cell: place for place, cell in enumerate(cells)}
    spread = np.sqrt(np.maximum(np.diag(v), 0.0))
    found: Across = {}
    for one, other in combinations(territories, 2):
        here = [(k, places[one, name]) for k, name in enumerate(names) if (one, name) in places]
        there = [(k, places[other, n]) for k, n in enumerate(names) if (other, n) in places]
        if not here or not there:
            continue
        rows, columns = [at for _, at in here], [at for _, at in there]
        block = v[np.ix_(rows, columns)]
        if (np.abs(block) > SMALL * np.outer(spread[rows], spread[columns])).any():
            whole = np.zeros((len(names), len(names)))
            whole[np.ix_([k for k, _ in here], [k for k, _ in there])] = block
            found[one, other] = whole
    return found


def answers(n: int, items: Mapping[str, ItemColumn], rows: Integers, proxy: Bools) -> AnswerColumns:
    """The answers of some rows out of columns over all ``n``."""
    by_proxy = ByProxy(proxy[rows])
    if len(rows) == n:
        return AnswerColumns(n, dict(items), by_proxy)
    taken = {code: each.rows(rows) for code, each in items.items()}
    return AnswerColumns(len(rows), taken, by_proxy)
