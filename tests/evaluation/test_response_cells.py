"""Non-response cells: the example of docs/methods.md, and laws that hold for any sample."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evaluation.response_cells import (
    CellRule,
    FrameGroup,
    effect,
    factors,
    joined,
    proposed,
    under_frame,
)

PAGE = (Path(__file__).parents[2] / "docs" / "methods.md").read_text("utf-8")
RULE = CellRule((0, 1))


def group(category: str, eligible: int, answered: int, weight: float = 1.0) -> FrameGroup:
    alike = FrameGroup(tuple(category.split("|")), eligible, answered, 0.0, 0.0, 0.0)
    return alike.weighing(weight)


EXAMPLE = [
    group("A|north", 60, 40),
    group("A|south", 40, 10),
    group("A|west", 50, 20),
    group("B|north", 50, 25),
    group("B|south", 50, 48),
]


def test_the_example_of_the_page() -> None:
    cells = proposed(EXAMPLE, RULE)
    told = [
        (
            " and ".join(" ".join(each.category) for each in cell.groups),
            f"{cell.eligible}",
            f"{cell.answered}",
            f"{100 * cell.rate:.1f}",
            f"{cell.factor:.4f}",
        )
        for cell in cells
    ]
    assert len(told) == 3
    for line in told:
        assert f"| {' | '.join(line)} |" in PAGE
    found = effect(cells)
    assert found.deff_before == 1
    assert f"from 1 to {found.deff:.4f}" in PAGE
    assert f"worth {found.n_effective:.1f}" in PAGE
    by_hand = joined(cells, {0, 2})
    assert [(each.eligible, each.answered) for each in by_hand] == [(160, 113), (90, 30)]
    framed = list(under_frame(cells, {"A": 10.0, "B": 2.0}, 0))
    assert [round(each.factor, 4) for each in framed] == [1.5, 3.0, 1.3699]  # one weight in a cell
    by_area = proposed(EXAMPLE, CellRule((1,)))
    assert [tuple(g.category[1] for g in c.groups) for c in by_area] == [
        ("north", "north"),
        ("south", "south"),
        ("west",),
    ]


def test_a_thin_sample_is_one_cell() -> None:
    assert len(proposed([group("A|", 30, 10), group("B|", 30, 25)], RULE)) == 1
    assert len(proposed([group("A|", 30, 0), group("B|", 90, 40)], RULE)) == 1
    assert proposed([], RULE) == ()


GROUPS = st.lists(
    st.tuples(
        st.sampled_from("AB"), st.sampled_from("xyz"), st.integers(0, 90), st.integers(0, 90)
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda each: each[:2],
)


@given(GROUPS, st.integers(1, 40), st.floats(0.5, 20))
def test_factors_bring_who_answered_to_who_was_drawn(
    drawn: list[tuple[str, str, int, int]], fewest: int, weight: float
) -> None:
    sample = [
        group(f"{a}|{b}", answered + silent, answered, weight) for a, b, answered, silent in drawn
    ]
    cells = proposed(sample, CellRule((0, 1), fewest))
    assert sorted(g.category for c in cells for g in c.groups) == sorted(
        each.category for each in sample
    )
    if len(cells) < 2:
        return
    factor = factors(cells)
    assert sum(each.answered_weight * factor[each.category] for each in sample) == pytest.approx(
        sum(each.weight for each in sample)
    )
    for cell in cells:
        assert cell.answered >= fewest
        assert cell.eligible - cell.answered >= 5
        assert cell.factor > 1
    assert effect(cells).deff >= effect(cells).deff_before - 1e-9  # alike before
