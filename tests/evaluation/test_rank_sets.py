"""Rank sets: known cases, what must hold of all of them, and that they cover."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, t

from app.evaluation.rank_sets import rank_sets


def test_far_apart_each_has_one_place() -> None:
    found = rank_sets([10.0, 90.0, 50.0], np.eye(3), 100, 1)
    assert found.marginal == found.simultaneous == ((3, 3), (1, 1), (2, 2))
    assert found.first == (0.0, 1.0, 0.0)
    assert found.above == {(1, 0), (1, 2), (2, 0)}


def test_alike_each_may_hold_every_place() -> None:
    found = rank_sets([50.0] * 4, np.eye(4), 100, 1)
    assert set(found.marginal) == set(found.simultaneous) == {(1, 4)}
    assert found.first == pytest.approx([0.25] * 4, abs=0.02)
    assert not found.above


@pytest.mark.parametrize("df", [5, 1e9])
def test_two_units_are_student_s_test(df: float) -> None:
    limit = t.ppf(0.975, df) * np.sqrt(2)
    for factor, settled in ((0.95, False), (1.05, True)):
        found = rank_sets([50.0 + factor * limit, 50.0], np.eye(2), df, 3)
        assert bool(found.above) is settled
        assert found.marginal == (((1, 1), (2, 2)) if settled else ((1, 2), (1, 2)))


def test_the_chance_of_the_first_place_of_two() -> None:
    found = rank_sets([51.0, 50.0], np.diag([2.0, 7.0]), 1e9, 3)
    assert found.first[0] == pytest.approx(norm.cdf(1 / 3), abs=0.015)


def test_a_covariance_between_units_makes_differences_sharper() -> None:
    shared = np.array([[4.0, 3.9], [3.9, 4.0]])
    assert rank_sets([52.0, 50.0], shared, 100, 1).above == {(0, 1)}
    assert not rank_sets([52.0, 50.0], np.diag([4.0, 4.0]), 100, 1).above


def test_stepping_down_settles_what_one_step_does_not() -> None:
    """Three alike need 2.34 errors (Tukey's range); with one far above, the other two need less."""
    step = 2.29 * np.sqrt(2)
    assert not rank_sets([50.0, 50.0, 50.0 - step], np.eye(3), 1e9, 1).above
    assert (1, 2) in rank_sets([100.0, 50.0, 50.0 - step], np.eye(3), 1e9, 1).above


def test_without_errors_nothing_is_settled() -> None:
    assert rank_sets([60.0, 50.0], np.zeros((2, 2)), 10, 1).simultaneous == ((1, 2), (1, 2))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=2, max_size=6), st.integers(0, 5))
def test_what_holds_of_all_rank_sets(values: list[float], seed: int) -> None:
    m = len(values)
    covariance = np.diag(np.random.default_rng(seed).uniform(1, 30, m))
    found = rank_sets(values, covariance, 30, seed)
    place = [1 + sum(other > value for other in values) for value in values]
    for k in range(m):
        (low, high), (widest_low, widest_high) = found.marginal[k], found.simultaneous[k]
        assert widest_low <= low <= place[k] <= high <= widest_high
    assert sum(found.first) == pytest.approx(1.0)
    assert all((j, i) not in found.above for i, j in found.above)


@pytest.mark.full
def test_rank_sets_cover() -> None:
    """All true ranks together in 95 % of samples, one unit's in 95 %; three of five are alike."""
    truth = np.array([50.0, 50.0, 50.0, 53.0, 56.0])
    places = [(3, 5), (3, 5), (3, 5), (2, 2), (1, 1)]  # ties may hold any of their places
    rng = np.random.default_rng(11)
    together = alone = 0
    for seed in range(300):
        found = rank_sets(truth + rng.standard_normal(5), np.eye(5), 1e9, seed)
        covers = [
            low <= first and high >= last
            for (low, high), (first, last) in zip(found.simultaneous, places, strict=True)
        ]
        together += all(covers)
        alone += found.marginal[3][0] <= 2 <= found.marginal[3][1]
    assert together >= 285 - 10  # 95 % of 300, less 2.6 standard errors
    assert alone >= 285 - 10


def test_memory_grows_with_units_and_not_with_their_pairs() -> None:
    """Sixty units have 3,600 pairs: in every draw at once they would take 290 MB."""
    scores = np.linspace(40.0, 60.0, 60)
    tracemalloc.start()
    found = rank_sets(scores.tolist(), np.eye(60), 30.0, seed=5)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000
    assert found.marginal[0][1] == found.simultaneous[0][1] == 60
    assert all(low <= 60 - place <= high for place, (low, high) in enumerate(found.simultaneous))
