"""How long a questionnaire takes, estimated from its words, against what its audience is given.

An estimate for planning, not a measurement: reading at a pace of the audience's, and a few seconds
to answer each item, which stand here to be argued with. Real sittings tell better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.composition import plugged
from app.domain.possibilities import Possibilities
from app.domain.questionnaire import (
    Audience,
    Kind,
    Module,
    Page,
    Question,
    Questionnaire,
    Slot,
)

# Pages that an audience is given, on its longest path.
BUDGET = {Audience.ELDERLY: 30, Audience.FAMILY: 40, Audience.PROFESSIONAL: 60}
FLOW_PAGES = 6  # welcome, notice, consent, who answers, check, end
WORDS_A_MINUTE = {Audience.ELDERLY: 110, Audience.FAMILY: 180, Audience.PROFESSIONAL: 220}
SECONDS = {  # to find and give an answer, once everything is read
    Kind.CHOICE: 6,
    Kind.CHOICES: 10,
    Kind.RATING: 6,
    Kind.NUMBER: 10,
    Kind.TEXT: 20,
    Kind.LONG_TEXT: 60,
    Kind.DATE: 15,
    Kind.TIME: 12,
    Kind.PLACE: 40,
    Kind.FILE: 60,
    Kind.BATTERY: 5,
    Kind.LIST: 30,
    Kind.INFORMATION: 0,
}
PAGE_SECONDS = 3  # to press and wait


@dataclass(frozen=True, slots=True)
class Length:
    """``pages``: of the longest path, with the pages around it; ``most``: what there may be."""

    pages: int
    most: int
    minutes: float
    announced: float | None


def lengths(questionnaire: Questionnaire, pages: Sequence[Page] | None = None) -> Length:
    """The length of the longest path; ``pages``: of these pages only, all conditions aside."""
    most = BUDGET[questionnaire.audience]
    if pages is not None:
        minutes = sum(_seconds(page, questionnaire.audience) for page in pages) / 60
        return Length(len(pages), most, minutes, None)
    shown = Possibilities(questionnaire).most_pages()
    every = questionnaire.pages
    whole = sum(_seconds(page, questionnaire.audience) for page in every) / 60
    minutes = whole * shown / len(every) if every else 0.0
    return Length(shown + FLOW_PAGES, most, minutes, questionnaire.minutes)


def slots_overfull(core: Questionnaire, module: Module) -> Iterator[Finding]:
    """Slots in which the module asks for more minutes than the core keeps there."""
    whole = plugged(core, module)
    for slot in (each for part in core.sections for each in part.entries):
        if isinstance(slot, Slot) and slot.minutes:
            asked = module.pages_by_slot.get(slot.code, ())
            if lengths(whole, asked).minutes > slot.minutes:
                yield finding("slot_minutes", slot.code, budget=f"{slot.minutes:g}")


def _seconds(page: Page, audience: Audience) -> float:
    words = sum(_words(question) for question in page.questions)
    items = sum(SECONDS[q.kind] * max(1, len(q.rows)) for q in page.questions if not q.is_name)
    return words / WORDS_A_MINUTE[audience] * 60 + items + PAGE_SECONDS


def _words(question: Question) -> int:
    texts = [question.text, question.hint, *(row.text for row in question.rows)]
    texts += [option.text for option in question.options if not option.closed]
    return sum(len(text.in_("fr").split()) for text in texts)
