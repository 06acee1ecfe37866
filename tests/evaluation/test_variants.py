"""Orders of territories under every variant: ranks by hand, agreement as by the plain functions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hand_worked import ANSWERS, ASKED, NATIONAL, OWN, PLACES, WHO, worked
from samples import E
from scipy.stats import kendalltau, spearmanr
from test_cross_table import sample

from app.domain.method_choices import Methods, Normalisation, Weighting
from app.domain.territories import NATION
from app.evaluation.assessment import Settings, assess
from app.evaluation.tables import ProtectedTable, What

JUDGED = Methods(
    aggregation=("arithmetic", "geometric"),
    normalisation=(Normalisation.GOALPOSTS, Normalisation.MIN_MAX),
    weights=(Weighting.FRAMEWORK, Weighting.EQUAL, Weighting.JUDGES),
    judges=((("OUT", Fraction(1)), ("SQ", Fraction(0))),),
)


def ranks(table: ProtectedTable, framework: str, variant: str) -> dict[str, float | None]:
    return {
        each.territory: each.value
        for each in table.of(What.VARIANT_RANK, framework=framework, code=variant)
    }


def test_the_worked_example_in_every_order() -> None:
    """docs/methods.md, section 8: A stands above B by every tree as it is written."""
    table = worked().protected
    for code in ("NAT", "A", "B"):
        assert ranks(table, code, "as_written") == {"A": 1.0, "B": 2.0}
    same = {each.code: each.value for each in table.of(What.AGREEMENT, territory=NATION)}
    assert same["kendall_tau_b.NAT.as_written@A.as_written"] == 1.0
    assert same["spearman.A.as_written@B.as_written"] == 1.0
    assert same["max_shift.A.as_written@B.as_written"] == 0.0
    assert len(same) == 3 * 4


def test_admitted_choices_are_variants_of_their_own() -> None:
    """By O1 and O2 alone (a judge who gives OUT everything) B has 57.5 and A 55."""
    national = replace(NATIONAL, methods=JUDGED)
    table = assess({E: (ANSWERS, WHO)}, national, OWN, ASKED, PLACES, Settings(5)).protected
    names = {each.code for each in table.of(What.VARIANT_RANK, framework="NAT")}
    assert names == {"as_written", "geometric", "min_max", "equal", "judge1"}
    assert ranks(table, "NAT", "judge1") == {"A": 2.0, "B": 1.0}
    assert ranks(table, "NAT", "geometric") == {"A": 1.0, "B": 2.0}
    turned = table.one(NATION, None, What.AGREEMENT, "kendall_tau_b.NAT.as_written@NAT.judge1")
    assert turned is not None
    assert turned.value == -1.0


def test_only_what_is_shown_is_ranked_and_any_two_orders_are_compared() -> None:
    table = sample({"A": 60, "B": 60, "C": 60, "D": 60}, {"D": 5}).protected
    gone = {each.territory for each in table.of(What.INDICATOR, code="I3") if not each.shown}
    assert "D" in gone
    both = []
    for code in ("NAT", "A"):
        found = ranks(table, code, "as_written")
        assert {place for place, rank in found.items() if rank is None} == gone
        both.append([found[place] for place in "ABC" if found[place] is not None])
    if len(both[0]) > 1:
        for name, other in (("kendall_tau_b", kendalltau), ("spearman", spearmanr)):
            seen = table.one(NATION, None, What.AGREEMENT, f"{name}.NAT.as_written@A.as_written")
            assert seen is not None
            assert seen.value == pytest.approx(other(*map(np.array, both)).statistic, abs=1e-12)
