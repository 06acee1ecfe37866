"""What changed between two versions of a questionnaire or module, and how much it matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain import conditions, frameworks
from app.domain.composition import items_of_questions, whole_questions
from app.domain.frameworks import Framework
from app.domain.question_differences import question_differences
from app.domain.questionnaire import Kind, Module, Page, Questionnaire, Section, Slot
from app.domain.severity import Difference, Severity, text_differences

Titled = Section | Page

__all__ = [
    "Difference",
    "Impact",
    "Severity",
    "impact",
    "module_differences",
    "questionnaire_differences",
    "worst",
]


def worst(differences: Iterable[Difference]) -> Severity | None:
    """The weightiest class among the differences; None where there are none."""
    return max((difference.severity for difference in differences), default=None)


def questionnaire_differences(
    before: Questionnaire, after: Questionnaire
) -> tuple[Difference, ...]:
    """Every difference, in the order of the later version, then what is gone."""
    return (
        *_languages(before, after),
        *text_differences(after.code, "title", before.title, after.title, Severity.PRESENTATION),
        *_introduction(before, after),
        *_sections(before, after),
        *_slots(before, after),
        *_titles(before.pages, after.pages),
        *_questions(before.pages, after.pages),
    )


def module_differences(before: Module, after: Module) -> tuple[Difference, ...]:
    """Every difference between two versions of a module."""
    return (
        *text_differences(after.code, "title", before.title, after.title, Severity.PRESENTATION),
        *_replaced(before.instead, after.instead),
        *_titles(_module_pages(before), _module_pages(after)),
        *_questions(_module_pages(before), _module_pages(after)),
    )


def _replaced(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    """National items that are asked no more, or again: their series break in the territory."""
    for item in sorted({*before, *after}):
        was, will_be = before.get(item, ""), after.get(item, "")
        if was != will_be:
            yield Difference(Severity.BREAKING, item, "instead", before=was, after=will_be)


def _module_pages(module: Module) -> tuple[Page, ...]:
    return tuple(page for pages in module.pages_by_slot.values() for page in pages)


def _languages(before: Questionnaire, after: Questionnaire) -> Iterator[Difference]:
    for language in after.languages:
        if language not in before.languages:
            yield Difference(Severity.ADDITIVE, after.code, "languages", after=language)
    for language in before.languages:
        if language not in after.languages:
            yield Difference(Severity.BREAKING, after.code, "languages", before=language)


def _introduction(before: Questionnaire, after: Questionnaire) -> Iterator[Difference]:
    for part, was, now in (
        ("introduction", before.introduction, after.introduction),
        ("introduction.proxy", before.proxy_introduction, after.proxy_introduction),
    ):
        yield from text_differences(after.code, part, was, now, Severity.PRESENTATION)


def _sections(before: Questionnaire, after: Questionnaire) -> Iterator[Difference]:
    yield from _titles(before.sections, after.sections)
    if [s.code for s in before.sections] != [s.code for s in after.sections]:
        yield Difference(Severity.PRESENTATION, after.code, "sections")


def _titles(before: Sequence[Titled], after: Sequence[Titled]) -> Iterator[Difference]:
    earlier = {each.code: each for each in before}
    for each in after:
        if each.code in earlier:
            was = earlier[each.code]
            for part, old, new in (
                ("title", was.title, each.title),
                ("title.proxy", was.proxy_title, each.proxy_title),
            ):
                yield from text_differences(each.code, part, old, new, Severity.PRESENTATION)


def _slots(before: Questionnaire, after: Questionnaire) -> Iterator[Difference]:
    earlier, later = _slot_codes(before), _slot_codes(after)
    for code in later:
        if code not in earlier:
            yield Difference(Severity.ADDITIVE, code, "slot", after=code)
    for code in earlier:
        if code not in later:
            yield Difference(Severity.BREAKING, code, "slot", before=code)


def _slot_codes(questionnaire: Questionnaire) -> list[str]:
    entries = [entry for section in questionnaire.sections for entry in section.entries]
    return [entry.code for entry in entries if isinstance(entry, Slot)]


def _questions(before: Sequence[Page], after: Sequence[Page]) -> Iterator[Difference]:
    earlier, later = whole_questions(before), whole_questions(after)
    for code, question in later.items():
        if code not in earlier:
            yield Difference(Severity.ADDITIVE, code, "question", after=question.kind.value)
        else:
            yield from question_differences(earlier[code], question)
    for code, question in earlier.items():
        if code not in later:
            told = question.kind is Kind.INFORMATION
            severity = Severity.PRESENTATION if told else Severity.BREAKING
            yield Difference(severity, code, "question", before=question.kind.value)
    common_before = [code for code in earlier if code in later]
    common_after = [code for code in later if code in earlier]
    for code, other in zip(common_after, common_before, strict=True):
        if code != other:
            yield Difference(Severity.PRESENTATION, code, "order")
            return


@dataclass(frozen=True, slots=True)
class Impact:
    """What a set of differences touches outside the questions themselves."""

    indicators: tuple[tuple[str, str], ...] = ()  # (framework, indicator)
    breakdowns: tuple[tuple[str, str], ...] = ()  # (framework, breakdown)
    territories: tuple[str, ...] = ()  # with a framework of their own that is touched
    conditions: tuple[str, ...] = ()  # items shown depending on a changed item


def impact(
    differences: Iterable[Difference],
    given: Iterable[Framework],
    questionnaires: Iterable[Questionnaire] = (),
) -> Impact:
    """Indicators, breakdowns, territories and conditions that read an item which changed.

    ``questionnaires``: core and instruments whose conditions are looked through. Differences of
    presentation touch nothing.
    """
    known, trees = tuple(questionnaires), tuple(given)
    changed = {d.place for d in differences if d.severity > Severity.PRESENTATION}
    for each in known:
        changed |= items_of_questions(each, changed)
    touched = [
        (framework, indicator.code)
        for framework in trees
        for indicator in (*frameworks.indicators(framework), *framework.ledger)
        for component in indicator.components
        if frameworks.items_of(component.measure) & changed
    ]
    broken = [
        (framework.code, breakdown.code)
        for framework in trees
        if framework.territory is None  # the nation's hold in every territory
        for breakdown in framework.breakdowns
        if breakdown.question in changed
    ]
    reading = {
        place: None
        for questionnaire in known
        for place, items in _reading(questionnaire).items()
        if items & changed
    }
    return Impact(
        tuple(dict.fromkeys((framework.code, code) for framework, code in touched)),
        tuple(broken),
        tuple(dict.fromkeys(f.territory for f, _ in touched if f.territory is not None)),
        tuple(reading),
    )


def _reading(questionnaire: Questionnaire) -> Mapping[str, frozenset[str]]:
    """The items that each conditional question, with its options, or row reads."""
    found = {}
    for question in questionnaire.questions:
        own = (question.shown_when, *(option.shown_when for option in question.options))
        read = [conditions.items_of(condition) for condition in own if condition is not None]
        if read:
            found[question.code] = frozenset[str]().union(*read)
        for row in question.rows:
            if row.shown_when is not None:
                found[row.code] = conditions.items_of(row.shown_when)
    return found
