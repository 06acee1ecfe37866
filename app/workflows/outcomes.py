"""Outcome rates of a wave, and what those who did not answer look like in the frame."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import NotFound
from app.domain.fieldwork import FEWEST
from app.domain.outcome_rates import (
    Category,
    OutcomeRow,
    Standing,
    category,
    outcome_row,
    together,
    ways_told,
)
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.storage.outcome_counts import FRAME, Standings
from app.storage.waves import wave_by_id
from app.workflows import counting
from app.workflows.acting import Actor, House, require

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One value of a frame variable; shares are between 0 and 1, None where few are behind them."""

    variable: str
    audience: str
    value: str
    of_sample: float | None  # of the audience's sample
    of_answers: float | None  # of those who answered


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Rates by territory and audience, each also by the way in which people were first written to,
    last the rows of all territories together (territory empty); and how the sample and those who
    answered differ on what the frame knows of them. ``at``: when they were counted, None: now."""

    rows: list[OutcomeRow]
    frame: list[FrameRow]
    at: datetime | None


def outcomes(house: House, actor: Actor, wave_id: int) -> Outcomes:
    """The outcomes in the actor's territories. Raises ``NotFound``."""
    scope, partials = _may(house, actor, wave_id)
    with house.database.read() as session:
        found = counting.standings(session, wave_id, scope)
    rows = _rows(found, list(actor.territories), partials=partials)
    return Outcomes(rows, _frame(found), found.at)


def _rows(standings: Standings, order: list[str], *, partials: bool) -> list[OutcomeRow]:
    counts: dict[Key, dict[Category, int]] = defaultdict(lambda: dict.fromkeys(Category, 0))
    for group, number in standings.groups:
        territory, audience, way, said, called, opened, consented, submitted = group
        found = category(
            Standing(said, opened, consented, submitted, called), counts_partials=partials
        )
        counts[territory, audience, way or "none"][found] += number
    rank = {code: place for place, code in enumerate(order)}
    keys = sorted(counts, key=lambda key: (rank.get(key[0], 0), key[1:]))
    rows: list[OutcomeRow] = []
    for territory, audience in dict.fromkeys(key[:2] for key in keys):
        ways = [key for key in keys if key[:2] == (territory, audience)]
        rows.append(outcome_row(territory, audience, "", together(counts[k] for k in ways)))
        if len(ways) > 1:
            rows += ways_told([outcome_row(*key, counts[key]) for key in ways])
    for audience in dict.fromkeys(key[1] for key in keys):
        if all(row.shown for row in rows if row.audience == audience):
            own = [counts[key] for key in keys if key[1] == audience]
            rows.append(outcome_row("", audience, "", together(own)))
    return rows


def _frame(standings: Standings) -> list[FrameRow]:
    """A value with fewer than five people, or fewer than five on either side, shows no share."""
    rows: list[FrameRow] = []
    for variable in FRAME:
        by_audience: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
        for (name, audience, value), people, sent in sorted(standings.frame):
            if name == variable:
                by_audience[audience][value] = people, sent
        for audience, own in by_audience.items():
            rows += _shares(variable, audience, own)
    return rows


def _shares(variable: str, audience: str, own: Mapping[str, tuple[int, int]]) -> list[FrameRow]:
    people, sent = (sum(each) for each in zip(*own.values(), strict=True))
    if len(own) < 2 or not sent:
        return []
    least = 0 if audience == Audience.PROFESSIONAL else 1  # of them none is told either
    few = any(least <= those < FEWEST or all_ - those < FEWEST for all_, those in own.values())
    return [
        FrameRow(
            variable,
            audience,
            value,
            None if few else all_ / people,
            None if few else those / sent,
        )
        for value, (all_, those) in own.items()
    ]


def _may(house: House, actor: Actor, wave_id: int) -> tuple[frozenset[str], bool]:
    scope = actor.scope(Verb.FIELDWORK_VIEW)
    if not scope:
        require(house, actor, Verb.FIELDWORK_VIEW)
    with house.database.read() as session:
        wave = wave_by_id(session, actor.programme_id, wave_id)
    if wave is None:
        raise NotFound
    return scope, wave.partials_from is not None
