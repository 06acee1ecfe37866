"""Earlier answers in later texts: a number reads as it was typed."""

from __future__ import annotations

import pytest

from app.definitions.files import read_questionnaire
from app.domain.answers import Answer
from app.domain.piping import Pipe, words_of

YAML = """
format: covalue/questionnaire/1
code: hours
audience: family
languages: [fr, en]
title: {fr: Heures, en: Hours}
sections:
  - code: S
    title: {fr: Heures, en: Hours}
    items:
      - {code: N, type: number, text: {fr: Combien ?, en: How many?}, limits: {decimals: 6}}
"""


@pytest.mark.parametrize(
    ("given", "fr", "en"),
    [
        (3.0, "3", "3"),
        (2.5, "2,5", "2.5"),
        (0.00001, "0,00001", "0.00001"),
        (-1.25, "-1,25", "-1.25"),
    ],
)
def test_a_number_is_repeated_as_it_was_typed(given: float, fr: str, en: str) -> None:
    question = read_questionnaire(YAML).question_by_item["N"]
    for language, expected in (("fr", fr), ("en", en)):
        assert (
            words_of(Pipe("answer", "N", ""), question, {"N": Answer(given)}.get, language)
            == expected
        )
