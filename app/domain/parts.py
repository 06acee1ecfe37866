"""The parts of a questionnaire as a person sees them: which are done, begun, still to come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.answers import Answers
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
    None where nothing is announced.
    """

    section: Section
    number: int
    pages: tuple[ShownPage, ...]
    state: PartState
    minutes: int | None


def parts_of(asked: Questionnaire, path: Path, answers: Answers) -> tuple[Part, ...]:
    """The parts with pages on the path, in order. A part that asks nothing is never to come."""
    by_section: dict[str, list[ShownPage]] = {}
    for page in path.pages:
        _number, section = asked.section_by_page[page.code]
        by_section.setdefault(section.code, []).append(page)
    with_pages = [section for section in asked.sections if section.pages]
    return tuple(
        _part(asked, section, number, tuple(by_section[section.code]), answers, len(path.pages))
        for number, section in enumerate(with_pages, 1)
        if section.code in by_section
    )


def _part(
    asked: Questionnaire,
    section: Section,
    number: int,
    pages: tuple[ShownPage, ...],
    answers: Answers,
    total: int,
) -> Part:
    items = [item for page in pages for item in page.item_codes]
    known = [item for item in items if item in answers]
    if len(known) == len(items):
        state = PartState.DONE
    else:
        state = PartState.BEGUN if known else PartState.TO_COME
    share = None if asked.minutes is None else max(1, round(asked.minutes * len(pages) / total))
    return Part(section, number, pages, state, share)
