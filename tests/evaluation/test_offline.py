"""Judging from files is the service's judgement; order never matters; territories may be joined."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from samples import E, agree, dimension, framework, indicator, place, rating, respondents, scale

from app.domain.frameworks import Change, Framework, Relation
from app.evaluation.assessment import assess
from app.evaluation.columns import AnswerColumns
from app.evaluation.crosswalk import Asked
from app.evaluation.inference import Estimated
from app.evaluation.offline import judge
from app.evaluation.plan import (
    CalibrationPlan,
    Contrast,
    ItemPlan,
    MarginPlan,
    Plan,
    ReplicatePlan,
    StageColumns,
    Wanted,
)
from app.evaluation.rectangle import Rectangle
from app.evaluation.survey_building import build
from app.evaluation.tables import Observation, What
from app.evaluation.tabulation import tabulate

N = 180
RNG = np.random.default_rng(7)
TERRITORY = [str(code) for code in RNG.choice(["A", "B", "C"], N)]
STRATUM = RNG.integers(0, 2, N)
PSU = RNG.integers(0, 7, N)
WEIGHT = RNG.uniform(0.5, 3, N).round(3)
SEX = [str(code) for code in RNG.choice(["f", "m"], N)]
VALUES = {code: RNG.integers(1, 6, N) for code in ("E1", "E2", "E3")}
HIDDEN = {code: RNG.random(N) < 0.1 for code in VALUES}
NATIONAL = framework(
    "NAT",
    dimension("X", 60, (indicator("O1", agree("E1")), 1), (indicator("O2", scale("E2")), 1)),
    dimension("Y", 40, (indicator("S1", scale("E3")), 1)),
)
OWN = framework(
    "A",
    dimension("X", 30, (indicator("O1", agree("E1"), relation=Relation.KEPT), 1)),
    dimension("Y", 70, (indicator("S1", scale("E3"), relation=Relation.KEPT), 1)),
    territory="A",
    changes=(Change(Relation.DROPPED, "O2"),),
)
PLAN = Plan("w", (StageColumns("c", "h"),), territory="t")
ITEMS = {code: ItemPlan(code, lowest=1, highest=5) for code in VALUES}


def rectangle(order: np.ndarray | None = None) -> Rectangle:
    rows = range(N) if order is None else order.tolist()
    columns = {
        "t": [TERRITORY[k] for k in rows],
        "h": [f"{TERRITORY[k]}{STRATUM[k]}" for k in rows],
        "c": [str(PSU[k]) for k in rows],
        "w": [repr(float(WEIGHT[k])) for k in rows],
        "sex": [SEX[k] for k in rows],
    }
    for code, values in VALUES.items():
        columns[code] = ["" if HIDDEN[code][k] else str(values[k]) for k in rows]
    return Rectangle(columns, range(2, N + 2))


def judged(plan: Plan = PLAN, data: Rectangle | None = None, *own: Framework) -> list[Observation]:
    data = data or rectangle()
    survey, _ = build(data, plan)
    return list(judge(data, survey, plan, NATIONAL, own or (OWN,), ITEMS).observations)


def test_the_same_as_the_service() -> None:
    who = respondents(
        TERRITORY,
        stratum=list(STRATUM),
        psu=[s * 100 + c for s, c in zip(STRATUM, PSU, strict=True)],
        weight=list(WEIGHT),
    )
    columns = AnswerColumns(
        N,
        {
            code: rating([None if h else int(v) for v, h in zip(values, HIDDEN[code], strict=True)])
            for code, values in VALUES.items()
        },
    )
    asked = Asked({code: {E: frozenset(VALUES)} for code in "ABC"})
    places = [place("FR"), *(place(code) for code in "ABC")]
    table = assess({E: (columns, who)}, NATIONAL, {"A": OWN}, asked, places).table.by_key
    compared = 0
    for seen in judged():
        other = table[seen.key]
        for name in ("value", "se", "low", "high", "df", "n_effective", "weighted_base"):
            if getattr(other, name) is not None:
                assert getattr(seen, name) == pytest.approx(getattr(other, name), rel=1e-9), seen
                compared += 1
        assert (seen.n, seen.flags, seen.verdict) == (other.n, other.flags, other.verdict)
    assert compared > 150


def test_order_of_rows_changes_nothing() -> None:
    order = np.random.default_rng(1).permutation(N)
    for one, other in zip(judged(), judged(data=rectangle(order)), strict=True):
        assert one.key == other.key
        for name in ("value", "se"):
            expected = getattr(one, name)
            if expected is not None:
                assert getattr(other, name) == pytest.approx(expected, rel=1e-10, abs=1e-10)


SEXES = MarginPlan("sex", ("sex",), {"f": 150.0, "m": 150.0})


def total_over(plan: Plan) -> tuple[float, float]:
    """(error of the nation's O1 as judged, the same from its influence over all territories)."""
    (seen,) = (
        each
        for each in judged(plan)
        if (each.territory, each.what, each.code) == ("FR", What.INDICATOR, "O1")
    )
    data = rectangle()
    columns = dict(data.columns)
    columns["y"] = ["" if cell == "" else str(int(int(cell) >= 4)) for cell in columns["E1"]]
    data = Rectangle(columns, data.lines)
    survey, _ = build(data, plan)
    plan = replace(plan, covariance=True, estimates=(Wanted("y", "mean", ("y",), by=("t",)),))
    v = tabulate(data, survey, plan).covariance
    assert v is not None
    assert seen.se is not None
    return seen.se, 100 * float(np.sqrt(v.sum())) / 3


@pytest.mark.parametrize(
    "plan",
    [
        PLAN,
        replace(PLAN, calibration=CalibrationPlan("post_stratification", (SEXES,))),
        replace(PLAN, stages=(StageColumns("c"),)),  # units that lie in several territories
    ],
)
def test_errors_over_territories_have_their_covariance(plan: Plan) -> None:
    ours, whole = total_over(plan)
    assert ours == pytest.approx(whole, rel=1e-10)


POST = replace(PLAN, calibration=CalibrationPlan("post_stratification", (SEXES,)))


@pytest.mark.parametrize(
    "plan",
    [
        PLAN,
        POST,
        replace(PLAN, stages=(StageColumns("c"),)),
        replace(POST, replicates=ReplicatePlan("JKn", mse=True)),
    ],
)
def test_the_standing_shift_is_a_contrast_of_domain_means(plan: Plan) -> None:
    """O2 weighs 0.3 less and S1 0.3 more; a point of the answers is 25 of the score."""
    (shift,) = (each for each in judged(plan) if each.what == What.STANDING_SHIFT)
    share = {"A": 1.0, "B": -0.5, "C": -0.5}
    of = {f"m2[t={t}]": -7.5 * c for t, c in share.items()}
    of |= {f"m3[t={t}]": 7.5 * c for t, c in share.items()}
    means = tuple(Wanted(f"m{k}", "mean", (f"E{k}",), by=("t",)) for k in (2, 3))
    plan = replace(plan, estimates=means, contrasts=(Contrast("shift", of),))
    survey, _ = build(rectangle(), plan)
    figure = tabulate(rectangle(), survey, plan).lines[-1].figure
    assert isinstance(figure, Estimated)
    assert shift.value == pytest.approx(figure.value, rel=1e-10)
    assert shift.se == pytest.approx(figure.se, rel=1e-9)


def test_joined_territories_are_not_independent() -> None:
    joined = replace(PLAN, stages=(StageColumns("c"),))
    by_key = {each.key: each for each in judged(joined)}
    territories = [by_key[code, None, "indicator", "O1", None, None].se for code in "ABC"]
    apart = float(np.sqrt(sum(se**2 for se in territories if se is not None))) / 3
    assert by_key["FR", None, "indicator", "O1", None, None].se != pytest.approx(apart, rel=1e-3)
