"""Items of FHIR that take several answers: a list of them, or one question after another."""

from __future__ import annotations

from dataclasses import replace
from string import ascii_lowercase
from typing import TYPE_CHECKING

from app.domain.conditions import Answered
from app.domain.questionnaire import Kind, Limits, Question
from app.domain.text import Text
from app.interchange.fhir_parts import ANSWERS, NAMES, THIS
from app.interchange.fhir_resources import CORE, Json, extension, text_of, value_in
from app.interchange.foreign_form import Entry, Source
from app.interchange.foreign_text import at_what_time

if TYPE_CHECKING:
    from app.interchange.fhir_items import ItemReader

MOST_IN_ENTRY = 3  # answers to one question about an entry of a list


def most(item: Json, otherwise: int) -> int:
    """How many answers the file allows, where a list may have so many."""
    found = value_in(extension(item, f"{CORE}questionnaire-maxOccurs"))
    return found if isinstance(found, int) and 1 <= found <= 12 else otherwise


def several(
    reader: ItemReader,
    question: Question,
    item: Json,
    place: str,
    title: Text,
    conditions: tuple[Source, ...],
) -> None:
    """As many answers as the person has: a list, whose names are the answers if they may be."""
    named = question.kind is Kind.TEXT and not question.limits.pattern
    words = NAMES if not named else ANSWERS
    listed = Question(
        reader.code(item, place, repeated=True),
        Kind.LIST,
        question.text,
        hint=question.hint,
        why_we_ask=question.why_we_ask,
        required=question.required,
        name=Text.of({t: words.get(t, words["en"]) for t in reader.form.languages}),
        entry=Text.of({t: THIS.get(t, THIS["en"]) for t in reader.form.languages}),
        most=most(item, 6),
        source=question.source,
    )
    reader.report.approximated(place, "look", "several_listed" if named else "repeat")
    reader.asked += 1
    reader.form.means(text_of(item.get("linkId")), listed, {})
    entry = Entry(place, listed, conditions)
    if named:
        reader.report.came(place, listed.code, Kind.TEXT.value)
    else:
        each = [question]
        if item.get("type") == "dateTime":
            each.append(time_of(question, reader.code(item, place, "_time", repeated=True)))
        entry.inner.extend(Entry(place, one) for one in each)
        entry.question = replace(listed, each=tuple(each))
    reader.form.section(title)
    reader.form.add(entry)
    for one in entry.inner:
        reader.form.told(one)


def in_turn(
    reader: ItemReader,
    question: Question,
    item: Json,
    place: str,
    title: Text,
    conditions: tuple[Source, ...],
) -> None:
    """Several answers about an entry of a list, which has no list in it.

    The question is asked a few times, each once the one before has its answer.
    """
    number = most(item, MOST_IN_ENTRY)
    reader.report.approximated(place, "limits", "several_asked", most=number)
    reader.form.means(text_of(item.get("linkId")), replace(question, kind=Kind.LIST), {})
    before = ""
    for turn in range(number):
        suffix = f"_{ascii_lowercase[turn]}" if turn else ""
        one = question
        if turn:
            words = tuple((t, f"{said} ({turn + 1})") for t, said in question.text.wordings)
            one = replace(question, code=reader.code(item, place, suffix), text=Text(words))
        own = Answered(before) if before else None
        reader.add(one, place, title, conditions, own=own)
        if item.get("type") == "dateTime":
            second = time_of(one, reader.code(item, place, f"{suffix}_time"))
            reader.add(second, place, title, conditions, own=own)
        before = one.code


def time_of(date: Question, code: str) -> Question:
    """The second half of a question for date and time."""
    words = {t: f"{said}\n{at_what_time(t)}" for t, said in date.text.wordings}
    second = replace(date, code=code, kind=Kind.TIME, limits=Limits(), precision="day")
    return replace(second, text=Text.of(words))
