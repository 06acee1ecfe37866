"""An indicator in the groups of each breakdown, side by side: dots with intervals, and a table."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from app.domain.breakdowns import Breakdown
from app.web.charts import Chart, Row, Tone, draw
from app.web.evaluators.pictures import described, mark, scale_of, words
from app.web.evaluators.reading import Reading
from app.workflows.in_groups import Figures, in_groups

TONES: tuple[Tone, ...] = ("nation", "own", "quiet")


@dataclass(frozen=True, slots=True)
class Line:
    """A territory, the nation, or an indicator (``code``): its figure in each group, and the
    others less the first. ``note``: what stands small beside its name."""

    name: str
    note: str
    levels: Figures
    gaps: Figures
    code: str = ""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One breakdown. ``caption``: of its table; ``groups``: their names; ``chart``: None where no
    figure of a group is given out."""

    title: str
    audience: str
    caption: str
    groups: tuple[str, ...]
    lines: tuple[Line, ...]
    chart: Chart | None


def side_by_side(r: Reading, code: str) -> list[SideBySide]:
    """Each breakdown of an indicator, unless one group or an earlier wave is chosen."""
    if r.one_group or r.one_wave:
        return []
    found = []
    for breakdown in r.seen.national.breakdowns:
        lines = tuple(
            Line(r.name(place), _("plain mean") if place == r.nation else "", *figures)
            for place in (r.nation, *r.places)
            if any((figures := in_groups(r.seen, breakdown, place, code))[0])
        )
        if lines and r.one_audience in ("", breakdown.audience.value):
            title = _(
                "%(title)s, by territory and group: %(breakdown)s",
                title=r.title(code),
                breakdown=r.say(breakdown.title),
            )
            found.append(_side_by_side(r, breakdown, title, r.title(code), lines))
    return found


def of_territory(r: Reading, place: str) -> list[SideBySide]:
    """Each breakdown in a territory, indicator by indicator."""
    found = []
    for breakdown in r.seen.national.breakdowns:
        lines = tuple(
            Line(r.title(code), f"{code} · {r.unit(code)}", *figures, code)
            for code in r.seen.indicators
            if any((figures := in_groups(r.seen, breakdown, place, code))[0])
        )
        if lines:
            title = _(
                "%(title)s, by indicator and group: %(breakdown)s",
                title=r.name(place),
                breakdown=r.say(breakdown.title),
            )
            found.append(_side_by_side(r, breakdown, title, r.name(place), lines))
    return found


def _side_by_side(
    r: Reading, breakdown: Breakdown, title: str, caption: str, lines: tuple[Line, ...]
) -> SideBySide:
    groups = tuple(r.say(each.title) for each in breakdown.groups)
    drawn = []
    for line in lines:
        marks = [
            each
            for lane, seen in enumerate(line.levels)
            for each in mark(seen, TONES[lane % 3], filled=lane < 2, lane=lane)
        ]
        said = tuple((name, words(r, seen)) for name, seen in zip(groups, line.levels, strict=True))
        drawn.append(Row(line.name, tuple(marks), said))
    chart = None
    if any(row.marks for row in drawn):
        chart = draw(
            f"groups-{breakdown.code}",
            title,
            described(r, drawn),
            drawn,
            scale_of(r, drawn),
            mention=r.mention,
        )
    return SideBySide(
        r.say(breakdown.title), breakdown.audience.value, caption, groups, lines, chart
    )
