"""A wave's answers weighted: what is known of its populations, frozen with a cut and applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sqlalchemy.orm import Session

from app.domain.errors import BadInput, Fault
from app.domain.known_totals import FRAME, OF_THE_SAMPLE, KnownTotal, WeightingRule
from app.domain.questionnaire import Audience
from app.evaluation.columns import Integers, Status
from app.evaluation.margins import Coded
from app.evaluation.place_weights import PlaceWeights, cells_now, weigh
from app.evaluation.response_cells import ResponseCell
from app.evaluation.weighted_moments import Place, Weighting, weighed
from app.evaluation.weighting import WeightingReport
from app.storage import known_totals as stored
from app.storage import response_cells
from app.storage.extract_reading import Extracted, column_of
from app.storage.wave_territories import territories_of_wave
from app.storage.waves import Wave
from app.workflows.weight_plans import cells_of, frozen_cells, plan_of, told_cells, variables_of

Frozen = dict[str, Any]


@dataclass(frozen=True, eq=False)
class WeighedWave:
    """``kept``: with design weights and cells, for moments that are kept; ``final``: with the
    weights that come of it; ``reports``: by place, plain data."""

    kept: Mapping[Audience, Extracted]
    final: Mapping[Audience, Extracted]
    weighting: Weighting
    reports: Sequence[Frozen]


def frozen_totals(session: Session, wave: Wave) -> Frozen:
    """Plain data for a cut: totals, rules, how many people were drawn from each stratum, and the
    cells that were accepted against non-response."""
    places = frozenset(territories_of_wave(session, wave))
    totals = [row.total for row in stored.standing(session, wave.id, places)]
    framed = {(each.territory, each.audience) for each in totals if each.margin == FRAME}
    cells = frozen_cells(response_cells.standing(session, wave, places))
    return ({"cells": cells} if cells else {}) | {
        "totals": [asdict(each) | {"dated": each.dated.isoformat()} for each in totals],
        "rules": [asdict(row.rule) for row in stored.rules_of(session, wave.id, places)],
        "drawn": {
            f"{territory}.{audience}": people
            for (territory, audience), people in stored.drawn(session, wave.id).items()
            if (territory, audience) in framed
        },
    }


def totals_in(frozen: Frozen) -> list[KnownTotal]:
    """The totals that a cut froze; none for a cut of before."""
    return [
        KnownTotal(**{**each, "dated": date.fromisoformat(each["dated"])})
        for each in frozen.get("totals", ())
    ]


def weigh_wave(folder: Path, data: Mapping[Audience, Extracted], frozen: Frozen) -> WeighedWave:
    """Weigh every audience of every territory. ``folder``: where ``data`` were read from.

    Raises BadInput with everything that cannot be met, each with its place.
    """
    tried = _tried(folder, data, frozen)
    if tried.faults:
        raise BadInput(tried.faults)
    found = weighed({a: each.respondents for a, each in data.items()}, tried.made, tried.remaining)
    return WeighedWave(
        {a: replace(each, respondents=found.kept[a]) for a, each in data.items()},
        {a: replace(each, respondents=found.final[a]) for a, each in data.items()},
        found.weighting,
        [
            tried.told(place, each.report, fixed=place[0] in found.fixed)
            for place, each in tried.made.items()
        ],
    )


def try_weights(
    folder: Path, data: Mapping[Audience, Extracted], frozen: Frozen
) -> tuple[Sequence[Frozen], Sequence[Fault]]:
    """The report of every place that can be weighed, and what keeps the others from it."""
    tried = _tried(folder, data, frozen)
    who = {audience: each.respondents for audience, each in data.items()}
    fixed = weighed(who, tried.made, tried.remaining).fixed
    told = [
        tried.told(place, each.report, fixed=place[0] in fixed)
        for place, each in tried.made.items()
    ]
    return told, tried.faults


@dataclass(frozen=True, eq=False)
class _Tried:
    """What came of every place."""

    totals: Sequence[KnownTotal]
    rules: Mapping[tuple[str, str], WeightingRule]
    made: dict[Place, PlaceWeights] = field(default_factory=dict)
    remaining: dict[Place, dict[int, float]] = field(default_factory=dict)
    cells: dict[Place, tuple[ResponseCell, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def told(self, place: Place, report: WeightingReport, *, fixed: bool) -> Frozen:
        """What is said of the weights of a place, as plain data."""
        mine = [each for each in self.totals if (each.territory, each.audience) == place]
        rule = self.rule(place)
        return {
            "territory": place[0],
            "audience": place[1].value,
            **asdict(report),
            **told_cells(self.cells.get(place, ())),
            "fixed": fixed,
            "bounds": None if rule.lower is None else [rule.lower, rule.upper],
            "finite": rule.finite,
            "margins": [
                {
                    "margin": margin,
                    "source": "; ".join(
                        dict.fromkeys(e.source for e in mine if e.margin == margin)
                    ),
                    "dated": max(e.dated for e in mine if e.margin == margin).isoformat(),
                }
                for margin in dict.fromkeys(each.margin for each in mine)
            ],
        }

    def rule(self, place: Place) -> WeightingRule:
        """The rule of a place; without one nothing is bounded."""
        key = (place[0], place[1].value)
        return self.rules.get(key, WeightingRule(*key))


def _tried(folder: Path, data: Mapping[Audience, Extracted], frozen: Frozen) -> _Tried:
    rules = (WeightingRule(**each) for each in frozen.get("rules", ()))
    tried = _Tried(totals_in(frozen), {(rule.territory, rule.audience): rule for rule in rules})
    accepted = cells_of(frozen)
    for place, people in _peoples(folder, data):
        mine = [each for each in tried.totals if (each.territory, each.audience) == place]
        rule = tried.rule(place)
        drawn = frozen.get("drawn", {}).get(f"{place[0]}.{place[1]}", {})
        plan = plan_of(mine, rule, drawn, accepted.get((place[0], place[1].value), ()))
        said = {name: people.said(name) for name in variables_of(plan)}
        try:
            stratum = people.stratum if plan.frame else None
            tried.made[place] = weigh(plan, people.weight, stratum, said)
        except BadInput as refusal:
            tried.faults.extend(
                replace(fault, place=f"{place[0]} {place[1]} {fault.place}")
                for fault in refusal.faults
            )
        else:
            tried.cells[place] = cells_now(plan)
            if rule.finite:
                tried.remaining[place] = people.remaining(mine)
    return tried


@dataclass(frozen=True, eq=False)
class _People:
    """The rows of one audience in one territory, and the folder that has the rest about them."""

    folder: Path
    audience: Audience
    each: Extracted
    rows: Integers

    @property
    def weight(self) -> Any:
        return self.each.respondents.weight[self.rows]

    @property
    def stratum(self) -> Coded:
        """Everybody's; one without a name has the empty one."""
        found = self._column("stratum")
        index = np.where(found.index < 0, len(found.names), found.index)
        return Coded(index, (*found.names, ""))

    def said(self, variable: str) -> Coded:
        """Everybody's category; none where there is none."""
        if variable in OF_THE_SAMPLE:
            return self._column(variable)
        item = self.each.answers.items.get(variable)
        if item is None:
            return Coded(np.full(len(self.rows), -1), ())
        there = item.status[self.rows] == Status.VALUE
        return Coded(np.where(there, item.code[self.rows], -1).astype(np.int64), item.codes)

    def remaining(self, totals: Sequence[KnownTotal]) -> dict[int, float]:
        """1 less the sampling fraction by number of the stratum: its units of those there are."""
        units = {t.category: t.units or t.count or 0.0 for t in totals if t.margin == FRAME}
        who, stratum = self.each.respondents, self.stratum
        found = {}
        for name, size in units.items():
            if name not in stratum.names:
                continue
            here = self.rows[stratum.index == stratum.names.index(name)]
            if len(here) and size > 0:
                drawn = len(np.unique(who.psu[here]))
                found[int(who.stratum[here[0]])] = max(1.0 - drawn / size, 0.0)
        return found

    def _column(self, name: str) -> Coded:
        values = column_of(self.folder, self.audience, name)
        names = tuple(sorted(each for each in values.unique().to_list() if each))
        index = {each: place for place, each in enumerate(names)}
        places = values.replace_strict(index, default=-1, return_dtype=pl.Int64).to_numpy()
        return Coded(places[self.rows], names)


def _peoples(folder: Path, data: Mapping[Audience, Extracted]) -> Iterator[tuple[Place, _People]]:
    names = next((each.respondents.territories for each in data.values()), ())
    for number, territory in enumerate(names):
        for audience, each in data.items():
            rows = np.flatnonzero(each.respondents.territory == number)
            if len(rows):
                yield (territory, audience), _People(folder, audience, each, rows)


def told_weights(
    reports: Sequence[Frozen], threshold: int, cells: Sequence[Frozen]
) -> list[Frozen]:
    """What a release says of its weights: nothing of a place with fewer answers than ``threshold``,
    or of which ``cells``, as the manifest tells them, do not tell how many answers there are.

    Categories' numbers of people stay in the house.
    """
    untold = {(e["territory"], e["audience"]) for e in cells if e["submitted"] is None}
    return [
        {key: value for key, value in each.items() if key != "small"}
        if each["start"]["n"] >= threshold and (each["territory"], each["audience"]) not in untold
        else {"territory": each["territory"], "audience": each["audience"], "withheld": True}
        for each in reports
    ]
