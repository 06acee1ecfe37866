"""Estimates are R's survey package's, digit for digit; intervals keep their promises."""

import json
from pathlib import Path

import numpy as np
import pytest
from samples import E, F, agree, answers, indicator, respondents, scale
from scipy.stats import binom

from app.evaluation.columns import Respondents
from app.evaluation.components import ComponentDefinition, definitions_of
from app.evaluation.crosswalk import Asked
from app.evaluation.estimation import TerritoryEstimates, estimates
from app.evaluation.intervals import korn_graubard, mean_interval, share_interval, student, wilson
from app.evaluation.measurement import measure
from app.evaluation.moments import Layout, ScoredAudience, empty_part, merge, moments
from app.evaluation.moments import Moments as MomentsOf

ORACLE = json.loads((Path(__file__).parent / "oracle" / "survey.json").read_text())
QUESTIONS = ("q1", "q2", "q3")


def measured(data: dict) -> MomentsOf:
    territories = tuple(sorted(set(data["territory"])))
    n = len(data["weight"])
    who = Respondents(
        n=n,
        territory=np.array([territories.index(code) for code in data["territory"]]),
        territories=territories,
        stratum=np.array(data["stratum"], dtype=np.int64),
        psu=np.array(data["psu"], dtype=np.int64),
        weight=np.array(data["weight"], dtype=float),
        proxy=np.zeros(n, dtype=bool),
        channel=np.zeros(n, dtype=np.int8),
    )
    columns = np.array([data[q] for q in QUESTIONS], dtype=float)
    d = np.isfinite(columns)
    scored = ScoredAudience(who, np.where(d, columns, 0.0), d, np.zeros_like(d))
    return moments({E: scored}, Layout(((E, QUESTIONS),)))


@pytest.mark.parametrize("case", ["plain", "persons", "lonely"])
def test_estimates_equal_r_survey(case: str) -> None:
    found = estimates(measured(ORACLE[case]["data"]), frozenset({"q1", "q3"}))
    assert set(found) == set(ORACLE[case]["expected"])
    for territory, expected in ORACLE[case]["expected"].items():
        ours = found[territory]
        np.testing.assert_allclose(ours.covariance, expected["covariance"], rtol=1e-8, atol=1e-10)
        for question, r in expected["components"].items():
            one = ours.by_component[question]
            assert one.mean == pytest.approx(r["mean"], rel=1e-8)
            assert one.variance == pytest.approx(r["variance"], rel=1e-8)
            assert (one.df, one.n) == (r["df"], r["n"])
            assert one.weighted_base == pytest.approx(r["base"], rel=1e-8)
            ends = mean_interval(one.mean, one.variance, one.df)
            assert ends == pytest.approx((r["low"], r["high"]), rel=1e-8)


@pytest.mark.parametrize("case", ["plain", "persons", "lonely"])
def test_korn_graubard_equals_r_survey(case: str) -> None:
    for expected in ORACLE[case]["expected"].values():
        for question in ("q1", "q3"):
            r = expected["components"][question]
            p, v = r["mean"] / 100, r["variance"] / 1e4
            n_effective = p * (1 - p) / v * (student(r["n"] - 1) / student(r["df"])) ** 2
            assert korn_graubard(p, n_effective) == pytest.approx(tuple(r["beta"]), rel=1e-8)


def test_golden_intervals() -> None:
    for x, n, low, high in ((18, 24, 55.1, 88.0), (11, 11, 74.1, 100.0), (0, 30, 0.0, 11.4)):
        ends = wilson(x, n)
        assert (round(100 * ends[0], 1), round(100 * ends[1], 1)) == (low, high)


@pytest.mark.parametrize("n", [30, 60, 150])
def test_default_interval_of_a_share_covers_as_promised(n: int) -> None:
    """Exact coverage under simple random sampling, averaged over p: 93 to 97 %."""
    x = np.arange(n + 1)
    ends = []
    for positives in x:
        p = positives / n
        variance = p * (1 - p) / (n - 1)
        ends.append(share_interval(p, variance, n, positives, n - 1, n))
    low, high = np.array(ends).T
    grid = np.linspace(0.02, 0.98, 193)
    coverage = [binom.pmf(x, n, p)[(low <= p) & (p <= high)].sum() for p in grid]
    assert 0.93 <= np.mean(coverage) <= 0.97


def test_korn_graubard_covers_at_least_95_percent() -> None:
    n, x = 40, np.arange(41)
    low, high = np.array([korn_graubard(k / n, n) for k in x]).T
    for p in np.linspace(0.01, 0.99, 99):
        assert binom.pmf(x, n, p)[(low <= p) & (p <= high)].sum() >= 0.95 - 1e-12


def test_an_interval_is_never_a_point_at_the_ends() -> None:
    for positives in (0, 12):
        low, high = share_interval(positives / 12, 0.0, 12, positives, 11, 9.5)
        assert high - low > 0.2
    alike = one_territory(answers(E1=[5] * 20, E2=[3] * 20))
    assert alike.by_component["S.elderly"].uniform
    assert alike.by_component["M.elderly"].interval is not None
    low, high = alike.by_component["M.elderly"].interval
    assert low < 50 < high


def one_territory(columns: object, **who: object) -> TerritoryEstimates:
    parts = [indicator("S", agree("E1")), indicator("M", scale("E2"))]
    definitions = {each.id: each for part in parts for each in definitions_of(part)}
    asked = Asked({"A": {E: frozenset({"E1", "E2"})}})
    n = columns.n  # type: ignore[attr-defined]
    data = {E: (columns, respondents(["A"] * n, **who))}
    return estimates(measure(data, definitions, asked), frozenset({"S.elderly"}))["A"]


def test_effective_n_of_a_simple_sample() -> None:
    found = one_territory(answers(E1=[5] * 8 + [1] * 12, E2=[1, 5] * 10))
    share = found.by_component["S.elderly"]
    assert share.variance == pytest.approx(100**2 * 0.4 * 0.6 / 19)
    assert share.n_effective == pytest.approx(19.0)
    assert found.by_component["M.elderly"].n_effective == pytest.approx(19.0)
    assert share.n_by_weights == pytest.approx(20.0)


def test_one_psu_gives_no_interval_and_is_flagged() -> None:
    found = one_territory(answers(E1=[5, 1, 5], E2=[1, 2, 3]), psu=[7, 7, 7])
    share = found.by_component["S.elderly"]
    assert (share.df, share.interval, share.lonely) == (0, None, True)


def test_someone_outside_the_base_changes_no_mean_but_counts_as_a_psu() -> None:
    before = one_territory(answers(E1=[5, 1, 5, 1], E2=[1, 2, 3, 4]))
    after = one_territory(answers(E1=[5, 1, 5, 1, None], E2=[1, 2, 3, 4, 5]))
    one, other = before.by_component["S.elderly"], after.by_component["S.elderly"]
    assert (one.mean, one.n, one.df) == (other.mean, other.n, other.df)
    assert other.variance == pytest.approx(one.variance * (5 / 4) / (4 / 3))


def test_empty_psus_belong_to_their_stratum() -> None:
    data = {**ORACLE["plain"]["data"]}
    before = measured(data)
    key = next(iter(before.parts))
    more = MomentsOf(before.layout, {key: empty_part(before.layout, psus=2)})
    after = merge([before, more])
    assert after.parts[key].psus == before.parts[key].psus + 2
    one, other = (estimates(m, frozenset())[key[0]].by_component["q1"] for m in (before, after))
    assert one.mean == other.mean
    assert one.variance != other.variance


def test_family_and_elderly_person_of_one_case_are_not_independent() -> None:
    def covariance(psu_of_family: list[int]) -> float:
        definitions: dict[str, ComponentDefinition] = {}
        for code, audience in (("X", E), ("Y", F)):
            for each in definitions_of(indicator(code, {audience: scale("E1")})):
                definitions[each.id] = each
        values = [1, 2, 5, 4, 3, 5, 1, 2]
        data = {
            E: (answers(E1=values), respondents(["A"] * 8, psu=list(range(8)))),
            F: (answers(E1=values), respondents(["A"] * 8, psu=psu_of_family)),
        }
        asked = Asked({"A": {E: frozenset({"E1"}), F: frozenset({"E1"})}})
        found = estimates(measure(data, definitions, asked), frozenset())["A"]
        return found.covariance[0, 1] / found.covariance[0, 0]

    assert covariance(list(range(8))) == pytest.approx(1.0)
    assert covariance(list(range(100, 108))) == pytest.approx(0.0, abs=1e-9)
