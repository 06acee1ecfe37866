"""Calibration as algebra on kept sums: the same as person by person, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from samples import E, F, agree, answers, respondents

from app.domain.errors import BadInput
from app.domain.frameworks import Scale
from app.evaluation.components import ComponentDefinition
from app.evaluation.crosswalk import Asked
from app.evaluation.estimation import estimates
from app.evaluation.margins import coded
from app.evaluation.measurement import measure
from app.evaluation.place_weights import KnownTotals, PlaceWeights, WeightPlan, weigh
from app.evaluation.weighted_moments import Weighed, weighed

N = 240
RANDOM = np.random.default_rng(7)
SEX = RANDOM.choice(["f", "m"], N, p=[0.7, 0.3]).tolist()
AGE = RANDOM.choice(["75", "85"], N, p=[0.6, 0.4]).tolist()
Y = RANDOM.integers(1, 6, N).tolist()
WEIGHT = RANDOM.uniform(1, 3, N)
STRATUM = RANDOM.integers(0, 3, N)
BY_SEX = KnownTotals(("sex",), {"f": 600.0, "m": 400.0})
BY_AGE = KnownTotals(("age",), {"75": 700.0, "85": 300.0})
SAID = {"sex": coded(SEX), "age": coded(AGE)}
DEFINITIONS = {
    name: ComponentDefinition(name, name, E, measure)
    for name, measure in (("share", agree("E1")), ("level", Scale(("E1",))))
}
ASKED = Asked({"AAA": {E: frozenset({"E1"}), F: frozenset({"F1"})}})


def placed(plan: WeightPlan, weight: Any = WEIGHT) -> PlaceWeights:
    return weigh(plan, np.asarray(weight, dtype=float), coded([""] * len(weight)), SAID)


def spread_over(plan: WeightPlan, psu: Any = None) -> Weighed:
    who = respondents(["AAA"] * N, stratum=STRATUM.tolist(), psu=psu, weight=WEIGHT.tolist())
    return weighed({E: who}, {("AAA", E): placed(plan)}, {})


def by_person(weights: PlaceWeights, score: Any, columns: Any) -> tuple[float, float]:
    """Mean and variance with residuals of the regression, one person after the other."""
    w, g = WEIGHT, weights.final / WEIGHT
    mean = float((w * g) @ score / (w * g).sum())
    y = (score - mean) / (w * g).sum()
    slope = np.linalg.lstsq(columns * np.sqrt(w)[:, None], y * np.sqrt(w), rcond=None)[0]
    z = w * g * (y - columns @ slope)
    variance = 0.0
    for stratum in range(3):
        here = z[stratum == STRATUM]
        variance += len(here) / (len(here) - 1) * float(((here - here.mean()) ** 2).sum())
    return mean, variance


@pytest.mark.parametrize("margins", [(BY_SEX,), (BY_SEX, BY_AGE)])
@pytest.mark.parametrize("bounds", [None, (0.5, 1.6)])
def test_moments_by_cell_give_what_people_one_by_one_give(margins: Any, bounds: Any) -> None:
    plan = WeightPlan(margins, bounds=bounds)
    made, place = spread_over(plan), placed(plan)
    moments = measure({E: (answers(E1=Y), made.kept[E])}, DEFINITIONS, ASKED)
    found = estimates(moments, frozenset({"share"}), made.weighting)["AAA"].by_component
    columns = [[float(v == c) for v in SEX] for c in ("f", "m")]
    columns += [[float(v == c) for v in AGE] for c in ("75", "85")] if len(margins) > 1 else []
    for name, score in (
        ("share", [100.0 * (v >= 4) for v in Y]),
        ("level", [25.0 * (v - 1) for v in Y]),
    ):
        mean, variance = by_person(place, np.array(score), np.array(columns).T)
        assert found[name].mean == pytest.approx(mean, rel=1e-10)
        assert found[name].variance == pytest.approx(variance, rel=1e-10)
    assert float(place.final.sum()) == pytest.approx(1000)
    final = estimates(
        measure({E: (answers(E1=Y), made.final[E])}, DEFINITIONS, ASKED), frozenset({"share"})
    )["AAA"]
    assert final.by_component["level"].mean == pytest.approx(found["level"].mean, rel=1e-12)
    assert found["level"].variance < final.by_component["level"].variance


def test_a_margin_that_is_estimated_itself_has_no_error() -> None:
    values = [5 if sex == "f" else 1 for sex in SEX]
    made = spread_over(WeightPlan((BY_SEX,)))
    moments = measure({E: (answers(E1=values), made.kept[E])}, DEFINITIONS, ASKED)
    found = estimates(moments, frozenset({"share"}), made.weighting)["AAA"].by_component["share"]
    assert found.mean == pytest.approx(60.0)
    assert found.variance == pytest.approx(0.0, abs=1e-12)


def test_units_that_span_cells_keep_the_larger_error() -> None:
    psu = [number // 2 + 1000 * int(STRATUM[number]) for number in range(N)]
    made = spread_over(WeightPlan((BY_SEX,)), psu=psu)
    assert made.fixed == {"AAA"}
    assert not made.weighting.calibrated
    assert made.kept[E].weight.tolist() == made.final[E].weight.tolist()


def test_linked_audiences_are_weighted_each_by_its_own_margins() -> None:
    elderly = respondents(["AAA"] * N, weight=WEIGHT.tolist())
    family = respondents(["AAA"] * N)  # of the same cases: the same units
    own = weigh(WeightPlan((BY_AGE,)), np.ones(N), None, SAID)
    made = weighed(
        {E: elderly, F: family},
        {("AAA", E): placed(WeightPlan((BY_SEX,))), ("AAA", F): own},
        {},
    )
    definitions = DEFINITIONS | {"other": ComponentDefinition("other", "other", F, agree("F1"))}
    columns = {E: (answers(E1=Y), made.kept[E]), F: (answers(F1=Y[::-1]), made.kept[F])}
    moments = measure(columns, definitions, ASKED)
    found = estimates(moments, frozenset({"share", "other"}), made.weighting)["AAA"]
    score = np.array([100.0 * (v >= 4) for v in Y[::-1]])
    assert found.by_component["other"].mean == pytest.approx(float(own.final @ score) / 1000)
    k = [found.index[name] for name in ("share", "other")]
    assert found.covariance[k[0], k[1]] != 0


def test_a_finite_population_makes_errors_smaller() -> None:
    who = respondents(["AAA"] * N, weight=[1.0] * N)
    moments = measure({E: (answers(E1=Y), who)}, DEFINITIONS, ASKED)
    half = weighed({E: who}, {}, {("AAA", E): {0: 0.5}}).weighting
    plain = estimates(moments, frozenset())["AAA"].by_component["level"].variance
    assert estimates(moments, frozenset(), half)["AAA"].by_component[
        "level"
    ].variance == pytest.approx(plain / 2)


def test_counts_of_the_frame_give_design_weights() -> None:
    strata = ["north"] * 2 + ["south"] * 3
    plan = WeightPlan(frame={"north": 100, "south": 900}, sampled={"north": 4, "south": 9})
    assert weigh(plan, np.ones(5), coded(strata), {}).final.tolist() == [25, 25, 100, 100, 100]


def test_people_without_a_category_keep_their_share() -> None:
    said = {"sex": coded(["f"] * 6 + ["m"] * 2 + [""] * 2, none="")}
    known = KnownTotals(("sex",), {"f": 60.0, "m": 40.0, "missing": None})
    final = weigh(WeightPlan((known,)), np.ones(10), None, said).final
    assert float(final[8:].sum()) == pytest.approx(20)
    assert float(final[:6].sum()) == pytest.approx(48)


def test_bounds_hold_for_the_mean_weight_of_every_cell() -> None:
    plan = WeightPlan((BY_SEX, BY_AGE), bounds=(0.6, 1.5))
    found = placed(plan)
    means = [found.final[found.cell == cell].mean() for cell in found.cells]
    assert min(means) >= 0.6 * 1000 / N - 1e-9
    assert max(means) <= 1.5 * 1000 / N + 1e-9
    assert found.report.converged


@pytest.mark.parametrize(
    ("plan", "place"),
    [
        (WeightPlan((BY_SEX, KnownTotals(("age",), {"75": 700, "85": 299}))), "age"),
        (WeightPlan((KnownTotals(("sex",), {"f": 500, "m": 400, "x": 100}),)), "sex: x"),
        (WeightPlan((KnownTotals(("sex",), {"f": 1000}),)), "sex"),
        (WeightPlan(frame={"north": 10}, sampled={"north": 5}), "frame"),
        (WeightPlan((BY_SEX,), bounds=(2.0, 3.0)), "trim"),
    ],
)
def test_what_cannot_be_met_is_named_before_anything_is_computed(
    plan: WeightPlan, place: str
) -> None:
    with pytest.raises(BadInput) as refused:
        placed(plan)
    assert place in {fault.place for fault in refused.value.faults}


def test_a_stratum_without_count_is_named() -> None:
    plan = WeightPlan(frame={"north": 10}, sampled={"north": 5})
    with pytest.raises(BadInput) as refused:
        weigh(plan, np.ones(2), coded(["north", "west"]), {})
    assert [fault.place for fault in refused.value.faults] == ["frame: west"]


def test_weights_of_other_territories_stay() -> None:
    who = respondents(["AAA"] * 2 + ["BBB"] * 2, weight=[1, 1, 7, 7])
    place = weigh(
        WeightPlan((KnownTotals(("sex",), {"f": 10.0}),)),
        np.ones(2),
        None,
        {"sex": coded(["f"] * 2)},
    )
    made = weighed({E: replace(who)}, {("AAA", E): place}, {})
    assert made.final[E].weight.tolist() == [5, 5, 7, 7]
