"""Figures of administrative series: ratios of sums, without sampling error.

A territory's figure is ``per`` x sum of numerators / sum of denominators over its sub-areas and
periods; the nation's is the same over all territories that have values, never a mean of ratios. A
figure that rests on 1 to threshold - 1 people (numerator or denominator) is withheld, and the
nation is then made without that territory, so that nothing can be subtracted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.frameworks import Indicator, Series
from app.domain.series import SeriesValue, read_together
from app.domain.territories import NATION
from app.evaluation.observing import REGISTER, Published
from app.evaluation.quantities import Cell, Figure, Quantity, Reason


@dataclass(frozen=True, slots=True)
class Sums:
    """What was added up for a territory: sums, the time that they cover, and their sources."""

    numerator: float
    denominator: float
    start: date
    end: date
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Registers:
    """The sums of every series by (territory, code); ``threshold``: least number of people."""

    sums: Mapping[Cell, Sums] = field(default_factory=dict)
    threshold: int = 0

    def small(self, territory: str, code: str) -> bool:
        """Whether so few people stand behind the figure that it must be withheld."""
        each = self.sums[territory, code]
        return 0 < each.numerator < self.threshold or each.denominator < self.threshold

    def used(self, territories: Collection[str], code: str) -> list[str]:
        """The territories that have a figure which may be shown."""
        return [
            territory
            for territory in territories
            if (territory, code) in self.sums and not self.small(territory, code)
        ]

    def figure(self, territories: Collection[str], series: Series) -> Figure:
        """The ratio of sums over these territories; says in flags whom it leaves out."""
        used = self.used(territories, series.code)
        if not used:
            entered = any((territory, series.code) in self.sums for territory in territories)
            return Reason.WITHHELD if entered else Reason.NO_SERIES
        sums = [self.sums[territory, series.code] for territory in used]
        ratio = sum(each.numerator for each in sums) / sum(each.denominator for each in sums)
        without = {f"without:{territory}" for territory in territories if territory not in used}
        return Quantity(series.per * ratio, {}, frozenset({REGISTER, *without}))

    def origin(self, territories: Collection[str], codes: Collection[str]) -> tuple[str, str]:
        """The period (ISO 8601, start/end) and the sources behind a figure."""
        sums = [
            self.sums[territory, code]
            for code in sorted(codes)
            for territory in self.used(territories, code)
        ]
        start, end = min(each.start for each in sums), max(each.end for each in sums)
        sources = dict.fromkeys(source for each in sums for source in each.sources)
        return f"{start.isoformat()}/{end.isoformat()}", " ; ".join(sources)


def registers(values: Sequence[SeriesValue], until: date, threshold: int) -> Registers:
    """Add up what a wave that ends on ``until`` reads of these values."""
    by_code: dict[str, list[SeriesValue]] = {}
    for value in values:
        by_code.setdefault(value.code, []).append(value)
    found: dict[Cell, list[SeriesValue]] = {}
    for code, several in sorted(by_code.items()):
        for value in read_together(several, until):
            found.setdefault((value.territory, code), []).append(value)
    return Registers({cell: _sums(several) for cell, several in found.items()}, threshold)


def _sums(values: Sequence[SeriesValue]) -> Sums:
    ordered = sorted(values, key=lambda each: each.place)
    return Sums(
        numerator=sum(each.numerator for each in ordered),
        denominator=sum(each.denominator for each in ordered),
        start=min(each.start for each in ordered),
        end=max(each.end for each in ordered),
        sources=tuple(dict.fromkeys(each.source.strip() for each in ordered)),
    )


def series_of(indicator: Indicator) -> tuple[Series, ...]:
    """The series that an indicator reads."""
    return tuple(part.measure for part in indicator.components if isinstance(part.measure, Series))


def only_series(indicator: Indicator) -> bool:
    """Whether no answer has a part in the indicator."""
    return len(series_of(indicator)) == len(indicator.components)


def with_origin(
    published: Published,
    found: Registers,
    indicators: Mapping[str, Indicator],
    territories: Collection[str],
) -> Published:
    """The observation with its period and source, where it is a shown figure of a series."""
    seen = published.observation
    indicator = indicators.get(seen.code)
    if not seen.shown or seen.framework is not None or indicator is None:
        return published
    codes = {series.code for series in series_of(indicator)}
    places = territories if seen.territory == NATION else [seen.territory]
    if not any(found.used(places, code) for code in codes):
        return published
    period, source = found.origin(places, codes)
    return replace(published, observation=replace(seen, period=period, source=source))
