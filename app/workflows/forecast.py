"""What a running collection will carry at its closing, and how it has gone week by week."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import NotFound
from app.domain.fieldwork import Count, protected, weekly
from app.domain.permissions import Verb
from app.domain.sample_planning import detectable, foreseen, half_width
from app.evaluation.suppression import THRESHOLD
from app.storage import pace
from app.storage.database import now
from app.storage.days import local_day
from app.storage.waves import wave_by_id
from app.workflows import counting
from app.workflows.acting import Actor, House, require

LATELY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One audience of one territory: answers now and at the closing, what they carry then."""

    territory: str
    audience: str
    answers: Count
    at_closing: int | None
    half_width: float | None
    shift: float | None
    publishable: bool | None  # at the closing, as a whole
    groups: int | None  # in how many equal groups it could be broken down


@dataclass(frozen=True, slots=True)
class Pace:
    """The forecast, and answers by week since the opening by audience. ``at``: when the people were
    counted who can still answer, None: now."""

    rows: list[Foreseen]
    weeks: dict[str, list[Count]]
    at: datetime | None


def forecast(house: House, actor: Actor, wave_id: int, fewest: int = THRESHOLD) -> Pace:
    """From the pace of the last 14 days. Small numbers of professionals are not told.

    Raises ``NotFound``, ``NotAllowed``.
    """
    scope = actor.scope(Verb.FIELDWORK_VIEW)
    if not scope:
        require(house, actor, Verb.FIELDWORK_VIEW)
    moment = now()
    with house.database.read() as session:
        wave = wave_by_id(session, actor.programme_id, wave_id)
        if wave is None:
            raise NotFound
        by_day = pace.sent_by_day(session, wave_id, scope)
        standings = counting.standings(session, wave_id, scope)
    begun = local_day(wave.opened_at or wave.opens_at)
    invited: Counter[tuple[str, str]] = Counter()
    can_answer: Counter[tuple[str, str]] = Counter()
    for group, count in standings.groups:
        territory, audience, _way, said, _call, _opened, _agreed, sent = group
        invited[territory, audience] += count
        can_answer[territory, audience] += 0 if sent or said else count
    answers: Counter[tuple[str, str]] = Counter()
    lately: Counter[tuple[str, str]] = Counter()
    weeks: dict[str, Counter[int]] = {}
    for territory, audience, day, count in by_day:
        answers[territory, audience] += count
        if day > local_day(moment - LATELY):
            lately[territory, audience] += count
        weeks.setdefault(audience, Counter())[max(0, (day - begun).days) // 7] += count
    order = {code: rank for rank, code in enumerate(actor.territories)}
    days = min(LATELY.days, max(1, (local_day(moment) - begun).days + 1))
    left = 0.0 if wave.state == "closed" else (wave.closes_at - moment) / timedelta(days=1)
    rows = []
    for key in sorted(invited.keys() | answers.keys(), key=lambda k: (order.get(k[0], 0), k[1])):
        reached = {"invited": invited[key], "submitted": answers[key]}
        shown = protected({key: (reached, {}, {})}).rows[0].stages["submitted"]
        end = foreseen(answers[key], lately[key], days, left, can_answer[key])
        told = shown.shown is not None
        rows.append(
            Foreseen(
                *key,
                shown,
                end if told else None,
                half_width(end, population=0) if told else None,
                detectable(end) if told else None,
                end >= fewest if told else None,
                end // fewest if told else None,
            )
        )
    hidden = {row.audience for row in rows if row.answers.shown is None}
    return Pace(
        rows,
        {
            audience: [Count(None)] * (max(found) + 1)
            if audience in hidden  # the sum of the weeks would give it away
            else weekly(audience, [found[n] for n in range(max(found) + 1)])
            for audience, found in weeks.items()
        },
        standings.at,
    )
