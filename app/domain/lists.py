"""Lists that a person makes, such as who comes to the home: the same pages for each entry.

A list has a number of places. Its own answer is how many are taken; a place is taken where its
name is given, and only then are its pages on the path. So all the rest of the house sees plain
questions with codes of their own: ``PRO`` (how many), ``PRO_1`` (the first name), ``PRO1_1`` (the
first question about the first entry). An entry keeps its place, and carries a random number of
its own, so that a form about an entry that is gone can never speak of the one after it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace

from app.domain import piping
from app.domain.acceptance import Submitted, given_names
from app.domain.answers import Answer, Answers
from app.domain.conditions import All, Answered, Condition
from app.domain.conditions import renamed as other_items
from app.domain.questionnaire import Comparison, Page, Question, Questionnaire
from app.domain.text import Text

ENTRY = "{entry}"


def list_pages(question: Question) -> tuple[Page, ...]:
    """The page of a list with its names, then the pages of each entry, place after place."""
    own = [
        Page(one.code, (one,))
        for place in range(1, question.most + 1)
        for one in (_at(question, asked, place) for asked in question.each)
    ]
    return (Page(question.code, (question, *question.names)), *own)


def _at(listed: Question, asked: Question, place: int) -> Question:
    """A question of a list as it is asked of the entry in this place."""
    name = f"{listed.code}_{place}"
    own = {one.code: f"{one.code}_{place}" for one in listed.each}

    def said(text: Text) -> Text:
        wordings = (
            (tag, wording.replace(ENTRY, f"{{answer:{name}|{listed.entry.in_(tag)}}}"))
            for tag, wording in text.wordings
        )
        return piping.renamed(Text(tuple(wordings)), own)

    limits = asked.limits
    compare = tuple(Comparison(one.op, own.get(one.item, one.item)) for one in limits.compare)
    return replace(
        asked,
        code=own[asked.code],
        text=said(asked.text),
        hint=said(asked.hint),
        why_we_ask=said(asked.why_we_ask),
        interviewer_note=said(asked.interviewer_note),
        proxy_text=said(asked.proxy_text),
        proxy_hint=said(asked.proxy_hint),
        proxy_why_we_ask=said(asked.proxy_why_we_ask),
        options=tuple(
            option
            if option.shown_when is None
            else replace(option, shown_when=other_items(option.shown_when, own))
            for option in asked.options
        ),
        shown_when=_shown_when(asked, name, own),
        limits=replace(limits, compare=compare),
        of_list=listed.code,
        place=place,
    )


def _shown_when(asked: Question, name: str, own: dict[str, str]) -> Condition:
    taken = Answered(name)
    if asked.shown_when is None:
        return taken
    return All((taken, other_items(asked.shown_when, own)))


def list_on(page: Page) -> Question | None:
    """The list that this page asks for, if it is one."""
    first = page.questions[0]
    return first if first.most else None


def entries_of(question: Question, answers: Answers) -> tuple[tuple[Question, Answer], ...]:
    """The places that are taken, each with its name as answered."""
    found = ((name, answers.get(name.code)) for name in question.names)
    return tuple((name, one) for name, one in found if one is not None and one.value is not None)


def with_names(
    question: Question, submitted: Mapping[str, Submitted], answers: Answers
) -> tuple[dict[str, Submitted], str]:
    """What a list's form sent, with the names given before, and the item of the new name.

    The form has one field, named after the list; the new name goes into the first free place.
    The item is empty where no name was typed, and the list's own code where no place is free.
    """
    typed = submitted.get(question.code, Submitted())
    taken = {name.code: str(one.value) for name, one in entries_of(question, answers)}
    found = dict(submitted) | {code: Submitted((name,)) for code, name in taken.items()}
    new = ""
    if not typed.empty:
        free = (name.code for name in question.names if name.code not in taken)
        new = next(free, question.code)
        found[new] = Submitted(typed.values)
    found[question.code] = Submitted(why=typed.why)
    return counted(question, found), new


def counted(question: Question, submitted: Mapping[str, Submitted]) -> dict[str, Submitted]:
    """What was sent with the number of names as the list's answer, unless that was sent itself."""
    given = submitted.get(question.code, Submitted())
    names = given_names(question, submitted)
    if not names or not given.empty:
        return dict(submitted)
    return dict(submitted) | {question.code: Submitted((str(names),), why=given.why)}


def all_counted(
    questionnaire: Questionnaire, submitted: Mapping[str, Submitted]
) -> dict[str, Submitted]:
    """As ``counted``, for every list of the questionnaire."""
    found = dict(submitted)
    for question in questionnaire.questions:
        if question.most:
            found = counted(question, found)
    return found


def new_entry() -> str:
    """The random number of a new entry."""
    return secrets.token_hex(5)


def items_at(questionnaire: Questionnaire, question: Question, place: int) -> frozenset[str]:
    """Every item of the entry in this place: its name, and what was asked about it."""
    return frozenset(
        code
        for one in questionnaire.questions
        if one.of_list == question.code and one.place == place
        for code in one.item_codes
    )
