"""What figures of several sets of the same people leave open of a withheld one."""

from __future__ import annotations

import numpy as np
import pytest

from app.evaluation.ledger import GivenOut, Ledger
from app.evaluation.narrowing import crowded, intervals, told_of_withheld, too_narrow
from app.evaluation.observing import Published
from app.evaluation.quantities import Cell
from app.evaluation.tables import Observation, What

# An indicator of everybody ("i"), and a gap between a group ("g") and the others ("o") on the
# same question, in two territories. Nothing of a territory is shown.
VALUES: dict[Cell, float] = {
    ("A", "g"): 40.0, ("A", "o"): 60.0, ("A", "i"): 50.0,
    ("B", "g"): 70.0, ("B", "o"): 50.0, ("B", "i"): 60.0,
}  # fmt: skip
MEMBERS = {
    (place, name): np.arange(first + start, first + end)
    for place, first in (("A", 0), ("B", 100))
    for name, start, end in (("g", 0, 20), ("o", 20, 40), ("i", 0, 40))
}
ONE_QUESTION = {"g": "question", "o": "question", "i": "question"}


def national(name: str, of_a: float) -> Published:
    weights = {("A", name): of_a, ("B", name): 1 - of_a}
    value = sum(weight * VALUES[cell] for cell, weight in weights.items())
    return Published(Observation("FR", None, What.COMPONENT, code=name, value=value), weights)


def test_sets_of_the_same_people_are_looked_at_together() -> None:
    """g by half and half; i less o, both three to seven, are g three to seven: two figures of two
    unknown means, although each of the three is told of once."""
    figures = [national("g", 0.5), national("o", 0.3), national("i", 0.3)]
    ledger = Ledger(MEMBERS, ONE_QUESTION)
    found = too_narrow(figures, VALUES, VALUES, ledger)
    assert [0, 1, 2] in found.values()
    one = min(found)
    assert too_narrow(figures, VALUES, VALUES, ledger, {one}) == {one: found[one]}
    apart = Ledger(MEMBERS, {**ONE_QUESTION, "i": "another"})
    assert too_narrow(figures, VALUES, VALUES, apart) == {}
    assert too_narrow(figures[:2], VALUES, VALUES, Ledger(MEMBERS, ONE_QUESTION)) == {}


def test_what_was_told_before_counts() -> None:
    figures = [national("g", 0.5)]
    before = GivenOut(MEMBERS, {("A", "o"): 60.0, ("A", "i"): 50.0})
    ledger = Ledger(MEMBERS, ONE_QUESTION, (before,))
    withheld = {("A", "g"), ("B", "g")}
    assert list(too_narrow(figures, withheld, VALUES, ledger).values()) == [[0]], (
        "B follows from A, known before"
    )
    assert too_narrow([], withheld, VALUES, ledger) == {}, "A was given away then"


def test_intervals_are_over_everything_given_out() -> None:
    """One figure leaves the group in A between 10 and 100; the three together give it."""
    figures = [national("g", 0.5), national("o", 0.3), national("i", 0.3)]
    ledger = Ledger(MEMBERS, ONE_QUESTION)
    alone, together = (intervals(each, VALUES, VALUES, ledger) for each in (figures[:1], figures))
    assert alone["A", "g"] == pytest.approx((10.0, 100.0))
    assert alone["A", "o"] == pytest.approx((0.0, 100.0))
    assert together["A", "g"] == pytest.approx((40.0, 40.0), abs=1e-5)


def test_composites_of_earlier_releases_count() -> None:
    """What a total said of two withheld cells then, and their national mean now, give both."""
    withheld = {("A", "g"), ("B", "g")}
    weights = {("A", "g"): 0.45, ("B", "g"): 0.05, ("A", "o"): 0.5}
    total = Published(Observation("FR", None, What.TOTAL, value=51.5), weights)
    told = told_of_withheld([total, total], withheld, VALUES)
    assert [each.value for each in told] == [0.45 * 40.0 + 0.05 * 70.0]
    shown = {cell: value for cell, value in VALUES.items() if cell not in withheld}
    statistics = {name: name for name in ONE_QUESTION}  # each a question of its own
    now = [national("g", 0.5)]
    assert too_narrow(now, withheld, VALUES, Ledger(MEMBERS, statistics)) == {}
    before = GivenOut(MEMBERS, shown, told)
    ledger = Ledger(MEMBERS, statistics, (before,))
    assert list(too_narrow(now, withheld, VALUES, ledger).values()) == [[0], [0]]


def test_shown_sets_may_not_close_in_on_a_withheld_one() -> None:
    """One person of 41 is neither in the group nor among the others: the mean of all is known to
    two and a half points. The smaller of the two goes; one of them alone leaves room."""
    members = {**MEMBERS, ("A", "i"): np.arange(0, 41), ("A", "o"): np.arange(20, 40)}
    ledger = Ledger(members, ONE_QUESTION)
    assert crowded({("A", "i")}, VALUES, ledger) == {("A", "g")}
    assert crowded({("A", "i"), ("A", "g")}, VALUES, ledger) == set()
    assert crowded({("A", "i")}, VALUES, Ledger(members, {"g": "q", "o": "q", "i": "r"})) == set()


@pytest.mark.parametrize(("value", "narrow"), [(50.0, False), (97.0, True)])
def test_ten_points_must_be_left(value: float, *, narrow: bool) -> None:
    """Near the end of the scale even one figure says much: all of its means are near it."""
    values = {("A", "g"): value, ("B", "g"): value}
    weights = {("A", "g"): 0.5, ("B", "g"): 0.5}
    seen = Published(Observation("FR", None, What.COMPONENT, code="g", value=value), weights)
    assert bool(too_narrow([seen], values, values, Ledger())) is narrow
