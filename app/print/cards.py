"""Show-cards as tagged PDF: the answers to one question on a card, to hold before a person.

An interviewer reads the question; the person looks at the answers, in large print. Ways out such
as "I don't know" are on no card, as they are not read aloud either.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from app.domain.questionnaire import Kind, Question, Questionnaire
from app.print.papers import Surroundings
from app.print.setting import set_pdf
from app.print.wording import Wording

TEMPLATE = Path(__file__).with_name("cards.typ")


def cards_pdf(
    questionnaire: Questionnaire, checksum: str, around: Surroundings, made_at: datetime
) -> tuple[bytes, frozenset[str]]:
    """One tagged PDF (PDF/UA-1) with a card for each question that has options.

    The rows of a battery share a card, and so does what a list asks of each of its entries.
    With it the signs that no font here could show. The first eight digits of ``checksum`` stand
    at the foot of every page, as on the paper questionnaire. Raises ``CannotBeSet``.
    """
    wording = Wording(questionnaire, around.language, around.terms)
    data = {
        "language": around.language,
        "title": wording.plain(questionnaire.title),
        "programme": around.programme,
        "place": around.place,
        "synthetic": around.synthetic,
        "version": checksum[:8],
        "cards": [_card(questions, wording) for questions in carded(questionnaire)],
    }
    return set_pdf(TEMPLATE, {"cards": orjson.dumps(data).decode()}, made_at)


def carded(questionnaire: Questionnaire) -> list[Sequence[Question]]:
    """The questions that have a card, in their order; together those that share one."""
    found: dict[tuple[str, str], list[Question]] = {}
    for question in questionnaire.questions:
        if any(not option.closed for option in question.options):
            found.setdefault((question.of_list, question.written_code), []).append(question)
    return list(found.values())


def _card(questions: Sequence[Question], wording: Wording) -> dict[str, Any]:
    first = questions[0]
    numbers = dict.fromkeys(wording.numbers[question.code] for question in questions)
    return {
        "numbers": list(numbers),
        "text": wording.line(first.text),
        "several": first.kind is Kind.CHOICES,
        "options": [wording.option(option) for option in first.options if not option.closed],
    }
