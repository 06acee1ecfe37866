"""Charts as SVG that the server draws: rows of dots with intervals on one scale, words beside them.

Every chart has a broad drawing and a narrow one for small screens, a title and a description made
from the same rows. A row without marks says why in words and takes no part in the scale.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

FITS = 36  # characters that a line of a small screen holds
WORDS_FIT = 43  # characters of words beside the marks of the broad drawing
TICK_HALF = 4.6  # half of a character on the axis
PERCENT = 0.6  # how much broader than a digit this sign is, in characters
NAME_FITS = 25  # characters of a name beside its marks: a longer one takes more lines
Tone = Literal["nation", "own", "quiet"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A value with its interval, if it has one. The nation is round, the own framework square."""

    value: float
    low: float | None = None
    high: float | None = None
    tone: Tone = "nation"
    filled: bool = True
    lane: int = 0

    @property
    def reach(self) -> tuple[float, float]:
        """The least and the greatest number that the mark shows."""
        low = self.value if self.low is None else min(self.low, self.value)
        high = self.value if self.high is None else max(self.high, self.value)
        return low, high


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a name, its marks, and up to two lines of (words, quieter words)."""

    name: str
    marks: tuple[Mark, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """What the axis says: ticks as (number, words), a line that all is read against, a band."""

    ticks: tuple[tuple[float, str], ...]
    reference: tuple[float, str] | None = None
    band: float | None = None  # half-width around the reference


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing to draw; which numbers count depends on ``kind``."""

    kind: Literal["line", "round", "square", "word", "box"]
    x: float
    y: float
    look: str
    x2: float = 0.0
    y2: float = 0.0
    text: str = ""
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a ground of this size."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart ready for its template."""

    code: str  # unique on the page
    title: str
    description: str
    broad: Drawing
    narrow: Drawing
    mention: str = ""  # written inside the drawing: that the data are synthetic


@dataclass(slots=True)
class _Plan:
    """Where things stand in one of the two drawings."""

    width: int
    left: float
    right: float
    low: float
    high: float
    shapes: list[Shape] = field(default_factory=list)

    def x(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.left + share * (self.right - self.left), 1)

    def word(self, x: float, y: float, text: str, look: str = "", anchor: str = "start") -> None:
        if text:
            self.shapes.append(Shape("word", x, y, look, text=text, anchor=anchor))

    def pair(self, x: float, y: float, loud: str, quiet: str) -> None:
        """Loud words, then quiet ones on the same line: the template joins them."""
        self.shapes.append(Shape("word", x, y, "pair", text=f"{loud}\n{quiet}"))

    def line(self, x: float, y: float, x2: float, y2: float, look: str) -> None:
        self.shapes.append(Shape("line", x, y, look, x2, y2))


def ticks(reach: Sequence[float], *, most: int = 6) -> tuple[float, ...]:
    """Round numbers that cover all of ``reach``: steps of 1, 2 or 5 times a power of ten."""
    low, high = (min(reach), max(reach)) if reach else (0.0, 1.0)
    span = max(high - low, 1.0)
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(power * times for times in (1, 2, 5, 10) if span / (power * times) <= most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    return tuple(round(number * step, 6) for number in range(first, last + 1))


def reach_of(rows: Sequence[Row]) -> list[float]:
    """Every number that the marks of these rows show."""
    return [end for row in rows for mark in row.marks for end in mark.reach]


def draw(
    code: str,
    title: str,
    description: str,
    rows: Sequence[Row],
    scale: Scale,
    *,
    mention: str = "",
) -> Chart:
    """The chart of these rows, in their order."""
    ends = [number for number, _ in scale.ticks]
    broad = _Plan(960, 230, 590, min(ends), max(ends))
    narrow = _Plan(300, 16, 284, min(ends), max(ends))
    return Chart(
        code,
        title,
        description,
        _broad(broad, rows, scale, mention),
        _narrow(narrow, rows, scale, mention),
        mention,
    )


def _broad(plan: _Plan, rows: Sequence[Row], scale: Scale, mention: str) -> Drawing:
    names = [textwrap.wrap(row.name, NAME_FITS) for row in rows]
    said = [[*_folded(row.lines, WORDS_FIT)] for row in rows]
    heights = [_height(*each) for each in zip(rows, names, said, strict=True)]
    bottom = 30 + sum(heights)
    _rules(plan, scale, 30, bottom)
    _axis(plan, scale, 20, bottom + 20)
    middle = 30.0
    for row, name, lines, height in zip(rows, names, said, heights, strict=True):
        middle += height / 2
        for number, part in enumerate(name):
            plan.word(216, middle + 5 - 10 * (len(name) - 1) + 20 * number, part, "name", "end")
        _marks(plan, row, middle)
        first = middle + 5 - 10 * (len(lines) - 1)
        for number, (loud, quiet) in enumerate(lines):
            plan.pair(616, first + 20 * number, loud, quiet)
        middle += height / 2
    plan.word(959, bottom + 22, mention, "quiet", "end")
    return Drawing(plan.width, bottom + 32, tuple(plan.shapes))


def _height(row: Row, name: Sequence[str], lines: Sequence[tuple[str, str]]) -> int:
    """Of a row of the broad drawing: what its name, its words and its marks need."""
    most = max(len(lines), _lanes(row), len(name))
    return 44 if most < 2 else 56 if most == 2 else 16 + 20 * most


def _narrow(plan: _Plan, rows: Sequence[Row], scale: Scale, mention: str) -> Drawing:
    """Words above, marks below them: rules stand only behind the marks, never behind words."""
    y = 26.0
    for row in rows:
        for part in textwrap.wrap(row.name, FITS - 2):
            y += 20
            plan.word(0, y, part, "name")
        for loud, quiet in _folded(row.lines, FITS):
            y += 20
            plan.pair(0, y, loud, quiet)
        if row.marks:
            height = 6 + 16 * _lanes(row)
            _rules(plan, scale, y + 8, y + 8 + height)
            _marks(plan, row, y + 8 + height / 2)
            y += 8 + height
        y += 12
        plan.line(0, y, plan.width, y, "hair")
    _axis(plan, scale, 16, y + 20)
    plan.word(plan.width, y + 44, mention, "quiet", "end")
    return Drawing(plan.width, int(y + (54 if mention else 30)), tuple(plan.shapes))


def _folded(lines: Sequence[tuple[str, str]], fits: int) -> Iterator[tuple[str, str]]:
    """Lines of at most so many characters: longer words take several."""
    for loud, quiet in lines:
        *above, last = textwrap.wrap(loud, fits) or [""]
        yield from ((each, "") for each in above)
        if last and quiet and len(last) + len(quiet) >= fits:
            yield last, ""
            yield "", quiet
        else:
            yield last, quiet


def _rules(plan: _Plan, scale: Scale, top: float, bottom: float) -> None:
    """Band, a light rule for each tick, and the reference, behind everything."""
    if scale.band is not None and scale.reference is not None:
        middle = scale.reference[0]
        low, high = max(middle - scale.band, plan.low), min(middle + scale.band, plan.high)
        plan.shapes.append(
            Shape("box", plan.x(low), top, "band", plan.x(high) - plan.x(low), bottom - top)
        )
    for number, _words in scale.ticks:
        plan.line(plan.x(number), top, plan.x(number), bottom, "hair")
    if scale.reference is not None:
        x = plan.x(scale.reference[0])
        plan.line(x, top, x, bottom, "reference")


def _axis(plan: _Plan, scale: Scale, above: float, below: float) -> None:
    """What the ticks and the reference say."""
    for number, words in scale.ticks:
        half = TICK_HALF * (len(words) + PERCENT * words.count("%"))  # stays inside the drawing
        x = min(max(plan.x(number), half), plan.width - half)
        plan.word(x, below, words, "quiet", "middle")
    if scale.reference is not None:
        number, words = scale.reference
        near = (plan.x(number) - plan.left) / (plan.right - plan.left)
        anchor = "start" if near < 0.25 else "end" if near > 0.75 else "middle"
        plan.word(plan.x(number), above, words, "quiet", anchor)


def _marks(plan: _Plan, row: Row, middle: float) -> None:
    lanes = _lanes(row)
    places = []
    for mark in row.marks:
        y = middle + 16 * mark.lane - 8 * (lanes - 1)
        if mark.low is not None and mark.high is not None:
            plan.line(plan.x(mark.low), y, plan.x(mark.high), y, f"interval {mark.tone}")
        places.append((plan.x(mark.value), y))
    if row.linked and len(places) == 2:
        plan.line(*places[0], *places[1], "link")
    for mark, (x, y) in zip(row.marks, places, strict=True):
        look = f"{mark.tone} {'filled' if mark.filled else 'hollow'}"
        plan.shapes.append(Shape("square" if mark.tone == "own" else "round", x, y, look))


def _lanes(row: Row) -> int:
    return max((mark.lane for mark in row.marks), default=0) + 1
