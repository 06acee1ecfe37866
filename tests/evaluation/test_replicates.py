"""Replicate weights give R survey's errors, made here or supplied, calibrated again each time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from designs import FIGURES, PLANS, RAKED, figures, rectangle, replicated, surveyed
from r_oracle import stored

from app.domain.errors import BadInput
from app.evaluation.estimates import Statistic, total
from app.evaluation.plan import Plan, ReplicatePlan, StageColumns, Wanted
from app.evaluation.rectangle import Rectangle
from app.evaluation.replicate_weights import bootstrap
from app.evaluation.replicates import replicate_covariance
from app.evaluation.sampling import Lonely
from app.evaluation.survey_building import build, design_of
from app.evaluation.tabulation import tabulate
from app.evaluation.undefined import Undefined

R = stored("designs")["rep"]
NEAR = {"rel": 1e-8, "abs": 1e-10}
PLAIN = Plan("w", (StageColumns("c"),), replicates=ReplicatePlan("JK1"))
X = (Wanted("x", "total", ("x",)),)


def with_weights(sample: str, name: str) -> tuple[Rectangle, ReplicatePlan]:
    """A sample with R's replicate weights as columns, and the plan that reads them."""
    data, weights = rectangle(sample), np.array(R["weights"][name])
    columns = {
        f"r{k}": tuple(repr(float(v)) for v in weights[:, k]) for k in range(weights.shape[1])
    }
    plan = ReplicatePlan("supplied", tuple(columns), scale=R["scale"][name])
    return Rectangle({**data.columns, **columns}, data.lines), plan


def compare(ours: dict[str, Any], expected: dict[str, Any]) -> None:
    names = {"mean_f": "mean[sex=f]", "mean_m": "mean[sex=m]", "total_f": "total[sex=f]"}
    names |= {key: key for key in ("total", "mean", "ratio")}
    for key, name in names.items():
        for field, value in expected[key].items():
            assert getattr(ours[name], field) == pytest.approx(value, **NEAR), (key, field)
    shares = [ours[f"shares:{name}"].se for name in "abc"]
    assert shares == pytest.approx(expected["shares"]["se"], rel=1e-8, abs=1e-9)
    for rule, by_share in expected["quantiles"].items():
        for p, r in zip((0.25, 0.5, 0.9), by_share, strict=True):
            one = ours[f"q_{rule}:{p:g}"]
            assert (one.value, one.low, one.high, one.se) == pytest.approx(r, **NEAR)


@pytest.mark.parametrize(
    ("case", "plan", "sample"),
    [
        ("JK1", PLAIN, "clus"),
        ("JKn", replicated("JKn"), "clus"),
        ("JKn_fpc", replicated("JKn", "strat"), "strat"),
        ("JKn_raked", replace(replicated("JKn"), calibration=RAKED), "clus"),
        ("mse", replicated("JKn", mse=True), "clus"),
    ],
)
def test_jackknife(case: str, plan: Plan, sample: str) -> None:
    compare(figures(replace(plan, estimates=FIGURES), sample), R[case])


@pytest.mark.parametrize("name", ["boot", "brr", "fay"])
def test_supplied_weights(name: str) -> None:
    sample = "clus" if name == "boot" else "half"
    data, replicates = with_weights(sample, name)
    plan = replace(PLANS[sample], replicates=replicates, estimates=FIGURES)
    survey, _ = build(data, plan)
    ours = {line.name: line.figure for line in tabulate(data, survey, plan).lines}
    compare(ours, R["boot" if name == "boot" else f"{name}_supplied"])


def test_half_samples_are_balanced() -> None:
    for kind, rho, key in (("BRR", 0.0, "brr_total"), ("Fay", 0.3, "fay_total")):
        plan = replace(replicated(kind, "half", rho=rho), estimates=X)
        assert figures(plan, "half")["x"].se == pytest.approx(R[key], **NEAR)
        linear = figures(replace(PLANS["half"], estimates=X), "half")["x"].se
        assert figures(plan, "half")["x"].se == pytest.approx(linear, rel=1e-12)


def test_half_samples_want_two_units() -> None:
    with pytest.raises(BadInput) as refusal:
        surveyed(replicated("BRR"), "clus")
    assert refusal.value.faults[0].place == "stratum u"


def test_jackknife_of_lonely_strata() -> None:
    lonely = stored("designs")["lonely"]
    for rule in ("remove", "adjust", "average"):
        plan = replace(replicated("JKn", "lone"), lonely=Lonely(rule))
        plan = replace(plan, estimates=(Wanted("x", "mean", ("x",)),))
        assert figures(plan, "lone")["x"].se == pytest.approx(lonely[rule]["jkn"], **NEAR)


def test_jackknife_does_not_suit_everything() -> None:
    with pytest.raises(BadInput):
        surveyed(replicated("JK1"), "clus")
    fail = replace(replicated("JKn", "lone"), lonely=Lonely.FAIL)
    with pytest.raises(BadInput):
        surveyed(fail, "lone")


def test_bootstrap_is_seeded_and_near_the_linearised_error() -> None:
    plan = replicated("bootstrap", count=2000, seed=11)
    one = figures(replace(plan, estimates=X), "clus")["x"].se
    assert one == figures(replace(plan, estimates=X), "clus")["x"].se
    linear = figures(replace(PLANS["clus"], estimates=X), "clus")["x"].se
    assert one == pytest.approx(linear, rel=0.08)


def test_bootstrap_knows_the_finite_population() -> None:
    data = rectangle("strat")
    design = design_of(data, PLANS["strat"])
    x = total(design.weight, data.numbers("x"), np.ones(data.n, dtype=bool))
    assert isinstance(x, Statistic)
    v = replicate_covariance(bootstrap(design, 2000, 3), [x])[0][0, 0]
    linear = figures(replace(PLANS["strat"], estimates=X), "strat")["x"].se
    assert v**0.5 == pytest.approx(linear, rel=0.08)


def test_replicates_without_anybody_are_left_out_or_named() -> None:
    data = Rectangle({"w": ("1", "1", "1"), "y": ("1", "2", "")}, (2, 3, 4))
    plan = Plan("w", replicates=ReplicatePlan("JK1"), estimates=(Wanted("y", "mean", ("y",)),))
    survey, _ = build(data, plan)
    assert tabulate(data, survey, plan).lines[0].figure.se > 0
    alone = Rectangle({"w": ("1", "0"), "y": ("1", "")}, (2, 3))
    survey, _ = build(alone, plan)
    figure = tabulate(alone, survey, plan).lines[0].figure
    assert figure.value == 1
    assert isinstance(figure.low, Undefined)
