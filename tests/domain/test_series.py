"""Administrative series: which values a wave reads, and what would be counted twice."""

from datetime import date

import pytest

from app.domain.series import SeriesValue, counted_twice, faults_of, read_together


def value(
    start: str, end: str, territory: str = "A", sub_area: str = "", numerator: float = 1
) -> SeriesValue:
    begins, ends = date.fromisoformat(start), date.fromisoformat(end)
    return SeriesValue("S", territory, begins, ends, numerator, 100, "register", sub_area)


def test_a_wave_reads_the_year_up_to_the_last_period_entered_anywhere() -> None:
    last = value("2025-01-01", "2025-12-31", "A")
    quarter = value("2025-07-01", "2025-09-30", "B")
    before = value("2024-01-01", "2024-12-31", "B")
    after = value("2026-01-01", "2026-03-31", "C")
    assert read_together([last, quarter, before, after], date(2026, 2, 28)) == (last, quarter)


def test_without_anything_by_then_nothing_is_read() -> None:
    assert read_together([value("2026-01-01", "2026-12-31")], date(2026, 6, 30)) == ()


def test_two_whole_years_are_never_added_up() -> None:
    old, new = value("2023-01-01", "2023-12-31"), value("2024-01-01", "2024-12-31")
    assert read_together([old, new], date(2025, 1, 1)) == (new,)


@pytest.mark.parametrize(
    ("other", "twice"),
    [
        (value("2025-06-30", "2025-12-31"), True),
        (value("2025-07-01", "2025-12-31"), False),
        (value("2025-01-01", "2025-06-30", sub_area="north"), True),
        (value("2025-01-01", "2025-06-30", "B"), False),
        (value("2025-01-01", "2025-06-30", numerator=9), False),  # takes its place
    ],
)
def test_what_would_be_counted_twice(other: SeriesValue, twice: bool) -> None:
    half = value("2025-01-01", "2025-06-30")
    assert (counted_twice(other, [half]) is half) is twice


def test_two_sub_areas_stand_beside_each_other() -> None:
    north = value("2025-01-01", "2025-12-31", sub_area="north")
    south = value("2025-01-01", "2025-12-31", sub_area="south")
    assert counted_twice(south, [north]) is None


@pytest.mark.parametrize(
    "wrong",
    [
        SeriesValue("S", "A", date(2025, 2, 1), date(2025, 1, 1), 1, 2, "x"),
        SeriesValue("S", "A", date(2025, 1, 1), date(2025, 2, 1), 1, 0, "x"),
        SeriesValue("S", "A", date(2025, 1, 1), date(2025, 2, 1), -1, 2, "x"),
        SeriesValue("S", "A", date(2025, 1, 1), date(2025, 2, 1), 1, 2, "  "),
    ],
)
def test_a_wrong_value_is_named(wrong: SeriesValue) -> None:
    assert [fault.place for fault in faults_of(wrong, "4")] == ["4"]
