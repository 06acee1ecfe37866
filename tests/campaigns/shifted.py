"""Other times: nights in which the clock is changed, a leap day, a year's end, a clock ten minutes
off.

A trial runs the tests of people's ways through the service (coming in, answering, signing in with
a second factor, sealing and verifying the log, removing what is over) in a process whose clock was
set to the moment by ``faketime``, a minute before it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from run import ROOT, Campaign, Outcome

MOMENTS = (
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # France goes back an hour
    datetime(2027, 3, 28, 1, tzinfo=UTC),  # and forward
    datetime(2028, 2, 29, 0, tzinfo=UTC),
    datetime(2028, 3, 1, 0, tzinfo=UTC),
    datetime(2026, 12, 31, 23, tzinfo=UTC),  # midnight in Paris
    datetime(2027, 1, 1, 0, tzinfo=UTC),
    timedelta(minutes=10),
    timedelta(minutes=-10),
)
WAYS = (
    *("web/test_participants_door.py", "web/test_participants_return.py"),
    *("web/test_participants_end.py", "web/test_sign_in_pages.py"),
    *("workflows/test_second_factors.py", "workflows/test_collect.py"),
    "workflows/test_audit_log.py",
    *("workflows/test_watching_audit.py", "workflows/test_retaining.py"),
)
TOLD = re.compile(r"(\d+) (passed|failed|error)")


def shifted(seeds: list[int]) -> Iterator[Outcome]:
    """One moment a seed, in the order of ``MOMENTS``."""
    program = shutil.which("faketime")
    if program is None:
        raise SystemExit("faketime is not installed (Debian: apt-get install faketime)")
    for seed in seeds:
        moment = MOMENTS[(seed - 1) % len(MOMENTS)]
        begin = datetime.now(UTC) + moment if isinstance(moment, timedelta) else moment
        begin -= timedelta(minutes=not isinstance(moment, timedelta))
        done = subprocess.run(
            [
                *(program, f"{begin:%Y-%m-%d %H:%M:%S}", sys.executable, "-m", "pytest"),
                *("-p", "no:cacheprovider", "-p", "no:randomly", "-k", "not postgresql"),
                *(str(Path("tests", way)) for way in WAYS),
            ],
            cwd=ROOT,
            env={"TZ": "UTC", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        told = {what: int(count) for count, what in TOLD.findall(done.stdout[-500:])}
        failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
        found = failed or (["the run ended early"] if done.returncode else [])
        yield Outcome(seed, {"moments": 1, "tests": told.get("passed", 0)}, found)


CAMPAIGNS = {"shifted": Campaign(len(MOMENTS), "moments", shifted)}
