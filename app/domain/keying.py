"""Sheets of paper keyed by hand: what the keys mean, what of a section may be taken.

Nothing is stopped that paper cannot help: an empty question is skipped, whatever it is, and what
cannot be read is skipped too, with a mark of its own. Everything else is judged as on screen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.acceptance import Submitted, accept
from app.domain.answers import Answer, RespondentRole
from app.domain.errors import Fault
from app.domain.lists import list_on
from app.domain.paper import boxes
from app.domain.questionnaire import Kind, Page, Question, Questionnaire, Section, Why
from app.domain.routing import ShownQuestion, path_through
from app.domain.text import Text

ILLEGIBLE = "?"
_BETWEEN = re.compile(r"[\s,;.+/-]+")
_WRITTEN = (Kind.TEXT, Kind.LONG_TEXT, Kind.NUMBER, Kind.DATE, Kind.TIME, Kind.PLACE, Kind.LIST)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed for one item: keys of boxes or the text itself, and the text beside."""

    value: str = ""
    other: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.value.strip() or self.other.strip())


@dataclass(frozen=True, slots=True)
class Judged:
    """A section after keying.

    ``answers``: of the items asked, to be stored. ``illegible``: those among them that could not
    be read. ``faults``: what has to be typed otherwise. ``beside``: typed although the answers
    before say that it is not asked; left out.
    """

    answers: Mapping[str, Answer]
    illegible: frozenset[str]
    faults: tuple[Fault, ...]
    beside: tuple[str, ...]


def judge(
    questionnaire: Questionnaire,
    section: Section,
    typed: Mapping[str, Typed],
    before: Mapping[str, Answer],
    role: RespondentRole,
    at: str,
) -> Judged:
    """Judge what was typed for a section; ``before``: the answers of the other sections.

    ``at``: the moment that they will be kept with (UTC, ISO 8601).
    """
    own = {item for page in section.pages for each in page.questions for item in each.item_codes}
    answers = {item: answer for item, answer in before.items() if item not in own}
    taken: dict[str, Answer] = {}
    illegible: set[str] = set()
    faults: list[Fault] = []
    asked: set[str] = set()
    for page in section.pages:
        answers |= _names(page, typed)
        shown = path_through(questionnaire, answers, role).page(page.code)
        for question in shown.questions if shown else ():
            found, unread, wrong = _question(questionnaire, question, typed, answers)
            taken |= {item: replace(answer, at=at) for item, answer in found.items()}
            illegible |= unread
            faults += wrong
            asked.update(question.item_codes)
        answers |= taken
    beside = tuple(item for item in typed if item in own - asked and not typed[item].empty)
    return Judged(taken, frozenset(illegible), tuple(faults), beside)


def _names(page: Page, typed: Mapping[str, Typed]) -> dict[str, Answer]:
    """The names written on a list, as far as they say which of its places are taken."""
    listed = list_on(page)
    names = listed.names if listed else ()
    written = ((name.code, typed.get(name.code, Typed())) for name in names)
    return {code: Answer(given.value) for code, given in written if not given.empty}


def _question(
    questionnaire: Questionnaire,
    shown: ShownQuestion,
    typed: Mapping[str, Typed],
    answers: Mapping[str, Answer],
) -> tuple[dict[str, Answer], set[str], list[Fault]]:
    taken: dict[str, Answer] = {}
    submitted: dict[str, Submitted] = {}
    illegible: set[str] = set()
    faults: list[Fault] = []
    listed = shown.question.most > 0
    for item in shown.item_codes:
        given = typed.get(item, Typed())
        if listed:
            given = _number_of_names(shown.question, given, typed)
        unread = given.value.strip() == ILLEGIBLE and not shown.question.is_name
        if given.empty or unread:  # a name that cannot be read is still somebody
            taken[item] = Answer(why=Why.SKIPPED)
            illegible |= set() if given.empty else {item}
            continue
        printed = questionnaire.question_by_item[item]  # on paper every option stands
        read = meant(printed, item, given)
        if isinstance(read, Fault):
            faults.append(read)
        else:
            submitted[item] = read
    rows = tuple(row for row in shown.rows if row.code in submitted)
    for name in shown.question.names:
        submitted[name.code] = Submitted((typed.get(name.code, Typed()).value,))
    if submitted.keys() & set(shown.item_codes):
        verdict = accept(
            replace(shown, rows=rows), submitted, answers, questionnaire, reminded=True
        )
        taken |= verdict.answers
        faults += verdict.faults
    return taken, illegible, faults


def _number_of_names(question: Question, given: Typed, typed: Mapping[str, Typed]) -> Typed:
    """What a list's own answer is where nothing was typed for it: the number of its names."""
    names = sum(not typed.get(name.code, Typed()).empty for name in question.names)
    return Typed(str(names)) if names and given.empty else given


def meant(question: Question, item: str, given: Typed) -> Submitted | Fault:
    """What the typed keys stand for: options by their keys, a way out by its letter, or a text."""
    by_key = {box.key: box for box in boxes(question)}
    written = question.kind in _WRITTEN
    value = given.value.strip()
    keys = [value.lower()] if written else [key.lower() for key in _BETWEEN.split(value) if key]
    ways = [by_key[key].way for key in keys if key in by_key and by_key[key].way]
    if written and not ways:
        return Submitted((given.value,))
    if any(key not in by_key for key in keys):
        return Fault(item, _NO_BOX, _NO_BOX_REMEDY)
    if len(ways) > 1:
        return Fault(item, _TWO_WAYS, _TWO_WAYS_REMEDY)
    options = tuple(box.option.code for key in keys if (box := by_key[key]).option)
    return Submitted(options, given.other, ways[0].why.value if ways and ways[0] else "")


def as_typed(question: Question, answer: Answer | None, *, illegible: bool) -> Typed:
    """What was typed for this answer: to show it again to who typed it."""
    if illegible:
        return Typed(ILLEGIBLE)
    if answer is None or answer.why is Why.SKIPPED:
        return Typed()
    key_of = {
        (box.option.code if box.option else box.way.why if box.way else ""): box.key
        for box in boxes(question)
    }
    if answer.value is None:
        return Typed(key_of.get(answer.why or "", ""))
    if question.kind is Kind.LIST:
        return Typed()  # its names say it
    if question.kind in _WRITTEN:
        return Typed(str(answer.value))
    values = answer.value if isinstance(answer.value, tuple) else (str(answer.value),)
    return Typed(" ".join(key_of.get(value, "") for value in values), answer.other or "")


_NO_BOX = Text.of(
    fr="Cette question n’a pas de case avec ce numéro.",
    en="This question has no box with this number.",
)
_NO_BOX_REMEDY = Text.of(
    fr="Tapez un numéro imprimé à gauche des cases, ou ? si c’est illisible.",
    en="Type a number printed left of the boxes, or ? if it cannot be read.",
)
_TWO_WAYS = Text.of(
    fr="Deux façons de ne pas répondre sont cochées.",
    en="Two ways of not answering are ticked.",
)
_TWO_WAYS_REMEDY = Text.of(
    fr="Gardez celle qui est claire, ou tapez ? si aucune ne l’est.",
    en="Keep the one that is clear, or type ? if none is.",
)
