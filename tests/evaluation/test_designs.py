"""Every kind of design and calibration gives R survey's numbers."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from designs import (
    DIFFERENCE,
    FIGURES,
    METHODS,
    PLANS,
    SAMPLE,
    errors,
    figures,
    rectangle,
    surveyed,
)
from r_oracle import close, made_again, stored

from app.domain.errors import BadInput
from app.evaluation.association import RaoScott
from app.evaluation.intervals import korn_graubard, student
from app.evaluation.plan import Contrast, Plan, StageColumns, Wanted
from app.evaluation.sampling import Lonely
from app.evaluation.trimming import trim
from app.evaluation.undefined import Undefined

R = stored("designs")
NEAR = {"rel": 1e-8, "abs": 1e-10}
BOUNDED = ("linear_bounded", "exponential_bounded", "logit_bounded")
CASES = (
    "strat",
    "clus",
    "two",
    "half",
    "raked",
    "post",
    "greg",
    "exponential",
    "two_raked",
    *BOUNDED,
)
INTERPOLATED = 1e-4  # R reads the likelihood interval off a spline through ten points


@cache
def found(case: str) -> dict[str, Any]:
    plan = replace(PLANS[case], estimates=FIGURES, contrasts=(DIFFERENCE,))
    return figures(plan, SAMPLE.get(case, case))


def agree(ours: tuple[Any, ...], expected: list[float | None]) -> None:
    """Equal to R, undefined where R has no number."""
    assert [isinstance(each, Undefined) for each in ours] == [each is None for each in expected]
    numbers = [each for each in ours if not isinstance(each, Undefined)]
    assert numbers == pytest.approx([each for each in expected if each is not None], **NEAR)


def same(figure: Any, expected: dict[str, Any]) -> None:
    for key, value in expected.items():
        assert getattr(figure, key) == pytest.approx(value, **NEAR), key


@pytest.mark.parametrize("case", CASES)
def test_totals_means_and_ratios(case: str) -> None:
    names = {"mean_f": "mean[sex=f]", "mean_m": "mean[sex=m]"}
    names |= {"total_f": "total[sex=f]", "total_m": "total[sex=m]"}
    names |= {key: key for key in ("total", "mean", "ratio")}
    for key, name in names.items():
        same(found(case)[name], R[case][key])


@pytest.mark.parametrize("case", CASES)
def test_difference_of_domains_with_its_covariance(case: str) -> None:
    same(found(case)["difference"], R[case]["difference"])


@pytest.mark.parametrize("case", CASES)
def test_factor_shares_and_mentions(case: str) -> None:
    values, expected = found(case), R[case]["shares"]
    shares = [errors(values[f"shares:{name}"]) for name in "abc"]
    assert [value for value, _ in shares] == pytest.approx(expected["value"], **NEAR)
    assert [se for _, se in shares] == pytest.approx(expected["se"], rel=1e-8, abs=1e-9)
    same(values["mention:o2"], R[case]["mention"])


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("method", METHODS)
def test_intervals_of_a_proportion(case: str, method: str) -> None:
    figure = found(case)[f"yes_{method}"]
    near = {"rel": INTERPOLATED} if method == "likelihood" else NEAR
    assert (figure.low, figure.high) == pytest.approx(R[case]["proportion"][method], **near)


@pytest.mark.parametrize("case", CASES)
def test_interval_and_degrees_of_freedom_of_a_domain(case: str) -> None:
    figure = found(case)["yes_f[sex=f]"]
    assert figure.df == R[case]["df_f"]
    ours = (figure.low, figure.high)
    if case in SAMPLE:  # in a domain of a calibrated design R takes everybody's n: put it in
        people = rectangle(SAMPLE[case]).n
        n = figure.n_effective * (student(people - 1) / student(figure.df)) ** 2
        ours = korn_graubard(figure.value, n)
    assert ours == pytest.approx(R[case]["proportion_f"], **NEAR)


@pytest.mark.parametrize(
    ("case", "rule"), [(case, rule) for case in CASES for rule in R[case]["quantiles"]]
)
def test_quantiles(case: str, rule: str) -> None:
    for p, expected in zip((0.25, 0.5, 0.9), R[case]["quantiles"][rule], strict=True):
        one = found(case)[f"q_{rule}:{p:g}"]
        agree((one.value, one.low, one.high, one.se), expected)


@pytest.mark.parametrize("case", CASES)
def test_median_of_a_short_scale(case: str) -> None:
    for p, expected in zip((0.25, 0.5), R[case]["step"], strict=True):
        one = found(case)[f"step:{p:g}"]
        agree((one.value, one.low, one.high, one.se), expected)


@pytest.mark.parametrize("case", CASES)
def test_design_effects(case: str) -> None:
    for name in ("mean", "total"):
        figure = found(case)[name]
        ours = (figure.deff, figure.deff_replace)
        assert ours == pytest.approx(tuple(R[case][f"deff_{name}"]), **NEAR)


@pytest.mark.parametrize("case", CASES)
def test_rao_scott(case: str) -> None:
    test, expected = found(case)["test"], R[case]["association"]
    assert isinstance(test, RaoScott)
    assert test.f == pytest.approx(expected["f"], **NEAR)
    assert (test.df_second, test.df_f) == pytest.approx(tuple(expected["df"]), **NEAR)
    assert test.p_f == pytest.approx(expected["p"], **NEAR)
    assert test.pearson == pytest.approx(expected["pearson"], **NEAR)
    assert test.p_first == pytest.approx(expected["p_first"], **NEAR)


@pytest.mark.parametrize("case", ["raked", "post", "greg"])
def test_calibrated_weights(case: str) -> None:
    ours = surveyed(PLANS[case], "clus").weight
    np.testing.assert_allclose(ours, R["weights"][case], rtol=1e-8)


def test_trimming() -> None:
    start = rectangle("clus").numbers("w")
    np.testing.assert_allclose(trim(start, 1.5, 7.0), R["trimmed"]["once"], rtol=1e-12)
    strict = trim(start, 1.5, 7.0, strict=True)
    np.testing.assert_allclose(strict, R["trimmed"]["strict"], rtol=1e-12)


LONELY = (
    Wanted("mean", "mean", ("x",)),
    Wanted("ratio", "ratio", ("x", "k")),
    Wanted("total", "total", ("x",)),
    Wanted("mean", "mean", ("x",), by=("sex",)),
    Wanted("total", "total", ("x",), by=("sex",)),
)


def lonely(rule: Lonely) -> dict[str, Any]:
    return figures(replace(PLANS["lone"], lonely=rule, estimates=LONELY), "lone")


@pytest.mark.parametrize("rule", ["remove", "certainty", "adjust", "average"])
def test_strata_with_one_unit(rule: str) -> None:
    ours, expected = lonely(Lonely(rule)), R["lonely"][rule]
    names = {"mean": "mean", "ratio": "ratio", "mean_f": "mean[sex=f]"}
    names |= {"total": "total", "total_f": "total[sex=f]"}
    for key, name in names.items():
        if key in expected:  # adjusted totals: survey 4.1-1 centres them at 0, see below
            assert ours[name].se == pytest.approx(expected[key], **NEAR)


def test_adjusted_totals_are_centred_on_the_mean_of_all_units() -> None:
    data = rectangle("lone")
    z = data.numbers("w") * data.numbers("x")
    units: dict[tuple[str, str], float] = {}
    for h, c, value in zip(data.text("h"), data.text("c"), z, strict=True):
        units[h, c] = units.get((h, c), 0.0) + value
    middle = np.mean(list(units.values()))
    variance = 0.0
    for h in sorted({h for h, _ in units}):
        inside = np.array([value for (name, _), value in units.items() if name == h])
        n = len(inside)
        centre = inside.mean() if n > 1 else middle
        variance += n / max(n - 1, 1) * ((inside - centre) ** 2).sum()
    assert lonely(Lonely.ADJUST)["total"].se == pytest.approx(variance**0.5, rel=1e-12)


def test_a_lonely_stratum_can_be_refused_by_name() -> None:
    with pytest.raises(BadInput) as refusal:
        lonely(Lonely.FAIL)
    assert refusal.value.faults[0].place == "stratum d"


def test_without_degrees_of_freedom_there_is_no_interval() -> None:
    plan = Plan("w", (StageColumns("h"),), estimates=(Wanted("m", "mean", ("x",), by=("h",)),))
    one = figures(plan, "lone")["m[h=a]"]
    assert (one.df, one.low) == (0, Undefined("no_degrees_of_freedom"))
    assert one.flags == ("one_unit",)


def test_a_contrast_of_one_figure_is_that_figure() -> None:
    twice = Contrast("same", {"mean[sex=f]": 1.0, "total": 0.0})
    plan = replace(PLANS["clus"], estimates=FIGURES[:4], contrasts=(twice,))
    one = figures(plan, "clus")
    assert errors(one["same"]) == pytest.approx(errors(one["mean[sex=f]"]), rel=1e-12)


@pytest.mark.oracle
def test_r_says_the_same_again(tmp_path: Path) -> None:
    again = made_again("designs", ("survey",), tmp_path)
    # Bootstrap weights depend on R's random numbers, which are the same from the same seed.
    close(again, R, 1e-9)
