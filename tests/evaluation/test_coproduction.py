"""Co-production by hand: twelve shares, breadth, ties, mirrored gaps with linked cases."""

from __future__ import annotations

from math import sqrt
from pathlib import Path
from statistics import mean, variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import E, F, P, answers, dimension, framework, indicator, place, respondents, scale
from scipy.stats import t as student_t

from app.definitions.coproduction_reading import coproduction_in, designs_in
from app.definitions.nodes import read_document
from app.domain.coproduction import CoproductionPlan, Mirrored
from app.domain.errors import BadDefinition
from app.domain.text import NO_TEXT
from app.evaluation.assessment import Assessment, Settings, assess
from app.evaluation.beside import Beside
from app.evaluation.columns import AnswerColumns, ItemColumn, Status
from app.evaluation.coproduction import definitions
from app.evaluation.crosswalk import Asked
from app.evaluation.designs import design_distances
from app.evaluation.gaps import Gap, GapVerdict, judge
from app.evaluation.scoring import score_component
from app.evaluation.tables import What

ROOT = Path(__file__).parents[2]
SHIPPED = coproduction_in(read_document((ROOT / "config/coproduction.yaml").read_text("utf-8")))


def ticks(codes: str, *rows: str | None) -> ItemColumn:
    """A several-choice item: the codes ticked, None where it was not shown."""
    known = tuple(codes.split())
    ticked = np.array([[code in (row or "").split() for code in known] for row in rows])
    status = [Status.NOT_SHOWN if row is None else Status.VALUE for row in rows]
    n = len(rows)
    return ItemColumn(
        np.array(status, dtype=np.int8), np.full(n, np.nan), np.full(n, -1, np.int16), known, ticked
    )


ELDERLY = AnswerColumns(
    4,
    {
        "E24": ticks("a b c d none", "a b", "none", "d", "a"),
        "E24L": ticks("me group all", "me all", None, "group", "me"),
    },
)


def shares(code: str) -> tuple[list[float], list[bool]]:
    each = score_component(definitions(SHIPPED)[code], ELDERLY)
    return each.x.tolist(), each.d.tolist()


def test_a_cell_counts_phase_and_level_over_all_who_answered() -> None:
    everyone = [True] * 4
    assert shares("~coproduction.commissioning.individual.elderly") == ([100, 0, 0, 100], everyone)
    assert shares("~coproduction.commissioning.collective.elderly") == ([100, 0, 0, 0], everyone)
    assert shares("~coproduction.assessment.group.elderly") == ([0, 0, 100, 0], everyone)
    assert shares("~coproduction.delivery.individual.elderly") == ([0, 0, 0, 0], everyone)


def test_breadth_is_the_share_of_the_four_phases_and_participation_any_of_them() -> None:
    assert shares("~breadth.elderly")[0] == [50, 0, 25, 25]
    assert shares("~participation.elderly")[0] == [100, 0, 100, 100]


def test_own_and_absent_roles_leave_the_base_of_a_tie() -> None:
    def contact(*values: int | Status) -> ItemColumn:
        return ItemColumn(
            np.array([v if isinstance(v, Status) else 0 for v in values], dtype=np.int8),
            np.array([np.nan if isinstance(v, Status) else float(v) for v in values]),
            np.full(len(values), -1, np.int16),
        )

    columns = AnswerColumns(
        3,
        {
            "P10_gp": contact(Status.NOT_SHOWN, 3, 1),
            "P10_nurse": contact(2, Status.NOT_CONCERNED, 4),
        },
    )
    gp = score_component(definitions(SHIPPED)["~tie.gp.professional"], columns)
    assert (gp.x.tolist(), gp.d.tolist()) == ([0, 100, 0], [False, True, True])
    every = score_component(definitions(SHIPPED)["~tie.professional"], columns)
    assert every.x.tolist() == [100, 100, 50]  # of the roles that count for each


def test_the_plan_has_twelve_shares_for_each_audience() -> None:
    found = [each for each in definitions(SHIPPED).values() if "coproduction" in each.id]
    assert len(found) == 3 * 12


# Ten cases: an elderly person and a carer, E1 and F1 answered 1 to 5, so 0 to 100 in steps of 25.
OLD = [5, 4, 2, 5, 1, 4, 1, 2, 1, 5]
KIN = [4, 4, 1, 5, 2, 3, 1, 1, 2, 4]
PAIR = Mirrored("trust", NO_TEXT, (E, scale("E1")), (F, scale("F1")))
PLAN = CoproductionPlan(margin=10, mirrored=(PAIR,))


def paired(*, linked: bool) -> Assessment:
    people = respondents(["A"] * 10, psu=range(10))
    kin = respondents(["A"] * 10, psu=range(10) if linked else range(10, 20))
    national = framework(
        "NAT", dimension("D", 1, (indicator("Q", {E: scale("E1"), F: scale("F1")}), 1))
    )
    asked = Asked({"A": {E: frozenset({"E1"}), F: frozenset({"F1"}), P: frozenset()}})
    data = {E: (answers(E1=OLD), people), F: (answers(F1=KIN), kin)}
    return assess(data, national, {}, asked, [place("A")], Settings(5), Beside(coproduction=PLAN))


def test_the_gap_of_linked_cases_is_the_paired_difference() -> None:
    gap = paired(linked=True).protected.one("A", None, What.AUDIENCE_GAP, "trust")
    assert gap is not None
    differences = [25.0 * (one - other) for one, other in zip(OLD, KIN, strict=True)]
    assert gap.value == pytest.approx(mean(differences))
    assert gap.se == pytest.approx(sqrt(variance(differences) / 10))
    assert gap.df == 9
    # 7.5 points, se 6.0; the 90 % interval 7.5 ± 1.833 x 6.0 leaves ±10: nothing is shown.
    assert gap.verdict == GapVerdict.CANNOT_TELL


def test_without_a_link_the_variances_add_up() -> None:
    gap = paired(linked=False).protected.one("A", None, What.AUDIENCE_GAP, "trust")
    assert gap is not None
    # all twenty people are PSUs of the one stratum: n/(n-1) with n = 20 for both sums of squares
    both = [25.0 * (v - mean(side)) for side in (OLD, KIN) for v in side]
    assert gap.se == pytest.approx(sqrt(20 / 19 * sum(v * v for v in both) / 100))


def test_a_mirrored_question_is_the_cell_of_its_indicator() -> None:
    table = paired(linked=True).protected
    one = table.one("A", None, What.MIRRORED, "trust", "elderly")
    other = table.one("A", None, What.COMPONENT, "Q", "elderly")
    assert one is not None
    assert other is not None
    assert (one.value, one.se, one.n) == (other.value, other.se, other.n)


def test_verdicts_by_hand() -> None:
    gaps = {
        "same": Gap(1.0, 2.0, 100.0),  # 90 %: 1 ± 3.3, within ±10
        "higher": Gap(20.0, 3.0, 100.0),
        "lower": Gap(-30.0, 4.0, 100.0),
        "unknown": Gap(8.0, 5.0, 100.0),  # 90 %: -0.3 to 16.3; p .11
    }
    found = judge(gaps, 10.0)
    assert [each.verdict for each in found.values()] == [
        GapVerdict.EQUIVALENT,
        GapVerdict.HIGHER,
        GapVerdict.LOWER,
        GapVerdict.CANNOT_TELL,
    ]
    t = student_t(100)
    assert found["unknown"].detectable == pytest.approx((t.ppf(0.975) + t.ppf(0.8)) * 5.0)


def test_holm_keeps_a_gap_that_alone_would_be_a_finding() -> None:
    gap = Gap(11.5, 5.0, 200.0)  # p .022
    assert judge({"alone": gap}, 5.0)["alone"].verdict is GapVerdict.HIGHER
    several = {"one": gap, "two": gap, "three": gap}
    assert {each.verdict for each in judge(several, 5.0).values()} == {GapVerdict.CANNOT_TELL}


@given(st.floats(-50, 50), st.floats(0.1, 20), st.floats(1, 500), st.floats(1, 30))
def test_every_gap_has_one_verdict_and_the_mirror_image_the_other(
    value: float, se: float, df: float, margin: float
) -> None:
    one = judge({"g": Gap(value, se, df)}, margin)["g"].verdict
    other = judge({"g": Gap(-value, se, df)}, margin)["g"].verdict
    turned = {GapVerdict.HIGHER: GapVerdict.LOWER, GapVerdict.LOWER: GapVerdict.HIGHER}
    assert other is turned.get(one, one)


def test_shipped_designs_compare_what_is_documented_of_both() -> None:
    designs = designs_in(read_document((ROOT / "config/designs.yaml").read_text("utf-8")))
    places = [each.territory for each in designs.designs]
    found = {(each.territory, each.code): each for each in design_distances(designs, places)}
    one = found["I37", "COR"]
    # existing structures and one number alike, the body that holds it not: 1 of 3
    assert (one.value, one.n) == (pytest.approx(1 / 3), 3)
    assert found["COR", "I37"].value == one.value
    assert found["PAR", "BOU"].reason == "undefined"


@pytest.mark.parametrize(
    ("old", "new"),
    [("margin: 10", "margin: none"), ("individual:", "personal:"), ("at_least: 2", "at_least: x")],
)
def test_a_plan_that_cannot_be_read_is_refused(old: str, new: str) -> None:
    text = (ROOT / "config/coproduction.yaml").read_text("utf-8").replace(old, new, 1)
    with pytest.raises(BadDefinition) as refused:
        coproduction_in(read_document(text))
    assert refused.value.findings[0].line


def test_a_design_with_an_unknown_value_is_refused() -> None:
    text = (ROOT / "config/designs.yaml").read_text("utf-8").replace("plan: central", "plan: gone")
    with pytest.raises(BadDefinition) as refused:
        designs_in(read_document(text))
    assert refused.value.findings[0].place == "territories.MAY.values.plan"
