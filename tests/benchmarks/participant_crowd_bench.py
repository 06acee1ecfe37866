"""How long participants wait, alone and in a crowd; what a first visit weighs; memory of a worker.

``python tests/benchmarks/run.py participant_crowd``. The workload of participant_path_bench. A turn
is a form sent and the page that follows, redirects included. Quantiles of answered turns hide
clients that are left waiting, so the longest turn of anybody is printed beside them, and how many
people waited for a turn more than ten times as long as the median person's longest.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from builders import world
from participant_path_bench import HERE, SECRET, Walker, serving, walk
from sqlalchemy.engine import make_url

from app.definitions.files import read_questionnaire
from app.domain.questionnaire import Questionnaire
from app.protection.keys import Keys
from app.storage.database import Database
from app.storage.schema import upgrade
from app.workflows.acting import House

CROWDS = (1, 16, 64)
TUNED = {1: (37, 53, 62), 16: (407, 521, 556), 64: (1563, 1818, 1896)}  # LimeSurvey, quiet machine
TUNED_RATE = 5.5  # its best, 4 at once
MOST_BYTES, MOST_REQUESTS = 60_000, 6


@dataclass
class Timed(Walker):
    """A participant who notes how long each turn took, and tries again where told to wait."""

    turns: list[float] = field(default_factory=list)
    waits: int = 0  # answers with 503

    def ask(self, method: str, address: str, body: str = "") -> tuple[int, str, str]:
        """As ``Walker.ask``, until there is room."""
        while (answer := super().ask(method, address, body))[0] == 503:
            self.waits += 1
            time.sleep(0.2)
        return answer

    def send(self, address: str, page: str, fields: dict[str, object]) -> tuple[str, str]:
        """As ``Walker.send``, timed."""
        begun = time.perf_counter()
        answer = super().send(address, page, fields)
        self.turns.append(time.perf_counter() - begun)
        return answer


def quantile(values: list[float], share: float) -> float:
    """The value below which this share lies, in milliseconds."""
    return 1000 * sorted(values)[min(int(share * len(values)), len(values) - 1)]


def crowd(port: int, codes: list[str], asked: Questionnaire, at_once: int) -> None:
    """So many at a time until all are through; print how long they waited."""
    turns: list[list[float]] = []
    waits: list[int] = []

    def one(code: str) -> None:
        walker = Timed(port, cookies={"language": "fr"})
        walk(port, code, asked, walker)
        turns.append(walker.turns)
        waits.append(walker.waits)

    begun = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(one, codes))
    rate = len(codes) / (time.perf_counter() - begun)
    every = [turn for own in turns for turn in own]
    longest = [max(own) for own in turns]
    starved = sum(1 for each in longest if 1000 * each > 10 * quantile(longest, 0.5))
    p50, p95, p99 = (quantile(every, share) for share in (0.5, 0.95, 0.99))
    limit = " / ".join(map(str, TUNED[at_once]))
    sys.stdout.write(
        f"{at_once} at once: {rate:.1f} participants/s (LimeSurvey at best {TUNED_RATE}); turn p50 "
        f"{p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f} ms (LimeSurvey {limit}); longest "
        f"{1000 * max(every):.0f} ms; starved {starved} of {len(codes)}; told to wait "
        f"{sum(waits)} times\n"
    )


def weight(port: int, code: str, asked: Questionnaire) -> None:
    """What a first visit carries up to the first question, and every page packed."""
    walker = Walker(port, cookies={"language": "fr"}, weighs=True)
    walk(port, code, asked, walker)
    style = Walker(port, weighs=True)
    style.ask("GET", "/static/covalue.css")
    first = next(place for place, seen in enumerate(walker.seen) if seen[1].startswith("/r/"))
    before = [*walker.seen[: first + 1], *style.seen]
    plain, packed = sum(seen[2] for seen in before), sum(seen[3] for seen in before)
    sys.stdout.write(
        f"first visit up to the first question: {len(before)} requests (limit {MOST_REQUESTS}), "
        f"{plain / 1000:.1f} kB as served, {packed / 1000:.1f} kB packed, headers included "
        f"(limit {MOST_BYTES / 1000:.0f} kB)\n"
    )
    for method, address, size, small in [*walker.seen, *style.seen]:
        if method == "GET" and size > 1000:
            sys.stdout.write(f"  {address}: {size / 1000:.1f} kB, packed {small / 1000:.1f}\n")


def memory_of(root: int) -> list[int]:
    """Proportional share of memory of each of the server's processes, in kB."""
    sizes = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            rollup = (folder / "smaps_rollup").read_text()
        except OSError:
            continue
        if root in (parent, int(folder.name)):
            sizes += [int(line.split()[1]) for line in rollup.splitlines() if line[:4] == "Pss:"]
    return sizes


def memory(root: int) -> None:
    """What the server's processes hold."""
    told = ", ".join(f"{size / 1024:.0f}" for size in sorted(memory_of(root)))
    sys.stdout.write(f"memory of the processes (PSS): {told} MB\n")


def main(people: int) -> None:
    """SQLite, two workers, client on the same cores."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = make_url(f"sqlite:///{folder / 'crowd.sqlite'}")
        house = House(Database(url), Keys.derive(SECRET.encode()), folder)
        upgrade(house.database)
        asked = read_questionnaire((HERE / "workload.yaml").read_text())
        codes = world(house, asked, people=people * len(CROWDS) + 9).codes
        house.database.dispose()
        environment = {
            "COVALUE_DATABASE": url.render_as_string(hide_password=False),
            "COVALUE_SECRET": SECRET,
            "COVALUE_FOLDER": str(folder),
            "COVALUE_RESERVE": "0",
            "COVALUE_HOSTS": "127.0.0.1",
            "PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parents[1]}",
        }
        with serving("wsgi:public", environment) as (port, pid):
            for code in codes[:8]:
                walk(port, code, asked)
            weight(port, codes[8], asked)
            for turn, at_once in enumerate(CROWDS):
                crowd(port, codes[9 + turn * people :][:people], asked, at_once)
            memory(pid)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 128)
