"""Composites: availability, weights, goalposts, errors with the full covariance."""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from math import exp, log
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import E, F, agree, dimension, framework, indicator

from app.definitions.files import read_framework
from app.domain.frameworks import (
    Component,
    Framework,
    Gap,
    Indicator,
    Leaf,
    Node,
    Series,
    global_weights,
    indicators,
    leaves,
)
from app.domain.text import NO_TEXT
from app.evaluation.composites import available_groups, compose, indicator_figure, score
from app.evaluation.quantities import Figure, Quantity, Reason

A, B, C, D = (indicator(code, agree(f"E{i}")) for i, code in enumerate("ABCD", 1))
TREE = framework("NAT", dimension("X", 60, (A, 50), (B, 30), (C, 20)), dimension("Y", 40, (D, 1)))


def scores(**values: float | Reason) -> dict[str, Figure]:
    return {
        code: value if isinstance(value, Reason) else Quantity(value, {("T", code): 1.0})
        for code, value in values.items()
    }


def by_code(tree, figures) -> dict:
    return {each.code: each for each in compose(tree, figures)}


def test_complete_tree() -> None:
    found = by_code(TREE, scores(A=10.0, B=20.0, C=30.0, D=40.0))
    assert found["X"].figure.value == pytest.approx(17.0)
    assert found[""].figure.value == pytest.approx(0.6 * 17 + 0.4 * 40)
    assert found[""].figure.gradient == pytest.approx(
        {("T", "A"): 0.3, ("T", "B"): 0.18, ("T", "C"): 0.12, ("T", "D"): 0.4}
    )
    assert found[""].coverage == 1.0


def test_a_missing_leaf_leaves_its_dimension_its_weight() -> None:
    found = by_code(TREE, scores(A=10.0, B=Reason.WITHHELD, C=30.0, D=40.0))
    assert found["X"].figure.value == pytest.approx((50 * 10 + 20 * 30) / 70)
    assert found["X"].coverage == pytest.approx(0.7)
    assert found[""].figure.value == pytest.approx(0.6 * 1100 / 70 + 0.4 * 40)
    assert found[""].coverage == pytest.approx(0.82)


def test_a_dimension_below_its_availability_is_missing_with_all_it_holds() -> None:
    found = by_code(TREE, scores(A=Reason.NO_ANSWERS, B=20.0, C=30.0, D=40.0))
    assert found["X"].figure is Reason.COVERAGE_BELOW
    assert found[""].figure is Reason.COVERAGE_BELOW  # 40 % of the weight is left
    weak = framework("NAT", *TREE.dimensions, availability=Fraction(2, 5))
    assert by_code(weak, scores(A=Reason.NO_ANSWERS, B=20.0, C=30.0, D=40.0))[
        ""
    ].figure.value == pytest.approx(0.6 * 24 + 0.4 * 40)


def test_exactly_the_availability_is_enough() -> None:
    tree = framework("NAT", dimension("X", 1, (A, 60), (B, 40)))
    assert isinstance(by_code(tree, scores(A=1.0, B=Reason.WITHHELD))[""].figure, Quantity)
    assert by_code(tree, scores(A=Reason.WITHHELD, B=1.0))[""].figure is Reason.COVERAGE_BELOW


def test_a_value_without_weight_weighs_what_its_available_leaves_weigh() -> None:
    value = Node("V", NO_TEXT, (Leaf(A, Fraction(60)), Leaf(B, Fraction(10))))
    tree = framework("NAT", Node("X", NO_TEXT, (value, Leaf(C, Fraction(30))), weight=Fraction(1)))
    found = by_code(tree, scores(A=10.0, B=Reason.WITHHELD, C=40.0))
    assert found["V"].kind == "value_node"
    assert found["V"].figure.value == 10.0
    assert found["X"].figure.value == pytest.approx((60 * 10 + 30 * 40) / 90)
    weighted = framework(
        "NAT",
        Node(
            "X",
            NO_TEXT,
            (Node("V", NO_TEXT, value.children, weight=Fraction(70)), Leaf(C, Fraction(30))),
            weight=Fraction(1),
        ),
    )
    found = by_code(weighted, scores(A=10.0, B=Reason.WITHHELD, C=40.0))
    assert found["X"].figure.value == pytest.approx(0.7 * 10 + 0.3 * 40)


def test_geometric_across_dimensions_with_floor() -> None:
    tree = framework("NAT", *TREE.dimensions, aggregation="geometric")
    found = by_code(tree, scores(A=10.0, B=20.0, C=30.0, D=40.0))
    assert found["X"].figure.value == pytest.approx(17.0)
    assert found[""].figure.value == pytest.approx(exp(0.6 * log(17) + 0.4 * log(40)))
    floored = by_code(tree, scores(A=0.0, B=0.0, C=0.0, D=40.0))[""].figure
    assert floored.value == pytest.approx(exp(0.4 * log(40)))
    assert "floored" in floored.flags
    assert floored.gradient.get(("T", "A"), 0.0) == 0.0


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.floats(0, 100), min_size=4, max_size=4),
    st.sampled_from(["arithmetic", "geometric"]),
    st.integers(0, 3),
)
def test_composites_lie_between_their_parts(values, aggregation, missing) -> None:
    tree = framework("NAT", *TREE.dimensions, aggregation=aggregation)
    figures = scores(**dict(zip("ABCD", values, strict=True)))
    if missing < 3:
        figures["ABCD"[missing]] = Reason.WITHHELD
    there = [max(f.value, 1.0) for f in figures.values() if isinstance(f, Quantity)]
    low = min(f.value for f in figures.values() if isinstance(f, Quantity))
    for composite in compose(tree, figures):
        if isinstance(composite.figure, Quantity):
            assert low - 1e-9 <= composite.figure.value <= max(there) + 1e-9


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(2, 98), min_size=4, max_size=4))
def test_gradients_are_the_derivatives(values: list[float]) -> None:
    tree = framework("NAT", *TREE.dimensions, aggregation="geometric")

    def total_of(moved: list[float]) -> Quantity:
        return compose(tree, scores(**dict(zip("ABCD", moved, strict=True))))[-1].figure

    here = total_of(values)
    for k, code in enumerate("ABCD"):
        up = [v + 1e-4 * (i == k) for i, v in enumerate(values)]
        down = [v - 1e-4 * (i == k) for i, v in enumerate(values)]
        slope = (total_of(up).value - total_of(down).value) / 2e-4
        assert here.gradient["T", code] == pytest.approx(slope, rel=1e-5, abs=1e-8)


def test_shares_are_exact_fractions() -> None:
    groups = available_groups(TREE, {"A", "C", "D"}, global_weights(TREE))
    assert sum(group.share for group in groups) == 1
    assert all(sum(group.leaves.values()) == 1 for group in groups)


def test_scores_are_turned_and_cut_at_the_goalposts() -> None:
    down = indicator("A", agree("E1"), up=False)
    assert score(down, Quantity(30.0, {("T", "A"): 1.0})).gradient == {("T", "A"): -1.0}
    assert score(down, Quantity(30.0)).value == 70.0
    posts = Indicator("A", NO_TEXT, A.components, goalposts=(20.0, 60.0))
    assert score(posts, Quantity(30.0)).value == pytest.approx(25.0)
    beyond = score(posts, Quantity(70.0, {("T", "A"): 1.0}))
    assert (beyond.value, dict(beyond.gradient), beyond.flags) == (100.0, {}, {"at_goalpost"})


def test_an_indicator_with_one_audience_missing_is_missing() -> None:
    both = indicator("I", {E: agree("E1"), F: agree("E1")})
    cells = {("T", "I.elderly"): Quantity(40.0), ("T", "I.family"): Quantity(60.0)}
    assert indicator_figure(both, "T", cells).value == 50.0
    cells["T", "I.family"] = Reason.NO_ANSWERS
    assert indicator_figure(both, "T", cells) is Reason.NO_ANSWERS


def test_audience_weights() -> None:
    weighted = Indicator(
        "I",
        NO_TEXT,
        (Component(E, agree("E1"), Fraction(3, 4)), Component(F, agree("E1"), Fraction(1, 4))),
    )
    cells = {("T", "I.elderly"): Quantity(40.0), ("T", "I.family"): Quantity(60.0)}
    assert indicator_figure(weighted, "T", cells).value == pytest.approx(45.0)


def test_a_gap_is_signed_and_never_scored() -> None:
    gap = indicator("G", Gap(agree("E1"), agree("E2").of))
    cells = {("T", "G.elderly.group"): Quantity(40.0), ("T", "G.elderly.others"): Quantity(60.0)}
    figure = indicator_figure(gap, "T", cells)
    assert figure.value == -20.0
    assert score(gap, figure) is Reason.UNDEFINED


def test_a_series_is_not_in_the_answers() -> None:
    assert indicator_figure(indicator("S", Series("visits")), "T", {}) is Reason.NO_SERIES


def test_the_error_of_a_composite_uses_the_covariance() -> None:
    from samples import answers, respondents

    from app.evaluation.components import components_of
    from app.evaluation.crosswalk import Asked
    from app.evaluation.estimation import estimates
    from app.evaluation.measurement import measure
    from app.evaluation.quantities import Errors

    rng = np.random.default_rng(2)
    one = rng.integers(1, 6, 50)
    tree = framework("NAT", dimension("X", 1, (A, 50), (B, 50)))
    columns = answers(E1=one.tolist(), E2=one.tolist())
    asked = Asked({"T": {E: frozenset({"E1", "E2"})}})
    definitions = components_of([tree])
    found = estimates(
        measure({E: (columns, respondents(["T"] * 50))}, definitions, asked), frozenset()
    )
    errors = Errors(found)
    alone = Quantity(0.0, {("T", "A.elderly"): 1.0})
    half = Quantity(0.0, {("T", "A.elderly"): 0.5, ("T", "B.elderly"): 0.5})
    assert errors.se(half) == pytest.approx(errors.se(alone))  # not se / sqrt(2)


SHIPPED = sorted((Path(__file__).parents[2] / "config" / "frameworks").glob("*.yaml"))


@cache
def shipped() -> tuple[Framework, ...]:
    """The national tree of the programme and every territory's own."""
    national = read_framework((SHIPPED[0].parent / "national.yaml").read_text("utf-8"), None)
    others = [path.read_text("utf-8") for path in SHIPPED if path.stem != "national"]
    return (national, *(read_framework(each, national) for each in others))


@given(st.integers(0, 2**32 - 1), st.floats(0, 0.4), st.sampled_from(["arithmetic", "geometric"]))
@settings(max_examples=15, deadline=None)
def test_every_node_of_the_programme_lies_between_its_indicators(
    seed: int, missing: float, aggregation: Literal["arithmetic", "geometric"]
) -> None:
    rng = np.random.default_rng(seed)
    for plain in shipped():
        tree = replace(plain, aggregation=aggregation)
        codes = [each.code for each in indicators(tree)]
        figures: dict[str, Figure] = {
            code: Reason.NO_ANSWERS if gone < missing else Quantity(value)
            for code, value, gone in zip(
                codes, rng.uniform(1, 100, len(codes)), rng.random(len(codes)), strict=True
            )
        }
        inside = {"": codes} | {
            node.code: [leaf.indicator.code for leaf in leaves(node)]
            for dimension in tree.dimensions
            for node in (dimension, *dimension.children)
            if isinstance(node, Node)
        }
        for each in compose(tree, figures):
            if isinstance(each.figure, Quantity):
                parts = [
                    figure.value
                    for code in inside[each.code]
                    if isinstance(figure := figures[code], Quantity)
                ]
                assert min(parts) - 1e-9 <= each.figure.value <= max(parts) + 1e-9
