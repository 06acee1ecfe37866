"""Promises that hold for every design: order, domains, missing values, what is not defined."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import Any

import numpy as np
import pytest
from designs import DATA, FIGURES, PLANS, SAMPLE, errors, figures, rectangle
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.evaluation.association import RaoScott
from app.evaluation.estimates import Statistic, mean, smooth, total
from app.evaluation.inference import Estimated, Survey, estimated
from app.evaluation.plan import Contrast, Plan, ReplicatePlan, StageColumns, Wanted
from app.evaluation.rectangle import Rectangle
from app.evaluation.sampling import sampling_design
from app.evaluation.survey_building import build
from app.evaluation.tabulation import tabulate
from app.evaluation.undefined import Undefined

FEW = tuple(each for each in FIGURES if each.kind in ("total", "mean", "ratio", "shares"))


def found(plan: Plan, data: Rectangle) -> dict[str, Any]:
    survey, _ = build(data, plan)
    return {line.name: line.figure for line in tabulate(data, survey, plan).lines}


def turned(data: Rectangle, order: list[int]) -> Rectangle:
    columns = {name: [cells[k] for k in order] for name, cells in data.columns.items()}
    return Rectangle(columns, range(2, len(order) + 2))


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(["strat", "clus", "two", "two_raked"]))
def test_order_of_rows_changes_nothing(random: Any, case: str) -> None:
    data = rectangle(SAMPLE.get(case, case))
    order = list(range(data.n))
    random.shuffle(order)
    plan = replace(PLANS[case], estimates=FEW)
    before, after = found(plan, data), found(plan, turned(data, order))
    for name, figure in before.items():
        value, se = errors(figure)
        assert errors(after[name])[0] == pytest.approx(value, rel=1e-12)
        assert errors(after[name])[1] == pytest.approx(se, rel=1e-11, abs=1e-12)


def test_names_of_units_and_strata_change_nothing() -> None:
    data = rectangle("two")
    renamed = {name: list(cells) for name, cells in data.columns.items()}
    renamed["h"] = [{"north": "z", "south": "1"}[cell] for cell in renamed["h"]]
    renamed["p"] = [f"unit {99 - int(cell)}" for cell in renamed["p"]]
    plan = replace(PLANS["two"], estimates=FEW)
    for name, figure in found(plan, Rectangle(renamed, data.lines)).items():
        assert errors(figure) == pytest.approx(errors(found(plan, data)[name]), rel=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.1, 50), st.sampled_from("uvw"), st.integers(1, 12), st.integers(-(10**6), 10**6))
def test_a_person_outside_a_domain_changes_no_mean_in_it(
    weight: float, stratum: str, unit: int, thousandths: int
) -> None:
    data = rectangle("clus")
    newcomer = {name: cells[0] for name, cells in data.columns.items()}
    newcomer |= {
        "w": repr(weight),
        "h": stratum,
        "c": str(unit),
        "y": repr(thousandths / 1000),
        "sex": "m",
    }
    columns = {name: [*cells, newcomer[name]] for name, cells in data.columns.items()}
    plan = replace(PLANS["clus"], estimates=FEW)
    before, after = found(plan, data), found(plan, Rectangle(columns, range(data.n + 1)))
    one, other = before["mean[sex=f]"], after["mean[sex=f]"]
    assert other.value == pytest.approx(one.value, rel=1e-12)
    assert (other.n, other.df) == (one.n, one.df)


def test_two_stages_count_the_second_only_with_a_finite_first() -> None:
    data = rectangle("two")
    one = replace(PLANS["two"], stages=(StageColumns("p", "h"), StageColumns("q", None, "N2")))
    ultimate = replace(PLANS["two"], stages=(StageColumns("p", "h"),))
    for name, figure in found(replace(one, estimates=FEW), data).items():
        other = found(replace(ultimate, estimates=FEW), data)[name]
        assert errors(figure) == pytest.approx(errors(other), rel=1e-12)


def test_fractions_are_sizes() -> None:
    data = rectangle("strat")
    sampled = {h: data.text("h").count(h) for h in set(data.text("h"))}
    fractions = [
        repr(sampled[h] / float(n)) for h, n in zip(data.text("h"), data.text("N"), strict=True)
    ]
    other = Rectangle({**data.columns, "N": fractions}, data.lines)
    plan = replace(PLANS["strat"], estimates=FEW)
    for name, figure in found(plan, other).items():
        assert errors(figure) == pytest.approx(errors(found(plan, data)[name]), rel=1e-12)


def test_weights_follow_from_the_fractions() -> None:
    plan = replace(PLANS["two"], weight=None)
    data = rectangle("two")
    weight = build(data, plan)[0].weight
    sizes = dict.fromkeys(zip(data.text("h"), data.text("p"), strict=True), 0)
    for key in zip(data.text("h"), data.text("p"), strict=True):
        sizes[key] += 1
    h, p, n1, n2 = (data.text(name)[0] for name in ("h", "p", "N1", "N2"))
    assert weight[0] == pytest.approx(float(n1) / 6 * float(n2) / sizes[h, p])


def test_a_census_has_no_error() -> None:
    data = rectangle("strat")
    whole = [str(data.text("h").count(h)) for h in data.text("h")]
    plan = replace(PLANS["strat"], estimates=FEW)
    figure = found(plan, Rectangle({**data.columns, "N": whole}, data.lines))["mean"]
    assert figure.se == 0
    assert figure.flags == ()


@pytest.mark.parametrize(
    ("column", "cells", "place"),
    [
        ("N", "100", "N"),  # varies in a stratum once half of it is changed
        ("N", "2", "N h1"),  # fewer than were drawn
        ("N", "-1", "N"),
        ("w", "-1", "2 w"),
        ("w", "", "2 w"),
        ("h", "", "2 h"),
    ],
)
def test_designs_that_cannot_be(column: str, cells: str, place: str) -> None:
    data = rectangle("strat")
    changed = list(data.columns[column])
    rows = [k for k in range(data.n) if data.text("h")[k] == "h1"] if cells == "2" else [0]
    for row in rows:
        changed[row] = cells
    with pytest.raises(BadInput) as refusal:
        build(Rectangle({**data.columns, column: changed}, data.lines), PLANS["strat"])
    assert refusal.value.faults[0].place.startswith(place)


def test_a_paired_change_keeps_what_the_two_share() -> None:
    rng = np.random.default_rng(2)
    before = rng.normal(50, 10, 40)
    after = before + rng.normal(2, 1, 40)
    everyone = np.ones(40, dtype=bool)
    survey = Survey(sampling_design(np.ones(40)))
    one, other = (mean(survey.weight, y, everyone) for y in (before, after))
    assert isinstance(one, Statistic)
    assert isinstance(other, Statistic)
    v = survey.covariance([one, other])
    paired = v[0, 0] + v[1, 1] - 2 * v[0, 1]
    assert paired == pytest.approx((after - before).var(ddof=1) / 40, rel=1e-10)
    assert v[0, 0] + v[1, 1] > 9 * paired


def test_a_smooth_function_by_the_delta_method() -> None:
    data = rectangle("clus")
    survey, _ = build(data, PLANS["clus"])
    everyone = np.ones(data.n, dtype=bool)
    above, below = (total(survey.weight, data.numbers(c), everyone) for c in ("k", "x"))
    assert isinstance(above, Statistic)
    assert isinstance(below, Statistic)
    of = smooth(
        [above, below],
        lambda t: float(t[0] / t[1]),
        [1 / below.value, -above.value / below.value**2],
    )
    ours = survey.covariance([of])[0, 0] ** 0.5
    plan = replace(PLANS["clus"], estimates=(Wanted("r", "ratio", ("k", "x")),))
    assert ours == pytest.approx(figures(plan, "clus")["r"].se, rel=1e-10)


def test_mentions_of_respondents_are_not_mentions_of_answers() -> None:
    options = ("o1", "o2", "o3")
    plan = replace(
        PLANS["clus"],
        estimates=(
            Wanted("r", "mentions", options),
            Wanted("m", "mentions", options, base="mentions"),
        ),
    )
    ours = figures(plan, "clus")
    assert sum(ours[f"m:{each}"].value for each in options) == pytest.approx(1)
    plain = np.average(DATA["clus"]["o2"], weights=DATA["clus"]["w"])
    assert ours["r:o2"].value == pytest.approx(plain)


def test_what_is_not_defined_says_why() -> None:
    data = Rectangle({"y": ("", ""), "d": ("0", "0"), "g": ("a", "a")}, (2, 3))
    plan = Plan(
        estimates=(
            Wanted("m", "mean", ("y",)),
            Wanted("r", "ratio", ("d", "d")),
            Wanted("q", "quantile", ("y",)),
            Wanted("t", "association", ("g", "d")),
            Wanted("p", "proportion", ("d",), interval="logit"),
            Wanted("s", "proportion", ("d",), interval="default"),
            Wanted("b", "proportion", ("d",), interval="beta"),
            Wanted("w", "proportion", ("d",), interval="wilson"),
        )
    )
    ours = found(plan, data)
    assert ours["m"].value == ours["m"].se == Undefined("no_answers")
    assert ours["r"].value == Undefined("no_denominator")
    assert ours["q:0.5"].value == Undefined("no_answers")
    assert ours["t"] == Undefined("one_category")
    assert (ours["p"].value, ours["p"].low) == (0.0, Undefined("no_variance"))
    assert ours["s"].low == 0.0
    assert ours["s"].high > 0.5  # never [0, 0]
    assert (ours["b"].low, ours["w"].low) == (0.0, 0.0)
    assert ours["b"].high == pytest.approx(1 - 0.025 ** (1 / 2), rel=1e-12)  # two people
    t = 12.706204736432095  # df 1
    assert ours["w"].high == pytest.approx(t * t / (2 + t * t), rel=1e-12)


def test_a_ratio_inside_one_unit_has_no_error_of_round_off() -> None:
    """Large numbers whose ratio is no round one: what the unit adds up to is 0 but for rounding."""
    columns = {
        "w": ("4.973", "4.146", "1", "2"),
        "x": ("1000029.74", "1000027.8", "999980.5", "1000101.25"),
        "y": ("5.51", "10.85", "3.3", "7.7"),
        "u": ("a", "a", "b", "c"),
        "g": ("in", "in", "out", "out"),
    }
    plan = Plan(
        weight="w",
        stages=(StageColumns("u"),),
        estimates=(Wanted("r", "ratio", ("x", "y"), by=("g",)),),
    )
    inside = found(plan, Rectangle(columns, (2, 3, 4, 5)))["r[g=in]"]
    assert inside.df == 0
    assert inside.se == Undefined("no_degrees_of_freedom")
    assert inside.n_effective == Undefined("no_variance")


def test_a_name_of_a_quantile_has_every_digit() -> None:
    wanted = Wanted("q", "quantile", ("x",), at=(0.12345671, 0.12345672))
    names = figures(replace(PLANS["clus"], estimates=(wanted,)), "clus")
    assert {"q:0.12345671", "q:0.12345672"} <= set(names)


def test_wilson_and_the_default() -> None:
    wanted = [Wanted(m, "proportion", ("yes",), interval=m) for m in ("wilson", "default", "beta")]
    ours = figures(replace(PLANS["clus"], estimates=tuple(wanted)), "clus")
    one = ours["wilson"]
    p, n = one.value, one.value * (1 - one.value) / one.se**2
    t = 2.0638985616280205  # df 24
    middle, spread = p + t * t / (2 * n), t / (2 * n) * (4 * n * p * (1 - p) + t * t) ** 0.5
    ends = ((middle - spread) / (1 + t * t / n), (middle + spread) / (1 + t * t / n))
    assert one.df == 24
    assert (one.low, one.high) == pytest.approx(ends, rel=1e-12)
    assert ours["default"].high - ours["default"].low >= one.high - one.low - 1e-12


@pytest.mark.parametrize("replicated", [False, True])
def test_one_figure_over_another(replicated: bool) -> None:
    """Of two totals it is their ratio, with the same error; a contrast may read it."""
    figures_wanted = (
        Wanted("y", "total", ("x",)),
        Wanted("x", "total", ("k",)),
        Wanted("r", "ratio", ("x", "k")),
    )
    contrasts = (
        Contrast("q", ratio=("y", "x")),
        Contrast("same", {"q": 1.0, "r": -1.0}),
        Contrast("one", ratio=("r", "q")),
        Contrast("nothing", {"q": 0.0}),
        Contrast("none", ratio=("r", "nothing")),
    )
    plan = replace(PLANS["half"], estimates=figures_wanted, contrasts=contrasts)
    if replicated:
        plan = replace(plan, replicates=ReplicatePlan("JKn"))
    ours = figures(plan, "half")
    assert (ours["q"].value, ours["q"].se) == pytest.approx((ours["r"].value, ours["r"].se))
    assert ours["same"].se == pytest.approx(0.0, abs=1e-12)
    assert (ours["one"].value, ours["one"].se) == pytest.approx((1.0, 0.0), abs=1e-12)
    assert ours["none"].value == Undefined("no_denominator")


def test_another_level() -> None:
    wanted = [Wanted(m, "proportion", ("yes",), interval=m) for m in ("t", "beta", "default")]
    plan = replace(PLANS["clus"], estimates=tuple(wanted))
    wide, narrow = figures(replace(plan, level=0.99), "clus"), figures(plan, "clus")
    for method in ("t", "beta"):
        assert wide[method].high - wide[method].low > narrow[method].high - narrow[method].low
    assert wide["default"].low == Undefined("default_is_for_95_percent")


def test_a_test_of_independent_columns_in_a_simple_sample_is_pearsons() -> None:
    rows = {"a": ("x", "y") * 50, "b": ("u", "u", "v", "v") * 25}
    found_ = found(
        Plan(estimates=(Wanted("t", "association", ("a", "b")),)), Rectangle(rows, range(100))
    )["t"]
    assert isinstance(found_, RaoScott)
    assert found_.pearson == pytest.approx(0, abs=1e-20)
    assert found_.mean_effect == pytest.approx(100 / 99)
    assert found_.p_f == pytest.approx(1)


def test_contrasts_name_what_is_there() -> None:
    plan = replace(PLANS["clus"], estimates=FEW, contrasts=(Contrast("gap", {"mean[sex=x]": 1.0}),))
    with pytest.raises(BadInput) as refusal:
        figures(plan, "clus")
    assert refusal.value.faults[0].place == "gap: mean[sex=x]"


def test_quantiles_step_where_the_weights_do() -> None:
    data = Rectangle({"y": ("1", "2", "3", "4"), "w": ("0.1", "0.2", "0.3", "0.4")}, range(4))
    wanted = [
        Wanted(rule, "quantile", ("y",), at=(0.3, 0.05), rule=rule) for rule in ("math", "school")
    ]
    ours = found(Plan("w", estimates=tuple(wanted)), data)
    assert ours["math:0.3"].value == 2  # a step is hit, whatever the rounding of 0.1 + 0.2
    assert ours["school:0.3"].value == 2.5
    assert ours["math:0.05"].value == 1  # R 4.1-1 goes on to the second value below the first step
    assert not isinstance(ours["math:0.3"], Undefined)
    assert nan not in (ours["math:0.3"].low, ours["math:0.3"].high)


def test_estimated_of_nothing_is_a_reason_everywhere() -> None:
    nothing = estimated(Survey(sampling_design(np.ones(3))), Undefined("no_answers"), 0.0)
    assert isinstance(nothing, Estimated)
    assert {nothing.value, nothing.se, nothing.low} == {Undefined("no_answers")}
