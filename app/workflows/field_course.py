"""A collection in time: its calendar, and the own rate beside that of earlier waves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.storage import field_calendar, pace
from app.storage import participants as sample
from app.storage.database import now
from app.storage.days import local_day
from app.storage.waves import Wave, wave_by_id, waves_of
from app.workflows.acting import Actor, House, require

WAVES = 4  # compared with each other
WEEKS = 26
FOLLOWED = (Audience.ELDERLY, Audience.FAMILY)  # professionals are few: not week by week


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a day. ``what``: opening, closing, letter, mail, sms, visits, calls."""

    day: date
    what: str
    audience: str = ""
    territory: str = ""
    kind: str = ""  # of a message: invitation, reminder
    people: int = 0  # visits and calls
    planned: bool = True  # a step that is not in force yet


def calendar(house: House, actor: Actor, wave_id: int) -> list[Event]:
    """What happens when, in the actor's territories, day by day. Raises ``NotFound``."""
    scope = _scope(house, actor)
    with house.database.read() as session:
        wave = _wave(session, actor, wave_id)
        found = list(_events(session, wave, scope))
    order = ("opening", "letter", "mail", "sms", "visits", "calls", "closing")
    return sorted(found, key=lambda each: (each.day, order.index(each.what), each.territory))


def _events(session: Session, wave: Wave, scope: frozenset[str]) -> Iterator[Event]:
    yield Event(local_day(wave.opens_at), "opening")
    yield Event(local_day(wave.closes_at), "closing")
    begun = wave.opened_at or wave.opens_at
    for step in field_calendar.steps(session, wave.id, scope):
        day = local_day(begun) + timedelta(days=step.after_days)
        yield Event(
            day,
            step.channel,
            step.audience,
            step.territory,
            step.kind,
            planned=step.armed_at is None,
        )
    for territory, day, people in field_calendar.visits(session, wave.id, scope):
        yield Event(day, "visits", territory=territory, people=people)
    for territory, day, people in field_calendar.calls(session, wave.id, scope, now()):
        yield Event(day, "calls", territory=territory, people=people)


@dataclass(frozen=True, slots=True)
class RateLine:
    """Of one wave: the share of those invited who had sent by the end of each week, from 0 to 1."""

    wave: str
    invited: int
    shares: tuple[float, ...]


def own_rate(house: House, actor: Actor, wave_id: int, territory: str) -> dict[str, list[RateLine]]:
    """By audience: this wave and those before it in one territory, week by week since each opened.

    Of a week that is not over the share so far. Raises ``NotFound``, ``NotAllowed``.
    """
    require(house, actor, Verb.FIELDWORK_VIEW, territory)
    place = frozenset([territory])
    found: dict[str, list[RateLine]] = {str(audience): [] for audience in FOLLOWED}
    with house.database.read() as session:
        this = _wave(session, actor, wave_id)
        before = [wave for wave in waves_of(session, actor.programme_id) if wave.id <= this.id]
        for wave in [wave for wave in before if wave.opened_at is not None][:WAVES]:
            sizes = sample.sizes(session, wave.id, place)
            days = pace.sent_by_day(session, wave.id, place)
            for audience, lines in found.items():
                invited = sizes.get((territory, audience), 0)
                own = Counter[date]()
                for _, whose, day, count in days:
                    if whose == audience:
                        own[day] += count
                if invited:
                    lines.append(RateLine(wave.code, invited, _shares(wave, own, invited)))
    return found


def _shares(wave: Wave, sent: Counter[date], invited: int) -> tuple[float, ...]:
    begun = local_day(wave.opened_at or wave.opens_at)
    end = local_day(min(now(), wave.closed_at or wave.closes_at))
    weeks = min(WEEKS, max(0, (end - begun).days) // 7 + 1)
    return tuple(
        sum(count for day, count in sent.items() if (day - begun).days < 7 * (week + 1)) / invited
        for week in range(weeks)
    )


def _scope(house: House, actor: Actor) -> frozenset[str]:
    scope = actor.scope(Verb.FIELDWORK_VIEW)
    if not scope:
        require(house, actor, Verb.FIELDWORK_VIEW)
    return scope


def _wave(session: Session, actor: Actor, wave_id: int) -> Wave:
    wave = wave_by_id(session, actor.programme_id, wave_id)
    if wave is None:
        raise NotFound
    return wave
