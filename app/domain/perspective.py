"""The words for who answers: somebody in the person's place reads of "the person", not of "me"."""

from __future__ import annotations

from dataclasses import replace

from app.domain.questionnaire import Option, Question, Row, WayOut
from app.domain.text import Text


def words_for(thing: Question | Row | Option | WayOut, role: str) -> Text:
    """The words of a question, row, answer or way out for who answers; ``role``: of the sitting.

    Without words of its own for a proxy, everybody reads the same.
    """
    return thing.proxy_text if role == "proxy" and thing.proxy_text.wordings else thing.text


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
