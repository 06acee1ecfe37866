"""The words for who answers: somebody in the person's place reads of "the person", not of "me"."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from app.domain.questionnaire import Option, Page, Question, Questionnaire, Row, Section, WayOut
from app.domain.text import Text


def words_for(thing: Question | Row | Option | WayOut, role: str) -> Text:
    """The words of a question, row, answer or way out for who answers; ``role``: of the sitting.

    Without words of its own for a proxy, everybody reads the same.
    """
    return _for(role, thing.text, thing.proxy_text)


def title_for(thing: Section | Page, role: str) -> Text:
    """The title of a part or page for who answers."""
    return _for(role, thing.title, thing.proxy_title)


def hint_for(question: Question, role: str) -> Text:
    """The hint of a question for who answers."""
    return _for(role, question.hint, question.proxy_hint)


def reason_for(question: Question, role: str) -> Text:
    """Why a question is asked, for who answers."""
    return _for(role, question.why_we_ask, question.proxy_why_we_ask)


def introduction_for(questionnaire: Questionnaire, role: str) -> Text:
    """The introduction of a questionnaire for who answers."""
    return _for(role, questionnaire.introduction, questionnaire.proxy_introduction)


def _for(role: str, own: Text, other: Text) -> Text:
    return other if role == "proxy" and other.wordings else own


def asked_alone(question: Question, row: Row | None, role: str) -> Text:
    """What asks for an answer, where it stands away from its page: the words of the question, or of
    the row, after those of the question where the row ends their sentence ("I work with… nurses").
    """
    stem = words_for(question, role)
    return stem if row is None else _ended(stem, words_for(row, role))


@lru_cache(maxsize=5_000)
def _ended(stem: Text, row: Text) -> Text:
    begun = {tag: said for tag, said in stem.wordings if said.endswith(("…", "..."))}
    return Text(
        tuple((tag, f"{begun[tag]} {said}" if tag in begun else said) for tag, said in row.wordings)
    )


def said_to(question: Question, role: str) -> Question:
    """The question with its own words and those of its answers for who answers."""
    if role != "proxy" or not reworded(question):
        return question
    options = tuple(replace(each, text=words_for(each, role)) for each in question.options)
    return replace(question, text=words_for(question, role), options=options)


def reworded(question: Question) -> bool:
    """Whether any words of the question or its answers are others for a proxy."""
    answers = [each.proxy_text for each in question.options]
    ways = [each.proxy_text for each in question.ways_out]
    rows = [each.proxy_text for each in question.rows]
    return any(text.wordings for text in (question.proxy_text, *rows, *answers, *ways))


def both_words(thing: Option) -> Text:
    """An answer's words, and behind a stroke those for a proxy: for who reads both in one place."""
    other = thing.proxy_text.as_dict()
    return Text(
        tuple(
            (tag, f"{said} / {other[tag]}" if other.get(tag) else said)
            for tag, said in thing.text.wordings
        )
    )
