"""How many pages a second participants can save durably on SQLite, against the disk's own fsync.

``python tests/benchmarks/run.py commit``. The limit is a plain append of as many bytes as a page
changes, with one fsync each, in the same folder, before and after: a durable save cannot be
quicker than that. CPU milliseconds a save are the figure to plan with.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from programme import loaded
from sqlalchemy import select

from app.domain.sittings import Sitting
from app.domain.text import Text
from app.domain.values import Submitted
from app.interchange.sample_csv import SampleRow
from app.protection.keys import Keys, new_secret
from app.storage.database import Database
from app.storage.participants import AccessCode
from app.storage.schema import upgrade
from app.workflows import collect, entering
from app.workflows.accounts import operator
from app.workflows.acting import House
from app.workflows.sample import import_sample, issue_codes
from app.workflows.standing import standing
from app.workflows.waves import NewWave, create_wave, open_wave

BYTES = 4096  # one page of the log


def secrets_of(house: House, root: Path, people: int) -> list[str]:
    """Open a wave, invite so many people and let them all in; their sessions' secrets."""
    loaded(house, root)
    actor = operator(house, "DEMO")
    now = datetime.now(UTC)
    new = NewWave(
        code="W1",
        title=Text.of(fr="Vague", en="Wave"),
        frame="all_75",
        period_start=now.date(),
        period_end=now.date() + timedelta(days=30),
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=30),
    )
    wave_id = create_wave(house, actor, new)
    open_wave(house, actor, wave_id)
    rows = [SampleRow(n + 2, f"P{n}", "MAY", "elderly") for n in range(people)]
    import_sample(house, actor, wave_id, rows)
    issue_codes(house, actor, wave_id)
    with house.database.read() as session:
        codes = session.scalars(select(AccessCode.id)).all()
    return [entering.begin(house, code, Sitting()) for code in codes]


def synced(folder: Path, times: int) -> float:
    """Appends with fsync, a second."""
    with (folder / "appended").open("wb", buffering=0) as file:
        begun = time.perf_counter()
        for _ in range(times):
            file.write(os.urandom(BYTES))
            os.fsync(file.fileno())
        return times / (time.perf_counter() - begun)


def main(people: int) -> None:
    """Save two pages for each person and print the rates."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        house = House(
            Database(f"sqlite:///{folder / 'bench.sqlite'}"), Keys.derive(b"b" * 32), folder
        )
        upgrade(house.database)
        secrets = secrets_of(house, folder, people)
        before = synced(folder, 500)
        begun, cpu = time.perf_counter(), time.process_time()
        for secret in secrets:
            for page in ("E01", "E02"):
                sent = collect.Sent({page: Submitted(("yes",))}, {}, new_secret())
                found = standing(house, secret, sent.key)
                outcome = collect.answer_page(house, found, page, sent)
                if not isinstance(outcome, collect.Moved):
                    raise SystemExit(f"not saved: {outcome}")
        elapsed, cpu = time.perf_counter() - begun, time.process_time() - cpu
        limit = (before + synced(folder, 500)) / 2
        saves = 2 * people
        house.database.dispose()
    sys.stdout.write(
        f"saves {saves}, {saves / elapsed:.0f} a second, {1000 * cpu / saves:.2f} ms of CPU each\n"
        f"fsync {limit:.0f} a second; saves per fsync {saves / elapsed / limit:.2f}\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
