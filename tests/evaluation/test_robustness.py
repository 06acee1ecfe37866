"""Admissible methods: every combination on one common set, its sign, and exact Sobol shares."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hand_worked import ANSWERS, ASKED, NATIONAL, OWN, PLACES, WHO
from samples import E, agree, answers, dimension, framework, indicator, place, respondents

from app.domain.frameworks import Scale, Share, Target
from app.domain.method_choices import Methods, Normalisation, Weighting
from app.evaluation.alternatives import Variant, alternatives, reduced, variants_of
from app.evaluation.assessment import Assessment, Settings, assess
from app.evaluation.columns import Status
from app.evaluation.comparison import Shift
from app.evaluation.components import components_of
from app.evaluation.crosswalk import Asked, crosswalk
from app.evaluation.drafting import Draft, Withheld
from app.evaluation.estimation import estimates
from app.evaluation.figures import Programme
from app.evaluation.measurement import measure
from app.evaluation.method_scores import Values, here_and_rest
from app.evaluation.robustness import robustness
from app.evaluation.sobol import sobol
from app.evaluation.tables import What

GOALPOSTS, MIN_MAX, Z, RANK, TO_TARGET = Normalisation
FRAMEWORK, EQUAL, JUDGES = Weighting


def test_sobol_shares_of_a_table_known_by_hand() -> None:
    """Y = X1 + 2 X2 with two choices each: variances 1/4 and 1, no interaction."""
    table = np.array([[0.0, 2.0], [1.0, 3.0]])
    found = sobol(table)
    assert found is not None
    assert found.first == pytest.approx((0.2, 0.8))
    assert found.total == pytest.approx((0.2, 0.8))


def test_sobol_shares_of_a_pure_interaction() -> None:
    found = sobol(np.array([[0.0, 1.0], [1.0, 0.0]]))
    assert found is not None
    assert found.first == pytest.approx((0.0, 0.0))
    assert found.total == pytest.approx((1.0, 1.0))
    assert sobol(np.ones((2, 3))) is None


def test_sobol_shares_of_random_tables_add_up() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        found = sobol(rng.integers(0, 2, (2, 3, 4)).astype(float))
        if found is not None:
            assert sum(found.first) <= 1 + 1e-12
            assert sum(found.total) >= 1 - 1e-12
            assert all(t >= f - 1e-12 for f, t in zip(found.first, found.total, strict=True))


def values(*rows: list[float], up: bool = True, target: float | None = None) -> Values:
    each = indicator("I", agree("E1"), up=up)
    if target is not None:
        each = replace(each, target=Target(target, "board", "2026-01-01"))
    table = np.array([[row] for row in rows[0]]) if len(rows) == 1 else np.array(rows)
    return Values([each], table, np.isfinite(table))


@pytest.mark.parametrize(
    ("kind", "here", "rest"),
    [
        (GOALPOSTS, 40, 140 / 3),
        (MIN_MAX, 100 / 3, 500 / 9),
        (Z, 50 - 50 / 12.909944487, 50 + 50 / 3 / 12.909944487),
        (RANK, 100 / 3, 500 / 9),
        (TO_TARGET, 50, 175 / 3),
    ],
)
def test_normalisations(kind: Normalisation, here: float, rest: float) -> None:
    """Of four territories with 40, 30, 50 and 60 the first, and the others (46.67 on average)."""
    found = here_and_rest(values([40.0, 30.0, 50.0, 60.0], target=80.0), 0, kind)
    assert [each[0] for each in found] == pytest.approx([here, rest])


def test_a_withheld_territory_is_not_among_the_extremes() -> None:
    found = values([40.0, 30.0, 50.0, 0.0])
    hidden = replace(found, shown=np.array([[True], [True], [True], [False]]))
    assert here_and_rest(hidden, 0, MIN_MAX)[0][0] == pytest.approx(50.0)
    assert here_and_rest(hidden, 0, RANK)[1][0] == pytest.approx(50.0)
    alone = replace(found, shown=np.array([[True], [False], [False], [False]]))
    for kind in (MIN_MAX, Z, RANK):
        here, rest = here_and_rest(alone, 0, kind)
        assert here[0] == rest[0] == 50.0


def test_less_is_better_turns_every_normalisation() -> None:
    down = values([40.0, 30.0, 60.0], up=False, target=20.0)
    up = values([60.0, 70.0, 40.0], target=80.0)
    for kind in Normalisation:
        one, other = here_and_rest(down, 0, kind), here_and_rest(up, 0, kind)
        assert one[0] == pytest.approx(other[0])
        assert one[1] == pytest.approx(other[1])


def test_a_column_that_does_not_vary_moves_nothing() -> None:
    for kind in Normalisation:
        here, rest = here_and_rest(values([40.0, 40.0, 40.0]), 0, kind)
        assert here[0] == pytest.approx(rest[0])


JUDGE = (("OUT", Fraction(1)), ("SQ", Fraction(1)))
SIX = Methods(
    normalisation=(GOALPOSTS, MIN_MAX), weights=(FRAMEWORK, EQUAL, JUDGES), judges=(JUDGE,)
)


def tried(methods: Methods) -> Assessment:
    """The worked example with methods for the framework of B."""
    own = {**OWN, "B": replace(OWN["B"], methods=methods)}
    return assess({E: (ANSWERS, WHO)}, NATIONAL, own, ASKED, PLACES, Settings(5))


def figure(found: Assessment, what: What, code: str = "") -> float:
    seen = found.protected.one("B", "B", what, code)
    assert seen is not None
    assert seen.value is not None
    return seen.value


def by_hand() -> list[float]:
    """Goalposts, then extremes; framework, equal, judge: (own - national weights) x distances."""
    steps = ((-20, 25, -40), (-100, 100, -100))  # of O1, O2, S1
    weights = (
        (0.4 / 0.92, 0.2 / 0.92, 0.32 / 0.92),
        (1 / 3, 1 / 3, 1 / 3),
        (1 / 2.7, 1 / 5.4, 0.4 / 0.9),
    )
    return [
        sum((w - n) * step for w, n, step in zip(mine, (0.3, 0.3, 0.4), distances, strict=True))
        for distances in steps
        for mine in weights
    ]


def test_every_method_gives_the_shift_worked_by_hand() -> None:
    own = {**OWN, "B": replace(OWN["B"], methods=SIX)}
    definitions = components_of((NATIONAL, *own.values()))
    shares = frozenset(name for name, each in definitions.items() if each.is_share)
    moments = measure({E: (ANSWERS, WHO)}, definitions, ASKED)
    programme = Programme(
        NATIONAL, own, ASKED, ("A", "B"), {}, definitions, estimates(moments, shares)
    )
    crosswalks = {code: crosswalk(NATIONAL, own[code], ASKED) for code in own}
    draft = Draft(programme, crosswalks, Withheld())
    shift = draft.shifts["B"]
    assert isinstance(shift, Shift)
    found = robustness(draft, "B", shift, 5)
    assert found is not None
    assert found.factors == ("normalisation", "weights")
    assert found.shifts.ravel() == pytest.approx(by_hand(), abs=1e-12)
    assert found.shifts[0, 0] == pytest.approx(shift.shift.value, abs=1e-12)


def test_the_worked_example_by_six_methods() -> None:
    """The table of docs/methods.md: equal weights turn the sign, the judge and the scale do not."""
    page = (Path(__file__).parents[2] / "docs" / "methods.md").read_text().split("## 8.")[1]
    for shift in by_hand():
        assert f"{shift:.4f}".replace("-", "−") in page
    found = tried(SIX)
    assert figure(found, What.METHOD_COUNT) == 6
    assert figure(found, What.METHOD_SHARE) == pytest.approx(4 / 6)
    for code, share in {"weights": 1.0, "normalisation": 0.0}.items():
        assert figure(found, What.SOBOL, f"first.{code}") == pytest.approx(share)
        assert figure(found, What.SOBOL, f"total.{code}") == pytest.approx(share)
    shift = found.protected.one("B", "B", What.STANDING_SHIFT)
    assert shift is not None
    assert shift.verdict == "depends_on_the_method"
    assert "depends_on:weights" in shift.flags
    other = found.protected.one("A", "A", What.STANDING_SHIFT)
    assert other is not None
    assert other.verdict == "cannot_tell"


def test_where_every_method_keeps_the_sign_there_is_nothing_to_share_out() -> None:
    found = tried(Methods(aggregation=("arithmetic", "geometric")))
    assert figure(found, What.METHOD_SHARE) == 1.0
    seen = found.protected.one("B", "B", What.SOBOL, "total.aggregation")
    assert seen is not None
    assert (seen.value, seen.reason) == (None, "undefined")


def test_without_another_choice_nothing_is_said_of_methods() -> None:
    found = tried(Methods(weights=(FRAMEWORK,)))
    assert found.protected.of(What.METHOD_SHARE) == ()
    assert found.protected.of(What.SOBOL) == ()


def test_a_judge_who_weighs_only_what_is_not_common_is_left_out() -> None:
    nothing = (("OUT", Fraction(0)), ("XX", Fraction(1)))
    found = tried(Methods(weights=(FRAMEWORK, JUDGES), judges=(JUDGE, nothing)))
    assert figure(found, What.METHOD_COUNT) == 2


def persons() -> tuple[dict, object, dict, Asked]:
    """Eight people of one territory: some unsure, some answered for, some with one item only."""
    columns = answers(
        E1=[5, None, 1, 4, None, 1, 5, 5], E2=[5, 1, None, 5, 1, 1, None, 3], E3=[3] * 8
    )
    unsure = columns.items["E1"].status.copy()
    unsure[[1, 4]] = Status.DONT_KNOW
    items = {**columns.items, "E1": replace(columns.items["E1"], status=unsure)}
    who = respondents(["A"] * 8, weight=[1, 2, 1, 1, 2, 1, 1, 1])
    who = replace(who, proxy=np.array([False, True, False, False, False, True, False, True]))
    tree = framework(
        "NAT",
        dimension(
            "X",
            1,
            (indicator("S", agree("E1")), 1),
            (indicator("N", Share(agree("E1").of, dont_know="no")), 1),
            (indicator("M", Scale(("E1", "E2"))), 1),
        ),
    )
    asked = Asked({"A": {E: frozenset({"E1", "E2", "E3"})}})
    return {E: (replace(columns, items=items), who)}, tree, components_of((tree,)), asked


def test_other_rules_about_persons_by_hand() -> None:
    data, _, definitions, asked = persons()
    wanted = [
        Variant(None, "no"),
        Variant(None, "out"),
        Variant(Fraction(1)),
        Variant(None, "as_defined", "self_only"),
        Variant(Fraction(1), "no", "self_only"),
    ]
    found = alternatives(data, definitions, asked, wanted)
    by_code = {(cell[1].split(".")[0], variant): mean for (cell, variant), mean in found.items()}
    # S: 4 of 6 with a value agree; with the two unsure (weight 2 each) as no: 4 of 10.
    assert by_code["S", Variant(None, "no")] == (8, pytest.approx(40.0))
    assert ("S", Variant(None, "out")) not in by_code  # as it is defined
    assert by_code["N", Variant(None, "out")] == (6, pytest.approx(400 / 6))
    assert ("N", Variant(None, "no")) not in by_code
    # Answered for themselves: people 1, 3, 4, 5, 7 (numbers from 1), of whom 5 is unsure.
    alone = Variant(None, "as_defined", "self_only")
    assert by_code["S", alone] == (4, pytest.approx(75.0))
    assert by_code["N", alone] == (5, pytest.approx(50.0))  # 300 of weights 1, 1, 1, 2, 1
    # Both items answered: 1, 4, 6, 8 score 100, 87.5, 0, 75.
    assert by_code["M", Variant(Fraction(1))] == (4, pytest.approx(262.5 / 4))
    both = Variant(Fraction(1), "as_defined", "self_only")
    assert by_code["M", both] == (2, pytest.approx(93.75))


def test_variants_of_frameworks_are_those_they_admit() -> None:
    _, tree, definitions, _ = persons()
    methods = Methods(missing=(Fraction(1, 2), Fraction(4, 5)), respondents=("all", "self_only"))
    assert len(variants_of((replace(tree, methods=methods), tree))) == 4
    assert variants_of((tree,)) == ()
    half = Variant(Fraction(1, 2), "no", "all")
    assert reduced(definitions["M.elderly"], half) == Variant()
    assert reduced(definitions["S.elderly"], half) == Variant(None, "no")


def rules(threshold: int) -> Assessment:
    """20 people in A and B; in A half were answered for, and they say the contrary."""
    asked = Asked({code: {E: frozenset({"E1", "E2"})} for code in "AB"})
    columns = answers(E1=[1] * 10 + [5] * 10 + [5, 1, 1, 1] * 5, E2=[5, 1, 1, 1] * 10)
    who = respondents(["A"] * 20 + ["B"] * 20)
    who = replace(who, proxy=np.array([False] * 10 + [True] * 10 + [False] * 20))
    one, two = indicator("I", agree("E1")), indicator("J", agree("E2"))
    national = framework("NAT", dimension("X", 1, (one, 1), (two, 1)))
    own = framework(
        "A",
        dimension("X", 1, (one, 3), (two, 1)),
        territory="A",
        methods=Methods(respondents=("all", "self_only")),
    )
    places = [place("A"), place("B")]
    return assess({E: (columns, who)}, national, {"A": own}, asked, places, Settings(threshold))


def test_whose_answers_count_can_turn_the_sign() -> None:
    found = rules(threshold=10).protected
    seen = found.one("A", "A", What.METHOD_SHARE)
    assert seen is not None
    assert seen.value == 0.5
    shift = found.one("A", "A", What.STANDING_SHIFT)
    assert shift is not None
    assert shift.value == pytest.approx(0.25 * 25)  # I: 50 here, 25 there; J alike
    assert shift.flags == ("depends_on:respondents",)


def test_a_handful_of_answers_decides_nothing() -> None:
    found = rules(threshold=11).protected.one("A", "A", What.METHOD_SHARE)
    assert found is not None
    assert found.value == 1.0
