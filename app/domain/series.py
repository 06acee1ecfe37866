"""Administrative series: figures that no questionnaire gives, and which of them a wave reads.

A value is a numerator and a denominator of one place over one period, with its source. Values are
added up before they are divided: a mean of ratios would count a village as much as a town.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.errors import Fault
from app.domain.text import Text

LONGEST_SOURCE = 500
LARGEST = 1e12
YEAR = 366  # days: what ended within a year of the last period is read together


@dataclass(frozen=True, slots=True)
class SeriesValue:
    """One value. ``sub_area`` empty: the whole territory; both days of the period are in it."""

    code: str
    territory: str
    start: date
    end: date
    numerator: float
    denominator: float
    source: str
    sub_area: str = ""

    @property
    def place(self) -> tuple[str, str, str, date, date]:
        """What a later value with the same key takes the place of."""
        return (self.code, self.territory, self.sub_area, self.start, self.end)

    def overlaps(self, other: SeriesValue) -> bool:
        """Whether adding both up would count some people twice."""
        same = (self.code, self.territory) == (other.code, other.territory)
        nested = self.sub_area == other.sub_area or "" in (self.sub_area, other.sub_area)
        return same and nested and self.start <= other.end and other.start <= self.end


def read_together(values: Iterable[SeriesValue], until: date) -> tuple[SeriesValue, ...]:
    """Of one series the values that a wave ending on ``until`` reads, over all territories.

    Those that ended within the year up to the last period known by then, wherever it was entered:
    one stretch of time for all, so that territories can be put side by side.
    """
    known = [value for value in values if value.end <= until]
    if not known:
        return ()
    last = max(value.end for value in known)
    return tuple(value for value in known if last - value.end < timedelta(days=YEAR - 1))


def faults_of(value: SeriesValue, place: str) -> Iterator[Fault]:
    """What is wrong with a value by itself."""
    if value.end < value.start:
        yield Fault(
            place,
            Text.of(
                fr="La période finit avant de commencer.", en="The period ends before it begins."
            ),
            Text.of(fr="Vérifiez les deux dates.", en="Check the two dates."),
        )
    if not 0 < value.denominator <= LARGEST:
        yield Fault(
            place,
            Text.of(
                fr="Le dénominateur doit être plus grand que zéro.",
                en="The denominator must be greater than zero.",
            ),
            Text.of(
                fr="Donnez le nombre auquel le numérateur se rapporte.",
                en="Give the number that the numerator refers to.",
            ),
        )
    if not 0 <= value.numerator <= LARGEST:
        yield Fault(
            place,
            Text.of(
                fr="Le numérateur ne peut pas être négatif.",
                en="The numerator cannot be negative.",
            ),
            Text.of(fr="Donnez un nombre compté, ou 0.", en="Give a counted number, or 0."),
        )
    if not value.source.strip() or len(value.source) > LONGEST_SOURCE:
        yield Fault(
            place,
            Text.of(
                fr="La source manque, ou dépasse 500 signes.",
                en="The source is missing, or longer than 500 characters.",
            ),
            Text.of(
                fr="Dites d’où vient le chiffre\u00a0: organisme, fichier, année.",
                en="Say where the figure comes from: body, file, year.",
            ),
        )


def counted_twice(value: SeriesValue, others: Sequence[SeriesValue]) -> SeriesValue | None:
    """The first value of the same series that overlaps this one without being in its place."""
    return next(
        (each for each in others if each.place != value.place and each.overlaps(value)), None
    )
