"""Reports of results as tagged PDF (PDF/UA-1): what a page says, with its charts and tables."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import orjson

from app.print.setting import set_pdf

TEMPLATE = Path(__file__).with_name("report.typ")
WIDTH, LEFT, RIGHT, LINE = 680, 250, 650, 26  # of a chart, in its own units
TALLEST = 780  # the legend and lines of a chart that stands on one page under its heading
LANE, NAME_FITS, NAME_LINE, LEGEND = 17, 32, 18, 20
LETTER = 7.5  # as wide as most are
DARK = "#22525c"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing as SVG, what it shows in words, and its caption."""

    svg: str
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words under heads; ``widths`` are proportions."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a report."""

    heading: str
    said: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is printed. ``synthetic``: the notice, empty for real answers."""

    title: str
    author: str
    language: str
    lede: str
    synthetic: str
    footer: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """A value with its interval, if it has one, and its words."""

    value: float | None
    low: float | None
    high: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a chart: a name, and one dot for each of the things that the chart compares."""

    name: str
    dots: tuple[Dot, ...]

    @property
    def names(self) -> list[str]:
        """The name in lines that fit beside the scale."""
        return textwrap.wrap(self.name, NAME_FITS)

    @property
    def height(self) -> int:
        """What its dots and its name need."""
        return max(LINE, 9 + LANE * len(self.dots), 8 + NAME_LINE * len(self.names))


def report_pdf(report: Report, made_at: datetime) -> bytes:
    """The PDF; the same report gives the same bytes. Raises ``CannotBeSet``."""
    inputs = {"report": orjson.dumps(asdict(report)).decode()}
    return set_pdf(TEMPLATE, inputs, made_at)[0]


def dots(lines: Sequence[Line], mention: str, compared: Sequence[str] = ()) -> str:
    """Values from 0 to 100 with their intervals as SVG; ``mention`` is written inside it.

    ``compared``: what the dots of each line are, in their order; they differ in shape.
    """
    top = LEGEND * len(compared)
    height = top + 40 + sum(each.height for each in lines)
    drawn = []
    for lane, name in enumerate(compared):
        above = LEGEND * lane
        drawn += [_sign(LEFT + 6, above + 8, lane), _word(LEFT + 20, above + 13, name)]
    drawn += [_word(x, top + 14, f"{tick}", "middle") for tick, x in _ticks()]
    drawn += [_rule(x, top + 22, x, height - 18, "#bbb", 1) for _, x in _ticks()]
    above = top + 23
    for each in lines:
        drawn += _drawn(each, above + each.height / 2)
        above += each.height
    drawn.append(_word(WIDTH, height - 3, mention, "end"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="Libertinus Serif" font-size="15">{"".join(drawn)}</svg>'
    )


def on_pages(lines: Sequence[Line], compared: int = 0) -> Iterator[tuple[Line, ...]]:
    """The lines parted into charts that stand on one page each, over a legend of ``compared``."""
    held: list[Line] = []
    room = TALLEST - LEGEND * compared
    for each in lines:
        if held and sum(one.height for one in (*held, each)) > room:
            yield tuple(held)
            held = []
        held.append(each)
    if held:
        yield tuple(held)


def _drawn(line: Line, middle: float) -> Iterator[str]:
    names = line.names
    for number, name in enumerate(names):
        y = middle + 5 + NAME_LINE * (number - (len(names) - 1) / 2)
        yield _word(LEFT - 12, y, name, "end")
    said = {each.words for each in line.dots}
    if len(said) == 1 and all(each.value is None for each in line.dots):
        yield _over(LEFT + 8, middle + 5, said.pop())
        return
    for lane, each in enumerate(line.dots):
        y = middle + LANE * (lane - (len(line.dots) - 1) / 2)
        if each.value is None:
            yield _over(LEFT + 8, y + 5, each.words)
            continue
        if each.low is not None and each.high is not None:
            yield _rule(_x(each.low), y, _x(each.high), y, DARK, 3)
        yield _sign(_x(each.value), y, lane)


def _sign(x: float, y: float, lane: int) -> str:
    """Circles, squares and diamonds, each full and then hollow."""
    look = f'fill="{"white" if lane % 2 else DARK}" stroke="{DARK}" stroke-width="2"'
    if lane < 2:
        return f'<circle cx="{x}" cy="{y}" r="5" {look}/>'
    if lane < 4:
        return f'<rect x="{x - 5}" y="{y - 5}" width="10" height="10" {look}/>'
    return f'<path d="M{x} {y - 7}L{x + 7} {y}L{x} {y + 7}L{x - 7} {y}Z" {look}/>'


def _ticks() -> list[tuple[int, float]]:
    return [(tick, _x(tick)) for tick in range(0, 101, 20)]


def _x(value: float) -> float:
    return round(LEFT + min(max(value, 0.0), 100.0) / 100 * (RIGHT - LEFT), 1)


def _word(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


def _over(x: float, y: float, text: str) -> str:
    """Words that stand on the scale: its lines do not run through them."""
    width = LETTER * len(text)
    bare = f'<rect x="{x - 4}" y="{y - 12}" width="{width}" height="15" fill="white"/>'
    return bare + _word(x, y, text)


def _rule(x: float, y: float, x2: float, y2: float, colour: str, width: int) -> str:
    return f'<line x1="{x}" y1="{y}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width}"/>'
