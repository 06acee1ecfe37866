"""The service under load: so many page requests a second and core for some minutes, then a crowd.

``make load MINUTES=60``. Participants of participant_path_bench on PostgreSQL. In the first part
requests start by the clock, whether or not those before have ended, and a request waits from the
moment when it should have started: a server that stalls is not spared. In the second part far more
people come at once than can be served; who is told 503 tries the same form again, and afterwards
every receipt is looked for in the database. Results go to build/load.txt.
"""

from __future__ import annotations

import http.client
import itertools
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import postgres
from builders import world
from participant_crowd_bench import memory_of, quantile
from participant_path_bench import DURABLE, HERE, SECRET, Walker, serving, walk
from sqlalchemy import text

from app.definitions.files import read_questionnaire
from app.domain.questionnaire import Questionnaire
from app.protection.keys import Keys
from app.storage.database import Database
from app.storage.schema import upgrade
from app.workflows.acting import House

KEPT = HERE.parents[1] / "build" / "load.txt"
RATE = 40  # page requests a second and core
PER_PERSON = 25  # requests of one participant
CLIENTS, CROWD, IN_CROWD = 48, 300, 900
SLOW = 0.5  # seconds that 95 of 100 requests must stay under
BEGINNING = 0.1  # share of the time after which memory is first looked at


@dataclass
class Tally:
    """What every client saw."""

    pace: float  # seconds between two requests of all; 0: as fast as answers come
    begun: float = field(default_factory=time.perf_counter)
    waits: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    refused: int = 0  # connections that did not come about, or ended early
    slots: Iterator[int] = field(default_factory=itertools.count)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> float:
        """Wait for the next slot; when it should have been."""
        if not self.pace:
            return time.perf_counter()
        with self.lock:
            due = self.begun + next(self.slots) * self.pace
        time.sleep(max(0.0, due - time.perf_counter()))
        return due


@dataclass
class Paced(Walker):
    """A participant whose requests start by the clock and who tries again what was not served."""

    tally: Tally = field(default_factory=lambda: Tally(0))

    def ask(self, method: str, address: str, body: str = "") -> tuple[int, str, str]:
        """As ``Walker.ask``, until it is served."""
        while True:
            due = self.tally.start()
            try:
                answer = super().ask(method, address, body)
            except (OSError, http.client.HTTPException):
                self.tally.refused += 1
                self.connection.close()  # the next request opens another
                time.sleep(1)
                continue
            self.tally.waits.append(time.perf_counter() - due)
            self.tally.statuses[answer[0]] += 1
            if answer[0] != 503:
                return answer
            time.sleep(1)


def through(
    port: int, codes: list[str], asked: Questionnaire, tally: Tally, at_once: int
) -> list[str]:
    """Everybody from the door to the receipt; what went wrong."""
    wrong: list[str] = []

    def one(code: str) -> None:
        try:
            walk(port, code, asked, Paced(port, cookies={"language": "fr"}, tally=tally))
        except (Exception, SystemExit) as problem:
            wrong.append(f"{type(problem).__name__}: {str(problem)[:80]}")

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(one, codes))
    return wrong


def steady(port: int, pid: int, codes: list[str], asked: Questionnaire, rate: float) -> str:
    """Requests by the clock."""
    tally, sizes = Tally(1 / rate), []
    lasts = len(codes) * PER_PERSON / rate
    watch = threading.Timer(BEGINNING * lasts, lambda: sizes.append(sum(memory_of(pid)) / 1024))
    watch.start()
    wrong = through(port, codes, asked, tally, CLIENTS)
    watch.join()
    sizes.append(sum(memory_of(pid)) / 1024)
    taken = time.perf_counter() - tally.begun
    p50, p95, p99 = (quantile(tally.waits, share) for share in (0.5, 0.95, 0.99))
    return (
        f"{len(tally.waits)} requests in {taken / 60:.1f} min, {len(tally.waits) / taken:.0f} a "
        f"second (asked {rate:.0f}); p50 {p50:.0f}, p95 {p95:.0f} (limit {1000 * SLOW:.0f}), p99 "
        f"{p99:.0f} ms; statuses {dict(tally.statuses)}; not "
        f"connected {tally.refused}; errors {len(wrong)} {wrong[:3]}; memory "
        f"{sizes[0]:.0f} to {sizes[-1]:.0f} MB ({100 * (sizes[-1] / sizes[0] - 1):+.1f} %, limit 5)"
    )


def crowded(port: int, codes: list[str], asked: Questionnaire) -> str:
    """Far more at once than can be served."""
    tally = Tally(0)
    wrong = through(port, codes, asked, tally, CROWD)
    taken = time.perf_counter() - tally.begun
    return (
        f"{CROWD} at once, {len(codes)} people: {len(tally.waits) / taken:.0f} requests a second, "
        f"p95 {quantile(tally.waits, 0.95):.0f} ms; {tally.statuses[503]} told 503, "
        f"{tally.refused} not connected, tried again; errors {len(wrong)} {wrong[:3]}; "
        f"receipts {len(codes) - len(wrong)}"
    )


def main(minutes: float) -> None:
    """PostgreSQL, two workers, the client on the same cores."""
    rate = RATE * (os.cpu_count() or 1)
    people = int(rate * 60 * minutes / PER_PERSON)
    with tempfile.TemporaryDirectory() as name, postgres.running(DURABLE) as server:
        url, folder = server.create("load"), Path(name)
        house = House(Database(url), Keys.derive(SECRET.encode()), folder)
        upgrade(house.database)
        asked = read_questionnaire((HERE / "workload.yaml").read_text())
        codes = world(house, asked, people=people + IN_CROWD + 16).codes
        environment = {
            "COVALUE_DATABASE": url.render_as_string(hide_password=False),
            "COVALUE_SECRET": SECRET,
            "COVALUE_FOLDER": str(folder),
            "COVALUE_RESERVE": "0",
            "COVALUE_HOSTS": "127.0.0.1",
            "PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parents[1]}",
        }
        with serving("wsgi:public", environment) as (port, pid):
            through(port, codes[:16], asked, Tally(0), 4)
            lines = [steady(port, pid, codes[16 : 16 + people], asked, rate)]
            lines.append(crowded(port, codes[16 + people :], asked))
        sent = text("SELECT count(*) FROM answers.response WHERE submitted_at IS NOT NULL")
        with house.database.read() as session:
            lines.append(f"sent answers in the database: {session.scalar(sent)} of {len(codes)}")
        house.database.dispose()
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text("\n".join(lines) + "\n")
    sys.stdout.write(KEPT.read_text())


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 3)
