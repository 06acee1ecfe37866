"""The California schools that R's survey package is taught with, read from CSV as a user would."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from r_oracle import ORACLE, rscript

from app.evaluation.association import RaoScott
from app.evaluation.plan import (
    CalibrationPlan,
    Contrast,
    MarginPlan,
    Plan,
    ReplicatePlan,
    StageColumns,
    Wanted,
)
from app.evaluation.survey_building import build
from app.evaluation.tabulation import tabulate
from app.interchange.rectangular import read_rectangle

NEAR = {"rel": 1e-8}
ESTIMATES = (
    Wanted("mean", "mean", ("api00",)),
    Wanted("before", "mean", ("api99",)),
    Wanted("total", "total", ("enroll",)),
    Wanted("ratio", "ratio", ("api00", "api99")),
    Wanted("by", "mean", ("api00",), by=("stype",)),
    Wanted("beta", "proportion", ("sch.wide",), equals=("Yes",), interval="beta"),
    Wanted("logit", "proportion", ("sch.wide",), equals=("Yes",), interval="logit"),
    Wanted("q", "quantile", ("api00",), at=(0.25, 0.5, 0.75)),
    Wanted("test", "association", ("stype", "sch.wide")),
)
CHANGE = Contrast("change", {"mean": 1.0, "before": -1.0})
STRAT = Plan("pw", (StageColumns(None, "stype", "fpc"),))
CLUS1 = Plan("pw", (StageColumns("dnum", None, "fpc"),))
CLUS2 = Plan("pw", (StageColumns("dnum", None, "fpc1"), StageColumns("snum", None, "fpc2")))
MARGINS = (
    MarginPlan("stype", ("stype",), {"E": 4421, "H": 755, "M": 1018}),
    MarginPlan("sch.wide", ("sch.wide",), {"No": 1072, "Yes": 5122}),
)
CASES = {
    "strat": ("apistrat", STRAT),
    "clus1": ("apiclus1", CLUS1),
    "clus2": ("apiclus2", CLUS2),
    "raked": ("apiclus1", replace(CLUS1, calibration=CalibrationPlan("raking", MARGINS))),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = rscript("survey")
    made = tmp_path_factory.mktemp("api")
    subprocess.run([program, str(ORACLE / "api.R"), str(made)], capture_output=True, check=True)
    return made


def figures(folder: Path, sample: str, plan: Plan) -> dict[str, Any]:
    with (folder / f"{sample}.csv").open("rb") as file:
        data = read_rectangle(file)
    plan = replace(plan, estimates=ESTIMATES, contrasts=(CHANGE,))
    survey, _ = build(data, plan)
    return {line.name: line.figure for line in tabulate(data, survey, plan).lines}


@pytest.mark.oracle
@pytest.mark.parametrize("case", sorted(CASES))
def test_schools(folder: Path, case: str) -> None:
    r = json.loads((folder / "api.json").read_text(encoding="utf-8"))[case]
    ours = figures(folder, *CASES[case])
    for name in ("mean", "total", "ratio", "change"):
        for key, value in r[name].items():
            if name == "total" and key in ("low", "high"):
                continue  # enrolment is missing in whole districts, which leave our df, not R's
            assert getattr(ours[name], key) == pytest.approx(value, **NEAR), (name, key)
    by = [ours[f"by[stype={each}]"] for each in "EHM"]
    assert [each.value for each in by] == pytest.approx(r["by"]["value"], **NEAR)
    assert [each.se for each in by] == pytest.approx(r["by"]["se"], **NEAR)
    if case == "raked":
        assert ours["beta"].flags == ("fixed_by_weighting",)
    for method in () if case == "raked" else ("beta", "logit"):
        assert (ours[method].low, ours[method].high) == pytest.approx(r[method], **NEAR)
    for p, expected in zip((0.25, 0.5, 0.75), r["quantiles"], strict=True):
        one = ours[f"q:{p:g}"]
        assert (one.value, one.low, one.high, one.se) == pytest.approx(expected, **NEAR)
    assert (ours["mean"].deff, ours["mean"].df) == pytest.approx((r["deff"], r["df"]), **NEAR)
    test = ours["test"]
    assert isinstance(test, RaoScott)
    assert (test.f, test.p_f) == pytest.approx((r["test"]["f"], r["test"]["p"]), **NEAR)


@pytest.mark.oracle
def test_schools_by_the_jackknife(folder: Path) -> None:
    r = json.loads((folder / "api.json").read_text(encoding="utf-8"))
    for kind, sample, plan in (("JK1", "apiclus1", CLUS1), ("JKn", "apistrat", STRAT)):
        plan = replace(plan, replicates=ReplicatePlan(kind))  # type: ignore[arg-type]
        assert figures(folder, sample, plan)["mean"].se == pytest.approx(
            r[kind.lower()]["se"], **NEAR
        )
