"""Calibration meets its margins, or refuses before it starts and names the culprit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from designs import AGE, PLANS, RAKED, SEX, G, errors, figures, rectangle, surveyed
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.evaluation.calibration import TOLERANCE, post_stratify, rake, worst_gap
from app.evaluation.margins import Margin, margin
from app.evaluation.plan import CalibrationPlan, MarginPlan, Plan, Wanted
from app.evaluation.survey_building import build, calibrated
from app.evaluation.trimming import rake_within, trim


def two(cells: dict[str, list[str]], targets: dict[str, dict[str, float]]) -> list[Margin]:
    return [margin(name, cells[name], targets[name]) for name in cells]


def places(refusal: pytest.ExceptionInfo[BadInput]) -> list[str]:
    return [fault.place for fault in refusal.value.faults]


def test_every_margin_is_met() -> None:
    weight = surveyed(PLANS["raked"], "clus").weight
    data = rectangle("clus")
    for plan in (SEX, AGE, G):
        for category, target in plan.targets.items():
            there = np.array([cell == category for cell in data.text(plan.name)])
            assert weight[there].sum() == pytest.approx(target, rel=TOLERANCE)


def test_a_calibrated_total_has_no_error_and_says_so() -> None:
    wanted = (Wanted("sex", "shares", ("sex",)), Wanted("n", "total", (), by=("sex",)))
    for case in ("raked", "post"):
        found = figures(replace(PLANS[case], estimates=wanted), "clus")
    found = figures(replace(PLANS["raked"], estimates=wanted), "clus")
    assert errors(found["sex:f"]) == (pytest.approx(900 / 1600), 0.0)
    assert found["sex:f"].flags == ("fixed_by_weighting",)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_raking_of_anything_feasible_meets_its_margins(data: st.DataObject) -> None:
    n = data.draw(st.integers(20, 60))
    cells = {
        "a": data.draw(st.lists(st.sampled_from("pqr"), min_size=n, max_size=n)),
        "b": data.draw(st.lists(st.sampled_from("st"), min_size=n, max_size=n)),
    }
    start = np.array(data.draw(st.lists(st.floats(0.5, 4), min_size=n, max_size=n)))
    truth = np.array(data.draw(st.lists(st.floats(0.5, 4), min_size=n, max_size=n)))
    targets = {
        name: {each: float(truth[np.array(column) == each].sum()) for each in sorted(set(column))}
        for name, column in cells.items()
    }
    margins = two(cells, targets)
    done = rake(start, margins)
    assert done.report.converged
    assert worst_gap(done.weight, margins).relative <= TOLERANCE


def test_reports_say_what_was_done() -> None:
    data = rectangle("clus")
    start = data.numbers("w")
    said = calibrated(data, start, RAKED).report
    assert said.converged
    assert said.rounds < 50
    assert said.worst is not None
    assert said.final.ratio == pytest.approx(said.final.maximum / said.final.minimum)
    assert said.final.n_effective == pytest.approx(said.final.n / said.final.deff)
    assert said.start.deff < said.final.deff
    lopsided = MarginPlan("sex", ("sex",), {"f": 1500, "m": 100})
    said = calibrated(data, start, CalibrationPlan("post_stratification", (lopsided,))).report
    assert [each.category for each in said.categories] == ["m"]
    assert said.respondents_outside == sum(cell == "m" for cell in data.text("sex"))


def test_not_converged_names_the_worst_category() -> None:
    data = rectangle("clus")
    margins = [margin(p.name, data.text(p.name), p.targets) for p in (SEX, AGE, G)]
    said = rake(data.numbers("w"), margins, rounds=1).report
    assert not said.converged
    assert said.worst is not None
    assert said.worst.margin in {"sex", "age"}  # the last one raked is met


def test_small_categories_join_their_neighbour() -> None:
    cells = ["a"] * 30 + ["b"] * 4 + ["c"] * 9 + ["d"] * 50
    targets = {"a": 100.0, "b": 10.0, "c": 40.0, "d": 50.0}
    found = margin("m", cells, targets, collapse_below=20)
    assert found.categories == ("a+b+c", "d")
    assert found.targets.tolist() == [150.0, 50.0]
    assert found.collapsed == (("a", "a+b+c"), ("b", "a+b+c"), ("c", "a+b+c"))
    assert np.bincount(found.category).tolist() == [43, 50]
    said = post_stratify(np.ones(93), found).report
    assert ("m", "b", "a+b+c") in said.collapsed


def test_categories_named_to_be_merged() -> None:
    found = margin("m", ["a", "b", "c"], {"a": 1.0, "b": 2.0, "c": 3.0}, into={"b": "a"})
    assert found.categories == ("a", "c")
    assert found.targets.tolist() == [3.0, 3.0]
    assert found.category.tolist() == [0, 0, 1]


SMALL = {"a": ["p", "p", "q", "q"], "b": ["s", "t", "s", "t"]}
GOOD = {"a": {"p": 5.0, "q": 5.0}, "b": {"s": 4.0, "t": 6.0}}


@pytest.mark.parametrize(
    ("targets", "place"),
    [
        ({**GOOD, "b": {"s": 4.0, "t": 7.0}}, "b"),  # another total
        ({**GOOD, "b": {"s": 4.0, "t": 5.0, "u": 1.0}}, "b: u"),  # nobody there
        ({**GOOD, "b": {"s": 10.0}}, "b"),  # a category that is not listed
        ({**GOOD, "a": {"p": 10.0, "q": 0.0}}, "a: q"),  # no total
        ({**GOOD, "a": {"p": 12.0, "q": -2.0}}, "a: q"),
    ],
)
def test_margins_that_cannot_be_met_are_refused(
    targets: dict[str, dict[str, float]], place: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        rake(np.ones(4), two(SMALL, targets))
    assert place in places(refusal)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan])
def test_start_weights_are_positive(bad: float) -> None:
    with pytest.raises(BadInput) as refusal:
        rake(np.array([1.0, 1.0, bad, 1.0]), two(SMALL, GOOD))
    assert places(refusal) == ["weight"]


def test_zeros_that_make_margins_contradict_each_other() -> None:
    cells = {"a": ["p", "p", "q", "q"], "b": ["s", "s", "t", "t"]}
    with pytest.raises(BadInput) as refusal:
        rake(np.ones(4), two(cells, GOOD))
    assert any(place.startswith(("a: ", "b: ")) for place in places(refusal))


def test_groups_that_would_need_the_weight_zero() -> None:
    cells = {"a": ["p", "p", "q"], "b": ["s", "t", "t"]}
    with pytest.raises(BadInput) as refusal:
        rake(np.ones(3), two(cells, {"a": {"p": 4.0, "q": 6.0}, "b": {"s": 4.0, "t": 6.0}}))
    assert places(refusal) == ["a: p, b: t"]


def test_raking_within_bounds_keeps_both() -> None:
    data = rectangle("clus")
    margins = [margin(p.name, data.text(p.name), p.targets) for p in (SEX, AGE, G)]
    plain = rake(data.numbers("w"), margins).weight
    done = rake_within(data.numbers("w"), margins, 1.0, 11.0)
    assert plain.max() > 11.0
    assert done.report.converged
    assert done.report.trimmed > 0
    assert done.weight.max() <= 11.0 * (1 + 1e-7)
    assert done.weight.min() >= 1.0 * (1 - 1e-7)


def test_bounds_that_cannot_hold_the_total_are_refused() -> None:
    with pytest.raises(BadInput) as refusal:
        trim(np.array([1.0, 5.0]), 0.5, 2.0)
    assert places(refusal) == ["trim"]


def test_linear_calibration_refuses_what_it_cannot_meet() -> None:
    other = MarginPlan("again", ("sex",), {"f": 800, "m": 800})
    plan = Plan("w", calibration=CalibrationPlan("linear", (SEX, other)))
    with pytest.raises(BadInput) as refusal:
        build(rectangle("clus"), plan)
    assert places(refusal) == ["totals"]


@pytest.mark.parametrize("method", ["linear", "exponential", "logit"])
def test_bounds_that_no_weights_can_keep_are_refused(method: Any) -> None:
    plan = CalibrationPlan(method, (SEX,), {"x": 4800.0}, bounds=(0.99, 1.01))
    with pytest.raises(BadInput) as refusal:
        build(rectangle("clus"), Plan("w", calibration=plan))
    assert places(refusal) == ["totals"]


def test_r_and_converged_residuals_are_close_and_not_the_same() -> None:
    wanted = (Wanted("y", "mean", ("y",)),)
    one = figures(replace(PLANS["raked"], estimates=wanted), "clus")["y"]
    other = figures(replace(PLANS["exponential"], estimates=wanted), "clus")["y"]
    assert one.value == pytest.approx(other.value, rel=1e-8)
    assert one.se != other.se
    assert one.se == pytest.approx(other.se, rel=0.05)


def test_cells_of_several_columns() -> None:
    targets = {f"{sex}|{age}": 100.0 + 10 * len(age + sex) for sex in "fm" for age in ("75", "80")}
    cells = MarginPlan("cells", ("sex", "age"), targets | {"f|85": 40.0, "m|85": 60.0})
    plan = Plan("w", calibration=CalibrationPlan("post_stratification", (cells,)))
    weight = surveyed(plan, "clus").weight
    data = rectangle("clus")
    for name, target in cells.targets.items():
        there = [
            f"{s}|{a}" == name for s, a in zip(data.text("sex"), data.text("age"), strict=True)
        ]
        assert weight[np.array(there)].sum() == pytest.approx(target, rel=1e-12)
