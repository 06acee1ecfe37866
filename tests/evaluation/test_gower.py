"""Gower's distance against R, by hand, and the yardstick of random groups."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from r_oracle import close, made_again, stored

from app.evaluation.columns import Floats
from app.evaluation.gower import (
    Distances,
    Heterogeneity,
    Variable,
    VariableKind,
    gower,
    heterogeneity,
)
from app.evaluation.undefined import Undefined

R = stored("gower")
DATA = stored("gower_data")
KINDS = {
    "num": VariableKind.NUMERIC,
    "num2": VariableKind.NUMERIC,
    "ord": VariableKind.ORDINAL,
    "nom": VariableKind.NOMINAL,
    "asym": VariableKind.ASYMMETRIC,
}
LETTERS = {"a": 0, "b": 1, "c": 2, None: None}


def variables(*, weighted: bool = False) -> list[Variable]:
    return [
        Variable(
            name,
            kind,
            np.array([LETTERS.get(v, v) for v in DATA[name]], dtype=float),
            DATA["weights"][position] if weighted else 1.0,
        )
        for position, (name, kind) in enumerate(KINDS.items())
    ]


@pytest.mark.parametrize("weighted", [False, True])
def test_distances_equal_r(weighted: bool) -> None:
    found = gower(variables(weighted=weighted))
    expected = iter(R["weighted" if weighted else "plain"])
    n = len(found.matrix)
    unknown = 0
    for column in range(n):
        for row in range(column + 1, n):
            distance, other = found.between(row, column), next(expected)
            if other is None:
                assert distance == Undefined("no_variable_in_common")
                unknown += 1
            else:
                assert distance == pytest.approx(other, rel=0, abs=1e-12)
    assert unknown > 0


def test_by_hand_with_a_fixed_range() -> None:
    found = gower(
        [
            Variable("age", VariableKind.NUMERIC, np.array([70.0, 80, 75]), 2.0, (60, 100)),
            Variable("team", VariableKind.NOMINAL, np.array([1.0, 2, np.nan])),
        ]
    )
    assert found.between(0, 1) == pytest.approx((2 * 10 / 40 + 1) / 3)
    assert found.between(0, 2) == pytest.approx(5 / 40)
    assert found.mean_of([0, 1]) == found.between(0, 1)


def test_a_fixed_range_keeps_distances_when_a_unit_joins() -> None:
    few = np.array([1.0, 2.0])
    more = np.array([1.0, 2.0, 9.0])
    fixed = [gower([Variable("x", VariableKind.NUMERIC, v, 1.0, (0, 10))]) for v in (few, more)]
    loose = [gower([Variable("x", VariableKind.NUMERIC, v)]) for v in (few, more)]
    assert fixed[0].between(0, 1) == fixed[1].between(0, 1) == 0.1
    assert loose[0].between(0, 1) != loose[1].between(0, 1)


def test_constant_column_is_at_distance_zero_as_in_daisy() -> None:
    same = Variable("x", VariableKind.NUMERIC, np.array([4.0, 4.0]))
    assert gower([same]).between(0, 1) == 0


@pytest.mark.parametrize(
    ("kind", "values", "bounds", "weight"),
    [
        (VariableKind.ASYMMETRIC, [0.0, 2.0], None, 1.0),
        (VariableKind.NUMERIC, [0.0, 2.0], (0.0, 1.0), 1.0),
        (VariableKind.NUMERIC, [0.0, 2.0], (3.0, 3.0), 1.0),
        (VariableKind.NOMINAL, [0.0, 2.0], None, -1.0),
        (VariableKind.NOMINAL, [0.0, 2.0], None, float("nan")),
    ],
)
def test_what_does_not_fit_is_refused(
    kind: VariableKind, values: list[float], bounds: tuple[float, float] | None, weight: float
) -> None:
    with pytest.raises(ValueError, match="x:"):
        Variable("x", kind, np.array(values), weight, bounds)


def test_variables_have_one_length() -> None:
    with pytest.raises(ValueError, match="length"):
        gower([Variable(c, VariableKind.NOMINAL, np.zeros(n)) for n, c in ((2, "a"), (3, "b"))])
    with pytest.raises(ValueError, match="length"):
        gower([])


def test_a_group_of_one_has_no_pair() -> None:
    assert gower(variables()).mean_of([2]) == Undefined("no_pair")
    assert heterogeneity(gower(variables()), [2], seed=1) == Undefined("no_pair")


def line(*positions: float) -> Distances:
    return gower([Variable("x", VariableKind.NUMERIC, np.array(positions), 1.0, (0, 10))])


def test_a_group_of_neighbours_is_less_mixed_than_random_ones() -> None:
    found = heterogeneity(line(0, 0.1, 0.2, 5, 6, 7, 8, 9, 10), [0, 1, 2], seed=4, draws=1999)
    assert isinstance(found, Heterogeneity)
    # of the 84 groups of three, one is as close
    assert found.p_less == pytest.approx(1 / 84, abs=0.006)
    assert found.p_more == 1
    assert found.mean < found.drawn_low < found.drawn_mean < found.drawn_high


def test_the_same_seed_draws_the_same() -> None:
    units = line(0, 1, 2, 3, 4, 5)
    first = heterogeneity(units, [0, 3], seed=9, draws=99)
    assert first == heterogeneity(units, [0, 3], seed=9, draws=99)
    assert first != heterogeneity(units, [0, 3], seed=10, draws=99)


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(14)))
def test_order_of_units_changes_nothing(order: list[int]) -> None:
    still = gower(variables())
    moved = gower(
        [Variable(v.name, v.kind, v.values[order], v.weight, v.bounds) for v in variables()]
    )
    assert np.array_equal(moved.matrix, still.matrix[np.ix_(order, order)])
    assert np.array_equal(moved.known, still.known[np.ix_(order, order)])


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=8))
def test_distances_lie_between_zero_and_one(values: list[float]) -> None:
    column: Floats = np.array(values)
    found = gower([Variable("x", VariableKind.NUMERIC, column)]).matrix
    assert (found >= 0).all()
    assert (found <= 1).all()
    assert np.array_equal(found, found.T)


@pytest.mark.oracle
def test_r_says_the_same_again(tmp_path: Path) -> None:
    close(made_again("gower", ("cluster",), tmp_path), R, 1e-12)
