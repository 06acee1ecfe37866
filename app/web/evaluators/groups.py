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
class SideBySide:
    """One breakdown of an indicator. ``groups``: their names; ``rows``: of each territory and the
    nation, its code, its figure in each group, and the others less the first."""

    title: str
    audience: str
    groups: tuple[str, ...]
    rows: tuple[tuple[str, Figures, Figures], ...]
    chart: Chart


def side_by_side(r: Reading, code: str) -> list[SideBySide]:
    """Each breakdown of the indicator, unless one group or an earlier wave is chosen."""
    if r.one_group or r.one_wave:
        return []
    found = []
    for breakdown in r.seen.national.breakdowns:
        audience = breakdown.audience.value
        rows = tuple(
            (place, *figures)
            for place in (r.nation, *r.places)
            if any((figures := in_groups(r.seen, breakdown, place, code))[0])
        )
        if rows and r.one_audience in ("", audience):
            groups = tuple(r.say(each.title) for each in breakdown.groups)
            chart = _chart(r, code, breakdown, groups, rows)
            found.append(SideBySide(r.say(breakdown.title), audience, groups, rows, chart))
    return found


def _chart(
    r: Reading,
    code: str,
    breakdown: Breakdown,
    groups: tuple[str, ...],
    rows: tuple[tuple[str, Figures, Figures], ...],
) -> Chart:
    drawn = []
    for place, levels, _gaps in rows:
        marks = [
            each
            for lane, seen in enumerate(levels)
            for each in mark(seen, TONES[lane % 3], filled=lane < 2, lane=lane)
        ]
        lines = tuple((name, words(r, seen)) for name, seen in zip(groups, levels, strict=True))
        drawn.append(Row(r.name(place), tuple(marks), lines))
    title = _(
        "%(title)s, by territory and group: %(breakdown)s",
        title=r.title(code),
        breakdown=r.say(breakdown.title),
    )
    scale = scale_of(r, drawn)
    return draw(
        f"groups-{breakdown.code}", title, described(r, drawn), drawn, scale, mention=r.mention
    )
