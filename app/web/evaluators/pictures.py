"""The charts of a release: which rows, which scale, and a description made from the same rows."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.evaluation.tables import Observation, What
from app.interchange.figure_words import rounded
from app.web.charts import Chart, Mark, Row, Scale, Tone, draw, reach_of, ticks
from app.web.evaluators.reading import Reading


def mark(seen: Observation | None, tone: Tone, *, filled: bool = True, lane: int = 0) -> list[Mark]:
    """The mark of a figure, or none where there is nothing to show."""
    if seen is None or not seen.shown or seen.value is None:
        return []
    near = rounded(seen)
    assert near.value is not None  # rounding keeps what is there
    return [Mark(near.value, near.low, near.high, tone, filled, lane)]


def words(r: Reading, seen: Observation | None, *, signed: bool = False) -> str:
    """A figure with its interval."""
    return f"{r.value(seen, signed=signed)} {r.interval(seen, signed=signed)}".strip()


def scale_of(
    r: Reading,
    rows: Sequence[Row],
    *,
    signed: bool = False,
    within: tuple[float, float] | None = None,
    reference: tuple[float, str] | None = None,
    band: float | None = None,
    whole: bool = False,
) -> Scale:
    """Round ticks over all that is shown, reference and band; withheld rows take no part.

    ``within``: the least and the greatest that there can be; ``whole``: show all of it.
    """
    reach = reach_of(rows)
    if whole and within is not None:
        reach += within
    if reference is not None:
        reach += [reference[0] - (band or 0), reference[0] + (band or 0)]
    found = ticks(reach)
    if within is not None:
        found = tuple(each for each in found if within[0] <= each <= within[1])
    decimals = 0 if all(float(each).is_integer() for each in found) else 1
    return Scale(
        tuple((each, r.number(each, decimals, signed=signed)) for each in found), reference, band
    )


def scores(r: Reading) -> Chart:
    """National and own score of every territory, with intervals."""
    rows = []
    for place in r.places:
        national, own = r.national(place, What.TOTAL), r.own(place, What.TOTAL)
        marks = mark(national, "nation") + mark(own, "own", lane=1)
        lines = [(_("national"), words(r, national))]
        if place in r.seen.own:
            lines.append((_("its own"), words(r, own)))
        rows.append(Row(r.name(place), tuple(marks), tuple(lines)))
    nation = r.national(r.nation, What.TOTAL)
    reference = None
    if nation is not None and nation.shown and nation.value is not None:
        reference = (round(nation.value, 1), f"{r.name(r.nation)} {r.value(nation)}")
    title = _("National and own score of each territory")
    scale = scale_of(r, rows, within=(0, 100), reference=reference)
    return draw("scores", title, described(r, rows), rows, scale, mention=r.mention)


def dimensions(r: Reading, place: str) -> Chart:
    """The dimension scores of a territory under both frameworks."""
    rows = []
    for node in r.seen.national.dimensions:
        national = r.national(place, What.DIMENSION, node.code)
        own = r.own(place, What.DIMENSION, node.code)
        marks = mark(national, "nation") + mark(own, "own", lane=1)
        lines = [(_("national"), words(r, national))]
        if place in r.seen.own:
            lines.append((_("its own"), words(r, own)))
        rows.append(Row(r.say(node.title), tuple(marks), tuple(lines)))
    title = _("Dimension scores of %(place)s under both frameworks", place=r.name(place))
    scale = scale_of(r, rows, within=(0, 100))
    return draw("dimensions", title, described(r, rows), rows, scale, mention=r.mention)


def distances(r: Reading) -> Chart:
    """Two linked dots a territory: its distance from the others by each framework."""
    rows = []
    for place in r.places:
        national, own = r.national(place, What.DISTANCE), r.own(place, What.DISTANCE)
        bare = [
            Mark(each.value, None, None, each.tone, each.filled)
            for each in mark(national, "nation") + mark(own, "own")
        ]
        lines: tuple[tuple[str, str], ...]
        if len(bare) == 2:
            said = _(
                "national %(one)s, its own %(other)s",
                one=r.value(national, signed=True),
                other=r.value(own, signed=True),
            )
            lines = ((said, ""),)
        else:
            lines = ((_why(r, place), ""),)
        rows.append(Row(r.name(place), tuple(bare), lines, linked=True))
    title = _("Distance from the other territories, by each framework")
    scale = scale_of(r, rows, signed=True, reference=(0.0, _("like the others")))
    return draw("distances", title, described(r, rows), rows, scale, mention=r.mention)


def shifts(r: Reading) -> Chart:
    """The standing shifts with simultaneous intervals, and the band that does not matter."""
    rows, margins = [], []
    for place in r.places:
        seen = r.own(place, What.STANDING_SHIFT)
        moved = r.moved(seen)
        marks = mark(seen, "own" if moved else "quiet", filled=moved)
        figure = words(r, seen, signed=True) if marks else ""
        rows.append(Row(r.name(place), tuple(marks), ((r.short(seen), figure),)))
        margin = r.own(place, What.MARGIN)
        if margin is not None and margin.shown and margin.value is not None:
            margins.append(margin.value)
    band = margins[0] if margins and max(margins) == min(margins) else None
    title = _("Standing shift of each territory, in points of 100")
    scale = scale_of(
        r, rows, signed=True, reference=(0.0, _("as by the national framework")), band=band
    )
    return draw("shifts", title, described(r, rows), rows, scale, mention=r.mention)


def indicator(r: Reading, code: str) -> Chart:
    """One indicator in every territory, sorted by name."""
    rows = []
    for place in r.places:
        seen = r.figure(place, code)
        if seen is None:
            continue
        fragile = "fragile" in seen.flags
        marks = mark(seen, "quiet" if fragile else "nation", filled=not fragile)
        loud = r.value(seen)
        rows.append(Row(r.name(place), tuple(marks), ((loud, r.interval(seen)),)))
    nation = r.figure(r.nation, code)
    reference = None
    if nation is not None and nation.shown and nation.value is not None:
        reference = (round(nation.value, 1), f"{r.name(r.nation)} {r.value(nation)}")
    narrowed = (
        r.one_audience and r.audience(r.one_audience),
        r.one_wave,
        r.one_group and r.group(r.one_group),
    )
    of = [r.title(code), *filter(None, narrowed)]
    title = _("%(title)s, by territory", title=", ".join(of))
    scale = scale_of(r, rows, reference=reference)
    return draw("indicator", title, described(r, rows), rows, scale, mention=r.mention)


def _why(r: Reading, place: str) -> str:
    seen = r.own(place, What.STANDING_SHIFT)
    return _("no framework of its own") if seen is None else r.value(seen)


def described(r: Reading, rows: Sequence[Row]) -> str:
    """The rows in words: what somebody hears who does not see the chart."""
    said = []
    for row in rows:
        lines = ", ".join(" ".join(part for part in line if part) for line in row.lines)
        said.append(f"{row.name} : {lines}" if r.language == "fr" else f"{row.name}: {lines}")
    start = f"{r.mention}. " if r.mention else ""
    return start + ". ".join(said) + "."
