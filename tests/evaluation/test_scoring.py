"""Who is in a base, who counts as no, and how persons score."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from samples import E, agree, answers, at_least, indicator, scale

from app.domain.conditions import All, Answered, Compare
from app.domain.errors import BadDefinition
from app.domain.frameworks import Gap, Part, Share, ShareOfItems
from app.evaluation.columns import AnswerColumns, ItemColumn, Status
from app.evaluation.components import components_of, definitions_of
from app.evaluation.scoring import score, score_component

EVERY_STATUS = [
    Status.VALUE,
    Status.DONT_KNOW,
    Status.PREFER_NOT,
    Status.NOT_CONCERNED,
    Status.SKIPPED,
    Status.NOT_SHOWN,
]


def one_of_each(number: float = 5.0) -> AnswerColumns:
    """Six people, one for each status; the first gave ``number``."""
    column = ItemColumn(
        np.array(EVERY_STATUS, dtype=np.int8),
        np.array([number] + [np.nan] * 5),
        np.array([4] + [-1] * 5, dtype=np.int16),
        ("1", "2", "3", "4", "5"),
        lowest=1.0,
        highest=5.0,
    )
    return AnswerColumns(6, {"E1": column})


def test_share_leaves_everyone_without_a_value_out_of_the_base() -> None:
    scores = score(agree("E1"), one_of_each())
    assert scores.d.tolist() == [True, False, False, False, False, False]
    assert scores.x.tolist() == [100.0, 0, 0, 0, 0, 0]
    assert scores.unsure.tolist() == [False, True, False, False, False, False]


@pytest.mark.parametrize(
    ("rule", "row"), [("dont_know", 1), ("not_concerned", 3), ("not_shown", 5)]
)
def test_a_missing_kind_may_count_as_no(rule: str, row: int) -> None:
    scores = score(Share(at_least("E1", 4), **{rule: "no"}), one_of_each())
    assert scores.d.tolist() == [i in (0, row) for i in range(6)]
    assert scores.x[row] == 0.0


def test_who_is_without_a_value_never_holds_even_for_an_empty_condition() -> None:
    # A plain negation holds without a value; the measure says such a person counts as no.
    from app.domain.conditions import Not

    scores = score(Share(Not(at_least("E1", 4)), dont_know="no"), one_of_each(2.0))
    assert scores.x.tolist() == [100.0, 0, 0, 0, 0, 0]
    assert scores.d.tolist() == [True, True, False, False, False, False]


def test_a_second_item_not_shown_counts_as_no_and_refused_leaves() -> None:
    plan = All((at_least("E1", 4), at_least("E2", 4)))
    columns = answers(E1=[5, 5, 1, 5], E2=[5, 2, None, None])
    hidden = columns.items["E2"].status.copy()
    hidden[2], hidden[3] = Status.NOT_SHOWN, Status.PREFER_NOT
    second = columns.items["E2"]
    columns = AnswerColumns(
        4,
        {
            "E1": columns.items["E1"],
            "E2": ItemColumn(hidden, second.number, second.code, second.codes),
        },
    )
    scores = score(Share(plan, not_shown="no"), columns)
    assert scores.d.tolist() == [True, True, True, False]
    assert scores.x.tolist() == [100.0, 0.0, 0.0, 0.0]


def test_share_with_base() -> None:
    scores = score(
        Share(at_least("E2", 4), base=Compare("E1", "=", "1")),
        answers(E1=[1, 1, 2, None], E2=[5, 2, 5, 5]),
    )
    assert scores.d.tolist() == [True, True, False, False]


def test_scale_turns_reversed_items_and_asks_for_half() -> None:
    measure = scale("E1", "E2", "E3", reversed=("E3",))
    scores = score(measure, answers(E1=[5, 5, 3], E2=[5, None, None], E3=[1, 5, None]))
    assert scores.d.tolist() == [True, True, False]  # one of three is less than half
    assert scores.x.tolist() == [100.0, 50.0, 0.0]


def test_exactly_the_minimum_is_enough() -> None:
    measure = scale("E1", "E2", "E3", minimum=Fraction(2, 3))
    scores = score(measure, answers(E1=[5, 5], E2=[1, None], E3=[None, None]))
    assert scores.d.tolist() == [True, False]
    assert scores.x[0] == 50.0


def test_an_option_without_score_is_no_value_for_a_scale() -> None:
    columns = answers(E1=[5, 5])
    column = columns.items["E1"]
    number = np.array([column.number[0], np.nan])
    left = replace(column, given=number)
    assert score(scale("E1"), AnswerColumns(2, {"E1": left})).d.tolist() == [True, False]


def test_scores_by_option_are_those_of_each_row() -> None:
    column = answers(E1=[5, 2, None, 4, 1]).items["E1"]
    options = np.array([1.0, 2.0, 3.0, np.nan, 5.0])
    by_option = replace(column, given=None, scores=options)
    by_row = replace(column, given=by_option.number)
    assert np.array_equal(by_option.number, [5, 2, np.nan, np.nan, 1], equal_nan=True)
    one, other = (score(scale("E1"), AnswerColumns(5, {"E1": c})) for c in (by_option, by_row))
    assert one.x.tolist() == other.x.tolist() == [100.0, 25.0, 0.0, 0.0, 0.0]
    assert one.d.tolist() == other.d.tolist() == [True, True, False, False, True]
    with pytest.raises(ValueError, match="every code has its score"):
        replace(column, scores=options)


def test_a_scale_needs_a_range() -> None:
    column = answers(E1=[5]).items["E1"]
    bare = ItemColumn(column.status, column.number, column.code, column.codes)
    with pytest.raises(ValueError, match="E1 have no range"):
        score(scale("E1"), AnswerColumns(1, {"E1": bare}))


def test_share_of_items_counts_only_what_applies_and_was_answered() -> None:
    measure = ShareOfItems(
        parts=(
            Part(at_least("E1", 4)),
            Part(at_least("E2", 4)),
            Part(at_least("E3", 4), when=Answered("E1")),
        )
    )
    scores = score(measure, answers(E1=[5, 5, None, None], E2=[1, None, 5, None], E3=[5, 5, 5, 5]))
    # First: 2 of 3. Second: 2 of 2. Third: the last part does not apply, 1 of 1. Fourth: out.
    assert scores.x.tolist() == pytest.approx([200 / 3, 100.0, 100.0, 0.0])
    assert scores.d.tolist() == [True, True, True, False]


def test_the_sides_of_a_gap_leave_out_who_is_unknown() -> None:
    measure = Gap(agree("E1"), Compare("E2", "=", "1"))
    group, others = definitions_of(indicator("G", measure))
    columns = answers(E1=[5, 1, 5, None], E2=[1, 2, None, 1])
    assert score_component(group, columns).d.tolist() == [True, False, False, False]
    assert score_component(others, columns).d.tolist() == [False, True, False, False]
    assert [group.id, others.id] == ["G.elderly.group", "G.elderly.others"]


def test_an_item_that_is_not_there_was_shown_to_nobody() -> None:
    columns = answers(E1=[5, 4])
    assert not score(agree("E9"), columns).d.any()
    assert score(Share(at_least("E9", 4), not_shown="no"), columns).d.all()
    assert not score(scale("E9"), columns).d.any()


def test_one_code_in_two_frameworks_is_one_component_with_one_measure() -> None:
    from samples import dimension, framework

    first = framework("NAT", dimension("D", 1, (indicator("I", agree("E1")), 1)))
    same = framework("A", dimension("D", 1, (indicator("I", agree("E1")), 3)), territory="A")
    assert list(components_of((first, same))) == ["I.elderly"]
    other = framework("B", dimension("D", 1, (indicator("I", agree("E2")), 1)), territory="B")
    with pytest.raises(BadDefinition, match="two ways"):
        components_of((first, other))
    assert E.value == "elderly"
