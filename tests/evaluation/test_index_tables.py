"""Indices over ready tables against R, published figures and by hand; refusals by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from r_oracle import close, made_again, stored

from app.domain.errors import BadInput
from app.evaluation.aggregation import copeland, generalised_mean
from app.evaluation.columns import Floats
from app.evaluation.correlation_ratio import correlation_ratio
from app.evaluation.index_framework import (
    GEOMETRIC,
    HARMONIC,
    Choices,
    IndexFramework,
    IndexIndicator,
    IndexNode,
    Method,
    Weighting,
    effective_weights,
)
from app.evaluation.index_refusals import NotComputable
from app.evaluation.index_report import report
from app.evaluation.index_steps import Step, StepKind
from app.evaluation.index_tables import Computed, IndexTable, Settings, compute
from app.evaluation.indicator_weights import (
    Budget,
    budget_spread,
    entropy_weights,
    principal_component_weights,
    varimax,
)
from app.evaluation.method_choices import Robustness, Shares, robustness
from app.evaluation.normalisation import distance_to_target, normalised
from app.evaluation.ranking import agreement, ranks
from app.evaluation.undefined import Undefined

R = stored("index")
VALUES: Floats = np.array(stored("index_data")["values"])
N, K = VALUES.shape
CODES = tuple("abcde")
WEIGHTS = tuple(Fraction(w) for w in (3, 1, 2, 2, 1))
LOG = Step(StepKind.LOG)
EXACT = {"rel": 0, "abs": 1e-8}


def flat(method: Method = Method.MIN_MAX, power: float = 1.0, **more: object) -> IndexFramework:
    leaves = tuple(IndexIndicator(c, c, w) for c, w in zip(CODES, WEIGHTS, strict=True))
    whole = IndexFramework(
        "X", IndexNode("X", leaves, aggregation=power), Fraction(1), method, scale=(0.0, 1.0)
    )
    return replace(whole, **more)  # type: ignore[arg-type]


def table(values: Floats = VALUES, codes: tuple[str, ...] = CODES) -> IndexTable:
    units = tuple(f"u{i}" for i in range(len(values)))
    return IndexTable(units, {code: values[:, j] for j, code in enumerate(codes)})


@pytest.mark.parametrize(
    ("method", "kept"),
    [
        (Method.Z_SCORE, "z"),
        (Method.MIN_MAX, "min_max"),
        (Method.DISTANCE_TO_MAXIMUM, "min_max"),
        (Method.RANK, "rank"),
        (Method.BORDA, "borda"),
        (Method.PERCENTILE_RANK, "percentile"),
    ],
)
def test_normalisations_equal_r(method: Method, kept: str) -> None:
    found = compute(flat(method), table()).normalised
    assert np.column_stack([found[c] for c in CODES]) == pytest.approx(np.array(R[kept]), **EXACT)


@pytest.mark.parametrize(
    ("index", "kept"),
    [
        (flat(), "arithmetic"),
        (flat(Method.Z_SCORE), "of_z"),
        (flat(power=GEOMETRIC, scale=(0.0, 100.0), floor=1.0), "geometric"),
        (flat(power=HARMONIC, scale=(0.0, 100.0), floor=1.0), "harmonic"),
        (flat(power=0.5), "half"),
    ],
)
def test_totals_equal_r(index: IndexFramework, kept: str) -> None:
    assert compute(index, table()).total == pytest.approx(np.array(R[kept]), **EXACT)


def test_ranks_and_agreement_equal_r() -> None:
    one, three = np.array(R["arithmetic"]), np.array(R["geometric"])
    assert ranks(one).tolist() == R["ranks"]
    found = agreement(one, three)
    assert found.kendall_tau_b == pytest.approx(R["kendall"], **EXACT)
    assert found.spearman == pytest.approx(R["spearman"], **EXACT)
    assert found.mean_shift == pytest.approx(R["mean_shift"], **EXACT)
    assert (found.max_shift, found.moved) == (R["max_shift"], pytest.approx(R["moved"]))
    assert isinstance(found.kendall_tau_b, float)
    assert found.reversed_pairs == pytest.approx((1 - found.kendall_tau_b) / 2)
    tied = agreement(VALUES[:, 0], VALUES[:, 1])
    assert tied.kendall_tau_b == pytest.approx(R["kendall_ties"], **EXACT)
    assert tied.spearman == pytest.approx(R["spearman_ties"], **EXACT)


def test_correlations_with_the_index_equal_r() -> None:
    found = report(flat(), table()).indicators
    assert [each.pearson for each in found] == pytest.approx(R["pearson"], **EXACT)


def test_the_index_without_each_indicator_is_that_of_the_others() -> None:
    whole = flat()
    for leaf, each in zip(whole.indicators, report(whole, table()).indicators, strict=True):
        rest = tuple(other for other in whole.root.children if other.code != leaf.code)
        other = compute(replace(whole, root=replace(whole.root, children=rest)), table())
        assert isinstance(each.scores_without, dict)
        assert isinstance(each.ranks_without, dict)
        assert list(each.scores_without.values()) == pytest.approx(other.total, **EXACT)
        assert list(each.ranks_without.values()) == other.ranks.tolist()


def test_diagnostic_weights_equal_r() -> None:
    assert R["components"] > 1
    normalised = np.array(R["min_max"])
    assert principal_component_weights(normalised) == pytest.approx(np.array(R["pca"]), abs=1e-6)
    assert entropy_weights(normalised) == pytest.approx(np.array(R["entropy"]), **EXACT)


def hdi() -> IndexFramework:
    """UNDP, technical note 1 of the Human Development Report 2020."""
    education = IndexNode(
        "education",
        (
            IndexIndicator("expected", "expected", goalposts=(0, 18)),
            IndexIndicator("attained", "attained", goalposts=(0, 15)),
        ),
    )
    health = IndexIndicator("health", "life", goalposts=(20, 85))
    income = IndexIndicator("income", "gni", goalposts=(100, 75_000), steps=(LOG,))
    root = IndexNode("HDI", (health, education, income), aggregation=GEOMETRIC)
    return IndexFramework("HDI", root, Fraction(1), scale=(0.0, 1.0))


@pytest.mark.parametrize(
    ("country", "values", "printed"),
    [
        ("Norway", (82.4, 18.1, 12.9, 66_494), 0.957),
        ("Niger", (62.4, 6.5, 2.1, 1_201), 0.394),
    ],
)
def test_human_development_index_as_printed(
    country: str, values: tuple[float, ...], printed: float
) -> None:
    """First and last rows of table 1 of the report of 2020, from the figures printed there."""
    names = ("life", "expected", "attained", "gni")
    found = compute(
        hdi(),
        IndexTable((country,), {n: np.array([v]) for n, v in zip(names, values, strict=True)}),
    )
    assert round(float(found.total[0]), 3) == printed
    assert bool(found.at_goalpost["expected"][0]) is (country == "Norway")


def test_human_development_index_from_first_principles() -> None:
    x = {"life": 52.5, "expected": 9.0, "attained": 7.5, "gni": np.sqrt(100 * 75_000)}
    found = compute(hdi(), IndexTable(("half",), {n: np.array([v]) for n, v in x.items()}))
    assert found.total[0] == pytest.approx(0.5, abs=1e-15)
    assert found.weights == {
        "health": Fraction(1, 3),
        "expected": Fraction(1, 6),
        "attained": Fraction(1, 6),
        "income": Fraction(1, 3),
    }


TAI = {  # telephones and electricity by logarithm
    "creation": {"patents": (0, 994), "royalties": (0, 272.6)},
    "recent": {"hosts": (0, 232.4), "exports": (0, 80.8)},
    "old": {"telephones": (1, 901), "electricity": (22, 6969)},
    "skills": {"schooling": (0.8, 12.0), "enrolment": (0.1, 27.4)},
}


def test_an_illustration_of_the_technology_achievement_index() -> None:
    """After the Human Development Report of 2001 and the OECD/JRC handbook of 2008.

    Inputs and goalposts were taken down by hand and not compared with the printed table again.
    """
    parts = [
        IndexNode(
            code,
            tuple(
                IndexIndicator(each, each, goalposts=ends, steps=(LOG,) * (code == "old"))
                for each, ends in inside.items()
            ),
        )
        for code, inside in TAI.items()
    ]
    index = IndexFramework("TAI", IndexNode("TAI", tuple(parts)), Fraction(1), scale=(0.0, 1.0))
    rows = [
        (187, 125.6, 200.2, 50.7, 1203, 14129, 10.0, 27.4),
        (289, 130.0, 179.1, 66.2, 993, 11832, 12.0, 13.9),
        (994, 64.6, 49.0, 80.8, 1007, 7322, 9.5, 10.0),
    ]
    names = [each.code for each in index.indicators]
    columns = dict(zip(names, np.array(rows).T, strict=True))
    found = compute(index, IndexTable(("Finland", "United States", "Japan"), columns)).total
    assert found[1:].round(3).tolist() == [0.733, 0.698]
    assert found[0] == pytest.approx(0.744, abs=1e-3)  # there its dimensions are rounded first


def test_ready_scores_stand_as_they_are() -> None:
    x = np.array([-1.5, 140.0, np.nan])
    up, down = IndexIndicator("x", "x"), IndexIndicator("x", "x", higher_is_better=False)
    assert normalised(x, up, Method.NONE, (0.0, 1.0))[:2].tolist() == [-1.5, 140.0]
    assert normalised(x, down, Method.NONE, (0.0, 1.0))[:2].tolist() == [1.5, -140.0]


def test_direction_and_target_by_hand() -> None:
    low = np.array([2.0, 4.0, 10.0])
    assert distance_to_target(low, 6.0, capped=False).tolist() == [0, 0.5, 2]
    assert distance_to_target(low, 6.0, capped=True).tolist() == [0, 0.5, 1]
    down = IndexIndicator(
        "a", "a", higher_is_better=False, method=Method.DISTANCE_TO_TARGET, target=4.0
    )
    index = IndexFramework("X", IndexNode("X", (down,)), Fraction(1), scale=(0.0, 1.0))
    # (max - x) / (max - target)
    assert compute(index, table(low[:, None], ("a",))).total.tolist() == pytest.approx(
        [8 / 6, 1, 0]
    )
    posts = replace(down, method=Method.GOALPOSTS, goalposts=(0, 8))
    found = compute(replace(index, root=IndexNode("X", (posts,))), table(low[:, None], ("a",)))
    assert found.total.tolist() == [0.75, 0.5, 0.0]
    assert found.at_goalpost["a"].tolist() == [False, False, True]


def tree(availability: Fraction) -> IndexFramework:
    """X = 1/2 P (a 3/4, b 1/4) + 1/2 c, all of 0 to 1."""
    p = IndexNode(
        "P",
        (
            IndexIndicator("a", "a", Fraction(3), goalposts=(0, 1)),
            IndexIndicator("b", "b", Fraction(1), goalposts=(0, 1)),
        ),
    )
    c = IndexIndicator("c", "c", goalposts=(0, 1))
    return IndexFramework("X", IndexNode("X", (p, c)), availability, scale=(0.0, 1.0))


def test_a_missing_child_rescales_its_siblings_above_the_availability() -> None:
    values = np.array([[0.4, 0.8, 0.2], [0.4, np.nan, 0.2], [np.nan, 0.8, 0.2], [0.4, 0.8, np.nan]])
    found = compute(tree(Fraction(3, 4)), table(values, ("a", "b", "c")))
    assert found.nodes["P"][:2].tolist() == pytest.approx([0.5, 0.4])
    assert np.isnan(found.nodes["P"][2])
    assert found.coverage["X"].tolist() == pytest.approx([1, 0.875, 0.5, 0.5])
    assert found.total[:2].tolist() == pytest.approx([0.35, 0.3])
    assert np.isnan(found.total[2:]).all()
    assert found.ranks.tolist() == [1, 2, 0, 0]
    said = report(tree(Fraction(3, 4)), table(values, ("a", "b", "c"))).units
    assert said[1].flags == ("rescaled:P",)
    assert said[1].normalised["b"] == Undefined("missing")
    assert said[2].score == said[2].rank == said[2].nodes["P"] == Undefined("coverage_below")


def test_units_without_anything_have_no_score_even_at_availability_zero() -> None:
    values = np.array([[0.4, 0.8, 0.2], [np.nan] * 3])
    found = compute(tree(Fraction(0)), table(values, ("a", "b", "c")))
    assert np.isnan(found.total[1])


def test_weights_equal_and_of_judges() -> None:
    judges = {
        "anna": {"a": Fraction(50), "b": Fraction(20), "c": Fraction(30)},
        "ben": {"a": Fraction(10), "b": Fraction(20), "c": Fraction(70)},
    }
    index = replace(tree(Fraction(1)), judges=judges)
    data = table(np.array([[0.4, 0.8, 0.2]]), ("a", "b", "c"))
    budget = compute(index, data, Settings(weights=Weighting.BUDGET))
    assert budget.weights == {"a": Fraction(3, 10), "b": Fraction(1, 5), "c": Fraction(1, 2)}
    assert budget.total[0] == pytest.approx(0.3 * 0.4 + 0.2 * 0.8 + 0.5 * 0.2)
    equal = compute(index, data, Settings(weights=Weighting.EQUAL))
    assert equal.weights == {"a": Fraction(1, 4), "b": Fraction(1, 4), "c": Fraction(1, 2)}
    spread = budget_spread(judges)
    assert spread["a"] == Budget(0.3, pytest.approx(0.4 / 2**0.5), 0.1, 0.5)
    assert budget_spread({"anna": judges["anna"]})["a"].sd == Undefined("one_judge")
    with pytest.raises(NotComputable) as refused:
        compute(tree(Fraction(1)), data, Settings(weights=Weighting.BUDGET))
    assert refused.value.why == Undefined("no_judges", "X")


@pytest.mark.parametrize("method", [Method.MIN_MAX, Method.Z_SCORE, Method.DISTANCE_TO_MAXIMUM])
def test_a_constant_column_is_refused_by_name(method: Method) -> None:
    values = VALUES.copy()
    values[:, 3] = 0.1 + 0.2
    with pytest.raises(NotComputable) as refused:
        compute(flat(method), table(values))
    assert refused.value.why == Undefined("constant_column", "d")
    assert refused.value.faults[0].place == "d"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"method": Method.GOALPOSTS}, "no_goalposts"),
        ({"method": Method.DISTANCE_TO_TARGET}, "no_target"),
        ({"method": Method.DISTANCE_TO_TARGET, "target": -5.0}, "target_at_worst"),
        ({"method": Method.MIN_MAX, "steps": (LOG,)}, "not_positive_for_log"),
    ],
)
def test_what_an_indicator_lacks_is_said(change: dict[str, object], why: str) -> None:
    leaf = replace(IndexIndicator("a", "life years"), **change)  # type: ignore[arg-type]
    index = IndexFramework("X", IndexNode("X", (leaf,)), Fraction(1))
    data = IndexTable(("u", "v"), {"life years": np.array([0.0, 1.0])})
    with pytest.raises(NotComputable) as refused:
        compute(index, data)
    assert refused.value.why.why == why
    assert refused.value.why.place.endswith("life years")


def test_an_empty_column_is_refused_by_name() -> None:
    values = VALUES.copy()
    values[:, 1] = np.nan
    with pytest.raises(NotComputable) as refused:
        compute(flat(), table(values))
    assert refused.value.why == Undefined("no_values", "b")


def test_a_mean_that_cannot_take_zero_names_unit_and_node() -> None:
    with pytest.raises(NotComputable) as refused:
        compute(flat(power=GEOMETRIC), table())
    assert refused.value.why.why == "not_positive"
    assert refused.value.why.place.endswith(" X")
    floored = compute(flat(power=GEOMETRIC, floor=0.01), table())
    assert floored.floored["X"].any()


def test_copeland_by_hand() -> None:
    values = np.array([[3.0, 1, 1], [2, 3, 2], [1, 2, 3]])
    weights = np.array([0.5, 0.3, 0.2])
    # u0 and u1 win half each: a draw; u0 and u2 likewise; u1 beats u2 by 0.8
    assert copeland(values, weights).tolist() == [0, 1, -1]
    values[0, 2] = np.nan  # now u0 wins 0.5 of 0.8 against both
    assert copeland(values, weights).tolist() == [2, 0, -2]
    index = replace(flat(), root=replace(flat().root, aggregation="copeland"))
    found = compute(index, table())
    assert found.total.sum() == pytest.approx(0)


def test_ties_share_the_better_rank_and_noise_is_no_difference() -> None:
    assert ranks(np.array([0.3, 0.1 + 0.2, np.nan, 0.1])).tolist() == [1, 1, 0, 3]


def test_leave_one_out_is_the_index_without_the_indicator() -> None:
    data = report(flat(), table())
    expected = compute(flat(), table(), Settings(without="c"))
    assert expected.weights == {
        c: w / Fraction(7) for c, w in zip(CODES, WEIGHTS, strict=True) if c != "c"
    }
    assert data.indicators[2].left_out == agreement(compute(flat(), table()).total, expected.total)
    alone = replace(flat(), root=replace(flat().root, children=flat().root.children[:1]))
    assert report(alone, table()).indicators[0].left_out == Undefined("nothing_left", "a")


CHOICES = Choices(
    normalisation=(None, Method.RANK, Method.Z_SCORE),
    aggregation=(None, "copeland"),
    weights=(Weighting.FRAMEWORK, Weighting.EQUAL),
    without=(None, "a", "b"),
)


def enumerated() -> tuple[IndexFramework, Robustness]:
    index = flat(choices=CHOICES)
    found = robustness(index, table(), compute(index, table()))
    assert found is not None
    return index, found


def test_every_combination_is_computed_once() -> None:
    _, found = enumerated()
    assert len({each.settings for each in found.combinations}) == 3 * 2 * 2 * 3
    first = found.combinations[0].agreement
    assert not isinstance(first, Undefined)
    assert first.mean_shift == 0
    assert found.units[0].scored_in == 36


def test_shares_are_the_limit_of_saltellis_and_jansens_estimators() -> None:
    _, found = enumerated()
    assert isinstance(found.sobol, Shares)
    shape = tuple(len(options) for options in found.choices.values())
    y = np.array([c.agreement.mean_shift for c in found.combinations]).reshape(shape)  # type: ignore[union-attr]
    cells = list(product(*(range(size) for size in shape)))
    for axis, name in enumerate(found.choices):
        first = total = 0.0
        for a, b in product(cells, cells):
            mixed = (*a[:axis], b[axis], *a[axis + 1 :])
            first += y[b] * (y[mixed] - y[a])  # Saltelli et al. 2010
            total += (y[a] - y[mixed]) ** 2 / 2  # Jansen 1999
        pairs = len(cells) ** 2
        assert found.sobol.first[name] == pytest.approx(first / pairs / y.var(), abs=1e-10)
        assert found.sobol.total[name] == pytest.approx(total / pairs / y.var(), abs=1e-10)
    assert sum(found.sobol.first.values()) <= 1 + 1e-12
    assert all(found.sobol.first[n] <= found.sobol.total[n] + 1e-12 for n in found.choices)


def test_a_combination_that_cannot_be_computed_is_kept_with_its_reason() -> None:
    index = flat(choices=Choices(aggregation=(None, GEOMETRIC)))
    found = robustness(index, table(), compute(index, table()))
    assert found is not None
    assert isinstance(found.combinations[1].agreement, Undefined)
    assert found.combinations[1].agreement.why == "not_positive"
    assert found.sobol == Undefined("a_combination_is_missing", "1 of 2")
    assert found.units[0].scored_in == 1


def test_too_many_combinations_are_refused() -> None:
    many = tuple(Fraction(i, 6_000) for i in range(6_000))
    index = flat(choices=Choices(availability=many))
    with pytest.raises(BadInput):
        robustness(index, table(), compute(index, table()))
    assert robustness(flat(), table(), compute(flat(), table())) is None


def test_correlation_ratio_sees_what_a_correlation_does_not() -> None:
    x = np.linspace(-1, 1, 60)
    found = correlation_ratio(x, x**2)
    assert isinstance(found, float)
    assert found > 0.98
    noise = np.random.default_rng(1).normal(size=60)
    unrelated = correlation_ratio(x, noise)
    assert isinstance(unrelated, float)
    assert unrelated < 0.15
    assert correlation_ratio(x, 3 * x + 1) == pytest.approx(1, abs=1e-9)
    assert correlation_ratio(x[:9], x[:9]) == Undefined("fewer_than_ten_units")
    assert correlation_ratio(np.ones(60), x) == Undefined("no_variance")


def test_diagnostic_weights_that_are_undefined_say_why() -> None:
    assert entropy_weights(VALUES - 1_000) == Undefined("negative_or_empty_column")
    assert entropy_weights(np.ones((4, 2))) == Undefined("no_variance")
    assert entropy_weights(VALUES[:1]) == Undefined("fewer_than_two_complete_units")
    assert principal_component_weights(np.ones((4, 2))) == Undefined("no_variance")
    assert principal_component_weights(VALUES[:2]) == Undefined("fewer_than_three_complete_units")
    assert varimax(np.array([[0.5], [0.6]])).tolist() == [[0.5], [0.6]]


SCORES = st.lists(st.lists(st.floats(0.001, 1000), min_size=3, max_size=3), min_size=1, max_size=6)


def test_means_of_zero_and_of_far_apart_values() -> None:
    thirds = np.ones(3)
    zero = np.array([[0.0, 0, 0], [0, 0, 8]])
    assert generalised_mean(zero, thirds, 0.5).tolist() == pytest.approx([0, 8 / 9])
    far = np.array([[1e-300, 1.0, 1e300]])
    assert generalised_mean(far, thirds, 3.0)[0] == pytest.approx(1e300 / 3 ** (1 / 3))
    assert generalised_mean(far, thirds, -3.0)[0] == pytest.approx(1e-300 * 3 ** (1 / 3))
    near = generalised_mean(np.array([[1.0, 4, 16]]), thirds, 1e-9)[0]
    assert near == pytest.approx(4, abs=1e-7)
    assert np.isnan(generalised_mean(np.full((1, 3), np.nan), thirds, 2.0)[0])


@settings(deadline=None)
@given(SCORES, st.lists(st.integers(1, 9), min_size=3, max_size=3), st.floats(-20, 20))
def test_means_lie_between_their_parts(
    rows: list[list[float]], weights: list[int], power: float
) -> None:
    values = np.array(rows)
    found = generalised_mean(values, np.array(weights, dtype=float), power)
    assert (found >= values.min(axis=1) * (1 - 1e-9)).all()
    assert (found <= values.max(axis=1) * (1 + 1e-9)).all()


@settings(deadline=None)
@given(SCORES, st.lists(st.integers(1, 9), min_size=3, max_size=3))
def test_means_grow_with_their_power(rows: list[list[float]], weights: list[int]) -> None:
    values, w = np.array(rows), np.array(weights, dtype=float)
    by_power = [generalised_mean(values, w, p) for p in (-3.0, -1.0, 0.0, 0.5, 1.0, 4.0)]
    for low, high in pairwise(by_power):
        assert (low <= high * (1 + 1e-9)).all()


METHODS = [
    m
    for m in Method
    if m not in (Method.GOALPOSTS, Method.DISTANCE_TO_TARGET, Method.NONE)  # read the unit
]


def totals(found: Computed, units: tuple[str, ...]) -> dict[str, float]:
    return dict(zip(units, found.total.tolist(), strict=True))


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(N)), st.permutations(range(K)), st.sampled_from(METHODS))
def test_order_of_units_and_columns_changes_nothing(
    rows: list[int], columns: list[int], method: Method
) -> None:
    still = table()
    moved = IndexTable(
        tuple(still.units[i] for i in rows), {CODES[j]: VALUES[rows, j] for j in columns}
    )
    index = flat(method)
    turned = replace(
        index, root=replace(index.root, children=tuple(index.root.children[j] for j in columns))
    )
    one, other = compute(index, still), compute(turned, moved)
    assert totals(other, moved.units) == pytest.approx(totals(one, still.units), abs=1e-12)
    by_unit = dict(zip(moved.units, other.ranks.tolist(), strict=True))
    assert [by_unit[unit] for unit in still.units] == one.ranks.tolist()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, N - 1), st.sampled_from(METHODS), st.sampled_from([1.0, "copeland"]))
def test_units_with_the_same_values_tie(unit: int, method: Method, rule: float | str) -> None:
    doubled = np.vstack([VALUES, VALUES[unit]])
    index = flat(method)
    index = replace(index, root=replace(index.root, aggregation=rule))  # type: ignore[arg-type]
    found = compute(index, table(doubled))
    assert found.total[unit] == found.total[-1]
    assert found.ranks[unit] == found.ranks[-1]


@pytest.mark.parametrize("change", [lambda v: v * 7.5, lambda v: v + 100])
def test_units_of_measure_do_not_matter(change: Callable[[Floats], Floats]) -> None:
    for method in METHODS:
        one, other = compute(flat(method), table()), compute(flat(method), table(change(VALUES)))
        assert other.total == pytest.approx(one.total, abs=1e-9)


def test_effective_weights_sum_to_one_at_any_depth() -> None:
    assert sum(effective_weights(tree(Fraction(1)).root).values()) == 1


@pytest.mark.oracle
def test_r_says_the_same_again(tmp_path: Path) -> None:
    close(made_again("index", (), tmp_path), R, 1e-10)
