"""Every way through, by machine: an example leads to each page, and what never is shown is told."""

from __future__ import annotations

import pytest
import tiny

from app.definitions.files import read_questionnaire
from app.domain.walks import walked, without_variant

LOCKED = """\
format: covalue/questionnaire/1
code: c
audience: family
languages: [fr]
title: {fr: T}
sections:
  - code: one
    title: {fr: Un}
    items:
      - {code: A, type: number, text: {fr: a}, limits: {minimum: 0, maximum: 9}}
      - {code: B, type: text, text: {fr: b}, shown_when: A >= 3, proxy: not_asked}
      - {code: C, type: text, text: {fr: c}, shown_when: {all: [answered B, A < 3]}}
      - {code: D, type: text, text: {fr: d}, shown_when: answered B}
"""


def test_examples_lead_to_pages_and_contradictions_to_none() -> None:
    found = {each.page.code: each for each in walked(read_questionnaire(LOCKED))}
    assert found["A"].roles == ("self", "proxy")
    assert found["B"].roles == ("self",)
    assert dict(found["B"].by or ())["A"] in (3, 4)
    assert found["C"].by is None
    assert set(dict(found["D"].by or ())) == {"A", "B"}


@pytest.mark.parametrize("name", tiny.NAMES)
def test_every_page_of_the_tiny_questionnaires_is_reached(name: str) -> None:
    for each in walked(tiny.survey(name)):
        assert each.by is not None, each.page.code
        assert "self" in each.roles, each.page.code


def test_a_battery_over_several_pages_is_named_once_where_words_are_the_same() -> None:
    battery = (
        LOCKED
        + """\
      - code: E
        type: battery
        text: {fr: e}
        options: [{code: 1, text: {fr: oui}}, {code: 2, text: {fr: non}}]
        rows: [{code: Ea, text: {fr: a}}, {code: Eb, text: {fr: b}}]
"""
    )
    assert without_variant(read_questionnaire(battery)) == ["A", "C", "D", "E"]
