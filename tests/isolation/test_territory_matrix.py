"""Territories apart, by the filter of storage alone: routes, roles, own and foreign things."""

from __future__ import annotations

from pathlib import Path

import postgres
import programme
import pytest
import territory_matrix as matrix

from app.settings import Settings
from app.workflows.acting import House

SEED = 1
pytestmark = pytest.mark.full
on = pytest.mark.parametrize
by_filter = on("database_url", ["sqlite"], indirect=True)
by_row_security = on("database_url", ["postgresql"], indirect=True)
# A sample of roles: the long walk (``make isolation``) has every role in both modes.
STAFF = ("territory_coordinator", "field_worker", "evaluator", "data_protection_officer")


@pytest.fixture
def ground(house: House, settings: Settings, catalogues: None, tmp_path: Path) -> matrix.Ground:
    return matrix.build(house, settings, tmp_path, SEED)


@by_row_security
def test_nor_with_row_security_alone(
    ground: matrix.Ground, postgres_server: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No filter at all: only the policies of PostgreSQL stand between the territories."""
    matrix.without_filter(monkeypatch)
    requests, leaks, failures = 0, [], []
    with matrix.under_row_security(ground, postgres_server) as apps:
        for who in (*STAFF, *matrix.PUBLIC):
            app = apps["public" if who in matrix.PUBLIC else "office"]
            found = matrix.walk(ground, who, SEED, app=app, not_hidden=matrix.SHARED_KINDS)
            requests += found.requests
            leaks += found.leaks
            failures += found.failures
    assert not leaks
    assert not failures
    assert requests >= 2000


@by_filter
def test_no_role_is_told_a_word_of_another_territory(ground: matrix.Ground, tmp_path: Path) -> None:
    requests, leaks, failures = 0, [], []
    for who in (*STAFF[:3], "participant"):
        found = matrix.walk(matrix.copied(ground, tmp_path / who), who, SEED)
        requests += found.requests
        leaks += found.leaks
        failures += found.failures
    assert not leaks
    assert not failures
    assert requests >= 2000


@by_filter
def test_the_canaries_are_where_somebody_is_told_them(
    ground: matrix.Ground, tmp_path: Path
) -> None:
    """The search finds what is there: whoever may see the whole nation sees most kinds."""
    seen: set[str] = set()
    for who in ("national_owner", "operator"):
        walked = matrix.copied(ground, tmp_path / who)
        seen |= matrix.walk(walked, who, SEED, at="FR").seen
    assert seen >= {"reference", "draft", "framework", "series", "staff"}


@by_filter
def test_nobody_of_another_programme_is_told_a_word(ground: matrix.Ground, tmp_path: Path) -> None:
    """Its territories have the same codes, its people every right in all of them."""
    files = {"config/territories.yaml": programme.TERRITORIES.replace("DEMO", matrix.ELSEWHERE)}
    programme.loaded(ground.house, tmp_path / "elsewhere", files)
    requests, leaks, failures = 0, [], []
    for who in ("national_owner", "operator", "data_protection_officer", "evaluator"):
        found = matrix.walk(ground, who, SEED, at="FR", programme=matrix.ELSEWHERE)
        requests += found.requests
        leaks += found.leaks
        failures += found.failures
    assert not leaks
    assert not failures
    assert requests >= 1000
