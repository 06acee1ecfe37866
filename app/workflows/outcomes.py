"""Outcome rates of a wave, and what those who did not answer look like in the frame."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

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
from app.storage import outcome_counts as stored
from app.storage.waves import wave_by_id
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


def outcome_rows(house: House, actor: Actor, wave_id: int) -> list[OutcomeRow]:
    """Rates by territory and audience, each also by the way in which people were first written to.

    Last the rows of the actor's territories together (territory empty). Raises ``NotFound``.
    """
    scope, partials = _may(house, actor, wave_id)
    counts: dict[Key, dict[Category, int]] = defaultdict(lambda: dict.fromkeys(Category, 0))
    with house.database.read() as session:
        for group, number in stored.standings(session, wave_id, scope):
            territory, audience, way, said, called, opened, consented, submitted = group
            found = category(
                Standing(said, opened, consented, submitted, called), counts_partials=partials
            )
            counts[territory, audience, way or "none"][found] += number
    order = {code: rank for rank, code in enumerate(actor.territories)}
    keys = sorted(counts, key=lambda key: (order.get(key[0], 0), key[1:]))
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


def frame_rows(house: House, actor: Actor, wave_id: int) -> list[FrameRow]:
    """How the sample and those who answered differ on what the frame knows of them.

    A value with fewer than five people, or fewer than five on either side, shows no share.
    """
    scope, _partials = _may(house, actor, wave_id)
    with house.database.read() as session:
        found = stored.frame_shares(session, wave_id, scope)
    rows: list[FrameRow] = []
    for variable, values in found.items():
        for audience in dict.fromkeys(each[0] for each in values):
            own = [each for each in values if each[0] == audience]
            people, sent = sum(each[2] for each in own), sum(each[3] for each in own)
            least = 0 if audience == Audience.PROFESSIONAL else 1  # of them none is told either
            few = any(least <= each[3] < FEWEST or each[2] - each[3] < FEWEST for each in own)
            if len(own) < 2 or not sent:
                continue
            rows += [
                FrameRow(
                    variable,
                    audience,
                    value,
                    None if few else of_value / people,
                    None if few else answered / sent,
                )
                for _, value, of_value, answered in own
            ]
    return rows


def _may(house: House, actor: Actor, wave_id: int) -> tuple[frozenset[str], bool]:
    scope = actor.scope(Verb.FIELDWORK_VIEW)
    if not scope:
        require(house, actor, Verb.FIELDWORK_VIEW)
    with house.database.read() as session:
        wave = wave_by_id(session, actor.programme_id, wave_id)
    if wave is None:
        raise NotFound
    return scope, wave.partials_from is not None
