"""What a running collection will carry at its closing, and how it has gone week by week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.errors import NotFound
from app.domain.fieldwork import Count, protected, weekly
from app.domain.permissions import Verb
from app.domain.sample_planning import detectable, foreseen, half_width
from app.evaluation.suppression import THRESHOLD
from app.storage import pace
from app.storage.database import now
from app.storage.days import local_day
from app.storage.outcome_counts import Standings
from app.storage.waves import wave_by_id
from app.workflows import counting
from app.workflows.acting import Actor, House, require

LATELY = timedelta(days=14)
Cell = tuple[str, str]  # territory, audience
Sent = tuple[str, str, date, int]  # territory, audience, day, answers


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
    begun, today = local_day(wave.opened_at or wave.opens_at), local_day(moment)
    invited, can_answer = _people(standings)
    answers = _together(by_day)
    lately = _together([each for each in by_day if each[2] > today - LATELY])
    days = min(LATELY.days, max(1, (today - begun).days + 1))
    left = 0.0 if wave.state == "closed" else (wave.closes_at - moment) / timedelta(days=1)
    order = {code: rank for rank, code in enumerate(actor.territories)}
    cells = sorted(invited.keys() | answers.keys(), key=lambda c: (order.get(c[0], 0), c[1]))
    rows = [
        _foreseen(
            cell,
            {"invited": invited[cell], "submitted": answers[cell]},
            foreseen(answers[cell], lately[cell], days, left, can_answer[cell]),
            fewest,
        )
        for cell in cells
    ]
    hidden = {row.audience for row in rows if row.answers.shown is None}
    return Pace(rows, _weeks(by_day, begun, hidden), standings.at)


def _people(standings: Standings) -> tuple[Counter[Cell], Counter[Cell]]:
    """How many were invited, and how many of them can still answer."""
    invited: Counter[Cell] = Counter()
    can_answer: Counter[Cell] = Counter()
    for group, count in standings.groups:
        territory, audience, _way, said, _call, _opened, _agreed, sent = group
        invited[territory, audience] += count
        can_answer[territory, audience] += 0 if sent or said else count
    return invited, can_answer


def _together(by_day: Sequence[Sent]) -> Counter[Cell]:
    """Answers over all these days."""
    found: Counter[Cell] = Counter()
    for territory, audience, _day, count in by_day:
        found[territory, audience] += count
    return found


def _foreseen(cell: Cell, reached: Mapping[str, int], end: int, fewest: int) -> Foreseen:
    """``end``: answers at the closing; nothing is said of it where those of now are not told."""
    shown = protected({cell: (reached, {}, {})}).rows[0].stages["submitted"]
    if shown.shown is None:
        return Foreseen(*cell, shown, None, None, None, None, None)
    width = half_width(end, population=0)
    return Foreseen(*cell, shown, end, width, detectable(end), end >= fewest, end // fewest)


def _weeks(by_day: Sequence[Sent], begun: date, hidden: Set[str]) -> dict[str, list[Count]]:
    """Answers of each audience week by week; of a ``hidden`` one the sum would give it away."""
    weeks: dict[str, Counter[int]] = {}
    for _territory, audience, day, count in by_day:
        weeks.setdefault(audience, Counter())[max(0, (day - begun).days) // 7] += count
    numbers = {
        audience: [found[n] for n in range(max(found) + 1)] for audience, found in weeks.items()
    }
    return {
        audience: [Count(None)] * len(each) if audience in hidden else weekly(audience, each)
        for audience, each in numbers.items()
    }
