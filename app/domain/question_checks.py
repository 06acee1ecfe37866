"""What is wrong in one question: its code, options, limits and ways out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.codes import is_code, is_option_code
from app.domain.condition_checks import OPTION_KINDS
from app.domain.patterns import compiled
from app.domain.questionnaire import Kind, Limits, Question, Questionnaire, Slot, Why

_COMPARED = (Kind.NUMBER, Kind.DATE, Kind.TIME)


def check_codes(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Codes well formed, and each given once among its like."""
    sections = [section.code for section in questionnaire.sections]
    slots = [
        entry.code
        for section in questionnaire.sections
        for entry in section.entries
        if isinstance(entry, Slot)
    ]
    pages = [page.code for page in questionnaire.pages]
    items = [code for question in questionnaire.questions for code in _own_codes(question)]
    batteries = {q.code for q in questionnaire.questions if q.kind is Kind.BATTERY}
    of_lists = [one.code for question in questionnaire.questions for one in question.each]
    for codes in (sections, slots, pages, [*items, *batteries, *of_lists]):
        for code, times in Counter(codes).items():
            if times > 1:
                yield finding("code_twice", code)
    for code in dict.fromkeys(
        [*sections, *slots, *pages, *items, *batteries, *of_lists, questionnaire.code]
    ):
        if not is_code(code):
            yield finding("code_syntax", code)


def _own_codes(question: Question) -> tuple[str, ...]:
    """The item codes; an information page has one too, though it asks nothing."""
    return (question.code,) if question.kind is Kind.INFORMATION else question.item_codes


def check_question(question: Question, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Every finding on this question alone."""
    if question.kind in OPTION_KINDS:
        yield from _options(question)
    yield from _limits(question)
    yield from _comparisons(question, questionnaire)
    if question.each and not any("{entry}" in said for said in _said_of_each(question)):
        yield finding("list_entry", question.code)
    offered = {way.why for way in question.ways_out}
    if question.sensitive and Why.PREFER_NOT not in offered:
        yield finding("no_prefer_not", question.code)


def _said_of_each(question: Question) -> Iterator[str]:
    for one in question.each:
        yield from (wording for _, wording in (*one.text.wordings, *one.hint.wordings))


def _options(question: Question) -> Iterator[Finding]:
    codes = Counter(option.code for option in question.options)
    for code, times in codes.items():
        if times > 1:
            yield finding("option_twice", question.code, option=code)
        if not is_option_code(code):
            yield finding("code_syntax", question.code)
    offered = [option for option in question.options if not option.closed]
    if len(offered) < 2:
        yield finding("few_options", question.code)
    if sum(option.specify for option in offered) > 1:
        yield finding("several_specify", question.code)
    if question.kind is not Kind.CHOICES and any(option.exclusive for option in offered):
        yield finding("exclusive_here", question.code)
    together = sum(not option.exclusive for option in offered)
    most = min(together, question.limits.max_choices or together)
    if (question.limits.min_choices or 0) > most:
        yield finding("choices_impossible", question.code)


def _limits(question: Question) -> Iterator[Finding]:
    limits = question.limits
    if _crossed(limits):
        yield finding("bounds_crossed", question.code)
    if limits.pattern is not None:
        if compiled(limits.pattern) is None:
            yield finding("pattern", question.code)
        if not limits.pattern_text.wordings:
            yield finding("pattern_unexplained", question.code)


def _crossed(limits: Limits) -> bool:
    low, high = limits.minimum, limits.maximum
    if isinstance(low, str) and isinstance(high, str) and low > high:
        return True
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        return True
    return (limits.min_length or 0) > (limits.max_length or limits.min_length or 0)


def _comparisons(question: Question, questionnaire: Questionnaire) -> Iterator[Finding]:
    for comparison in question.limits.compare:
        other = questionnaire.question_by_item.get(comparison.item)
        same = other is not None and other.kind is question.kind
        if other is not None and not (same and question.kind in _COMPARED):
            yield finding("compare_kinds", question.code, item=comparison.item)
