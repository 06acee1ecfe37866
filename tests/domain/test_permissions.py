"""Grants: by territory and day, and for viewing apart from entering."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.domain.permissions import MAY, SENSITIVE, VIEWING, Grant, Role, Verb, may, reach

DAY = date(2026, 6, 1)


@pytest.mark.parametrize("role", list(Role))
def test_a_grant_for_viewing_allows_what_the_role_sees_and_nothing_that_it_enters(
    role: Role,
) -> None:
    grant = Grant(role, "FR", only_viewing=True)
    assert {verb for verb in Verb if grant.allows(verb)} == MAY[role] & VIEWING


def test_a_right_holds_in_all_waves_of_its_territories() -> None:
    """One that hung on a wave would make waves a dimension of the walk through all routes
    (``tests/isolation``)."""
    known = {"role", "territory", "valid_from", "valid_until", "only_viewing"}
    assert {each.name for each in fields(Grant)} == known


def test_a_grant_holds_from_its_first_day_to_its_last() -> None:
    grant = Grant(Role.EVALUATOR, "FR", DAY, DAY + timedelta(days=2))
    assert [n for n in range(-1, 5) if grant.holds_on(DAY + timedelta(days=n))] == [0, 1, 2]
    assert Grant(Role.EVALUATOR, "FR").holds_on(date.min)
    assert Grant(Role.EVALUATOR, "FR", valid_from=DAY).holds_on(date.max)
    assert reach([grant], Verb.RELEASE_VIEW, DAY - timedelta(days=1)) == frozenset()


def test_a_region_is_seen_and_one_territory_entered() -> None:
    grants = (
        Grant(Role.TERRITORY_COORDINATOR, "region", only_viewing=True),
        Grant(Role.TERRITORY_COORDINATOR, "MAY"),
    )
    assert reach(grants, Verb.FIELDWORK_VIEW, DAY) == {"region", "MAY"}
    assert reach(grants, Verb.SAMPLE_IMPORT, DAY) == {"MAY"}
    assert may(grants, Verb.FIELDWORK_VIEW, ("VAL", "region", "FR"), DAY)
    assert not may(grants, Verb.SAMPLE_IMPORT, ("VAL", "region", "FR"), DAY)


def test_nothing_that_only_looks_changes_anything() -> None:
    names = {verb.value.partition(".")[2] for verb in VIEWING}
    assert names == {"view", "download", "read", "follow"}  # who follows changes own wishes alone
    assert Verb.ACCOUNT_MANAGE in SENSITIVE


def test_who_may_do_what_is_as_it_is_written() -> None:
    page = (Path(__file__).parents[2] / "docs" / "roles.md").read_text("utf-8")
    written = [line.split("|")[1:-1] for line in page.splitlines() if line.startswith("| `")]
    held = [
        [verb, *(verb in MAY[role] for role in Role), verb in VIEWING, verb in SENSITIVE]
        for verb in Verb
    ]
    told = [[row[0].strip(" `"), *("●" in cell for cell in row[2:])] for row in written]
    assert told == held
