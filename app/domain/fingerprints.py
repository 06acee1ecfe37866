"""The fingerprint of what was asked: equal where wording and options are the same."""

from __future__ import annotations

import hashlib

from app.domain.questionnaire import Option, Question
from app.domain.text import Text


def fingerprint(question: Question, item_code: str) -> str:
    """16 hexadecimal digits over kind, wording (of the row too), and open options with scores.

    The order of languages does not count; hints, conditions and layout do not either.
    """
    row = next((row for row in question.rows if row.code == item_code), None)
    said = (
        question.kind.value,
        _words(question.text),
        _words(row.text) if row else (),
        tuple(_option(option) for option in question.options if not option.closed),
    )
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _option(option: Option) -> tuple[object, ...]:
    return option.code, option.score, option.exclusive, _words(option.text)


def _words(text: Text) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((language, " ".join(said.split())) for language, said in text.wordings))
