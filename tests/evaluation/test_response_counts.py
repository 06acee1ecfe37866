"""Numbers of answers by territory and audience: none that is too small can be worked out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.evaluation.response_counts import untold

COUNTS = st.dictionaries(
    st.tuples(st.sampled_from("ABCDEFGHI"), st.sampled_from(("elderly", "family"))),
    st.integers(0, 40),
    min_size=1,
)


def test_a_small_number_takes_the_smallest_other_of_its_audience_along() -> None:
    counts = {("A", "family"): 5, ("B", "family"): 30, ("C", "family"): 12, ("A", "elderly"): 11}
    assert untold(counts, 11) == {("A", "family"), ("C", "family")}


def test_an_audience_that_has_no_other_takes_one_of_another() -> None:
    counts = {("A", "family"): 5, ("B", "family"): 0, ("A", "elderly"): 40, ("B", "elderly"): 20}
    assert untold(counts, 11) == {("A", "family"), ("B", "elderly")}
    assert untold({("A", "family"): 11, ("B", "family"): 0}, 11) == frozenset()


@given(COUNTS)
def test_the_sum_less_what_is_told_leaves_each_small_number_its_room(
    counts: dict[tuple[str, str], int],
) -> None:
    hidden = untold(counts, 11)
    small = {cell for cell, n in counts.items() if 0 < n < 11}
    assert small <= hidden
    for audience in {audience for _, audience in small}:
        mine = [n for cell, n in counts.items() if cell in hidden and cell[1] == audience]
        others = [n for cell, n in counts.items() if n >= 11 and cell[1] == audience]
        assert not others or sum(mine) >= 12, "1 to 10 is possible for each"
