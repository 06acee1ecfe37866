"""A territory over waves: the scores as lines with intervals and breaks, and every change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask_babel import gettext as _

from app.evaluation.tables import Observation, What
from app.interchange.figure_words import rounded
from app.web.charts import Chart, Drawing, Shape, Tone, ticks
from app.web.evaluators.reading import Reading

TOP, FOOT = 34, 40


@dataclass(frozen=True, slots=True)
class WaveLine:
    """One figure in each wave, oldest first, and its change since each earlier one."""

    title: str
    code: str
    values: tuple[Observation | None, ...]
    changes: tuple[Observation, ...]


Point = tuple[float, float | None, float | None]  # value, low, high
Place = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Track:
    """The values of one score: (value, low, high) by wave, and whether the line into it holds."""

    name: str
    tone: Tone
    points: tuple[Point | None, ...]
    joined: tuple[bool, ...]


def earlier_codes(r: Reading) -> tuple[str, ...]:
    """The codes of earlier waves in the release, oldest first."""
    seen = r.seen.table.of(What.EARLIER)
    return tuple(dict.fromkeys(each.code.partition("@")[2] for each in seen))


def wave_lines(r: Reading, place: str) -> list[WaveLine]:
    """The scores of a territory, then its indicators, where an earlier wave has them."""
    found = []
    codes = earlier_codes(r)
    for what in (What.TOTAL, What.DIMENSION, What.INDICATOR, What.LEDGER):
        for seen in r.seen.table.of(what, territory=place):
            line = _line(r, seen, codes)
            if line is not None:
                found.append(line)
    return found


def _line(r: Reading, seen: Observation, codes: Sequence[str]) -> WaveLine | None:
    table = r.seen.table
    older = [
        table.one(seen.territory, seen.framework, What.EARLIER, f"{seen.code}@{wave}")
        for wave in codes
    ]
    changes = [
        found
        for wave in codes
        if (found := table.one(seen.territory, seen.framework, What.CHANGE, f"{seen.code}@{wave}"))
    ]
    if not changes:
        return None
    return WaveLine(_title(r, seen), seen.code, (*older, seen), tuple(changes))


def _title(r: Reading, seen: Observation) -> str:
    if seen.what == What.TOTAL:
        national = seen.framework == r.seen.national.code
        return str(_("National score") if national else _("Own score"))
    if seen.framework is not None:
        node = r.seen.nodes.get((seen.framework, seen.code))
        name = r.say(node.title) if node else seen.code
        return f"{name} ({seen.framework})"
    return r.title(seen.code)


def lines_of(r: Reading, code: str) -> list[tuple[str, WaveLine]]:
    """An indicator over the waves, in the nation and in each territory; of all audiences."""
    if r.one_audience or r.one_group:
        return []
    return [
        (place, line)
        for place in (r.nation, *r.places)
        for line in wave_lines(r, place)
        if line.code == code
    ]


def indicator_picture(r: Reading, code: str, lines: Sequence[tuple[str, WaveLine]]) -> Chart | None:
    """The mean of the territories over the waves, and beside it the one territory chosen."""
    alone = r.places if len(r.places) == 1 else ()
    tracks = [
        _track(line, "nation" if place == r.nation else "own", r.name(place))
        for place, line in lines
        if place in (r.nation, *alone)
    ]
    return _chart(r, "trend", _("%(title)s over the waves", title=r.title(code)), tracks)


def picture(r: Reading, place: str, lines: Sequence[WaveLine]) -> Chart | None:
    """National and own score over the waves; a line stops where the figures cannot be compared."""
    tones: tuple[Tone, ...] = ("nation", "own")
    totals = [line for line in lines if line.code == ""][:2]
    tracks = [_track(line, tone, line.title) for line, tone in zip(totals, tones, strict=False)]
    return _chart(r, "waves", _("Scores over the waves, %(place)s", place=r.name(place)), tracks)


def _chart(r: Reading, code: str, title: str, tracks: Sequence[Track]) -> Chart | None:
    tracks = [track for track in tracks if any(track.points)]
    if not tracks:
        return None
    waves = (*earlier_codes(r), r.seen.wave)
    colon = "\u00a0: " if r.language == "fr" else ": "
    said = [
        f"{track.name}{colon}"
        + ", ".join(
            f"{wave} {r.number(point[0])}" if point else f"{wave} –"
            for wave, point in zip(waves, track.points, strict=True)
        )
        for track in tracks
    ]
    return Chart(
        code,
        title,
        f"{title}. " + "; ".join(said) + ".",
        _drawing(r, tracks, waves, 960, 300),
        _drawing(r, tracks, waves, 300, 240),
        r.mention,
    )


def _track(line: WaveLine, tone: Tone, name: str) -> Track:
    """Two waves are joined where each of them can be put beside the one of now."""
    points: list[Point | None] = []
    for seen in line.values:
        near = rounded(seen) if seen is not None and seen.shown else None
        if near is None or near.value is None:
            points.append(None)
        else:
            points.append((near.value, near.low, near.high))
    held = [each.reason != "break" for each in line.changes]
    held += [True] * (len(points) - len(held))
    joined = tuple(one and other for one, other in pairwise(held))
    return Track(name, tone, tuple(points), joined)


def _drawing(
    r: Reading, tracks: Sequence[Track], waves: Sequence[str], width: int, height: int
) -> Drawing:
    reach = [
        end
        for track in tracks
        for point in track.points
        if point
        for end in point
        if end is not None
    ]
    marks = ticks(reach)
    low, high = min(marks), max(marks)
    left, right = 44.0, width - 24.0
    step = (right - left) / len(waves)

    def x(number: float) -> float:
        return round(left + step * (number + 0.5), 1)

    def y(value: float) -> float:
        return round(height - FOOT - (value - low) / (high - low) * (height - FOOT - TOP), 1)

    shapes = [Shape("line", left, y(each), "hair", right, y(each)) for each in marks]
    shapes += [
        Shape("word", left - 8, y(each) + 5, "quiet", text=r.number(each, 0), anchor="end")
        for each in marks
    ]
    shapes += [
        Shape("word", x(number), height - 14, "quiet", text=wave, anchor="middle")
        for number, wave in enumerate(waves)
    ]
    for lane, track in enumerate(tracks):
        shapes += _of_track(track, x, y, 6.0 * lane, height - FOOT)
    if r.mention:
        shapes.append(Shape("word", width - 1, 14, "quiet", text=r.mention, anchor="end"))
    return Drawing(width, height, tuple(shapes))


def _of_track(track: Track, x: Place, y: Place, aside: float, bottom: float) -> list[Shape]:
    shapes: list[Shape] = []
    before: tuple[float, float] | None = None
    for number, point in enumerate(track.points):
        if point is None:
            before = None
            continue
        value, low, high = point
        here = (x(number) + aside, y(value))
        if before is not None and track.joined[number - 1]:
            shapes.append(Shape("line", before[0], before[1], track.tone, here[0], here[1]))
        elif before is not None:  # a break: nothing joins the points, a dotted rule parts them
            middle = round((before[0] + here[0]) / 2, 1)
            shapes.append(Shape("line", middle, TOP, "link", middle, bottom))
        if low is not None and high is not None:
            look = f"interval {track.tone}"
            shapes.append(Shape("line", here[0], y(low), look, here[0], y(high)))
        look = f"{track.tone} filled"
        shapes.append(Shape("square" if track.tone == "own" else "round", here[0], here[1], look))
        before = here
    return shapes
