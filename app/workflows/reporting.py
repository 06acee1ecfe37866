"""The report of a release about one territory, or about the whole, in one language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain.errors import NotFound
from app.domain.territories import NATION
from app.domain.text import Text
from app.evaluation.tables import Observation, What
from app.interchange.figure_words import (
    REASONS,
    flags_in_words,
    interval_in_words,
    number,
    value_in_words,
)
from app.interchange.verdict_words import verdict_sentence
from app.print.reports import Chart, Line, Part, Report, Table, dots, on_pages, report_pdf
from app.workflows import summary_words as words
from app.workflows.group_parts import dot, group_parts
from app.workflows.release_files import Content

SAID = {
    "report": Text.of(fr="Rapport", en="Report"),
    "lede": Text.of(
        fr="Ce document reprend les pages du service, où les mêmes chiffres se lisent aussi avec "
        "un lecteur d’écran. Ce qui n’est pas diffusé n’est ni ici ni là.",
        en="This document follows the pages of the service, where the same figures can also be "
        "read with a screen reader. What is not published is in neither.",
    ),
    "two": Text.of(fr="Les deux cadres", en="The two frameworks"),
    "national": Text.of(fr="Score national", en="National score"),
    "own": Text.of(fr="Score propre", en="Own score"),
    "dimensions": Text.of(
        fr="Dimensions du cadre national", en="Dimensions of the national framework"
    ),
    "territories": Text.of(fr="Score national par territoire", en="National score by territory"),
    "indicators": Text.of(fr="Indicateurs", en="Indicators"),
    "caption": Text.of(
        fr="De 0 à 100 ; plus haut est mieux. Le trait est l’intervalle à 95 %.",
        en="From 0 to 100; higher is better. The line is the interval at 95%.",
    ),
    "name": Text.of(fr="Nom", en="Name"),
    "value": Text.of(fr="Valeur", en="Value"),
    "interval": Text.of(fr="Intervalle", en="Interval"),
    "answers": Text.of(fr="Réponses", en="Answers"),
    "whole": Text.of(fr="Ensemble", en="All territories"),
    "caution": Text.of(fr="Prudence", en="Caution"),
    "reading": Text.of(fr="Comment lire", en="How to read this"),
    "cite": Text.of(fr="Citer", en="How to cite"),
}


def report_of(content: Content, place: str) -> tuple[str, bytes]:
    """Name and bytes of the report about a territory, or about the whole (the nation's code).

    Raises ``NotFound`` where ``content`` does not reach the territory.
    """
    seen = content.seen
    if place != NATION and place not in seen.places:
        raise NotFound
    made = _Making(content, place)
    name = f"{content.summary.name}-{place.lower()}-{content.language}.pdf"
    return name, report_pdf(made.report(), seen.data_at)


class _Making:
    """One report being made."""

    def __init__(self, content: Content, place: str) -> None:
        self.content, self.seen, self.place = content, content.seen, place
        self.language = content.language
        self.names = {code: self.seen.name(code, self.language) for code in self.seen.territories}

    def say(self, code: str) -> str:
        return SAID[code].in_(self.language)

    def report(self) -> Report:
        summary, seen = self.content.summary, self.seen
        citation = seen.manifest["citation"][self.language]
        return Report(
            title=f"{self.say('report')} – {self.names[self.place]}",
            author="Covalue",
            language=self.language,
            lede=self.say("lede"),
            synthetic=words.SYNTHETIC_SENTENCE.in_(self.language) if seen.synthetic else "",
            footer=f"{summary.title}",
            facts=tuple((self.of_whom(label), value) for label, value in summary.cover),
            parts=(
                *(self.whole() if self.place == NATION else self.territory()),
                self.indicators(),
                *group_parts(self.content, self.place),
                Part(self.say("reading"), (*summary.notes, *summary.methods)),
                Part(self.say("cite"), (citation,)),
            ),
        )

    def of_whom(self, label: str) -> str:
        """A fact's label; how many answered is told of the whole, also in a territory's report."""
        counted = {words.COVER[each].in_(self.language) for each in ("answers", "partial", "rate")}
        if self.place == NATION or label not in counted:
            return label
        return f"{label} ({self.say('whole').lower()})"

    def total(self, place: str, framework: str) -> Observation | None:
        return self.seen.table.one(place, framework, What.TOTAL)

    def whole(self) -> Iterator[Part]:
        national = self.seen.national.code
        rows = [(self.names[p], self.total(p, national)) for p in (*self.seen.places, NATION)]
        yield self.compared(self.say("territories"), rows, self.shifts(self.seen.places))
        yield self.compared(self.say("dimensions"), list(self.of_dimensions(NATION)), ())

    def territory(self) -> Iterator[Part]:
        own = self.seen.own.get(self.place)
        rows = [(self.say("national"), self.total(self.place, self.seen.national.code))]
        if own is not None:
            rows.append((self.say("own"), self.total(self.place, own.code)))
        yield self.compared(self.say("two"), rows, self.shifts((self.place,)))
        yield self.compared(self.say("dimensions"), list(self.of_dimensions(self.place)), ())

    def shifts(self, places: Sequence[str]) -> tuple[str, ...]:
        """The verdict of each territory that has one, with its name."""
        found = []
        for place in places:
            own = self.seen.own.get(place)
            if own is None:
                continue
            shift = self.seen.table.one(place, own.code, What.STANDING_SHIFT)
            smallest = self.seen.table.one(place, own.code, What.SMALLEST_DETECTABLE)
            if shift is not None:
                said = verdict_sentence(shift, smallest, self.language)
                colon = "\u00a0: " if self.language == "fr" else ": "
                found.append(f"{self.names[place]}{colon}{said}.")
        return tuple(found)

    def of_dimensions(self, place: str) -> Iterator[tuple[str, Observation | None]]:
        national = self.seen.national
        for node in national.dimensions:
            yield (
                node.title.in_(self.language),
                self.seen.table.one(place, national.code, What.DIMENSION, node.code),
            )

    def compared(
        self,
        heading: str,
        rows: Sequence[tuple[str, Observation | None]],
        said: tuple[str, ...],
    ) -> Part:
        mention = words.SYNTHETIC.in_(self.language) if self.seen.synthetic else ""
        drawn = [Line(name, (dot(each, self.language),)) for name, each in rows]
        table = Table(
            (self.say("name"), self.say("value"), self.say("interval"), self.say("caution")),
            tuple(
                (
                    name,
                    value_in_words(each, self.language),
                    interval_in_words(each, self.language),
                    self.caution(each),
                )
                for name, each in rows
            ),
            (3, 1, 1.5, 2),
        )
        charts = []
        for shown in on_pages(drawn):
            alt = "; ".join(f"{each.name} {each.dots[0].words}" for each in shown)
            charts.append(Chart(dots(shown, mention), f"{heading}. {alt}", self.say("caption")))
        return Part(heading, said, tuple(charts), table)

    def caution(self, each: Observation | None) -> str:
        return "" if each is None else "; ".join(flags_in_words(each, self.language, self.names))

    def indicators(self) -> Part:
        """Every indicator asked here, with the national figure beside a territory's."""
        beside = self.place != NATION
        head = [self.say(name) for name in ("name", "value", "interval", "answers")]
        head += [self.say("whole")] if beside else []
        widths = (3.5, 1.2, 1.6, 1, 1.2) if beside else (3.5, 1.2, 1.6, 1)
        return Part(
            self.say("indicators"),
            (),
            (),
            Table(tuple(head), tuple(self.lines(beside)), widths),
        )

    def lines(self, beside: bool) -> Iterator[tuple[str, ...]]:
        for code, indicator in self.seen.indicators.items():
            here = self.indicator(self.place, code)
            if here is None:
                continue
            answers = number(here.n, self.language, 0) if here.n is not None else "–"
            line = (
                f"{code} – {indicator.title.in_(self.language)} ({indicator.unit})",
                value_in_words(here, self.language),
                interval_in_words(here, self.language),
                answers,
            )
            yield (*line, self.of_nation(code)) if beside else line

    def of_nation(self, code: str) -> str:
        """The national figure; of what no national framework holds, why there is none."""
        nation = self.indicator(NATION, code)
        if nation is None:
            return REASONS["not_everywhere"].in_(self.language)
        return value_in_words(nation, self.language)

    def indicator(self, place: str, code: str) -> Observation | None:
        table = self.seen.table
        return table.one(place, None, What.INDICATOR, code) or table.one(
            place, None, What.LEDGER, code
        )
