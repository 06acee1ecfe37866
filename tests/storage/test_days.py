"""Days of the calendar are those of Paris, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import literal, select

from app.storage.database import Database, Moment
from app.storage.days import by_day, day_of, utc_hour


def test_an_hour_is_of_the_day_that_it_is_in_paris(database: Database) -> None:
    moments = {
        datetime(2026, 3, 28, 22, 59, tzinfo=UTC): date(2026, 3, 28),  # winter: one hour ahead
        datetime(2026, 3, 28, 23, 1, tzinfo=UTC): date(2026, 3, 29),
        datetime(2026, 3, 29, 21, 59, tzinfo=UTC): date(2026, 3, 29),  # summer: two
        datetime(2026, 3, 29, 22, 1, 2, 345, tzinfo=UTC): date(2026, 3, 30),
        datetime(2026, 10, 25, 22, 30, tzinfo=UTC): date(2026, 10, 25),
    }
    with database.read() as session:
        for moment, day in moments.items():
            hour = session.scalar(select(utc_hour(literal(moment, Moment()))))
            assert hour == moment.strftime("%Y-%m-%dT%H")
            assert day_of(hour) == day


def test_hours_of_a_day_are_added_up() -> None:
    rows = [
        (("A",), "2026-01-01T22", 2),
        (("A",), "2026-01-01T23", 3),
        (("A",), "2026-01-02T05", 4),
    ]
    assert by_day(rows) == {(("A",), date(2026, 1, 1)): 2, (("A",), date(2026, 1, 2)): 7}
