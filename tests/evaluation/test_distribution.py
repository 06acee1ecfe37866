"""Distributions: every band rests on enough people, now and beside what was told before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.evaluation.distribution import bands

THRESHOLD = 11
scores = st.lists(st.sampled_from([0.0, 12.5, 25.0, 50.0, 75.0, 100.0]), min_size=1, max_size=90)


@settings(max_examples=60, deadline=None)
@given(scores, st.integers(0, 2**32 - 1))
def test_bands_cover_everybody_once_and_none_is_small(x: list[float], seed: int) -> None:
    weights = np.random.default_rng(seed).uniform(0.5, 2.0, len(x))
    numbers = np.random.default_rng(seed).permutation(len(x)).astype(np.int64)
    found = bands(np.array(x), weights, numbers, THRESHOLD)
    if not found:
        return
    assert (found[0].low, found[-1].high) == (0, 100)
    assert [each.high for each in found[:-1]] == [each.low for each in found[1:]]
    assert sorted(n for each in found for n in each.members) == list(range(len(x)))
    assert all(len(each.members) >= THRESHOLD for each in found)
    assert sum(each.share for each in found) == pytest.approx(100)
    score = dict(zip(numbers.tolist(), x, strict=True))
    for each in found:
        top = 101 if each.high == 100 else each.high
        assert all(each.low <= score[int(n)] < top for n in each.members)


def test_five_answers_are_five_bands() -> None:
    x = np.repeat([0.0, 25.0, 50.0, 75.0, 100.0], 20)
    found = bands(x, np.ones(100), np.arange(100), THRESHOLD)
    assert [(each.low, each.high, each.share) for each in found] == [
        (low, low + 20, 20.0) for low in range(0, 100, 20)
    ]


def test_nobody_says_more_than_one_thing_of_everybody() -> None:
    assert bands(np.full(50, 75.0), np.ones(50), np.arange(50), THRESHOLD) == ()


def test_one_who_left_is_not_found_between_two_releases() -> None:
    x = np.repeat([0.0, 100.0], 30)
    numbers = np.arange(60)
    before = [each.members for each in bands(x, np.ones(60), numbers, THRESHOLD)]
    assert len(before) == 2
    assert bands(x[1:], np.ones(59), numbers[1:], THRESHOLD, before) == ()
    assert len(bands(x[12:], np.ones(48), numbers[12:], THRESHOLD, before)) == 2


def test_who_weighs_more_than_all_others_hides_in_a_wider_band() -> None:
    x = np.repeat([0.0, 50.0, 100.0], 20)
    weights = np.ones(60)
    weights[0] = 30.0
    found = bands(x, weights, np.arange(60), THRESHOLD)
    assert all(each.low > 0 or each.high > 40 for each in found)
