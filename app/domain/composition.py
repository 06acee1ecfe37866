"""Core and module make an instrument: the module's pages go into the core's slots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.domain.questionnaire import Module, Page, Questionnaire, Section


def plugged(core: Questionnaire, module: Module | None) -> Questionnaire:
    """The core with the module's pages in its slots, and no slots left.

    What does not fit (an unknown slot) is left out: ``composition_checks`` says so.
    """
    sections = tuple(
        Section(section.code, section.title, tuple(_pages(section, module)))
        for section in core.sections
    )
    modules = core.modules if module is None else (*core.modules, module.code)
    return replace(core, sections=sections, modules=modules)


def _pages(section: Section, module: Module | None) -> Iterator[Page]:
    for entry in section.entries:
        if isinstance(entry, Page):
            yield entry
        elif module is not None:
            yield from module.pages_by_slot.get(entry.code, ())
