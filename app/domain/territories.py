"""Territories: places in a tree, with the dates between which their borders hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.domain.text import NO_TEXT, Text

NATION = "FR"


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A number to call for somebody who is not well; ``hours`` says when somebody answers."""

    name: Text
    phone: str
    hours: Text = NO_TEXT


@dataclass(frozen=True)
class TerritoryChange:
    """What is different in a territory from a day on; what is None stays as it was.

    ``terms`` are added to those of before. A change may consist of its ``note`` alone: something
    that happened, and who says so.
    """

    from_day: date
    name: Text | None = None
    parent: str | None = None
    region: str | None = None
    population_75: int | None = None
    population_source: Text | None = None
    sub_areas: tuple[str, ...] | None = None
    terms: Mapping[str, Text] | None = None
    help_phone: str | None = None
    help_hours: Text | None = None
    help_lines: tuple[HelpLine, ...] | None = None
    description: Text | None = None
    note: Text = NO_TEXT


@dataclass(frozen=True)
class Territory:
    """A place as it began, with what changed since (``changes``: by day, see
    ``territory_history``). The nation is the root; ``terms`` are local names filled into texts.
    """

    code: str
    name: Text
    parent: str | None
    valid_from: date | None = None
    valid_to: date | None = None
    population_75: int | None = None  # None: unknown, and it stays unknown
    population_source: Text = NO_TEXT
    region: str = ""
    sub_areas: tuple[str, ...] = ()
    terms: Mapping[str, Text] = field(default_factory=dict)
    help_phone: str = ""
    help_hours: Text = NO_TEXT  # when somebody answers there
    help_lines: tuple[HelpLine, ...] = ()  # offered after sensitive questions
    description: Text = NO_TEXT
    merged_into: str | None = None  # the territory that it is part of after ``valid_to``
    end_note: Text = NO_TEXT  # why it ended, or was merged
    changes: tuple[TerritoryChange, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether the territory is there on ``day``."""
        after = self.valid_from is None or self.valid_from <= day
        return after and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Programme:
    """A programme and the territories where it runs, as one file describes them."""

    code: str
    title: Text
    territories: tuple[Territory, ...]


def ancestry(territories: Mapping[str, Territory], code: str) -> tuple[str, ...]:
    """The territory and all that contain it, itself first. Unknown codes contain nothing."""
    found: list[str] = []
    current: str | None = code
    while current is not None and current in territories and current not in found:
        found.append(current)
        current = territories[current].parent
    return tuple(found)


def telephone(*places: Territory | None) -> tuple[str, Text]:
    """The number to call and when somebody answers: of the first place that has a number."""
    for place in places:
        if place and place.help_phone:
            return place.help_phone, place.help_hours
    return "", NO_TEXT


def within(territories: Iterable[Territory], top: str) -> frozenset[str]:
    """The codes of ``top`` and everything below it."""
    by_code = {territory.code: territory for territory in territories}
    return frozenset(code for code in by_code if top in ancestry(by_code, code))
