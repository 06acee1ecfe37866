"""Core and module make an instrument: the module's pages go into the core's slots."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from app.domain.questionnaire import Module, Page, Question, Questionnaire, Section


def plugged(core: Questionnaire, module: Module | None) -> Questionnaire:
    """The core with the module's pages in its slots, and no slots left; national items that the
    module replaces are not asked.

    What does not fit (an unknown slot) is left out: ``composition_checks`` says so.
    """
    sections = tuple(
        replace(section, entries=tuple(_pages(section, module))) for section in core.sections
    )
    modules = core.modules if module is None else (*core.modules, module.code)
    return replace(core, sections=sections, modules=modules)


def with_exchanged(own: Module | None, others: Sequence[Module]) -> Module:
    """A territory's module with the pages of others behind its own, slot by slot: what the part of
    its sample is asked that exchanges items."""
    several = [own, *others] if own is not None else list(others)
    pages: dict[str, tuple[Page, ...]] = {}
    for module in several:
        for slot, added in module.pages_by_slot.items():
            pages[slot] = (*pages.get(slot, ()), *added)
    lists = {name: each for module in several for name, each in module.option_lists}
    return replace(
        several[0],
        code="_".join(module.code for module in several)[:32],
        pages_by_slot=pages,
        option_lists=tuple(lists.items()),
        instead=own.instead if own is not None else {},
    )


def _pages(section: Section, module: Module | None) -> Iterator[Page]:
    gone = module.instead if module is not None else {}
    for entry in section.entries:
        if isinstance(entry, Page):
            asked = tuple(each for each in entry.questions if not _of(each, gone))
            if asked:
                yield entry if asked == entry.questions else replace(entry, questions=asked)
        elif module is not None:
            yield from module.pages_by_slot.get(entry.code, ())


def whole_questions(pages: Iterable[Page]) -> dict[str, Question]:
    """Each question once, by its code, with all rows of a battery that is asked row by row; what a
    list asks about its entries stands in the list."""
    found: dict[str, Question] = {}
    for page in pages:
        for question in (each for each in page.questions if not each.of_list):
            if question.code in found:
                rows = (*found[question.code].rows, *question.rows)
                found[question.code] = replace(found[question.code], rows=rows)
            else:
                found[question.code] = question
    return found


def items_of_questions(asked: Questionnaire, codes: Collection[str]) -> frozenset[str]:
    """The items that go with these questions: every row of a battery, every place of a list."""
    return frozenset(
        item for each in asked.questions if _of(each, codes) for item in each.item_codes
    )


def _of(question: Question, codes: Collection[str]) -> bool:
    return question.code in codes or question.of_list in codes
