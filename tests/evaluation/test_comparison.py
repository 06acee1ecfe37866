"""Two frameworks over the same people: crosswalk, standing shift, decomposition, verdicts."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import E, F, agree, answers, dimension, framework, indicator, place, respondents

from app.domain.frameworks import Relation, Series
from app.evaluation.assessment import Settings, assess, programme_of
from app.evaluation.beside import NOTHING
from app.evaluation.comparison import ShiftPart, standing_shift
from app.evaluation.components import components_of
from app.evaluation.crosswalk import Asked, ComparableSet, crosswalk
from app.evaluation.drafting import Draft, Withheld
from app.evaluation.judging import Judge
from app.evaluation.measurement import measure
from app.evaluation.quantities import Quantity, Reason
from app.evaluation.tables import What
from app.evaluation.verdicts import Verdict, critical_value, verdict

I1, I2, I3 = (indicator(f"I{k}", agree(f"E{k}")) for k in (1, 2, 3))
CORE = frozenset({"E1", "E2", "E3", "E4"})
ASKED = Asked({"A": {E: CORE | {"E9"}}, "B": {E: CORE}, "C": {E: CORE}})


def trees(aggregation: str = "arithmetic"):
    national = framework(
        "NAT",
        dimension("X", 60, (I1, 50), (I2, 50)),
        dimension("Y", 40, (I3, 100)),
        aggregation=aggregation,
    )
    adapted = indicator("I3_A", agree("E4"), origin="I3", relation=Relation.ADAPTED)
    local = indicator("A1", agree("E9"), relation=Relation.ADDED)
    figures = indicator("A2", Series("visits"), relation=Relation.ADDED)
    own = framework(
        "A",
        dimension("X", 50, (I1, 100)),
        dimension("Y", 50, (adapted, 60), (local, 30), (figures, 10)),
        territory="A",
        aggregation=aggregation,
    )
    return national, own


def test_crosswalk_of_every_relation() -> None:
    found = crosswalk(*trees(), ASKED)
    rows = {(row.national, row.own): row for row in found.rows}
    assert {key: row.relation for key, row in rows.items()} == {
        ("I1", "I1"): Relation.KEPT,
        ("I3", "I3_A"): Relation.ADAPTED,
        (None, "A1"): Relation.ADDED,
        (None, "A2"): Relation.ADDED,
        ("I2", None): Relation.DROPPED,
    }
    assert rows[None, "A1"].comparable is ComparableSet.HERE_ONLY
    assert rows[None, "A2"].comparable is ComparableSet.ELSEWHERE_IMPOSSIBLE
    assert found.common == {"I1", "I3_A"}
    assert found.own_weight(ComparableSet.COMMON) == Fraction(8, 10)
    assert found.dropped_weight == Fraction(3, 10)


def test_overlap_bounds_and_parts() -> None:
    overlap = crosswalk(*trees(), ASKED).overlap
    assert overlap.lower == Fraction(3, 10)  # I1: 0.3 and 0.5
    assert overlap.upper == Fraction(6, 10)  # I3 and I3_A: 0.4 and 0.3
    assert overlap.content + overlap.weight == 1 - overlap.lower
    assert overlap.content == Fraction(7, 10)


def test_a_component_of_another_audience_that_was_not_asked_is_not_common() -> None:
    both = indicator("I", {E: agree("E1"), F: agree("E1")})
    tree = framework("A", dimension("X", 1, (both, 1)), territory="A")
    asked = Asked({"A": {E: CORE, F: CORE}, "B": {E: CORE}})
    national = framework("NAT", dimension("X", 1, (I1, 1)))
    assert crosswalk(national, tree, asked).rows[0].comparable is ComparableSet.HERE_ONLY


def places(values, territory):
    return {code: Quantity(v, {(territory, code): 1.0}) for code, v in values.items()}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.floats(0, 100), min_size=8, max_size=8),
    st.sampled_from(["arithmetic", "geometric"]),
)
def test_the_parts_of_a_shift_sum_to_it(values: list[float], aggregation: str) -> None:
    national, own = trees(aggregation)
    codes = ("I1", "I2", "I3", "I3_A")
    here = places(dict(zip(codes, values[:4], strict=True)), "A")
    rest = places(dict(zip(codes, values[4:], strict=True)), "R")
    found = standing_shift(national, own, crosswalk(national, own, ASKED), here, rest)
    assert sum(part.value for part in found.parts.values()) == pytest.approx(
        found.shift.value, abs=1e-12 if aggregation == "arithmetic" else 1e-9
    )
    assert sum(each.value for each in found.by_indicator.values()) == pytest.approx(
        found.shift.value, abs=1e-12 if aggregation == "arithmetic" else 1e-9
    )
    assert found.shift.value == pytest.approx(found.own.value - found.national.value, abs=1e-12)


def test_what_each_part_holds() -> None:
    national, own = trees()
    here = places({"I1": 70.0, "I2": 40.0, "I3": 50.0, "I3_A": 90.0}, "A")
    rest = places({"I1": 60.0, "I2": 50.0, "I3": 50.0, "I3_A": 50.0}, "R")
    found = standing_shift(national, own, crosswalk(national, own, ASKED), here, rest)
    assert found.covered == Fraction(8, 10)
    assert found.parts[ShiftPart.WEIGHTED_DIFFERENTLY].value == pytest.approx((5 / 8 - 0.3) * 10)
    assert found.parts[ShiftPart.REFORMULATED].value == pytest.approx(3 / 8 * 40)
    assert found.parts[ShiftPart.DROPPED].value == pytest.approx(0.3 * 10)


def test_a_missing_indicator_leaves_both_trees() -> None:
    national, own = trees()
    here = {**places({"I1": 70.0, "I2": 40.0, "I3_A": 90.0}, "A"), "I3": Reason.WITHHELD}
    rest = places({"I1": 60.0, "I2": 50.0, "I3": 50.0, "I3_A": 50.0}, "R")
    walk = crosswalk(national, own, ASKED)
    found = standing_shift(national, own, walk, here, rest)
    assert "I3" not in found.by_indicator
    assert found.national.value == pytest.approx(0.5 * 10 - 0.5 * 10)
    here["I1"] = Reason.WITHHELD
    assert standing_shift(national, own, walk, here, rest) is Reason.COVERAGE_BELOW


@given(
    st.floats(-50, 50),
    st.floats(0, 30),
    st.one_of(st.just(0.0), st.floats(0, 20)),
)
def test_every_interval_and_margin_has_one_verdict(middle, half, margin) -> None:
    low, high = middle - half, middle + half
    said = verdict(low, high, margin)
    conditions = {
        Verdict.NO_DIFFERENCE_THAT_MATTERS: -margin <= low and high <= margin and low <= 0 <= high,
        Verdict.NO_DIFFERENCE_THAT_MATTERS_DETECTABLE: -margin <= low
        and high <= margin
        and not low <= 0 <= high,
        Verdict.STANDS_HIGHER: low > margin,
        Verdict.STANDS_LOWER: high < -margin,
        Verdict.HIGHER_SIZE_UNCERTAIN: 0 < low <= margin < high,
        Verdict.LOWER_SIZE_UNCERTAIN: low < -margin <= high < 0,
        Verdict.CANNOT_TELL: low <= 0 <= high and (low < -margin or high > margin),
    }
    assert [name for name, true in conditions.items() if true] == [said]


def test_verdicts_of_the_design() -> None:
    assert verdict(2.2, 4.0, 2.0) is Verdict.STANDS_HIGHER
    assert verdict(0.8, 5.2, 2.0) is Verdict.HIGHER_SIZE_UNCERTAIN
    assert verdict(-5.0, 5.0, 2.0, same=True) is Verdict.SAME_BY_CONSTRUCTION


def test_critical_value_is_known_where_it_is_known() -> None:
    from scipy.stats import t

    assert critical_value(np.eye(1), 20, 1) == pytest.approx(t.ppf(0.975, 20))
    # Independent normals: (1 - alpha) = P(|Z| <= c) ^ m, here with very many degrees of freedom.
    from scipy.stats import norm

    expected = norm.ppf((1 + 0.95 ** (1 / 9)) / 2)
    assert critical_value(np.eye(9), 1e9, 1) == pytest.approx(expected, abs=0.01)
    alike = np.full((4, 4), 1.0)
    assert critical_value(alike, 30, 1) == pytest.approx(t.ppf(0.975, 30), abs=0.015)
    assert critical_value(np.eye(9), 12, 7) == critical_value(np.eye(9), 12, 7)


def drawn(seed: int, same: bool, n: int = 300):
    rng = np.random.default_rng(seed)
    territory = np.repeat(["A", "B", "C"], n // 3).tolist()
    columns = answers(**{f"E{k}": rng.integers(1, 6, n).tolist() for k in (1, 2, 3, 4)})
    national, _ = trees()
    if same:
        renamed = framework(
            "A", dimension("P", 60, (I1, 1), (I2, 1)), dimension("Q", 40, (I3, 9)), territory="A"
        )
    else:
        renamed = framework(
            "A", dimension("P", 20, (I1, 3), (I2, 1)), dimension("Q", 80, (I3, 9)), territory="A"
        )
    asked = Asked({code: {E: CORE} for code in "ABC"})
    data = {E: (columns, respondents(territory))}
    return data, national, {"A": renamed}, asked, [place(c) for c in "ABC"]


def test_identical_trees_with_renamed_dimensions_are_the_same_by_construction() -> None:
    found = assess(*drawn(1, same=True), Settings(11, 5))
    found = found.protected.one("A", "A", What.STANDING_SHIFT)
    assert found.verdict == "same_by_construction"
    assert found.value == pytest.approx(0.0, abs=1e-12)


@pytest.mark.full
def test_few_false_findings_when_territories_do_not_differ() -> None:
    wrong = 0
    for seed in range(200):
        data, national, own, asked, territories = drawn(seed, same=False)
        moments = measure(data, components_of((national, *own.values())), asked)
        programme = programme_of(moments, national, own, asked, territories, {}, NOTHING)
        walks = {"A": crosswalk(national, own["A"], asked)}
        judged = Judge(Draft(programme, walks, Withheld()), 5, 11).observations()
        (shift,) = (
            each.observation for each in judged if each.observation.what is What.STANDING_SHIFT
        )
        wrong += not shift.low <= 0 <= shift.high
    assert wrong <= 18  # 5 % of 200 and 2.6 standard errors


def test_the_shift_stands_alone_without_others() -> None:
    columns = answers(E1=[5] * 10 + [1] * 10, E2=[5, 1] * 10, E3=[5, 1, 1, 1] * 5, E4=[1, 5] * 10)
    national, own = trees()
    asked = Asked({"A": {E: CORE}})
    found = assess(
        {E: (columns, respondents(["A"] * 20))}, national, {"A": own}, asked, [place("A")]
    )
    assert found.protected.one("A", "A", What.STANDING_SHIFT).reason == "no_rest"
