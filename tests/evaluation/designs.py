"""The generated samples behind the stored results of R's survey package, and their plans."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from r_oracle import stored

from app.evaluation.inference import Estimated, Survey
from app.evaluation.plan import (
    CalibrationPlan,
    Contrast,
    MarginPlan,
    Plan,
    ReplicatePlan,
    StageColumns,
    Wanted,
)
from app.evaluation.rectangle import Rectangle
from app.evaluation.survey_building import build
from app.evaluation.tabulation import tabulate

DATA = stored("designs_data")
SEX = MarginPlan("sex", ("sex",), {"f": 900, "m": 700})
AGE = MarginPlan("age", ("age",), {"75": 640, "80": 560, "85": 400})
G = MarginPlan("g", ("g",), {"a": 700, "b": 600, "c": 300})
RAKED = CalibrationPlan("raking", (SEX, AGE, G))
METHODS = ("mean", "logit", "xlogit", "asin", "beta", "likelihood")
RULES = ("math", "school", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9")
FIGURES = (
    Wanted("total", "total", ("y",)),
    Wanted("mean", "mean", ("y",)),
    Wanted("ratio", "ratio", ("y", "x")),
    Wanted("mean", "mean", ("y",), by=("sex",)),
    Wanted("total", "total", ("y",), by=("sex",)),
    Wanted("shares", "shares", ("g",)),
    Wanted("mention", "mentions", ("o1", "o2", "o3"), base="mentions"),
    *(Wanted(f"yes_{m}", "proportion", ("yes",), interval=m) for m in METHODS),
    Wanted("yes_f", "proportion", ("yes",), by=("sex",), interval="beta"),
    *(Wanted(f"q_{r}", "quantile", ("y",), at=(0.25, 0.5, 0.9), rule=r) for r in RULES),
    Wanted("step", "quantile", ("k",), at=(0.25, 0.5)),
    Wanted("test", "association", ("g", "age")),
)
DIFFERENCE = Contrast("difference", {"mean[sex=f]": 1.0, "mean[sex=m]": -1.0})
PLANS = {
    "strat": Plan("w", (StageColumns(None, "h", "N"),)),
    "clus": Plan("w", (StageColumns("c", "h"),)),
    "two": Plan("w", (StageColumns("p", "h", "N1"), StageColumns("q", None, "N2"))),
    "lone": Plan("w", (StageColumns("c", "h"),)),
    "half": Plan("w", (StageColumns("c", "h"),)),
}
PLANS["raked"] = replace(PLANS["clus"], calibration=RAKED)
PLANS["post"] = replace(PLANS["clus"], calibration=CalibrationPlan("post_stratification", (AGE,)))
PLANS["greg"] = replace(PLANS["clus"], calibration=CalibrationPlan("linear", (SEX,), {"x": 4800.0}))
PLANS["exponential"] = replace(PLANS["clus"], calibration=replace(RAKED, residuals="converged"))
BOUNDED = CalibrationPlan("linear", (SEX,), {"x": 4800.0}, bounds=(0.905, 1.23))
PLANS["linear_bounded"] = replace(PLANS["clus"], calibration=BOUNDED)
PLANS["exponential_bounded"] = replace(
    PLANS["clus"], calibration=replace(BOUNDED, method="exponential")
)
PLANS["logit_bounded"] = replace(PLANS["clus"], calibration=replace(BOUNDED, method="logit"))
PLANS["two_raked"] = replace(PLANS["two"], calibration=RAKED)
SAMPLE = {
    "raked": "clus",
    "post": "clus",
    "greg": "clus",
    "exponential": "clus",
    "two_raked": "two",
    "linear_bounded": "clus",
    "exponential_bounded": "clus",
    "logit_bounded": "clus",
}


def rectangle(name: str) -> Rectangle:
    """A stored sample as it would come from a CSV file."""
    columns = {
        column: tuple("" if value is None else str(value) for value in values)
        for column, values in DATA[name].items()
    }
    return Rectangle(columns, tuple(range(2, 2 + len(DATA[name]["w"]))))


def surveyed(plan: Plan, sample: str) -> Survey:
    """The survey of a plan on a stored sample."""
    return build(rectangle(sample), plan)[0]


def figures(plan: Plan, sample: str) -> dict[str, Any]:
    """Every figure by its name."""
    data = rectangle(sample)
    survey, _ = build(data, plan)
    return {line.name: line.figure for line in tabulate(data, survey, plan).lines}


def errors(figure: Any) -> tuple[Any, Any]:
    """(value, standard error)."""
    assert isinstance(figure, Estimated)
    return figure.value, figure.se


def replicated(kind: str, sample: str = "clus", **more: Any) -> Plan:
    """A plan whose errors come from replicates."""
    return replace(PLANS[sample], replicates=ReplicatePlan(kind, **more))  # type: ignore[arg-type]
