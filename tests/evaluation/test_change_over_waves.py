"""Change over waves by hand: paired people, independent samples, breaks, who is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import sqrt
from statistics import mean, variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as configured
from hypothesis import strategies as st
from samples import E, answers, dimension, framework, indicator, place, respondents, scale
from scipy.stats import t as student_t

from app.domain.frameworks import Framework
from app.evaluation.assessment import Settings, assess
from app.evaluation.attrition import Outcome, attrition
from app.evaluation.components import components_of
from app.evaluation.crosswalk import Asked
from app.evaluation.linked import influences
from app.evaluation.tables import Observation, What
from app.evaluation.waves import Prints, Wave, over_waves

THEN = [1, 2, 3, 4, 5, 3, 2, 4]
NOW = [2, 2, 4, 4, 5, 4, 3, 5]
Q = indicator("Q", scale("E1"))
R = indicator("R", scale("E2"))
TREE = framework("NAT", dimension("D", 1, (Q, 1)))
PRINTS: Prints = {("A", E): {"E1": "same", "E2": "same"}}


def wave(
    code: str,
    values: Sequence[int | None],
    people: Sequence[str | None],
    *,
    tree: Framework = TREE,
    prints: Prints = PRINTS,
    frame: str = "all_75",
    strata: Sequence[int] | None = None,
) -> Wave:
    """A wave of territory A in which ``people`` answered E1 (and E2 alike)."""
    who = respondents(["A"] * len(values), stratum=strata)
    data = {E: (answers(E1=values, E2=values), who)}
    asked = Asked({"A": {E: frozenset({"E1", "E2"})}})
    found = assess(data, tree, {}, asked, [place("A")], Settings(5))
    return Wave(
        code,
        frame,
        found.programme,
        {},
        found.protected,
        prints,
        influences(
            data, {E: list(people)}, components_of([tree]), asked, found.programme.estimates
        ),
    )


def change(now: Wave, before: Wave, what: What = What.CHANGE, code: str = "Q@W1") -> Observation:
    found = {(each.what, each.code, each.territory): each for each in over_waves(now, before)}
    return found[what, code, "A"]


NAMES = [f"person:{i}" for i in range(8)]
OTHERS = [f"person:{i}" for i in range(10, 18)]


def test_the_same_people_give_the_error_of_paired_differences() -> None:
    found = change(wave("W2", NOW, NAMES), wave("W1", THEN, NAMES))
    differences = [25.0 * (b - a) for a, b in zip(THEN, NOW, strict=True)]
    assert found.value == pytest.approx(mean(differences))
    assert found.se == pytest.approx(sqrt(variance(differences) / 8))
    assert found.df == 7
    half = student_t.ppf(0.975, 7) * sqrt(variance(differences) / 8)
    assert found.low == pytest.approx(mean(differences) - half)
    assert found.flags == ("paired",)


def test_other_people_give_the_sum_of_variances_and_welch_s_degrees_of_freedom() -> None:
    found = change(wave("W2", NOW, OTHERS), wave("W1", THEN, NAMES))
    one, other = (variance([25.0 * v for v in values]) / 8 for values in (THEN, NOW))
    assert found.se == pytest.approx(sqrt(one + other))
    assert found.df == pytest.approx((one + other) ** 2 / (one**2 / 7 + other**2 / 7))
    assert found.flags == ("independent",)


def test_part_of_the_people_gives_part_of_the_covariance() -> None:
    half = [*NAMES[:4], *OTHERS[:4]]
    found = change(wave("W2", NOW, half), wave("W1", THEN, NAMES))
    z1 = [25.0 * (v - mean(THEN)) / 8 for v in THEN]
    z2 = [25.0 * (v - mean(NOW)) / 8 for v in NOW]
    factor = 8 / 7
    covariance = factor * sum(z1[i] * z2[i] for i in range(4))
    variances = factor * (sum(z * z for z in z1) + sum(z * z for z in z2))
    assert found.se == pytest.approx(sqrt(variances - 2 * covariance))


def test_without_a_link_nobody_is_paired() -> None:
    nobody = [None] * 8
    found = change(wave("W2", NOW, nobody), wave("W1", THEN, nobody))
    assert found.flags == ("independent",)


def test_influences_give_back_the_covariance_of_the_wave() -> None:
    one = wave("W1", THEN, NAMES, strata=[0, 0, 0, 1, 1, 1, 2, 2])
    rows = one.influences["A"].rows
    assert np.allclose(rows.T @ rows, one.programme.estimates["A"].covariance, rtol=1e-12)


def test_the_earlier_value_stands_as_given_out_and_scores_change_too() -> None:
    before = wave("W1", THEN, NAMES)
    earlier = change(wave("W2", NOW, NAMES), before, What.EARLIER)
    old = before.table.one("A", None, What.INDICATOR, "Q")
    assert old is not None
    assert (earlier.value, earlier.low, earlier.high, earlier.n) == (
        old.value,
        old.low,
        old.high,
        old.n,
    )
    total = change(wave("W2", NOW, NAMES), before, code="@W1")
    assert total.value == pytest.approx(25.0 * (mean(NOW) - mean(THEN)))


@pytest.mark.parametrize(
    ("now", "why", "code"),
    [
        ({"prints": {("A", E): {"E1": "other"}}}, "wording", "Q@W1"),
        ({"prints": {("A", E): {"E1": "other"}}}, "wording", "@W1"),
        ({"frame": "plan_holders"}, "frame", "Q@W1"),
        (
            {"tree": framework("NAT", dimension("D", 1, (indicator("Q", scale("E2")), 1)))},
            "measure",
            "Q@W1",
        ),
        ({"tree": framework("NAT", dimension("D", 1, (Q, 1), (R, 1)))}, "framework", "@W1"),
    ],
)
def test_a_break_is_said_and_no_difference_given(
    now: dict[str, object], why: str, code: str
) -> None:
    after = wave("W2", NOW, NAMES, **now)  # type: ignore[arg-type]
    found = change(after, wave("W1", THEN, NAMES), code=code)
    assert (found.value, found.reason, found.flags) == (None, "break", (f"break:{why}",))


def test_a_new_version_with_the_same_content_is_no_break() -> None:
    after = wave("W2", NOW, NAMES, tree=replace(TREE, version=2))
    assert change(after, wave("W1", THEN, NAMES), code="@W1").value is not None


def test_what_was_withheld_then_or_is_now_gives_no_change() -> None:
    few, names = THEN[:4], NAMES[:4]
    for now, before in (
        (wave("W2", NOW, NAMES), wave("W1", few, names)),
        (wave("W2", few, names), wave("W1", NOW, NAMES)),
    ):
        found = change(now, before)
        assert (found.confidentiality, found.value, found.se) == ("N", None, None)


@configured(deadline=None, max_examples=30)
@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=5, max_size=12),
    st.data(),
)
def test_no_overlap_of_people_makes_a_variance_negative(
    pairs: list[tuple[int, int]], data: st.DataObject
) -> None:
    shared = data.draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs)))
    names = [f"person:{i}" for i in range(len(pairs))]
    later = [name if same else f"new:{name}" for name, same in zip(names, shared, strict=True)]
    before = wave("W1", [one for one, _ in pairs], names)
    found = change(wave("W2", [other for _, other in pairs], later), before)
    assert found.reason is not None or (found.se is not None and found.se >= 0)


def told(threshold: int, **counts: int) -> dict[str, float | None]:
    by_outcome = {Outcome(name): count for name, count in counts.items()}
    found = attrition({("A", "elderly"): by_outcome}, "W1", threshold)
    return {each.code.removesuffix("@W1"): each.value for each in found}


def test_outcomes_are_shares_of_those_who_answered_then() -> None:
    assert told(5, again=60, deceased=20, moved=0, not_invited=0, silent=20) == {
        "again": 0.6,
        "deceased": 0.2,
        "moved": 0.0,
        "not_invited": 0.0,
        "silent": 0.2,
    }


def test_few_people_are_told_together_or_not_at_all() -> None:
    assert told(5, again=60, deceased=3, silent=37) == {"again": 0.6, "not_again": 0.4}
    assert told(5, again=60, deceased=3) == {"not_again": None}
    assert told(5, again=4) == {"not_again": None}
