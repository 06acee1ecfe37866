"""Refusals that anybody can cause: all at first, then seldom, and none is lost from the count."""

from __future__ import annotations

from pathlib import Path

import people
import programme
import pytest
from people import MAYA
from sqlalchemy import select

from app.domain.errors import (
    BadInput,
    Conflict,
    CovalueError,
    NotAllowed,
    NotFound,
    Unavailable,
)
from app.storage.audit import AuditEntry
from app.workflows.acting import House
from app.workflows.refusals import SECONDS, Seldom, record_refused_file, status_of


def test_the_first_hundred_of_a_kind_then_each_doubling() -> None:
    seldom = Seldom()
    told = {number: seldom.due("wrong") for number in range(1, 300)}
    written = {number: left_out for number, left_out in told.items() if left_out is not None}
    assert written == dict.fromkeys(range(1, 101), 0) | {128: 27, 256: 127}
    assert seldom.due("another") == 0
    seldom.kinds["wrong"].begun -= SECONDS
    assert seldom.due("wrong") == 43, "a quarter of an hour later, with what was left out before"
    assert seldom.due("wrong") == 0


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        *((NotAllowed, 403), (NotFound, 404), (Conflict, 409), (Unavailable, 503)),
        (CovalueError, 400),
    ],
)
def test_each_refusal_has_its_status(kind: type[CovalueError], status: int) -> None:
    assert status_of(kind()) == status
    assert status_of(BadInput([])) == 422


def test_a_file_that_was_not_taken_leaves_an_entry_of_who_brought_it(
    house: House, tmp_path: Path
) -> None:
    programme.loaded(house, tmp_path)
    people.settle(house, MAYA)
    maya = people.acting(house, MAYA)
    record_refused_file(house, maya, "sample.import", "wave:1", "waves.sample")
    record_refused_file(house, None, "sample.import", "wave:1")
    refused = select(AuditEntry).where(AuditEntry.outcome == "refused").order_by(AuditEntry.id)
    with house.database.read() as session:
        one, other = session.scalars(refused).all()
    assert (one.actor, one.origin, one.programme_id) == (maya.account_id, "web", maya.programme_id)
    assert (other.actor, other.origin, other.programme_id) == (None, "cli", None)
    assert one.details == {"why": "file", "endpoint": "waves.sample", "left_out": 0}
    assert other.details == {"why": "file", "left_out": 0}
