"""Entering series: all or nothing, superseded and never lost, within one’s territory."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import people
import pytest
from entering import with_series
from sqlalchemy import select

from app.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from app.domain.series import SeriesValue
from app.storage.audit import AuditEntry
from app.storage.series import SeriesRow
from app.workflows.acting import Actor, House
from app.workflows.series import enter, known_series, preview, take_back, values_of


@pytest.fixture
def alice(house: House, tmp_path: Path) -> Actor:
    with_series(house, tmp_path / "files")
    people.settle(house, people.ALICE, people.MAYA, people.EVA)
    return people.acting(house, people.ALICE)


def value(numerator: float = 10, *, code: str = "STAYS", where: str = "MAY") -> SeriesValue:
    return SeriesValue(code, where, date(2025, 1, 1), date(2025, 12, 31), numerator, 500, "ANAP")


def rows(house: House) -> list[SeriesRow]:
    with house.database.read() as session:
        return list(session.scalars(select(SeriesRow).order_by(SeriesRow.id)))


def test_a_value_takes_the_place_of_another_which_is_kept(house: House, alice: Actor) -> None:
    assert enter(house, alice, [("form", value())]).new == 1
    assert enter(house, alice, [("form", value())]).same == 1
    assert enter(house, alice, [("form", value(12))]).replaced == 1
    first, second = rows(house)
    assert (first.numerator, first.superseded_by) == (10, second.id)
    assert first.superseded_at is not None
    assert (second.superseded_at, second.entered_by) == (None, alice.account_id)
    assert [row.numerator for row in values_of(house, alice)] == [12]


def test_all_or_nothing(house: House, alice: Actor) -> None:
    with pytest.raises(BadInput) as refused:
        enter(house, alice, [("2", value()), ("3", value(code="OTHER")), ("4", value(where="FR"))])
    assert [fault.place for fault in refused.value.faults] == ["3", "4"]
    assert rows(house) == []


def test_what_would_be_counted_twice_is_refused(house: House, alice: Actor) -> None:
    enter(house, alice, [("2", value())])
    half = SeriesValue("STAYS", "MAY", date(2025, 7, 1), date(2026, 6, 30), 1, 2, "ANAP")
    with pytest.raises(BadInput):
        enter(house, alice, [("2", half)])
    with pytest.raises(BadInput):
        preview(house, alice, [("2", value(where="BDX")), ("3", value(9, where="BDX"))])
    take_back(house, alice, rows(house)[0].id)
    assert enter(house, alice, [("2", half)]).new == 1


def test_taken_back_counts_no_more_and_only_once(house: House, alice: Actor) -> None:
    enter(house, alice, [("2", value())])
    (row,) = rows(house)
    take_back(house, alice, row.id)
    assert list(values_of(house, alice)) == []
    assert len(rows(house)) == 1
    with pytest.raises(Conflict):
        take_back(house, alice, row.id)
    with pytest.raises(NotFound):
        take_back(house, alice, 999)


def test_a_coordinator_enters_and_sees_in_the_own_territory(house: House, alice: Actor) -> None:
    maya = people.acting(house, people.MAYA)
    enter(house, maya, [("2", value())])
    enter(house, alice, [("2", value(where="BDX"))])
    assert [row.territory for row in values_of(house, maya)] == ["MAY"]
    with pytest.raises(NotAllowed):
        enter(house, maya, [("2", value(11)), ("3", value(where="BDX"))])
    with pytest.raises(NotFound):
        take_back(house, maya, next(row.id for row in rows(house) if row.territory == "BDX"))
    assert [row.superseded_at for row in rows(house)] == [None, None]


def test_an_evaluator_reads_and_enters_nothing(house: House, alice: Actor) -> None:
    enter(house, alice, [("2", value())])
    eva = people.acting(house, people.EVA)
    assert len(values_of(house, eva)) == 1
    with pytest.raises(NotAllowed):
        enter(house, eva, [("2", value(3))])


def test_entering_is_recorded_without_the_figure(house: House, alice: Actor) -> None:
    enter(house, alice, [("2", value())])
    with house.database.read() as session:
        found = session.scalar(select(AuditEntry).where(AuditEntry.act == "series.enter"))
    assert found is not None
    assert (found.territory, found.details) == ("MAY", {"values": 1})


def test_the_series_are_those_that_frameworks_name(house: House, alice: Actor) -> None:
    with house.database.read() as session:
        known = known_series(session, alice.programme_id)
    assert {code: (each.per, each.territory) for code, each in known.items()} == {
        "STAYS": (1000, None)
    }
