"""Earlier answers in later texts: ``{answer:E01|other words}`` and ``{count:E03|several}``.

What stands after the bar is said where there is no such answer: passed, not shown, given on
another day, or on paper. Only what was asked on an earlier page may be named.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from app.domain.answers import Answer
from app.domain.dates import spoken_date
from app.domain.perspective import words_for
from app.domain.questionnaire import Kind, Question
from app.domain.text import PIPE, Text
from app.domain.times import spoken_time
from app.domain.values import plain_number

COUNTED = frozenset({Kind.CHOICES, Kind.LIST})
SPOKEN = frozenset(Kind) - {Kind.LONG_TEXT, Kind.PLACE, Kind.FILE, Kind.INFORMATION}
_AND = {"fr": " et ", "en": " and "}


@dataclass(frozen=True, slots=True)
class Pipe:
    """A place in a wording that an earlier answer fills."""

    what: Literal["answer", "count"]
    item: str
    otherwise: str


def pipes_in(wording: str) -> tuple[Pipe, ...]:
    """The places in a wording, in order."""
    return tuple(_pipe(match) for match in PIPE.finditer(wording))


def piped(wording: str, words: Callable[[Pipe], str]) -> str:
    """The wording with ``words`` in its places."""
    return PIPE.sub(lambda match: words(_pipe(match)), wording)


def _pipe(match: re.Match[str]) -> Pipe:
    return Pipe("count" if match[1] == "count" else "answer", match[2], match[3])


def renamed(text: Text, names: dict[str, str]) -> Text:
    """The text with other items in its places; ``names``: new code by old."""

    def other(pipe: Pipe) -> str:
        item = names.get(pipe.item, pipe.item)
        return f"{{{pipe.what}:{item}|{pipe.otherwise}}}"

    return Text(tuple((tag, piped(wording, other)) for tag, wording in text.wordings))


def words_of(
    pipe: Pipe,
    question: Question,
    told: Callable[[str], Answer | None],
    language: str,
    role: str = "self",
) -> str | None:
    """What stands in the place, in plain words; None where there is nothing to say.

    ``told``: the answer to an item, where it is on the path and may be shown; ``role``: of who
    reads it.
    """
    answer = told(pipe.item)
    if answer is None or answer.value is None:
        return None
    if pipe.what == "count":
        return str(_count(question, answer))
    if question.kind is Kind.LIST:
        entries = (told(name.code) for name in question.names)
        return _listed([str(one.value) for one in entries if one and one.value], language) or None
    return _spoken(question, answer, language, role)


def _count(question: Question, answer: Answer) -> int:
    if isinstance(answer.value, tuple):
        options = question.option_by_code
        return sum(not options[code].exclusive for code in answer.value if code in options)
    return int(answer.value) if isinstance(answer.value, int | float) else 0


def _spoken(question: Question, answer: Answer, language: str, role: str) -> str:
    value = answer.value
    codes = value if isinstance(value, tuple) else (str(value),)
    if question.options:
        labels = [_label(question, code, answer, language, role) for code in codes]
        return _listed(labels, language)
    if question.kind is Kind.DATE:
        return spoken_date(str(value)).in_(language)
    if question.kind is Kind.TIME:
        return spoken_time(str(value)).in_(language)
    written = plain_number(value) if isinstance(value, float) else str(value)
    if question.kind is Kind.NUMBER and language == "fr":
        return written.replace(".", ",")
    return written


def _label(question: Question, code: str, answer: Answer, language: str, role: str) -> str:
    option = question.option_by_code.get(code)
    if option is None:
        return code
    if option.specify and answer.other:
        return answer.other
    return words_for(option, role).in_(language).replace("*", "")


def _listed(words: list[str], language: str) -> str:
    """« a, b et c »."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + _AND.get(language, ", ") + words[-1]
