"""The long walk over the matrix of routes, roles and territories, every role.

In two modes: ``matrix-filter``, on SQLite, which has no row-level security, and
``matrix-row-security``, on PostgreSQL with each surface's own role and the filter taken out. A
trial is one ground with new canaries.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import postgres
import pytest
import territory_matrix as matrix
from conftest import SECRET
from run import Campaign, Outcome

from app.protection.keys import Keys
from app.settings import Settings
from app.storage.database import Database
from app.storage.row_security import guards
from app.storage.schema import TABLES, upgrade
from app.workflows.acting import House


def settings(url: str, folder: Path) -> Settings:
    """What a deployment on this database would set."""
    return Settings(
        database=url,
        folder=folder,
        keys=Keys.derive(SECRET),
        public_url="http://localhost",
        office_url="http://localhost",
        hosts=("localhost",),
        secure_cookies=False,
        demonstration=False,
    )


def ground(url: str, folder: Path, seed: int) -> matrix.Ground:
    """A new ground on an empty database."""
    chosen = settings(url, folder)
    house = House(Database(url), chosen.keys, folder, "http://localhost", "http://localhost")
    upgrade(house.database)
    return matrix.build(house, chosen, folder, seed)


def by_filter(seeds: list[int]) -> Iterator[Outcome]:
    """A new ground, every role over a copy of it."""
    for seed in seeds:
        with TemporaryDirectory() as name:
            folder = Path(name)
            made = ground(f"sqlite:///{folder / 'covalue.sqlite'}", folder, seed)
            walks = {
                who: matrix.walk(matrix.copied(made, folder / who), who, seed)
                for who in matrix.ROLES
            }
        yield summed(seed, walks)


def by_row_security(seeds: list[int]) -> Iterator[Outcome]:
    """A new ground on PostgreSQL, every role over it, without the filter."""
    for seed in seeds:
        with (
            TemporaryDirectory() as name,
            postgres.running() as server,
            pytest.MonkeyPatch.context() as patch,
        ):
            url = server.create("covalue").render_as_string(hide_password=False)
            made = ground(url, Path(name), seed)
            server.execute(*guards(TABLES), database="covalue")
            matrix.without_filter(patch)
            with matrix.under_row_security(made, server) as apps:
                walks = {
                    who: matrix.walk(
                        made,
                        who,
                        seed,
                        app=apps["public" if who in matrix.PUBLIC else "office"],
                        not_hidden=matrix.SHARED_KINDS,
                    )
                    for who in matrix.ROLES
                }
        yield summed(seed, walks)


def summed(seed: int, walks: dict[str, matrix.Found]) -> Outcome:
    """What the walks of all roles came to."""
    requests = sum(each.requests for each in walks.values())
    found = [f"{who}: {what}" for who, each in walks.items() for what in each.leaks + each.failures]
    return Outcome(seed, {"requests": requests}, found)


CAMPAIGNS = {
    "matrix-filter": Campaign(30_000, "requests", by_filter),
    "matrix-row-security": Campaign(30_000, "requests", by_row_security),
}
