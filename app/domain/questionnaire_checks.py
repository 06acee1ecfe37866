"""What is wrong or unwise in a questionnaire or a module, before anybody answers it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from app.domain.check_words import finding
from app.domain.checks import Finding, Level
from app.domain.composition import plugged
from app.domain.composition_checks import check_fit, codes_in
from app.domain.condition_checks import check_condition
from app.domain.lengths import BUDGET, FLOW_PAGES, slots_overfull
from app.domain.perspective_checks import check_perspective, check_titles
from app.domain.possibilities import Possibilities
from app.domain.question_checks import check_codes, check_question
from app.domain.questionnaire import Audience, Kind, Module, Page, Questionnaire, Slot
from app.domain.reference_checks import check_references, conditions_of
from app.domain.text_checks import check_texts, check_wordings


def check_questionnaire(
    questionnaire: Questionnaire, names: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """Every finding on a core or a composed instrument.

    ``names``: the local names that territories fill into texts, as in ``{support_team}``.
    """
    found = [
        *check_codes(questionnaire),
        *_shape(questionnaire),
        *check_texts(questionnaire, names),
        *check_wordings(questionnaire),
        *_conditions(questionnaire),
        *_pages(questionnaire),
        *check_titles(questionnaire),
    ]
    written = [question for question in questionnaire.questions if not question.of_list]
    for question in (*written, *(one for each in written for one in each.each)):
        found.extend(check_question(question, questionnaire))
        found.extend(check_perspective(question, questionnaire))
    return tuple(dict.fromkeys(found))


def check_module(
    module: Module, core: Questionnaire, names: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """Every finding on a module in its core; what is wrong in the core itself is left out."""
    own = {code for pages in module.pages_by_slot.values() for code in codes_in(pages)}
    composed = check_questionnaire(plugged(core, module), names)
    of_core = set(check_questionnaire(plugged(core, None), names))
    drafts = _drafts(module)
    found = [
        *check_fit(core, module),
        *slots_overfull(core, module),
        *(f for f in composed if f.place in own or (_of_whole(f, core) and f not in of_core)),
        *((finding("draft_wordings", module.code, count=drafts),) if drafts else ()),
    ]
    return tuple(dict.fromkeys(found))


def _of_whole(found: Finding, core: Questionnaire) -> bool:
    return found.place == core.code and found.rule != "draft_wordings"


def _drafts(module: Module) -> int:
    questions = [q for pages in module.pages_by_slot.values() for p in pages for q in p.questions]
    return len({question.written_code for question in questions if question.status == "draft"})


def _shape(questionnaire: Questionnaire) -> Iterator[Finding]:
    if not questionnaire.questions:
        yield finding("no_pages", questionnaire.code)
    if questionnaire.fallback not in questionnaire.languages:
        allowed = ", ".join(questionnaire.languages)
        yield finding("fallback", questionnaire.code, allowed=allowed)


def _conditions(questionnaire: Questionnaire) -> Iterator[Finding]:
    """References to earlier pages only, options that exist, and conditions that can hold."""
    wrong = list(check_references(questionnaire))
    for page in questionnaire.pages:
        for place, condition in conditions_of(page):
            wrong += check_condition(condition, place, questionnaire.question_by_item.get)
    yield from wrong
    broken = {found.place for found in wrong if found.level is Level.ERROR}
    possibilities = Possibilities(questionnaire)
    for page in questionnaire.pages:
        for place, condition in conditions_of(page):
            if place not in broken and not possibilities.can_hold(condition):
                yield finding("never_holds", place)


def _pages(questionnaire: Questionnaire) -> Iterator[Finding]:
    most = BUDGET[questionnaire.audience]
    pages = Possibilities(questionnaire).most_pages() + FLOW_PAGES
    if pages > most:
        yield finding("too_many_pages", questionnaire.code, pages=pages, most=most)
    if questionnaire.audience is Audience.ELDERLY:
        for page in questionnaire.pages:
            several = sum(not question.is_name for question in page.questions) > 1
            if several or len(page.questions[0].rows) > 1:
                yield finding("several_on_page", page.code)
    for before, after in pairwise(questionnaire.pages):
        if _tells(before) and _tells(after):
            yield finding("information_again", after.code)
    if (
        questionnaire.pages
        and _tells(questionnaire.pages[-1])
        and not _has_late_slot(questionnaire)
    ):
        yield finding("information_last", questionnaire.pages[-1].code)


def _tells(page: Page) -> bool:
    return all(question.kind is Kind.INFORMATION for question in page.questions)


def _has_late_slot(questionnaire: Questionnaire) -> bool:
    entries = [entry for section in questionnaire.sections for entry in section.entries]
    return isinstance(entries[-1], Slot)
