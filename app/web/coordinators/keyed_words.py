"""Questions as whoever keys them sees them: numbers, boxes with their keys, answers in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.answers import Answer
from app.domain.dates import spoken_date
from app.domain.double_entry import Keyed
from app.domain.keying import Typed, as_typed
from app.domain.paper import Box, boxes, numbers
from app.domain.places import spoken_place
from app.domain.questionnaire import Kind, Question, Questionnaire, Row, Section, Why
from app.domain.territories import NATION
from app.domain.text import Text
from app.domain.times import spoken_time
from app.print.papers import USUAL_WAYS
from app.web.language import current
from app.web.language import gettext as _
from app.web.pages import in_language
from app.workflows.acting import Actor
from app.workflows.keying import questions_of


@dataclass(frozen=True, slots=True)
class KeyedBox:
    """A box: what to type for it, and its words."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class KeyedItem:
    """One item to key: a question, or a row of a battery."""

    code: str
    number: str
    words: str
    typed: Typed


@dataclass(frozen=True, slots=True)
class KeyedQuestion:
    """A question with its items; ``stem`` is said of a battery."""

    kind: str
    stem: str
    number: str
    boxes: tuple[KeyedBox, ...]
    items: tuple[KeyedItem, ...]
    specify: bool
    unit: str
    precision: str


def terms_of(actor: Actor, territory: str) -> dict[str, str]:
    """The words that a territory puts into the questions."""
    found: dict[str, Text] = {}
    for code in (NATION, territory):
        if code in actor.territories:
            found |= dict(actor.territories[code].terms)
    return {name: text.in_(current()) for name, text in found.items()}


def questions(
    questionnaire: Questionnaire,
    section: Section,
    keyed: Keyed,
    typed: Mapping[str, Typed] | None,
    terms: dict[str, str],
) -> list[KeyedQuestion]:
    """The questions of a section as they stand on paper, with what was typed: now, or before."""
    numbered = numbers(questionnaire)

    def item(question: Question, thing: Question | Row) -> KeyedItem:
        code = thing.code
        before = as_typed(question, keyed.answers.get(code), illegible=code in keyed.illegible)
        given = before if typed is None else typed.get(code, Typed())
        return KeyedItem(code, numbered[code], _plain(thing.text, terms), given)

    return [
        KeyedQuestion(
            question.kind.value,
            _plain(question.text, terms) if question.kind is Kind.BATTERY else "",
            numbered[question.code],
            tuple(KeyedBox(box.key, _box_words(box, terms)) for box in boxes(question)),
            tuple(item(question, thing) for thing in question.rows or (question,)),
            any(option.specify for option in question.options),
            _plain(question.unit, terms),
            question.precision,
        )
        for question in questions_of(section)
        if question.item_codes
    ]


def _plain(text: Text, terms: dict[str, str]) -> str:
    return in_language(text, terms).replace("*", "")


def _box_words(box: Box, terms: dict[str, str]) -> str:
    if box.option is not None:
        return _plain(box.option.text, terms)
    assert box.way is not None  # one of the two
    return _plain(box.way.text, terms) if box.way.text.wordings else _usual(box.way.why)


def _usual(why: Why) -> str:
    return in_language(USUAL_WAYS[why.value])


def said(question: Question, keyed: Keyed, item: str, terms: dict[str, str]) -> str:
    """What one person keyed for an item, in words."""
    answer = keyed.answers.get(item)
    if answer is None:
        return _("not asked, after the answers before")
    if item in keyed.illegible:
        return _("cannot be read")
    if answer.why is Why.SKIPPED:
        return _("empty")
    if answer.why is not None:
        return _way_words(question, answer.why, terms)
    beside = f" ({answer.other})" if answer.other else ""
    return " ; ".join(_value_words(question, answer, terms)) + beside


def _way_words(question: Question, why: Why, terms: dict[str, str]) -> str:
    own = next((way.text for way in question.ways_out if way.why is why), None)
    return _plain(own, terms) if own and own.wordings else _usual(why)


def _value_words(question: Question, answer: Answer, terms: dict[str, str]) -> Iterator[str]:
    values = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    for value in values:
        option = question.option_by_code.get(str(value))
        if option is not None:
            yield _plain(option.text, terms)
        elif question.kind is Kind.DATE:
            yield in_language(spoken_date(str(value)))
        elif question.kind is Kind.TIME:
            yield in_language(spoken_time(str(value)))
        elif question.kind is Kind.PLACE:
            yield in_language(spoken_place(str(value)))
        else:
            yield str(value)
