"""Conditions on columns say for every row what the domain says of that row."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.conditions import (
    All,
    Answered,
    Any,
    Compare,
    Condition,
    Includes,
    Not,
    OneOf,
    Operand,
    holds,
)
from app.evaluation.columns import AnswerColumns, ItemColumn, Status
from app.evaluation.conditions import where

CODES = ("1", "2", "03", "2014", "gp")
SCORES = (1.0, 2.0, 3.0, None, 5.0)
ITEMS = ("CHOICE", "SEVERAL", "NUMBER", "NOWHERE")
WORDS = st.sampled_from([*CODES, "3", "3.0", "2.5", "-1", "none", "nan", "inf"])


def choices() -> st.SearchStrategy[list[int | None]]:
    return st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=4, max_size=4)


def several() -> st.SearchStrategy[list[set[int] | None]]:
    return st.lists(st.one_of(st.none(), st.sets(st.integers(0, 4))), min_size=4, max_size=4)


def numbers() -> st.SearchStrategy[list[float | None]]:
    value = st.one_of(st.none(), st.integers(-3, 4), st.sampled_from([2.5, 0.25]))
    return st.lists(value, min_size=4, max_size=4)


def conditions() -> st.SearchStrategy[Condition]:
    item = st.sampled_from(ITEMS)
    words = st.lists(WORDS, min_size=1, max_size=3).map(tuple)
    leaf = st.one_of(
        st.builds(Compare, item, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), WORDS),
        st.builds(OneOf, item, words),
        st.builds(Includes, item, words, st.booleans()),
        st.builds(Answered, item),
    )
    return st.recursive(
        leaf,
        lambda part: st.one_of(
            st.builds(All, st.lists(part, max_size=3).map(tuple)),
            st.builds(Any, st.lists(part, max_size=3).map(tuple)),
            st.builds(Not, part),
        ),
        max_leaves=6,
    )


def status_of(values: list) -> np.ndarray:
    kinds = [Status.DONT_KNOW, Status.SKIPPED, Status.NOT_SHOWN, Status.PREFER_NOT]
    return np.array(
        [kinds[i % 4] if v is None else Status.VALUE for i, v in enumerate(values)], dtype=np.int8
    )


@settings(max_examples=400, deadline=None)
@given(conditions(), choices(), several(), numbers(), st.booleans())
def test_a_condition_on_columns_is_the_condition_on_each_row(
    condition: Condition, one: list, many: list, count: list, by_option: bool
) -> None:
    nan = np.nan
    scores = np.array([nan if score is None else score for score in SCORES])
    given = np.array([nan if v is None else scores[v] for v in one])
    ticked = np.array([[bool(v) and j in v for j in range(5)] for v in many], dtype=bool)
    columns = AnswerColumns(
        4,
        {
            "CHOICE": ItemColumn(
                status_of(one),
                None if by_option else given,
                np.array([-1 if v is None else v for v in one], dtype=np.int16),
                CODES,
                scores=scores if by_option else None,
            ),
            "SEVERAL": ItemColumn(
                status_of(many), np.full(4, nan), np.full(4, -1, dtype=np.int16), CODES, ticked
            ),
            "NUMBER": ItemColumn(
                status_of(count),
                np.array([nan if v is None else v for v in count], dtype=float),
                np.full(4, -1, dtype=np.int16),
            ),
        },
    )
    found = where(condition, columns)
    for row in range(4):
        known = {
            "CHOICE": None
            if one[row] is None
            else Operand((CODES[one[row]],), SCORES[one[row]], chosen=True),
            "SEVERAL": None
            if many[row] is None
            else Operand(tuple(CODES[j] for j in sorted(many[row])), chosen=True),
            "NUMBER": None
            if count[row] is None
            else Operand((str(count[row]),), float(count[row])),
        }
        assert bool(found[row]) == holds(condition, known.get), (row, known)


WRITTEN = ("1938-05-03", "1940-05", "1940", "2024-02-29", "08:30", "23:59", "gp")
BOUNDS = ("1938", "1940", "1940-05", "1940-05-31", "2024-02-29", "08:30", "12:00", "7", "none")


@given(
    st.lists(st.sampled_from(WRITTEN) | st.none(), min_size=4, max_size=4),
    st.sampled_from(("<", "<=", ">", ">=", "=", "!=")),
    st.sampled_from(BOUNDS),
)
@example(["1938-05-03", "gp", None, "1940"], ">", "7")  # a year is a date and no number
def test_dates_and_times_are_before_and_after_as_in_the_domain(
    cells: list[str | None], op: str, bound: str
) -> None:
    codes = tuple(sorted({each for each in cells if each is not None}))
    scores = np.full(len(codes), np.nan)
    code = np.array([-1 if each is None else codes.index(each) for each in cells], np.int32)
    status = np.where(code < 0, int(Status.SKIPPED), int(Status.VALUE)).astype(np.int8)
    column = ItemColumn(status, None, code, codes, scores=scores, written=True)
    condition = Compare("BORN", op, bound)  # type: ignore[arg-type] # one of the six
    found = where(condition, AnswerColumns(len(cells), {"BORN": column})).tolist()
    answers = [None if each is None else Operand((each,)) for each in cells]
    assert found == [holds(condition, lambda _item, each=each: each) for each in answers]
