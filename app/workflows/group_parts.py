"""The parts of a report that tell the groups of each declared breakdown: charts and a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.breakdowns import Breakdown
from app.domain.frameworks import Indicator
from app.domain.text import Text
from app.evaluation.tables import Observation
from app.interchange.figure_words import (
    flags_in_words,
    interval_in_words,
    number,
    rounded,
    value_in_words,
)
from app.print.reports import Chart, Dot, Line, Part, Table, dots, on_pages
from app.workflows import summary_words as words
from app.workflows.in_groups import Figures, in_groups
from app.workflows.release_files import Content

SAID = {
    "groups": Text.of(fr="Groupes de personnes", en="Groups of people"),
    "whom": Text.of(
        fr="Un groupe est une partie de tous ceux qui ont répondu. Qui n’est dans aucun groupe ne "
        "compte que dans l’ensemble. L’écart de deux groupes tient compte de ce qu’ils partagent.",
        en="A group is a part of all who answered. Who is in no group counts in the whole only. "
        "The difference of two groups knows what they share.",
    ),
    "none": Text.of(
        fr="Aucun chiffre d’un groupe n’est diffusé ici\u00a0: trop peu de personnes, ou il en "
        "révélerait un autre.",
        en="No figure of a group is given out here: too few people, or it would give another "
        "figure away.",
    ),
    "caption": Text.of(
        fr="De 0 à 100, un signe par groupe. Le trait est l’intervalle à 95 %.",
        en="From 0 to 100, one sign for each group. The line is the interval at 95%.",
    ),
    "name": Text.of(fr="Nom", en="Name"),
    "group": Text.of(fr="Groupe", en="Group"),
    "value": Text.of(fr="Valeur", en="Value"),
    "interval": Text.of(fr="Intervalle", en="Interval"),
    "answers": Text.of(fr="Réponses", en="Answers"),
    "gap": Text.of(fr="Écart avec le premier", en="Less the first"),
    "caution": Text.of(fr="Prudence", en="Caution"),
}
WIDTHS = (2.6, 1.7, 1.2, 1.5, 1.2, 1.7, 1.5)


def group_parts(content: Content, place: str) -> Iterator[Part]:
    """One part for each breakdown with a figure of the territory or the nation, withheld or not."""
    for breakdown in content.seen.national.breakdowns:
        made = _Making(content, place, breakdown)
        if made.rows:
            yield made.part()


def dot(each: Observation | None, language: str) -> Dot:
    """A figure as it stands in a chart: rounded once, and in words."""
    interval = interval_in_words(each, language)
    said = value_in_words(each, language) + (f" ({interval})" if interval else "")
    if each is None or not each.shown:
        return Dot(None, None, None, said)
    near = rounded(each)
    return Dot(near.value, near.low, near.high, said)


@dataclass(frozen=True, slots=True)
class _Row:
    """An indicator in every group, and the others less the first."""

    indicator: Indicator
    levels: Figures
    gaps: Figures


class _Making:
    """The part of one breakdown being made."""

    def __init__(self, content: Content, place: str, breakdown: Breakdown) -> None:
        self.seen, self.language, self.breakdown = content.seen, content.language, breakdown
        self.groups = tuple(each.title.in_(self.language) for each in breakdown.groups)
        self.names = {code: self.seen.name(code, self.language) for code in self.seen.territories}
        self.rows = tuple(
            _Row(indicator, *figures)
            for code, indicator in self.seen.indicators.items()
            if any((figures := in_groups(self.seen, breakdown, place, code))[0])
        )

    def say(self, code: str) -> str:
        return SAID[code].in_(self.language)

    def part(self) -> Part:
        colon = "\u00a0: " if self.language == "fr" else ": "
        audience = words.AUDIENCES[self.breakdown.audience.value].in_(self.language)
        title = self.breakdown.title.in_(self.language)
        heading = f"{self.say('groups')}{colon}{title} ({audience})"
        if not any(seen is not None and seen.shown for each in self.rows for seen in each.levels):
            return Part(heading, (self.say("whom"), self.say("none")), (), self.table())
        return Part(heading, (self.say("whom"),), tuple(self.charts(heading)), self.table())

    def charts(self, heading: str) -> Iterator[Chart]:
        mention = words.SYNTHETIC.in_(self.language) if self.seen.synthetic else ""
        lines = [
            Line(
                each.indicator.title.in_(self.language),
                tuple(dot(seen, self.language) for seen in each.levels),
            )
            for each in self.rows
        ]
        for shown in on_pages(lines, len(self.groups)):
            alt = ". ".join(self.in_words(each) for each in shown)
            svg = dots(shown, mention, self.groups)
            yield Chart(svg, f"{heading}. {alt}", self.say("caption"))

    def in_words(self, line: Line) -> str:
        said = zip(self.groups, line.dots, strict=True)
        return f"{line.name}, " + "; ".join(f"{group} {each.words}" for group, each in said)

    def table(self) -> Table:
        head = ("name", "group", "value", "interval", "answers", "gap", "caution")
        return Table(
            tuple(self.say(each) for each in head),
            tuple(line for row in self.rows for line in self.lines(row)),
            WIDTHS,
        )

    def lines(self, row: _Row) -> Iterator[tuple[str, ...]]:
        indicator = row.indicator
        name = f"{indicator.code} – {indicator.title.in_(self.language)} ({indicator.unit})"
        gaps = (None, *row.gaps)
        for group, seen, gap in zip(self.groups, row.levels, gaps, strict=True):
            base = None if seen is None else seen.n  # a withheld figure has none
            yield (
                name,
                group,
                value_in_words(seen, self.language),
                interval_in_words(seen, self.language),
                number(base, self.language, 0) if base is not None else "–",
                self.less(gap) if gap is not None else "–",
                "; ".join(dict.fromkeys([*self.flags(seen), *self.flags(gap)])),
            )

    def less(self, gap: Observation) -> str:
        value = value_in_words(gap, self.language, signed=True)
        interval = interval_in_words(gap, self.language, signed=True)
        return f"{value} ({interval})" if interval else value

    def flags(self, seen: Observation | None) -> list[str]:
        return [] if seen is None else flags_in_words(seen, self.language, self.names)
