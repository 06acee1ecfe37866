"""Saves a second through the product's storage, against the same statements on the bare driver.

``python tests/benchmarks/run.py saves``. A save is what a page costs the database: the body and the
revision of the response, and the form's key, in one durable transaction. The bare driver (sqlite3,
psycopg) does the same two statements with the same safety, in turn with the product's.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import postgres
import psycopg
from builders import world
from sqlalchemy.engine import URL, make_url

from app.definitions.files import read_questionnaire
from app.domain.sittings import Sitting
from app.protection.keys import Keys, digest, new_secret
from app.storage import collecting
from app.storage.collecting import Saving
from app.storage.database import Database, now
from app.storage.responses import pack
from app.storage.schema import upgrade
from app.workflows.acting import House
from app.workflows.entering import begin
from app.workflows.standing import standing

BODY = pack({"a": {f"Q{n}": {"v": "answer", "s": 0} for n in range(30)}, "sit": [], "v": 1})
UPDATE = (
    "UPDATE {answers}response SET body = ?, revision = revision + 1, saved_at = ? "
    "WHERE id = ? AND revision = ? AND submitted_at IS NULL AND withdrawn_at IS NULL"
)
KEY = "INSERT INTO {answers}save_key (response_id, key, goes_to, at) VALUES (?, ?, ?, ?)"
Save = Callable[[int, int], None]  # response, revision


def raw_sqlite(path: Path) -> Save:
    """The same two statements on sqlite3."""
    bare = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        bare.execute(f"PRAGMA {pragma}")
    update, key = UPDATE.format(answers=""), KEY.format(answers="")

    def save(response: int, revision: int) -> None:
        at = now().replace(tzinfo=None).isoformat(" ")
        bare.execute("BEGIN IMMEDIATE")
        bare.execute(update, (BODY, at, response, revision))
        bare.execute(key, (response, new_secret(), "B", at))
        bare.execute("COMMIT")

    return save


def raw_postgres(url: URL) -> Save:
    """The same two statements on psycopg."""
    bare = psycopg.connect(
        host=str(url.query["host"]), dbname=url.database, user=url.username, autocommit=False
    )
    update = UPDATE.format(answers="answers.").replace("?", "%s")
    key = KEY.format(answers="answers.").replace("?", "%s")

    def save(response: int, revision: int) -> None:
        at = now()
        bare.execute(update, (BODY, at, response, revision))  # type: ignore[arg-type]
        bare.execute(key, (response, new_secret(), "B", at))  # type: ignore[arg-type]
        bare.commit()

    return save


def compare(name: str, url: URL, folder: Path, saves: int, raw: Save | None = None) -> None:
    """Save in turn through both, in blocks, and print rates and their ratio."""
    house = House(Database(url), Keys.derive(b"b" * 32), folder)
    upgrade(house.database)
    asked = read_questionnaire((Path(__file__).parent / "workload.yaml").read_text())
    made = world(house, asked, people=1)
    found = standing(house, begin(house, digest(house.keys.lookup, made.codes[0]), Sitting())).held
    revision = found.revision

    def ours(response: int, revision: int) -> None:
        held = replace(found, revision=revision, seen_at=now())
        done = collecting.save(
            house.database, held, Saving(BODY, "23456789", new_secret(), "B", now())
        )
        if not done:
            raise SystemExit(f"response {response} was not saved")

    bare = raw or raw_postgres(url)
    spent = {"ours": [0.0, 0.0], "bare": [0.0, 0.0]}
    for _ in range(10):
        for label, save in (("bare", bare), ("ours", ours)):
            begun, cpu = time.perf_counter(), time.process_time()
            for _ in range(saves // 10):
                save(found.id, revision)
                revision += 1
            spent[label][0] += time.perf_counter() - begun
            spent[label][1] += time.process_time() - cpu
    house.database.dispose()
    rate, limit = saves / spent["ours"][0], saves / spent["bare"][0]
    sys.stdout.write(
        f"{name}: {rate:.0f} saves a second, one commit each; bare driver "
        f"{limit:.0f}; ratio {rate / limit:.2f}\n  CPU {1000 * spent['ours'][1] / saves:.2f} ms "
        f"a save, bare {1000 * spent['bare'][1] / saves:.2f} ms\n"
    )


def main(saves: int) -> None:
    """SQLite, then PostgreSQL with every safety on."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "saves.sqlite"
        compare("SQLite", make_url(f"sqlite:///{path}"), Path(name), saves, raw_sqlite(path))
    with tempfile.TemporaryDirectory() as name, postgres.running("-c fsync=on") as server:
        compare("PostgreSQL", server.create("saves"), Path(name), saves)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
