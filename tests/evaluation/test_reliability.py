"""Alpha, omega, intervals and item statistics against R, by hand, and where they are undefined."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from r_oracle import close, made_again, stored

from app.evaluation.columns import Floats
from app.evaluation.one_factor import OneFactor, one_factor
from app.evaluation.reliability import (
    Reliability,
    cronbach_alpha,
    feldt_interval,
    reliability,
)
from app.evaluation.undefined import Undefined

R = stored("reliability")
DATA = stored("reliability_data")
VALUES: Floats = np.array(DATA["values"], dtype=float)
WEIGHTS: Floats = np.array(DATA["weights"])
ITEMS = tuple(DATA["items"])
EXACT = {"rel": 0, "abs": 1e-8}


def of(**more: object) -> Reliability:
    return reliability(ITEMS, VALUES, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("pairwise", [False, True])
def test_alpha_and_items_equal_r(pairwise: bool) -> None:
    found, expected = of(pairwise=pairwise), R["pairwise" if pairwise else "listwise"]
    assert found.alpha == pytest.approx(expected["alpha"], **EXACT)
    assert found.alpha == pytest.approx(expected["psych_raw"], **EXACT)
    assert found.alpha_standardised == pytest.approx(expected["standardised"], **EXACT)
    assert found.mean_correlation == pytest.approx(expected["mean_correlation"], **EXACT)
    dropped = [item.alpha_if_dropped for item in found.items]
    assert dropped == pytest.approx(expected["dropped"], **EXACT)
    rest = [item.item_rest for item in found.items]
    assert rest == pytest.approx(expected["r_drop"], **EXACT)


def test_item_statistics_equal_r() -> None:
    items = of().items
    assert [item.mean for item in items] == pytest.approx(R["mean"], **EXACT)
    assert [item.sd for item in items] == pytest.approx(R["sd"], **EXACT)
    assert [item.answered + item.missing for item in items] == [len(VALUES)] * len(ITEMS)
    assert sum(item.missing for item in items) == int(np.isnan(VALUES).sum())
    assert of().n == R["n"]


def test_feldt_interval_equals_r() -> None:
    assert of().alpha_interval == pytest.approx(R["feldt"], **EXACT)
    assert of().alpha_interval == pytest.approx(R["psych_feldt"], **EXACT)


def test_omega_equals_lavaan_and_psych() -> None:
    found = of()
    near = {"rel": 0, "abs": 1e-6}
    assert found.omega == pytest.approx(R["lavaan"]["omega"], **near)
    assert found.omega_standardised == pytest.approx(R["lavaan"]["standardised"], **near)
    assert found.omega_observed == pytest.approx(R["psych_omega_total"], **near)
    loadings = [item.loading for item in found.items]
    assert loadings == pytest.approx(R["lavaan"]["loadings"], **near)


def test_weighted_alpha_equals_survey() -> None:
    found = of(weights=WEIGHTS)
    assert found.alpha == pytest.approx(R["weighted_alpha"], **EXACT)
    spread = [item.sd**2 for item in found.items if isinstance(item.sd, float)]
    assert spread == pytest.approx(R["weighted_variance"], **EXACT)
    complete = np.isfinite(VALUES).all(axis=1)
    kish = WEIGHTS[complete].sum() ** 2 / (WEIGHTS[complete] ** 2).sum()
    assert found.n_effective == pytest.approx(kish)


def test_two_items_have_spearman_brown_and_no_omega() -> None:
    complete = VALUES[np.isfinite(VALUES).all(axis=1)][:, :2]
    found = reliability(ITEMS[:2], complete)
    assert found.spearman_brown == pytest.approx(R["spearman_brown"], **EXACT)
    assert found.spearman_brown == pytest.approx(found.alpha_standardised, **EXACT)
    assert found.omega == Undefined("fewer_than_three_items")
    assert of().spearman_brown == Undefined("not_two_items")


def test_by_hand() -> None:
    assert cronbach_alpha(np.array([[2.0, 1.0], [1.0, 2.0]])) == pytest.approx(2 / 3)
    low, high = feldt_interval(0.8, 41.0, 5)
    assert low < 0.8 < high
    assert cronbach_alpha(np.array([[1.0, -1.0], [-1.0, 1.0]])) == Undefined(
        "no_variance_of_the_sum"
    )


def test_equal_loadings_are_found_exactly() -> None:
    model = one_factor(np.full((4, 4), 0.49) + 0.51 * np.eye(4), ITEMS[:4])
    assert isinstance(model, OneFactor)
    assert model.loadings == pytest.approx([0.7] * 4, abs=1e-9)
    assert model.discrepancy == pytest.approx(0, abs=1e-9)


def test_a_constant_item_is_named() -> None:
    values = VALUES.copy()
    values[:, 2] = 3.0
    found = reliability(ITEMS, values)
    assert found.alpha == Undefined("constant_item", "c")
    assert found.omega == Undefined("constant_item", "c")
    assert found.items[2].sd == 0


def test_an_improper_solution_is_named() -> None:
    heywood = np.array([[1, 0.8, 0.8], [0.8, 1, 0.3], [0.8, 0.3, 1]])
    assert one_factor(heywood, ("a", "b", "c")) == Undefined("improper_solution", "a")


def test_a_solution_that_runs_away_is_improper() -> None:
    """One pair is correlated and nothing else: its uniqueness falls without end."""
    pair = np.eye(4)
    pair[0, 1] = pair[1, 0] = 0.4
    pair[2, 3] = pair[3, 2] = -0.02
    pair[0, 2] = pair[2, 0] = 0.01
    found = one_factor(pair, ITEMS[:4])
    assert isinstance(found, Undefined)
    assert found.why == "improper_solution"
    assert found.place in ("a", "b")


def test_what_is_not_positive_definite_has_no_model() -> None:
    one = np.array([[1, 1, 0.5], [1, 1, 0.5], [0.5, 0.5, 1]])
    assert one_factor(one, ("a", "b", "c")) == Undefined("not_positive_definite")


def test_without_a_common_factor_nothing_is_identified() -> None:
    assert one_factor(np.eye(4), ITEMS[:4]) == Undefined("not_identified")


def test_flags() -> None:
    assert of().flags == ()
    assert reliability(ITEMS, VALUES[:60]).flags == ("few_people",)
    turned = VALUES.copy()
    turned[:, 1] = 6 - turned[:, 1]
    assert "loadings_of_both_signs" in reliability(ITEMS, turned).flags


def test_nobody_answered_two_items_together() -> None:
    values = np.array([[1.0, np.nan, 2.0], [2.0, np.nan, 1.0], [np.nan, 1.0, 3.0]])
    assert reliability(("a", "b", "c"), values).alpha == Undefined("too_few_people", "a")
    found = reliability(("a", "b", "c"), values, pairwise=True)
    assert found.alpha == Undefined("too_few_people", "a, b")


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(6)), st.floats(0.1, 50), st.floats(-100, 100))
def test_order_unit_and_origin_change_nothing(order: list[int], unit: float, origin: float) -> None:
    found = reliability(tuple(ITEMS[j] for j in order), VALUES[:, order] * unit + origin)
    assert found.alpha == pytest.approx(of().alpha, abs=1e-8)
    assert found.omega == pytest.approx(of().omega, abs=1e-8)


@settings(deadline=None)
@given(st.integers(1, 5))
def test_equal_weights_are_no_weights(weight: int) -> None:
    weighted = of(weights=np.full(len(VALUES), float(weight)))
    assert weighted.alpha == pytest.approx(of().alpha, abs=1e-12)
    assert weighted.alpha_interval == pytest.approx(of().alpha_interval, abs=1e-9)


@pytest.mark.oracle
def test_r_says_the_same_again(tmp_path: Path) -> None:
    again = made_again("reliability", ("psych", "GPArotation", "lavaan", "survey"), tmp_path)
    close(again, R, 1e-6)
