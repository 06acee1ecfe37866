"""The perturbation table has the properties that it states, and is the one of largest entropy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from app.evaluation.count_tables import USUAL
from app.evaluation.perturbation import Perturbation

SEVERAL = [USUAL, Perturbation(2, 1.08, 1), Perturbation(5, 3.0, 2), Perturbation(10, 5.0, 0)]


@pytest.mark.parametrize("table", SEVERAL, ids=str)
def test_noise_is_unbiased_bounded_and_of_the_stated_variance(table: Perturbation) -> None:
    noise = np.arange(-table.largest, table.largest + 1)
    for count, chances in enumerate(table.probabilities):
        shown = count + noise[chances > 0]
        assert chances.sum() == pytest.approx(1.0, abs=1e-10)
        assert chances @ noise == pytest.approx(0.0, abs=1e-9)
        assert chances @ noise**2 == pytest.approx(table.variance if count else 0.0, abs=1e-8)
        assert shown.min() >= 0
        assert not set(shown.tolist()) & set(range(1, table.never + 1))
    assert table.probabilities[0, table.largest] == 1.0


def test_large_counts_have_the_published_probabilities() -> None:
    """The vignette of the R package ptable 1.0.0 prints these for D = 2, V = 1, count 2: of the
    noise -2 and 0. (Its row for 1 keeps to a further condition, and misses the variance.)"""
    row = Perturbation(2, 1.0, 0).probabilities[-1]
    assert row[[0, 2]] == pytest.approx([0.0638, 0.383], abs=5e-5)
    assert row == pytest.approx(row[::-1], abs=1e-12)


@pytest.mark.parametrize("count", [1, 2, 5, 11])
def test_no_other_distribution_has_more_entropy(count: int) -> None:
    noise = np.arange(-8, 9)
    noise = noise[(count + noise == 0) | (count + noise > 2)].astype(float)
    found = minimize(
        lambda chances: float((chances * np.log(np.maximum(chances, 1e-300))).sum()),
        np.full(len(noise), 1 / len(noise)),
        jac=lambda chances: np.log(np.maximum(chances, 1e-300)) + 1,
        bounds=[(1e-12, 1.0)] * len(noise),
        constraints=[
            {"type": "eq", "fun": lambda chances: chances.sum() - 1},
            {"type": "eq", "fun": lambda chances: chances @ noise},
            {"type": "eq", "fun": lambda chances: chances @ noise**2 - 4.0},
        ],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    ours = USUAL.probabilities[count]
    assert ours[ours > 0] == pytest.approx(found.x, abs=2e-4)


def test_keys_from_0_to_1_give_each_noise_as_often_as_the_table_says() -> None:
    keys = (np.arange(100_000) + 0.5) / 100_000
    for count in (0, 1, 4, 12, 5_000):
        noise = USUAL.noise(np.full(len(keys), count), keys)
        often = np.bincount(noise + 8, minlength=17) / len(keys)
        assert often == pytest.approx(USUAL.probabilities[min(count, 11)], abs=2e-5)
        could = (count >= USUAL.lowest(count + noise)) & (count <= USUAL.highest(count + noise))
        assert could.all()
    assert USUAL.noise(np.array([7]), np.array([np.nextafter(1.0, 0.0)]))[0] <= 8


def test_a_variance_that_no_noise_can_have_is_refused() -> None:
    with pytest.raises(ValueError, match="variance of 9"):
        _ = Perturbation(2, 9.0, 0).probabilities
    with pytest.raises(ValueError, match=r"variance of 1\.5"):
        _ = Perturbation(8, 1.5, 2).probabilities
