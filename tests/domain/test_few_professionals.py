"""Two named nurses: nothing that the counts give, nor any difference of them, tells of so few."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fieldwork import CHANNELS, FEWEST, FieldworkCounts, protected
from app.domain.outcome_rates import Category, outcome_row, together, ways_told
from app.domain.questionnaire import Audience

PRO = str(Audience.PROFESSIONAL)
PLACES = ("MAY", "BDX")
STAGES = ("invited", "opened", "consented", "submitted")
numbers = st.integers(0, 12)
# of each place: never opened, opened only, agreed only, sent
groups = st.lists(st.lists(numbers, min_size=4, max_size=4), min_size=2, max_size=2)


def counted(people: list[list[int]]) -> FieldworkCounts:
    """The protected counts of these people."""
    made = {}
    for place, cells in zip(PLACES, people, strict=True):
        reached = {stage: sum(cells[at:]) for at, stage in enumerate(STAGES)}
        made[place, PRO] = (reached, {"web": cells[3]}, {})
    return protected(made)


def equations(found: FieldworkCounts) -> np.ndarray:
    """What is given, as sums of the eight groups of people."""
    rows = []
    for at, row in enumerate(found.rows):
        for stage in STAGES:
            if row.stages[stage].shown is not None:
                rows.append(_sum({at}, stage))
    for stage in STAGES:
        if found.totals[PRO][stage].shown is not None:
            rows.append(_sum({0, 1}, stage))
    return np.array(rows or [np.zeros(8)])


def _sum(places: set[int], stage: str) -> np.ndarray:
    row = np.zeros((2, 4))
    for at in places:
        row[at, STAGES.index(stage) :] = 1
    return row.ravel()


def known(given_: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether this sum of people follows from what is given."""
    rank = np.linalg.matrix_rank(given_)
    return bool(np.linalg.matrix_rank(np.vstack([given_, wanted])) == rank)


@given(groups)
def test_no_group_of_few_follows_from_what_is_given(people: list[list[int]]) -> None:
    given_ = equations(counted(people))
    cells = np.array(people).ravel()
    for at in range(2):
        for first, last in itertools.combinations(range(5), 2):  # groups that lie side by side
            wanted = np.zeros((2, 4))
            wanted[at, first:last] = 1
            few = int(wanted.ravel() @ cells)
            between = first > 0 and last < 4 and few == 0
            if few < FEWEST and not between:
                assert not known(given_, wanted.ravel()), (people, at, first, last)


def test_where_all_or_nearly_all_have_answered_nothing_is_said() -> None:
    for sent in (5, 7, 8, 9):
        rest = 9 - sent
        [may, _] = counted([[rest, 0, 0, sent], [20, 0, 0, 20]]).rows
        assert may.stages["invited"].shown == 9
        assert may.stages["submitted"].shown is None
    [may, _] = counted([[5, 0, 0, 5], [20, 0, 0, 20]]).rows
    assert may.stages["submitted"].shown == 5
    assert {may.channels[each].shown for each in CHANNELS} == {None}


categories = st.lists(st.integers(0, 12), min_size=7, max_size=7)


@given(st.lists(categories, min_size=2, max_size=3))
def test_the_sum_of_the_ways_gives_no_way_away(ways: list[list[int]]) -> None:
    counts = [dict(zip(Category, way, strict=True)) for way in ways]
    whole = outcome_row("MAY", PRO, "", together(counts))
    rows = ways_told([outcome_row("MAY", PRO, str(n), each) for n, each in enumerate(counts)])
    assert len({row.shown for row in rows}) == 1
    for row in (whole, *rows):
        small = [number for number in row.counts.values() if 0 < number < FEWEST]
        assert not small
        assert not row.shown or max(row.counts.values()) < sum(row.counts.values())
