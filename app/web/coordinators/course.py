"""Pages of a collection in time: its calendar, and the own rate beside earlier waves."""

from __future__ import annotations

from calendar import Calendar
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import lazy_gettext as _l

from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.domain.territories import NATION
from app.web.coordinators.contact import CHANNELS, KINDS
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor, names, places
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import field_course as acts
from app.workflows import waves
from app.workflows.field_course import Event, RateLine

WHAT: dict[str, Any] = {
    "opening": _l("The wave opens"),
    "closing": _l("Last day for answers"),
    "visits": _l("Visits of home helps"),
    "calls": _l("Calls that people wished for"),
} | CHANNELS
MOST_MONTHS = 12
BROAD, HIGH, LEFT, TOP = 560, 220, 44, 12
DASHES = ("none", "8 4", "2 4", "12 4 2 4")


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks of days; ``events``: how many on each day that has some."""

    title: str
    number: int
    weeks: tuple[tuple[date, ...], ...]
    events: Counter[date]


@blueprint.get("/waves/<int:wave_id>/calendar")
@enters(Verb.FIELDWORK_VIEW)
def wave_calendar(wave_id: int) -> ResponseReturnValue:
    """Opening, letters and messages, visits, calls, closing: as months and as a list."""
    events = acts.calendar(house(), actor(), wave_id)
    return render_template(
        "coordinators/calendar.html",
        wave=waves.wave(house(), actor(), wave_id),
        events=events,
        months=_months(events),
        what=WHAT,
        kinds=KINDS,
        names=names(),
        nation=NATION,
        weekdays=[format_date(date(2024, 1, day), "EEE") for day in range(1, 8)],
    )


def _months(events: Sequence[Event]) -> list[Month]:
    counted = Counter(each.day for each in events)
    found = sorted({(day.year, day.month) for day in counted})
    return [
        Month(
            format_date(date(year, month, 1), "MMMM y"),
            month,
            tuple(tuple(week) for week in Calendar().monthdatescalendar(year, month)),
            counted,
        )
        for year, month in found[:MOST_MONTHS]
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """A wave's way over the weeks: points of an SVG line, and where its name stands."""

    wave: str
    points: str
    dash: str
    x: float
    y: float


@blueprint.get("/waves/<int:wave_id>/own-rate")
@enters(Verb.FIELDWORK_VIEW)
def wave_own_rate(wave_id: int) -> ResponseReturnValue:
    """The rate of one territory week by week, beside that of its earlier waves."""
    own = places(Verb.FIELDWORK_VIEW)
    territory = request.args.get("territory") or min(own, default="")
    if territory not in own:
        raise NotFound
    found = acts.own_rate(house(), actor(), wave_id, territory)
    return render_template(
        "coordinators/own_rate.html",
        wave=waves.wave(house(), actor(), wave_id),
        places=own,
        territory=territory,
        rates={audience: lines for audience, lines in found.items() if lines},
        drawn={audience: list(_lines(lines)) for audience, lines in found.items() if lines},
        size=(BROAD, HIGH, LEFT, TOP),
    )


def _lines(lines: Sequence[RateLine]) -> Iterable[Line]:
    weeks = max(2, *(len(line.shares) for line in lines)) if lines else 2
    for number, line in enumerate(lines):
        points = [
            (
                LEFT + (BROAD - LEFT - 70) * week / (weeks - 1),
                TOP + (HIGH - 2 * TOP - 16) * (1 - min(1.0, share)),
            )
            for week, share in enumerate(line.shares)
        ]
        written = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        x, y = points[-1] if points else (LEFT, HIGH - TOP)
        yield Line(line.wave, written, DASHES[number % len(DASHES)], x + 6, y + 4)
