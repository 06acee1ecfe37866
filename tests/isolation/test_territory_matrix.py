"""Territories apart, by the filter of storage alone: routes, roles, own and foreign things."""

from __future__ import annotations

from pathlib import Path

import pytest
import territory_matrix as matrix

from app.settings import Settings
from app.workflows.acting import House

SEED = 1
pytestmark = [
    pytest.mark.full,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def ground(house: House, settings: Settings, catalogues: None, tmp_path: Path) -> matrix.Ground:
    return matrix.build(house, settings, tmp_path, SEED)


def test_no_role_is_told_a_word_of_another_territory(ground: matrix.Ground, tmp_path: Path) -> None:
    requests, leaks, failures = 0, [], []
    for who in matrix.STAFF_AND_NOBODY:
        found = matrix.walk(matrix.copied(ground, tmp_path / who), who, SEED)
        requests += found.requests
        leaks += found.leaks
        failures += found.failures
    assert not leaks
    assert not failures
    assert requests >= 2000


def test_the_canaries_are_where_somebody_is_told_them(
    ground: matrix.Ground, tmp_path: Path
) -> None:
    """The search finds what is there: whoever may see the whole nation sees most kinds."""
    seen: set[str] = set()
    for who in ("national_owner", "operator"):
        walked = matrix.copied(ground, tmp_path / who)
        seen |= matrix.walk(walked, who, SEED, at="FR").seen
    assert seen >= {"reference", "draft", "framework", "series", "staff"}
