"""Reports of results as tagged PDF (PDF/UA-1): what a page says, with its charts and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import orjson

from app.print.setting import set_pdf

TEMPLATE = Path(__file__).with_name("report.typ")
WIDTH, LEFT, RIGHT, LINE = 680, 250, 650, 26  # of a chart, in its own units


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
    chart: Chart | None = None
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
    """A line of a chart: a name, a value with its interval if it has one, and its words."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    words: str


def report_pdf(report: Report, made_at: datetime) -> bytes:
    """The PDF; the same report gives the same bytes. Raises ``CannotBeSet``."""
    inputs = {"report": orjson.dumps(asdict(report)).decode()}
    return set_pdf(TEMPLATE, inputs, made_at)[0]


def dots(rows: Sequence[Dot], mention: str) -> str:
    """Values from 0 to 100 with their intervals as SVG; ``mention`` is written inside it."""
    height = 40 + LINE * len(rows)
    drawn = [_word(x, 14, f"{tick}", "middle") for tick, x in _ticks()]
    drawn += [_line(x, 22, x, height - 18, "#bbb", 1) for _, x in _ticks()]
    for number, row in enumerate(rows):
        y = 36 + LINE * number
        drawn.append(_word(LEFT - 12, y + 5, row.name, "end"))
        if row.value is None:
            drawn.append(_word(LEFT + 8, y + 5, row.words, "start"))
            continue
        if row.low is not None and row.high is not None:
            drawn.append(_line(_x(row.low), y, _x(row.high), y, "#22525c", 3))
        drawn.append(f'<circle cx="{_x(row.value)}" cy="{y}" r="6" fill="#22525c"/>')
    drawn.append(_word(WIDTH, height - 3, mention, "end"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="Libertinus Serif" font-size="15">{"".join(drawn)}</svg>'
    )


def _ticks() -> list[tuple[int, float]]:
    return [(tick, _x(tick)) for tick in range(0, 101, 20)]


def _x(value: float) -> float:
    return round(LEFT + min(max(value, 0.0), 100.0) / 100 * (RIGHT - LEFT), 1)


def _word(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(x: float, y: float, x2: float, y2: float, colour: str, width: int) -> str:
    return f'<line x1="{x}" y1="{y}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width}"/>'
