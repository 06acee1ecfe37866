"""The long walk over the matrix of routes, roles and territories: ``make isolation``.

In two modes: ``filter``, on SQLite, which has no row-level security; ``row security``, on
PostgreSQL with each surface's own role and the filter taken out. Every run takes the next seed of
a mode after those in the results file and adds a line for each role, until the requests asked for
are there in both: it can be stopped and started again.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

import postgres
import pytest
import territory_matrix as matrix
from conftest import SECRET

from app.protection.keys import Keys
from app.settings import Settings
from app.storage.database import Database
from app.storage.row_security import guards
from app.storage.schema import TABLES, upgrade
from app.workflows.acting import House

RESULTS = ROOT / "build" / "isolation.jsonl"
WANTED = int(os.environ.get("REQUESTS", "30000"))


def kept() -> list[dict[str, object]]:
    """What earlier runs found."""
    if not RESULTS.exists():
        return []
    return [json.loads(line) for line in RESULTS.read_text("utf-8").splitlines()]


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


def keep(mode: str, seed: int, who: str, found: matrix.Found) -> None:
    """One line of the results."""
    line = {"mode": mode, "seed": seed, "role": who, **vars(found) | {"seen": sorted(found.seen)}}
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def by_filter(seed: int) -> None:
    """One seed: a new ground, every role over a copy of it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        made = ground(f"sqlite:///{folder / 'covalue.sqlite'}", folder, seed)
        for who in matrix.ROLES:
            keep("filter", seed, who, matrix.walk(matrix.copied(made, folder / who), who, seed))


def by_row_security(seed: int) -> None:
    """One seed: a new ground on PostgreSQL, every role over it, without the filter."""
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
            for who in matrix.ROLES:
                app = apps["public" if who in matrix.PUBLIC else "office"]
                found = matrix.walk(made, who, seed, app=app, not_hidden=matrix.SHARED_KINDS)
                keep("row security", seed, who, found)


MODES = {"filter": by_filter, "row security": by_row_security}


def main() -> int:
    """Walk until enough requests were made in each mode; 1 where anything was told."""
    RESULTS.parent.mkdir(exist_ok=True)
    for mode, walked in MODES.items():
        while True:
            found = [line for line in kept() if line["mode"] == mode]
            made = sum(int(str(line["requests"])) for line in found)
            wrong = [line for line in found if line["leaks"] or line["failures"]]
            sys.stdout.write(f"{mode}: {made} of {WANTED} requests, {len(wrong)} with a finding\n")
            if wrong:
                return 1
            if made >= WANTED:
                break
            walked(1 + max((int(str(line["seed"])) for line in found), default=0))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
