"""What is wrong in the declared breakdowns of a framework: groups, question, options, words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from app.domain.breakdowns import LEAST_GROUPS, MOST_GROUPS, PROXY, SELF, Breakdown, BrokenDownBy
from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.codes import is_code
from app.domain.evidence import Evidence
from app.domain.questionnaire import Audience, Kind, Question, Questionnaire
from app.domain.text_checks import check_languages, check_text

if TYPE_CHECKING:
    from app.domain.frameworks import Framework

Questionnaires = Mapping[Audience, Sequence[Questionnaire]]


def check_breakdowns(framework: Framework, questionnaires: Questionnaires) -> Iterator[Finding]:
    """Every finding on ``framework.breakdowns``; without questionnaires, options stay unchecked."""
    for code, times in Counter(each.code for each in framework.breakdowns).items():
        if times > 1:
            yield finding("breakdown_twice", code)
    languages = tuple(language for language, _ in framework.title.wordings)
    for each in framework.breakdowns:
        yield from _groups(each)
        yield from _words(each, languages)
        yield from _source(each, languages)
        if each.by is BrokenDownBy.QUESTION and each.question and questionnaires:
            yield from _question(each, questionnaires)


def _groups(given: Breakdown) -> Iterator[Finding]:
    codes = [each.code for each in given.groups]
    if not LEAST_GROUPS <= len(codes) <= MOST_GROUPS:
        yield finding("breakdown_groups", given.code, low=LEAST_GROUPS, high=MOST_GROUPS)
    if len(set(codes)) < len(codes):
        yield finding("group_twice", given.code)
    for code in (given.code, *codes):
        if not is_code(code):
            yield finding("code_syntax", code)
    yield from _told_apart(given, codes)


def _told_apart(given: Breakdown, codes: list[str]) -> Iterator[Finding]:
    """Who is in which group is said as the breakdown's kind wants it, and once."""
    for option, times in Counter(o for each in given.groups for o in each.options).items():
        if times > 1:
            yield finding("option_in_two_groups", given.code, option=option)
    named = bool(given.question) and all(each.options for each in given.groups)
    if given.by is BrokenDownBy.QUESTION and not named:
        yield finding("breakdown_by_question", given.code)
    bare = not given.question and not any(each.options for each in given.groups)
    if given.by is BrokenDownBy.WHO_ANSWERS and not (bare and sorted(codes) == [PROXY, SELF]):
        yield finding("breakdown_by_who", given.code)


def _words(given: Breakdown, languages: tuple[str, ...]) -> Iterator[Finding]:
    for place, text in ((given.code, given.title), *((g.code, g.title) for g in given.groups)):
        yield from check_text(place, "title", text, languages, frozenset())


def _source(given: Breakdown, languages: tuple[str, ...]) -> Iterator[Finding]:
    if given.evidence is Evidence.DOCUMENTED and not given.source.wordings:
        yield finding("no_source", given.code, indicator=given.code)
    if given.source.wordings:
        yield from check_languages(given.code, "source", given.source, languages)


def _question(given: Breakdown, questionnaires: Questionnaires) -> Iterator[Finding]:
    asked = questionnaires.get(given.audience)
    if not asked:
        yield finding("audience_missing", given.code, audience=given.audience)
        return
    item = given.question or ""
    found = next((q for each in asked if (q := each.question_by_item.get(item))), None)
    if found is None:
        yield finding("item_not_asked", given.code, item=item, audience=given.audience)
    elif found.kind is not Kind.CHOICE:
        yield finding("breakdown_one_choice", given.code, item=item)
    else:
        yield from _options(given, found)


def _options(given: Breakdown, question: Question) -> Iterator[Finding]:
    known = [option.code for option in question.options]
    held = [option for each in given.groups for option in each.options]
    for option in held:
        if option not in known:
            yield finding("unknown_group_option", given.code, option=option, item=given.question)
    left = [code for code in known if code not in held]
    if left:
        yield finding("options_in_no_group", given.code, options=", ".join(left))
