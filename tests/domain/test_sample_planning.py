"""Sizes of samples against figures worked by hand."""

from __future__ import annotations

import pytest

from app.domain.sample_planning import Planned, Wanted, detectable, foreseen, half_width, planned


def test_the_textbook_size() -> None:
    """1.96² × 0.25 / 0.05² = 384.1; of 1,000 people 384.1 / (1 + 383.1 / 1000) = 277.7."""
    assert planned(Wanted(0.05)) == Planned(385, 963)
    assert planned(Wanted(0.05, population=1000)) == Planned(278, 695)
    assert planned(Wanted(0.05, effect=1.5, response=1.0)) == Planned(577, 577)
    assert planned(Wanted(0.05, response=0.2, population=1000)).invited is None
    assert planned(Wanted(0.1, groups=3)) == Planned(97 * 3, 728)


def test_what_so_many_answers_carry() -> None:
    assert half_width(385) == pytest.approx(0.05, abs=1e-4)
    assert half_width(0) == 1
    assert half_width(500, population=500) == 0
    assert detectable(400) == pytest.approx(2.801585 * (0.5 / 400) ** 0.5)


def test_the_pace_goes_on_and_people_run_out() -> None:
    assert foreseen(100, 14, 14, 20, 1000) == 120
    assert foreseen(100, 14, 14, 20, 5) == 105
    assert foreseen(100, 14, 14, -1, 1000) == 100


@pytest.mark.parametrize("bad", [Wanted(0), Wanted(0.1, share=1), Wanted(0.1, effect=0.5)])
def test_odd_wishes_are_refused(bad: Wanted) -> None:
    with pytest.raises(ValueError, match=r"shares lie|design effect"):
        planned(bad)
