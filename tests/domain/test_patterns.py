"""Patterns that answers need are taken; patterns that could run away are not."""

from __future__ import annotations

import pytest

from app.domain.patterns import MAX_VALUE, compiled, fits


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("[0-9]{5}", "37000"),
        (r"\d{2}( \d{2}){4}", "01 23 45 67 89"),
        (r"[A-Z]\w*", "Tours"),
        ("(oui|non)", "oui"),
        (r"[^@ ]+@[^@ ]+", "a@b"),
    ],
)
def test_patterns_that_answers_need(pattern: str, value: str) -> None:
    assert fits(pattern, value)
    assert not fits(pattern, value + " @")


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a|a)*b",
        "(a|aa)+",
        "a?" * 40 + "a" * 40,
        "(a*)*",
        ".*.*.*.*x",
        "(.*)\\1",
        "(?=a)a",
        "((a{1,9}){1,9}){1,9}",
        "(",
        "[z-a]",
        "a{9999999999999999999}",
        "x" * 201,
        "(" * 100,
    ],
)
def test_patterns_that_could_run_away_or_cannot_be_read(pattern: str) -> None:
    assert compiled(pattern) is None
    assert not fits(pattern, "a" * 30)


def test_a_very_long_value_is_never_tried() -> None:
    assert fits("a*", "a" * MAX_VALUE)
    assert not fits("a*", "a" * (MAX_VALUE + 1))
