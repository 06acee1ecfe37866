"""Whether a module fits a core: its slots, its codes, its languages."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.checks import Finding, Level
from app.domain.composition import plugged
from app.domain.questionnaire import Module, Page, Questionnaire, Slot
from app.domain.reference_checks import check_references
from app.domain.text import Text


def check_fit(core: Questionnaire, module: Module) -> tuple[Finding, ...]:
    """What keeps this module from being put into this core."""
    return (
        *_belonging(core, module),
        *_unknown_slots(core, module),
        *_codes_taken(core, module),
        *_references(core, module),
    )


def _references(core: Questionnaire, module: Module) -> Iterator[Finding]:
    """What the module's questions read must be asked before them, in the core or the module."""
    own = {code for pages in module.pages_by_slot.values() for code in codes_in(pages)}
    composed = plugged(core, module)
    for found in check_references(composed):
        if found.place in own:
            yield found


def _error(rule: str, place: str, message: Text, remedy: Text) -> Finding:
    return Finding(rule, Level.ERROR, place, message, remedy)


def _belonging(core: Questionnaire, module: Module) -> Iterator[Finding]:
    if module.core != core.code or module.audience is not core.audience:
        yield _error(
            "other_core",
            module.code,
            Text.of(
                fr="Ce module est écrit pour un autre questionnaire.",
                en="This module is written for another questionnaire.",
            ),
            Text.of(
                fr=f"Il faut « core: {{code: {core.code}}} » et « audience: {core.audience} ».",
                en=f"Needed: “core: {{code: {core.code}}}” and “audience: {core.audience}”.",
            ),
        )
    for language in core.languages:
        if language not in module.languages:
            yield _error(
                "module_language",
                module.code,
                Text.of(
                    fr=f"Le questionnaire existe en « {language} », ce module non.",
                    en=f"The questionnaire exists in “{language}”, this module does not.",
                ),
                Text.of(
                    fr="Traduisez le module et ajoutez la langue sous « languages ».",
                    en="Translate the module and add the language under “languages”.",
                ),
            )


def _unknown_slots(core: Questionnaire, module: Module) -> Iterator[Finding]:
    known = [
        entry.code
        for section in core.sections
        for entry in section.entries
        if isinstance(entry, Slot)
    ]
    for slot in module.pages_by_slot:
        if slot not in known:
            yield _error(
                "unknown_slot",
                slot,
                Text.of(
                    fr="Le questionnaire n’a pas cet emplacement.",
                    en="The questionnaire has no such slot.",
                ),
                Text.of(
                    fr=f"Choisissez l’un de ceux-ci : {', '.join(known) or '–'}.",
                    en=f"Choose one of these: {', '.join(known) or '–'}.",
                ),
            )


def codes_in(pages: tuple[Page, ...]) -> set[str]:
    """Every page, question and item code of these pages."""
    questions = [question for page in pages for question in page.questions]
    return (
        {page.code for page in pages}
        | {question.code for question in questions}
        | {code for question in questions for code in question.item_codes}
    )


def _codes_taken(core: Questionnaire, module: Module) -> Iterator[Finding]:
    taken = codes_in(core.pages)
    for pages in module.pages_by_slot.values():
        for code in sorted(codes_in(pages) & taken):
            yield _error(
                "code_taken",
                code,
                Text.of(
                    fr="Ce code existe déjà dans le questionnaire national.",
                    en="This code already exists in the core questionnaire.",
                ),
                Text.of(
                    fr=f"Donnez un code propre au territoire, par exemple {code}_{module.code}.",
                    en=f"Give a code of the territory’s own, for example {code}_{module.code}.",
                ),
            )
