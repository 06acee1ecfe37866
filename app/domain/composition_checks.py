"""Whether a module fits a core: its slots, its codes, its languages."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.composition import items_of_questions, plugged, whole_questions
from app.domain.questionnaire import Module, Page, Questionnaire, Slot
from app.domain.reference_checks import check_references, read_by


def check_fit(core: Questionnaire, module: Module) -> tuple[Finding, ...]:
    """What keeps this module from being put into this core."""
    return (
        *_belonging(core, module),
        *_unknown_slots(core, module),
        *_codes_taken(core, module),
        *_references(core, module),
        *_replaced(core, module),
    )


def _references(core: Questionnaire, module: Module) -> Iterator[Finding]:
    """What the module's questions read must be asked before them, in the core or the module."""
    own = {code for pages in module.pages_by_slot.values() for code in codes_in(pages)}
    composed = plugged(core, module)
    for found in check_references(composed):
        if found.place in own:
            yield found


def _replaced(core: Questionnaire, module: Module) -> Iterator[Finding]:
    """A question, a battery or a list may be replaced where no other question depends on it."""
    asked = {code for code, each in whole_questions(core.pages).items() if each.item_codes}
    gone = items_of_questions(core, module.instead)
    own = {code for pages in module.pages_by_slot.values() for code in codes_in(pages)}
    for item, code in module.instead.items():
        if item not in asked:
            yield finding("instead_of_nothing", item, item=item)
        if code not in own:
            yield finding("instead_by_nothing", item, item=item, own=code)
    if module.instead:
        for page in plugged(core, module).pages:
            for place, items in read_by(page):
                for item in sorted(items & gone):
                    yield finding("instead_read", item, item=item, reader=place)


def _belonging(core: Questionnaire, module: Module) -> Iterator[Finding]:
    if module.core != core.code or module.audience is not core.audience:
        yield finding("other_core", module.code, core=core.code, audience=core.audience)
    for language in core.languages:
        if language not in module.languages:
            yield finding("module_language", module.code, language=language)


def _unknown_slots(core: Questionnaire, module: Module) -> Iterator[Finding]:
    entries = [entry for section in core.sections for entry in section.entries]
    known = [entry.code for entry in entries if isinstance(entry, Slot)]
    for slot in module.pages_by_slot:
        if slot not in known:
            yield finding("unknown_slot", slot, known=", ".join(known) or "–")


def codes_in(pages: tuple[Page, ...]) -> set[str]:
    """Every page, question and item code of these pages."""
    questions = [question for page in pages for question in page.questions]
    return (
        {page.code for page in pages}
        | {question.code for question in questions}
        | {code for question in questions for code in question.item_codes}
        | {one.code for question in questions for one in question.each}
    )


def _codes_taken(core: Questionnaire, module: Module) -> Iterator[Finding]:
    taken = codes_in(core.pages)
    for pages in module.pages_by_slot.values():
        for code in sorted(codes_in(pages) & taken):
            yield finding("code_taken", code, code=code, module=module.code)
