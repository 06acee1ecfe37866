"""Exchange items: a territory's own questions asked of a part of the sample elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from samples import E, agree, answers, at_least, dimension, framework, indicator, place, respondents

from app.domain.frameworks import Relation, Share
from app.evaluation.assessment import Assessment, Settings, assess
from app.evaluation.columns import Status
from app.evaluation.crosswalk import Asked, ComparableSet, crosswalk
from app.evaluation.tables import What

O1 = indicator("O1", agree("E1"))
A1 = indicator("A1", Share(at_least("E5", 4), not_shown="no"), relation=Relation.ADDED)
NATIONAL = framework("NAT", dimension("OUT", 1, (O1, 1)))
OWN = framework("A", dimension("OUT", 1, (O1, 1), (A1, 1)), territory="A")
CORE = {E: frozenset({"E1"})}
LOCAL = {E: frozenset({"E1", "E5"})}
HERE_ONLY = Asked({"A": LOCAL, "B": CORE})
EXCHANGED = Asked({"A": LOCAL, "B": CORE}, {"B": {E: frozenset({"E5"})}})
PAGE = (Path(__file__).parents[2] / "docs" / "methods.md").read_text().split("## 8.")[1]


def found(asked: Asked, part: list[bool] | None = None) -> Assessment:
    """A1 … A5, B1 … B10; E5 was shown to the first five of B, whom ``part`` names."""
    columns = answers(
        E1=[5, 4, 2, 5, 1, 4, 1, 2, 1, 5, 4, 1, 5, 2, 1],
        E5=[4, 5, 1, 4, 5, 1, 2, 4, 1, 2, *[None] * 5],
    )
    local = columns.items["E5"]
    status = local.status.copy()
    status[10:] = Status.NOT_SHOWN
    columns = replace(columns, items={**columns.items, "E5": replace(local, status=status)})
    who = replace(
        respondents(["A"] * 5 + ["B"] * 10),
        exchange=None if part is None else np.array([False] * 5 + part),
    )
    return assess(
        {E: (columns, who)}, NATIONAL, {"A": OWN}, asked, [place("A"), place("B")], Settings(5)
    )


FIRST_FIVE = [True] * 5 + [False] * 5


def test_without_exchange_there_is_nothing_to_compare() -> None:
    table = found(HERE_ONLY).protected
    shift = table.one("A", "A", What.STANDING_SHIFT)
    assert shift is not None
    assert shift.verdict == "same_by_construction"
    assert shift.coverage == pytest.approx(0.5)
    assert table.one("B", None, What.INDICATOR, "A1") is None
    rows = {row.own: row.comparable for row in crosswalk(NATIONAL, OWN, HERE_ONLY).rows}
    assert rows["A1"] is ComparableSet.HERE_ONLY


def test_with_exchange_the_local_item_has_a_rest_and_enters_the_shift() -> None:
    table = found(EXCHANGED, FIRST_FIVE).protected
    level = table.one("B", None, What.INDICATOR, "A1")
    assert level is not None
    assert (level.value, level.n) == (pytest.approx(20.0), 5)
    shift = table.one("A", "A", What.STANDING_SHIFT)
    assert shift is not None
    assert shift.value == pytest.approx(20.0)
    assert shift.coverage == pytest.approx(1.0)
    moved = {code: table.one("A", "A", What.SHIFT_INDICATOR, code).value for code in ("O1", "A1")}
    assert moved == {"O1": pytest.approx(-10.0), "A1": pytest.approx(30.0)}
    assert table.one("A", "A", What.COVERED_SHARE).value == pytest.approx(1.0)
    assert table.one("A", "A", What.BLIND_SPOT, "here_only").value == 0.0
    cross = [table.one(code, "A", What.CROSS).value for code in "AB"]
    assert cross == pytest.approx([70.0, 30.0])


def test_its_error_is_that_of_the_influences_worked_by_hand() -> None:
    """z of B1 … B10 as in the page: the part's answers and everyone's O1 in one covariance."""
    o1 = [100, 0, 0, 0, 100, 100, 0, 100, 0, 0]
    a1 = [0, 0, 100, 0, 0]
    z = [-0.5 * (x - 40) / 10 for x in o1]
    for k, x in enumerate(a1):
        z[k] += 0.5 * (x - 20) / 5
    assert z == pytest.approx([-5, 0, 10, 0, -5, -3, 2, -3, 2, 2])
    variance = 100 + 10 / 9 * sum(each * each for each in z)
    shift = found(EXCHANGED, FIRST_FIVE).protected.one("A", "A", What.STANDING_SHIFT)
    assert shift is not None
    assert shift.se == pytest.approx(variance**0.5, rel=1e-12)
    assert shift.df == pytest.approx(7.2)
    assert "−5, 0, 10, 0, −5, −3, 2, −3, 2, 2" in PAGE
    assert f"{variance**0.5:.4f}" in PAGE


def test_people_outside_the_part_do_not_count_as_no() -> None:
    everyone = found(EXCHANGED, [True] * 10).protected.one("B", None, What.INDICATOR, "A1")
    assert (everyone.value, everyone.n) == (pytest.approx(10.0), 10)  # here they were asked
    nobody = found(EXCHANGED).protected.one("B", None, What.INDICATOR, "A1")
    assert nobody.reason == "no_answers"


def test_a_small_part_is_withheld_and_leaves_the_shift() -> None:
    table = found(EXCHANGED, [True] * 4 + [False] * 6).protected
    assert table.one("B", None, What.INDICATOR, "A1").confidentiality == "N"
    shift = table.one("A", "A", What.STANDING_SHIFT)
    assert shift.reason == "coverage_below"
    assert table.one("B", "A", What.CROSS).reason == "coverage_below"
