"""The long walk over the matrix of routes, roles and territories: ``make isolation``.

Every run takes the next seed after those in the results file and adds a line for each role to it,
until the requests asked for are there: it can be stopped and started again.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

import territory_matrix as matrix  # noqa: E402 - the folders above have to be known
from conftest import SECRET  # noqa: E402

from app.protection.keys import Keys  # noqa: E402
from app.settings import Settings  # noqa: E402
from app.storage.database import Database  # noqa: E402
from app.storage.schema import upgrade  # noqa: E402
from app.workflows.acting import House  # noqa: E402

RESULTS = ROOT / "build" / "isolation.jsonl"
WANTED = int(os.environ.get("REQUESTS", "30000"))


def kept() -> list[dict[str, object]]:
    """What earlier runs found."""
    if not RESULTS.exists():
        return []
    return [json.loads(line) for line in RESULTS.read_text("utf-8").splitlines()]


def walk(seed: int) -> None:
    """One seed: a new ground, every role over a copy of it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'covalue.sqlite'}"
        settings = Settings(
            database=url,
            folder=folder,
            keys=Keys.derive(SECRET),
            public_url="http://localhost",
            office_url="http://localhost",
            hosts=("localhost",),
            secure_cookies=False,
            demonstration=False,
        )
        house = House(Database(url), settings.keys, folder, "http://localhost", "http://localhost")
        upgrade(house.database)
        ground = matrix.build(house, settings, folder, seed)
        for who in matrix.ROLES:
            found = matrix.walk(matrix.copied(ground, folder / who), who, seed)
            line = {
                "mode": "filter",
                "seed": seed,
                "role": who,
                "requests": found.requests,
                "leaks": found.leaks,
                "failures": found.failures,
            }
            with RESULTS.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")


def main() -> int:
    """Walk until enough requests were made; 1 where anything was told."""
    RESULTS.parent.mkdir(exist_ok=True)
    while True:
        found = kept()
        made = sum(int(str(line["requests"])) for line in found)
        wrong = [line for line in found if line["leaks"] or line["failures"]]
        sys.stdout.write(f"{made} of {WANTED} requests, {len(wrong)} walks with a finding\n")
        if made >= WANTED or wrong:
            return int(bool(wrong))
        walk(1 + max((int(str(line["seed"])) for line in found), default=0))


if __name__ == "__main__":
    raise SystemExit(main())
