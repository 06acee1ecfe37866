"""DIF against R, published tables and by hand; what cannot be assessed says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from r_oracle import close, made_again, stored

from app.evaluation.adjustments import benjamini_hochberg, holm
from app.evaluation.columns import Floats
from app.evaluation.dif import Dif, Purified, dif
from app.evaluation.logistic_dif import LogisticDif, logistic_dif
from app.evaluation.mantel import Mantel, mantel
from app.evaluation.mantel_haenszel import MantelHaenszel, mantel_haenszel
from app.evaluation.matching import coded, matched, scale, tallied
from app.evaluation.ordinal_logit import ordinal_logit
from app.evaluation.undefined import Undefined

R = stored("dif")
DATA = stored("dif_data")
FOCAL = np.array(DATA["focal"]) == 1
BINARY: Floats = np.array(DATA["binary"], dtype=float)
ORDERED: Floats = np.array(DATA["ordered"], dtype=float)
EXACT = {"rel": 0, "abs": 1e-8}
NEAR = {"rel": 0, "abs": 1e-6}


def of(values: Floats, *, purify: bool = False) -> Dif:
    return dif([f"i{j}" for j in range(values.shape[1])], values, FOCAL, purify=purify)


def results_of(
    found: Purified[MantelHaenszel | Mantel] | Undefined,
) -> list[MantelHaenszel | Mantel]:
    assert isinstance(found, Purified)
    return [each.result for each in found.items]


def modelled(found: Dif) -> list[LogisticDif]:
    assert isinstance(found.logistic, Purified)
    return [each.result for each in found.logistic.items]


def test_mantel_haenszel_equals_r() -> None:
    for found, expected in zip(results_of(of(BINARY).mantel), R["mh"], strict=True):
        assert isinstance(found, MantelHaenszel)
        for name in ("chi2", "p", "chi2_uncorrected", "odds_ratio", "delta"):
            assert getattr(found, name) == pytest.approx(expected[name], **EXACT), name
        assert (found.low, found.high) == pytest.approx(expected["interval"], **EXACT)


def test_adjusted_p_equal_r() -> None:
    found = of(BINARY).mantel
    assert isinstance(found, Purified)
    assert [each.p_holm for each in found.items] == pytest.approx(R["holm"], **EXACT)
    assert [each.p_bh for each in found.items] == pytest.approx(R["bh"], **EXACT)


def test_purification_equals_the_same_loop_in_r() -> None:
    found = of(BINARY, purify=True).mantel
    assert isinstance(found, Purified)
    expected = R["mh_purified"]
    assert found.matched_without == tuple(f"i{j - 1}" for j in expected["without"])
    assert (found.rounds, found.settled) == (expected["rounds"], True)
    chi2 = [each.chi2 for each in results_of(found)]
    assert chi2 == pytest.approx(expected["chi2"], **EXACT)


def test_mantel_equals_the_score_test_of_conditional_logistic_regression() -> None:
    for found, expected in zip(results_of(of(ORDERED).mantel), R["mantel"], strict=True):
        assert found.chi2 == pytest.approx(expected["chi2"], **EXACT)
        assert found.p == pytest.approx(expected["p"], **EXACT)


@pytest.mark.parametrize(("values", "kept"), [(BINARY, "logistic"), (ORDERED, "ordinal")])
def test_logistic_equals_glm_and_polr(values: Floats, kept: str) -> None:
    for found, expected in zip(modelled(of(values)), R[kept], strict=True):
        assert list(found.log_likelihoods) == pytest.approx(expected["log_likelihoods"], **NEAR)
        for j, ratio in enumerate((found.uniform, found.non_uniform, found.both)):
            assert ratio.chi2 == pytest.approx(expected["chi2"][j], **NEAR)
            assert ratio.p == pytest.approx(expected["p"][j], **NEAR)
            assert ratio.nagelkerke == pytest.approx(expected["nagelkerke"][j], **NEAR)
            assert ratio.mcfadden == pytest.approx(expected["mcfadden"][j], **NEAR)
        assert found.group == pytest.approx(expected["group"], **NEAR)
        assert found.interaction == pytest.approx(expected["interaction"], **NEAR)


def test_published_table_of_admissions() -> None:
    """Bickel et al. 1975, as printed in R's help of mantelhaen.test: 1.4269, 0.2323, 0.9047."""
    admitted = [[512, 89], [353, 17], [120, 202], [138, 131], [53, 94], [22, 24]]  # men, women
    refused = [[313, 19], [207, 8], [205, 391], [279, 244], [138, 299], [351, 317]]
    rows = [
        (yes, woman, department)
        for yes, table in ((1, admitted), (0, refused))
        for department, counts in enumerate(table)
        for woman, count in enumerate(counts)
        for _ in range(count)
    ]
    answers, women, department = np.array(rows, dtype=float).T
    found = mantel_haenszel(matched(tallied(answers, women == 1, department)))
    assert found.chi2 == pytest.approx(1.4269, abs=5e-5)
    assert found.p == pytest.approx(0.2323, abs=5e-5)
    assert found.odds_ratio == pytest.approx(0.9046968, abs=5e-8)
    assert (found.low, found.high) == pytest.approx((0.7719074, 1.0603298), abs=5e-8)


def test_correction_is_capped_as_in_r_or_not() -> None:
    answers = np.array([1.0, 0, 1, 0, 1, 0])
    focal = np.array([True, True, True, False, False, False])
    score = np.zeros(6)
    found = mantel_haenszel(matched(tallied(answers, focal, score)))
    # focal sum 2, expected 1.5: exactly 1/2; moved a little it would be under it
    assert found.chi2 == 0
    level = mantel_haenszel(
        matched(tallied(np.array([1.0, 0, 1, 0]), np.array([1, 1, 0, 0]) == 1, score[:4]))
    )
    assert level.chi2 == 0
    assert level.chi2_plain_correction == pytest.approx(0.25 / (2 * 2 * 2 * 2 / (16 * 3)))
    assert level.chi2_uncorrected == 0


def test_mantel_of_binary_answers_is_mantel_haenszel_without_correction() -> None:
    total = BINARY.sum(axis=1)
    for j in range(BINARY.shape[1]):
        strata = matched(tallied(BINARY[:, j], FOCAL, total))
        found = mantel_haenszel(strata)
        assert mantel(strata, 1.0).chi2 == pytest.approx(found.chi2_uncorrected, **EXACT)


def test_two_answers_are_tested_alike_whatever_they_are_called() -> None:
    names = tuple(f"i{j}" for j in range(BINARY.shape[1]))
    one, other = (
        dif(names, values, FOCAL, least=1, purify=False).mantel for values in (BINARY, BINARY + 1)
    )
    assert isinstance(one, Purified)
    assert isinstance(other, Purified)
    assert one.items == other.items
    assert {each.test for each in one.items} == {"mantel_haenszel"}


def test_standardised_mean_difference_by_hand() -> None:
    answers = np.array([1.0, 3, 2, 2, 4, 5, 3, 5])
    focal = np.array([1, 0, 1, 0, 1, 1, 0, 0]) == 1
    score = np.array([1.0, 1, 1, 1, 2, 2, 2, 2])
    found = mantel(matched(tallied(answers, focal, score)), answers.std(ddof=1))
    assert found.smd == pytest.approx(0.5 * (1.5 - 2.5) + 0.5 * (4.5 - 4.0))
    variance = [4 * (4 * 18 - 64) / (16 * 3), 4 * (4 * 75 - 289) / (16 * 3)]
    assert found.smd_se == pytest.approx(sum(0.25 * v for v in variance) ** 0.5)
    assert found.effect == pytest.approx(found.smd / answers.std(ddof=1))
    assert found.size == "AA"


def test_people_alone_in_their_stratum_are_dropped() -> None:
    focal = np.array([True, False, True])
    strata = matched(tallied(np.array([1.0, 0, 1]), focal, np.array([1.0, 1, 2])))
    assert strata.left_out == 1
    assert len(strata.people) == 1


@given(st.lists(st.sampled_from([-3.0, 0.0, 0.5, 1.0, 7.0, 2e5]), min_size=1))
def test_codes_stand_for_values(values: list[float]) -> None:
    """Counted in place where they are whole and near, else sorted: the same."""
    levels, place = coded(np.array(values))
    assert levels.tolist() == sorted(set(values))
    assert levels[place].tolist() == values


@given(st.integers(1, 40), st.integers(0, 3), st.sampled_from([1.0, 0.1]))
def test_a_tally_counts_people(n: int, left_out: int, unit: float) -> None:
    rng = np.random.default_rng(n)
    values, focal = rng.integers(0, 4, (n, 4)) * unit, rng.random(n) < 0.5
    people = scale(values, focal)
    for j in range(4):
        found = people.tally(j, frozenset({left_out}))
        total = values[:, [k for k in range(4) if k != left_out or k == j]].sum(axis=1)
        expected = tallied(values[:, j], focal, total)
        for name in ("answer", "total", "focal", "people"):
            assert sorted(getattr(found, name)) == pytest.approx(sorted(getattr(expected, name)))
        assert (found.n, found.people @ found.total) == pytest.approx((n, total.sum()))
        assert n < 2 or found.sd == pytest.approx(values[:, j].std(ddof=1))


def test_groups_that_share_no_stratum() -> None:
    answers, focal = np.array([1.0, 0, 1, 0]), np.array([1, 1, 0, 0]) == 1
    strata = matched(tallied(answers, focal, np.array([0.0, 0, 1, 1])))
    assert mantel_haenszel(strata).chi2 == Undefined("groups_do_not_overlap")
    assert mantel(strata, 1.0).smd == Undefined("groups_do_not_overlap")


def test_odds_ratio_without_bound() -> None:
    answers, focal = np.array([1.0, 1, 1, 0]), np.array([1, 1, 0, 0]) == 1
    found = mantel_haenszel(matched(tallied(answers, focal, np.zeros(4))))
    assert found.odds_ratio == Undefined("odds_ratio_without_bound")
    assert found.size == Undefined("odds_ratio_without_bound")
    assert isinstance(found.chi2, float)


def test_separated_answers_do_not_converge_and_say_where() -> None:
    score = np.arange(40.0)
    found = logistic_dif(tallied((score > 20).astype(float), np.arange(40) % 2 == 0, score))
    assert found.both.p == Undefined("separated", "model total")
    assert found.size == Undefined("separated", "model total")


def test_collinear_and_constant_predictors_are_refused() -> None:
    category = np.array([0, 1, 1, 0, 1])
    x = np.arange(5.0)
    assert ordinal_logit(category, np.column_stack([x, 2 * x])) == Undefined("collinear_predictors")
    assert ordinal_logit(category, np.ones((5, 1))) == Undefined("constant_predictor")


def test_few_people_are_not_assessable() -> None:
    few = dif(["a", "b"], BINARY[:300, :2], FOCAL[:300])
    assert isinstance(few.mantel, Undefined)
    assert few.mantel.why == few.logistic.why == "not_assessable"  # type: ignore[union-attr]
    assert few.mantel.place == "focal group: 150 people, 200 needed"
    none = dif(["a", "b"], BINARY[:, :2], np.ones(len(BINARY), dtype=bool), least=0)
    assert none.mantel == Undefined("not_assessable", "reference group: 0 people, 0 needed")


def test_a_constant_item_is_named() -> None:
    values = BINARY.copy()
    values[:, 3] = 1
    assert of(values).mantel == Undefined("constant_item", "i3")


def test_incomplete_people_are_counted() -> None:
    values = BINARY.copy()
    values[:4, 0] = np.nan
    found = of(values)
    assert (found.focal + found.reference, found.incomplete) == (len(values) - 4, 4)


def test_a_planted_difference_is_found_and_its_size_said() -> None:
    found = of(BINARY, purify=True).mantel
    assert isinstance(found, Purified)
    flagged = {each.item for each in found.items if each.flagged}
    assert {"i1", "i6"} <= flagged
    assert results_of(found)[1].size == "C"


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_are_never_smaller_and_keep_their_order(p: list[float]) -> None:
    for adjusted in (holm(p), benjamini_hochberg(p)):
        assert all(after >= before * (1 - 1e-12) for before, after in zip(p, adjusted, strict=True))
        assert all(each <= 1 for each in adjusted)
        by_p = [each for _, each in sorted(zip(p, adjusted, strict=True))]
        assert by_p == sorted(by_p)


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_of_people_and_items_changes_nothing(random: object) -> None:
    people = list(range(len(BINARY)))
    items = list(range(BINARY.shape[1]))
    random.shuffle(people)  # type: ignore[attr-defined]
    random.shuffle(items)  # type: ignore[attr-defined]
    names = [f"i{j}" for j in items]
    moved = dif(names, BINARY[np.ix_(people, items)], FOCAL[people], purify=False)
    still = dict(
        zip([f"i{j}" for j in range(len(items))], results_of(of(BINARY).mantel), strict=True)
    )
    for name, each in zip(names, results_of(moved.mantel), strict=True):
        assert each.chi2 == pytest.approx(still[name].chi2, abs=1e-10)


def test_changing_groups_turns_the_sign() -> None:
    there, back = of(BINARY), dif([f"i{j}" for j in range(7)], BINARY, ~FOCAL, purify=False)
    for one, other in zip(results_of(there.mantel), results_of(back.mantel), strict=True):
        assert isinstance(one, MantelHaenszel)
        assert isinstance(other, MantelHaenszel)
        assert isinstance(other.delta, float)
        assert one.delta == pytest.approx(-other.delta)
        assert one.chi2 == pytest.approx(other.chi2)


@pytest.mark.oracle
def test_r_says_the_same_again(tmp_path: Path) -> None:
    close(made_again("dif", ("survival", "MASS"), tmp_path), R, 1e-6)
