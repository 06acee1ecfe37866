"""The parts of a questionnaire as a person sees them: which are done, begun, still to come."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

from app.domain.questionnaire import Questionnaire, Section
from app.domain.routing import Path, ShownPage


class PartState(StrEnum):
    """How far somebody is with a part."""

    TO_COME = "to_come"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Part:
    """A section with pages on the path. ``number`` counts, from 1, the sections that have pages.

    ``minutes``: its share of the minutes announced for the whole, by number of pages; at least 1;
    None where nothing is announced. A part that asks nothing is never to come.
    """

    section: Section
    number: int
    pages: tuple[ShownPage, ...]
    state: PartState
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A section with pages on the path, whatever was answered: ``Part`` without its state."""

    section: Section
    number: int
    pages: tuple[ShownPage, ...]
    items: frozenset[str]
    minutes: int | None

    def part(self, answered: Set[str]) -> Part:
        """How far somebody is who answered these items."""
        if self.items <= answered:
            state = PartState.DONE
        else:
            state = PartState.TO_COME if self.items.isdisjoint(answered) else PartState.BEGUN
        return Part(self.section, self.number, self.pages, state, self.minutes)


def stretches_of(asked: Questionnaire, path: Path) -> tuple[Stretch, ...]:
    """The sections with pages on the path, in order."""
    by_section: dict[str, list[ShownPage]] = {}
    for page in path.pages:
        _number, section = asked.section_by_page[page.code]
        by_section.setdefault(section.code, []).append(page)
    with_pages = [section for section in asked.sections if section.pages]
    return tuple(
        _stretch(asked, section, number, tuple(by_section[section.code]), len(path.pages))
        for number, section in enumerate(with_pages, 1)
        if section.code in by_section
    )


def _stretch(
    asked: Questionnaire, section: Section, number: int, pages: tuple[ShownPage, ...], total: int
) -> Stretch:
    items = frozenset(item for page in pages for item in page.item_codes)
    share = None if asked.minutes is None else max(1, round(asked.minutes * len(pages) / total))
    return Stretch(section, number, pages, items, share)
