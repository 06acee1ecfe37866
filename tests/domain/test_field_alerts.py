"""What needs a look: told early enough, never of few, and pages that few left at told together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.field_alerts import Alert, Course, Kind, Signals, Wanted, alerts
from app.domain.fieldwork import FEWEST, FieldworkCounts, protected
from app.domain.leaving import LeftAt, told

BEGUN = datetime(2026, 3, 1, tzinfo=UTC)
QUIET = Signals({}, {}, {})


def counts(sent: int = 40, invited: int = 100, audience: str = "elderly") -> FieldworkCounts:
    return protected({("MAY", audience): ({"invited": invited, "submitted": sent}, {}, {})})


def course(days: int) -> Course:
    return Course(BEGUN, BEGUN + timedelta(days=100), BEGUN + timedelta(days=days))


def recent(days: int) -> Signals:
    """The last answers came two days ago."""
    return Signals({("MAY", "elderly"): course(days - 2).moment}, {}, {})


def wanted(people: int, kind: str = "target", audience: str = "elderly") -> Wanted:
    return Wanted("MAY", audience, "", kind, people)


def test_a_rate_behind_its_plan_is_told_and_one_that_keeps_up_is_not() -> None:
    assert alerts(counts(40), [wanted(100)], recent(50), course(50)) == []  # 40 of 50: four fifths
    [found] = alerts(counts(39), [wanted(100)], recent(50), course(50))
    assert found == Alert(Kind.BEHIND, "MAY", "elderly", 39, 50)
    assert alerts(counts(0), [wanted(100)], QUIET, course(6)) == []  # it has just begun


def test_a_quota_that_is_reached_is_told() -> None:
    [found] = alerts(counts(60), [wanted(60, "quota"), wanted(61, "quota")], recent(50), course(50))
    assert (found.kind, found.is_) == (Kind.QUOTA, 60)


def test_a_silent_territory_is_told_after_a_week() -> None:
    assert [each.kind for each in alerts(counts(), [], QUIET, course(7))] == [Kind.SILENT]
    assert alerts(counts(), [], recent(20), course(20)) == []


def test_nothing_is_told_of_professionals_whose_numbers_are_not() -> None:
    few = counts(3, 9, "professional")
    asked = [wanted(9, "target", "professional"), wanted(2, "quota", "professional")]
    assert alerts(few, asked, QUIET, course(90)) == []


def test_shares_need_enough_behind_them() -> None:
    signals = Signals(
        recent(50).last_sent,
        {"MAY": (100, 5), "BDX": (19, 19)},
        {"MAY": (99, 50), "BDX": (100, 2)},
    )
    found = alerts(counts(), [], signals, course(50))
    assert [(each.kind, each.territory) for each in found] == [
        (Kind.BOUNCES, "MAY"),
        (Kind.KEYING, "BDX"),
    ]


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 12)))
def test_no_page_that_few_left_at_follows_from_what_is_told(left: dict[str, int]) -> None:
    found = told(left)
    assert all(each.people >= FEWEST for each in found)
    assert all(left[each.page] == each.people for each in found if each.page)
    small = sum(people for people in left.values() if people < FEWEST)
    hidden = sum(left.values()) - sum(each.people for each in found)
    assert hidden == 0 or not [each for each in found if each.page]
    assert hidden < FEWEST or small == 0 or hidden == 0


def test_the_smallest_page_joins_the_others_where_they_are_too_few() -> None:
    assert told({"A": 9, "B": 6, "C": 2}) == [LeftAt("A", 9), LeftAt("", 8)]
    assert told({"A": 9, "B": 6}) == [LeftAt("A", 9), LeftAt("B", 6)]
    assert told({"A": 4}) == []
