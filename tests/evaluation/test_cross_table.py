"""The cross table: one common set a column, ranks only within it, nothing of withheld cells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hand_worked import worked
from samples import E, agree, answers, dimension, framework, indicator, place, respondents

from app.evaluation.assessment import Assessment, Settings, assess
from app.evaluation.columns import Status
from app.evaluation.crosswalk import Asked
from app.evaluation.tables import ProtectedTable, What

CORE = frozenset({"E1", "E2", "E3"})
I1, I2, I3 = (indicator(f"I{k}", agree(f"E{k}")) for k in (1, 2, 3))
NATIONAL = framework("NAT", dimension("X", 1, (I1, 1), (I2, 1), (I3, 2)))
OWN = framework("A", dimension("X", 1, (I1, 6), (I2, 1), (I3, 1)), territory="A")
PLACES = ("A", "B", "C", "D")


def test_the_worked_example() -> None:
    """docs/methods.md: down a column the set is one; along a row it is not."""
    table = worked().protected
    expected = {
        ("A", "NAT"): 61.0, ("B", "NAT"): 46.5,
        ("A", "A"): 60.0, ("B", "A"): 320 / 11,
        ("A", "B"): 56.4 / 0.92, ("B", "B"): 40.6 / 0.92,
    }  # fmt: skip
    for (territory, column), value in expected.items():
        seen = table.one(territory, column, What.CROSS)
        assert seen is not None
        assert seen.value == pytest.approx(value, abs=1e-12)
        assert seen.coverage == 1.0
    for own, other in (("A", "B"), ("B", "A")):
        distance = table.one(own, own, What.DISTANCE)
        assert distance is not None
        assert distance.value == pytest.approx(expected[own, own] - expected[other, own])


def test_the_error_of_an_entry_is_that_of_the_persons_own_scores() -> None:
    persons = {
        "A": [(100, 100), (100, 100), (0, 0), (100, 0), (0, 100)],
        "B": [(100, 0), (0, 100), (0, 0), (0, 0), (100, 0)],
    }
    for territory, scores in persons.items():
        y = [(5 * o1 + 6 * s1_a) / 11 for o1, s1_a in scores]
        seen = worked().protected.one(territory, "A", What.CROSS)
        assert seen is not None
        assert seen.se == pytest.approx(np.std(y, ddof=1) / 5**0.5, rel=1e-12)
        assert seen.df == 4


def sample(sizes: dict[str, int], few: dict[str, int], seed: int = 4) -> Assessment:
    """Territories with people; in those of ``few`` only so many answered E3."""
    rng = np.random.default_rng(seed)
    territory = [code for code, n in sizes.items() for _ in range(n)]
    high = {"A": (0.8, 0.3, 0.3), "B": (0.3, 0.8, 0.8), "C": (0.5, 0.5, 0.5), "D": (0.5, 0.4, 0.6)}
    items = {
        f"E{k + 1}": [5 if rng.random() < high[code][k] else 1 for code in territory]
        for k in range(3)
    }
    columns = answers(**items)
    third = columns.items["E3"]
    status = third.status.copy()
    for code, n in few.items():
        rows = [i for i, each in enumerate(territory) if each == code]
        status[rows[n:]] = Status.SKIPPED
    columns = replace(columns, items={**columns.items, "E3": replace(third, status=status)})
    asked = Asked({code: {E: CORE} for code in sizes})
    return assess(
        {E: (columns, respondents(territory))}, NATIONAL, {"A": OWN}, asked,
        [place(code) for code in sizes], Settings(11, 5),
    )  # fmt: skip


def ranked(table: ProtectedTable, column: str) -> set[str]:
    return {seen.territory for seen in table.of(What.RANK, framework=column)}


def test_everyone_is_ranked_within_each_column() -> None:
    table = sample(dict.fromkeys(PLACES, 400), {}).protected
    assert ranked(table, "NAT") == ranked(table, "A") == set(PLACES)
    first = table.one("B", "NAT", What.RANK, "simultaneous")
    assert first is not None
    assert (first.low, first.high) == (1, 1)
    chance = table.one("A", "A", What.FIRST_PLACE)
    assert chance is not None
    assert chance.value is not None
    assert chance.value > 0.99
    # Full own scores, of different trees, have no rank: every rank is of a column.
    assert {seen.framework for seen in table.of(What.RANK)} == {"NAT", "A"}


def test_flips_between_the_two_orders() -> None:
    table = sample(dict.fromkeys(PLACES, 400), {}).protected
    own, national = (table.one("A", "A", What.FLIP, f"B.{tree}") for tree in ("own", "national"))
    assert own is not None
    assert national is not None
    assert own.value is not None
    assert national.value is not None
    assert own.value > 0 > national.value
    assert own.flags == national.flags == ("resolved",)
    for seen, column in ((own, "A"), (national, "NAT")):
        one, other = (table.one(code, column, What.CROSS) for code in "AB")
        z = (one.value - other.value) / (one.se**2 + other.se**2) ** 0.5
        assert seen.value == pytest.approx(z, rel=1e-12)
    tau = table.one("A", "A", What.ORDER, "kendall_tau_b")
    assert tau is not None
    flips = len(table.of(What.FLIP, framework="A")) / 2
    assert tau.value == pytest.approx(1 - 2 * flips / 6)


def test_a_flip_that_chance_could_make_is_not_resolved() -> None:
    table = sample(dict.fromkeys(PLACES, 40), {}).protected
    flips = table.of(What.FLIP)
    assert flips
    assert any(not seen.flags for seen in flips)


def test_a_territory_with_a_withheld_indicator_is_incomplete_and_has_no_rank() -> None:
    found = sample(dict.fromkeys(PLACES, 60), {"D": 4})
    table = found.protected
    gone = {code for code in PLACES if not table.one(code, None, What.INDICATOR, "I3").shown}
    assert "D" in gone
    assert len(gone) == 2  # and another, or the nation would give it away
    for column, covered in (("A", 7 / 8), ("NAT", 0.5)):
        for code in PLACES:
            seen = table.one(code, column, What.CROSS)
            if code not in gone:
                assert seen.coverage == 1.0
            elif column == "A":
                assert seen.coverage == pytest.approx(covered)
                assert "incomplete" in seen.flags
                one, two = (table.one(code, None, What.INDICATOR, i).value for i in ("I1", "I2"))
                assert seen.value == pytest.approx((6 * one + two) / 7)
            else:
                assert seen.reason == "coverage_below"
        assert ranked(table, column) == set(PLACES) - gone
    assert not any(seen.territory in gone for seen in table.of(What.FIRST_PLACE))


def test_ranks_are_the_same_whatever_a_withheld_cell_holds() -> None:
    """The four answers behind the withheld cell are turned: no rank, chance or flip moves."""
    one = sample(dict.fromkeys(PLACES, 60), {"D": 4}, seed=4).protected
    other = sample(dict.fromkeys(PLACES, 60), {"D": 3}, seed=4).protected
    kinds = (What.RANK, What.FIRST_PLACE, What.FLIP, What.ORDER, What.CROSS)
    for kind in kinds:
        assert one.of(kind) == other.of(kind)
