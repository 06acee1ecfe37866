"""How scores spread in each territory: one bar a territory, cut into bands, with its words."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from flask_babel import gettext as _

from app.evaluation.tables import Observation, What
from app.interchange.figure_words import rounded
from app.web.charts import Chart, Drawing, Shape
from app.web.evaluators.reading import Reading

Row = tuple[str, tuple[Observation, ...]]  # name of a territory, its bands from low to high
WORDS = 84  # units of width that a band needs for its words, and for its figure alone
FIGURE = 46


@dataclass(frozen=True, slots=True)
class Spread:
    """The distribution among one audience; without rows there is none to show."""

    audience: str
    chart: Chart | None
    rows: tuple[Row, ...]


def spreads(r: Reading, code: str) -> list[Spread]:
    """For each audience that the indicator asks on a scale, or the one that is chosen."""
    found = []
    for component in r.indicator(code).components:
        audience = component.audience.value
        if r.one_audience in ("", audience) and not (r.one_wave or r.one_group):
            rows = tuple((r.name(place), bands(r, place, code, audience)) for place in r.places)
            rows = tuple(row for row in rows if row[1])
            if rows:
                found.append(Spread(audience, _chart(r, code, audience, rows), rows))
    return found


def bands(r: Reading, place: str, code: str, audience: str) -> tuple[Observation, ...]:
    """The bands of a territory."""
    return tuple(
        each
        for each in r.seen.table.of(What.DISTRIBUTION, territory=place, audience=audience)
        if each.code.partition(".")[0] == code
    )


def ends(each: Observation) -> tuple[int, int]:
    """From where to where a band goes."""
    low, _dash, high = each.code.partition(".")[2].partition("-")
    return int(low), int(high)


def said(r: Reading, each: Observation) -> str:
    """The band and its share."""
    low, high = ends(each)
    return str(_("%(low)s to %(high)s: %(share)s %%", low=low, high=high, share=r.value(each)))


def _chart(r: Reading, code: str, audience: str, rows: tuple[Row, ...]) -> Chart:
    title = _(
        "%(title)s: how scores spread, %(audience)s",
        title=r.title(code),
        audience=r.audience(audience),
    )
    start = f"{r.mention}. " if r.mention else ""
    told = ". ".join(f"{name}, " + ", ".join(said(r, b) for b in found) for name, found in rows)
    return Chart(
        f"spread-{audience}",
        title,
        f"{start}{title}. {told}.",
        _broad(r, rows),
        _narrow(r, rows),
        r.mention,
    )


def _broad(r: Reading, rows: tuple[Row, ...]) -> Drawing:
    shapes: list[Shape] = []
    y = 8.0
    for name, found in rows:
        parts = textwrap.wrap(name, 25)
        for number, part in enumerate(parts):
            below = y + 24 - 9 * (len(parts) - 1) + 18 * number
            shapes.append(Shape("word", 216, below, "name", text=part, anchor="end"))
        shapes += _bar(r, found, 230.0, 940.0, y)
        y += 46
    return _ended(r, shapes, 960, y)


def _narrow(r: Reading, rows: tuple[Row, ...]) -> Drawing:
    shapes: list[Shape] = []
    y = 4.0
    for name, found in rows:
        for part in textwrap.wrap(name, 34):
            y += 20
            shapes.append(Shape("word", 0, y, "name", text=part))
        shapes += _bar(r, found, 1.0, 299.0, y + 8)
        y += 54
    return _ended(r, shapes, 300, y)


def _ended(r: Reading, shapes: list[Shape], width: int, y: float) -> Drawing:
    if r.mention:
        shapes.append(Shape("word", width - 1, y + 14, "quiet", text=r.mention, anchor="end"))
        y += 20
    return Drawing(width, int(y), tuple(shapes))


def _bar(
    r: Reading, found: tuple[Observation, ...], left: float, right: float, y: float
) -> list[Shape]:
    """Boxes as wide as their shares; what finds no room inside stands in the table."""
    shapes: list[Shape] = []
    whole = right - left
    for each in found:
        share = rounded(each).value or 0.0
        wide = round(whole * share / 100, 1)
        low, high = ends(each)
        shapes.append(Shape("box", left, y, f"part p{low // 20}", wide, 36))
        words = f"{low}–{high}{_(': ')}{r.value(each)}" if wide >= WORDS + 20 else r.value(each)
        if wide >= FIGURE:
            middle = round(left + wide / 2, 1)
            shapes.append(Shape("word", middle, y + 24, "", text=words, anchor="middle"))
        left = round(left + wide, 1)
    return shapes
