"""Backups that come back, and words that go nowhere.

``drills``: a database that has lived is backed up, its keys apart, and restored elsewhere, every
table compared.
``canaries``: participants type words that occur nowhere else; logs, files of the data folder and
backups are then searched for them. ``fsync``: before each acknowledgement the system was asked to
write to the disk, traced by ``strace``.
"""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from run import Campaign, Outcome
from serving import SECRET, answering, children
from sqlalchemy.engine import make_url

from app.protection.keys import Keys
from app.protection.sealed_files import new_identity
from app.storage.backup import APART, contents
from app.storage.database import Database
from app.workflows import backing_up
from app.workflows.acting import House
from app.workflows.backup_pair import BadBackup

ANSWER = re.compile(r"sendto\(\d+, \"HTTP/1\.1 (\d+)")
SYNC = re.compile(r"(?:fsync|fdatasync)\(\d+.*= 0|(?:fsync|fdatasync) resumed.*= 0")


def drills(seeds: list[int]) -> Iterator[Outcome]:
    """One backup and one restoration a seed, each with more rows than the one before."""
    private, public = new_identity()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "key").write_text(private)
        url = make_url(f"sqlite:///{folder / 'data' / 'drills.sqlite'}")
        (folder / "data").mkdir()
        with answering(url, folder / "data", 40 * (len(seeds) + 2)) as (_service, crowd, house, _c):
            for seed in seeds:
                crowd.acknowledged()
                made = backing_up.make(house, folder / "backups", [public], [public])
                place = folder / f"place{seed}"
                place.mkdir()
                there = House(
                    Database(f"sqlite:///{place / 'x.sqlite'}"), Keys.derive(SECRET.encode()), place
                )
                found, rows = [], 0
                try:
                    back = backing_up.drill(house, made, [folder / "key"], there).opened
                    stored = {n: list(c) for n, c in contents(there.database.url).items()}
                    rows = sum(count for count, _ in stored.values())
                    told = back.backup["tables"] | {APART["sqlite"]: back.keys["keys"]}
                    found = [] if stored == told else ["tables differ"]
                except BadBackup as error:
                    found = [f"refused: {error.code}"]
                finally:
                    there.database.dispose()
                yield Outcome(seed, {"drills": 1, "rows restored": rows}, found)


def canaries(seeds: list[int]) -> Iterator[Outcome]:
    """Eight words a seed, typed on as many pages; also while the database is locked."""
    for seed in seeds:
        with tempfile.TemporaryDirectory() as name:
            yield _searched(seed, Path(name))


def _searched(seed: int, folder: Path) -> Outcome:
    import sqlite3

    private, public = new_identity()
    (folder / "key").write_text(private)
    data = folder / "data"
    data.mkdir()
    url = make_url(f"sqlite:///{data / 'canaries.sqlite'}")
    log = folder / "log"
    with (
        log.open("wb") as written,
        answering(url, data, 60, log=written) as (_service, crowd, house, codes),
    ):
        crowd.acknowledged(60)
        held = sqlite3.connect(str(url.database), isolation_level=None, timeout=20)
        held.execute("BEGIN IMMEDIATE")
        time.sleep(random.Random(seed).uniform(6, 8))
        held.execute("ROLLBACK")
        held.close()
        crowd.acknowledged(60)
        made = backing_up.make(house, folder / "backups", [public], [public])
        crowd.end()
        typed = {value for _code, item, value in crowd.ledger if item} | set(codes)
    places = {"logs": log, "backups": made.backup, "keys of backups": made.keys}
    places |= {
        f"folder {p.parent.name}": p
        for p in data.rglob("*")
        if "sqlite" not in p.name and p.is_file()
    }
    found = [
        f"a word in {where}"
        for where, path in places.items()
        for content in (path.read_bytes(),)
        for word in typed
        if word.encode() in content
    ]
    return Outcome(seed, {"canaries": len(typed), "places": len(places)}, found)


def fsync(seeds: list[int]) -> Iterator[Outcome]:
    """About 250 saves a seed on SQLite; the worker is traced."""
    for seed in seeds:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            url = make_url(f"sqlite:///{folder / 'fsync.sqlite'}")
            with answering(url, folder, 80, clients=1, COVALUE_WORKERS="1") as (service, crowd, *_):
                crowd.acknowledged(5)
                (worker,) = children(service.process.pid)
                trace = folder / "trace"
                traced = subprocess.Popen(
                    [
                        *("strace", "-f", "-p", str(worker), "-s", "40", "-o", str(trace)),
                        *("-e", "trace=fsync,fdatasync,sendto,recvfrom"),
                    ],
                    stderr=subprocess.DEVNULL,
                )
                time.sleep(1)
                crowd.acknowledged(250, seconds=120)
                crowd.end()
                traced.terminate()
                traced.wait()
            saves, bare = _syncs_before_answers(trace.read_text("utf-8", errors="replace"))
            yield Outcome(seed, {"saves": saves}, ["an acknowledgement without a sync"] * bare)


def _syncs_before_answers(trace: str) -> tuple[int, int]:
    """How many posts of a page were answered with 303, and how many of these without a sync."""
    saves = bare = 0
    posted, synced = False, False
    for line in trace.splitlines():
        if "recvfrom(" in line and '"POST /r/' in line:
            posted, synced = True, False
        elif SYNC.search(line):
            synced = True
        elif posted and (found := ANSWER.search(line)):
            if found.group(1) == "303":
                saves += 1
                bare += not synced
            posted = False
    return saves, bare


CAMPAIGNS = {
    "drills": Campaign(30, "drills", drills),
    "canaries": Campaign(400, "canaries", canaries),
    "fsync": Campaign(10_000, "saves", fsync),
}
