"""Known vulnerabilities of the pinned requirements, asked of the database that pip-audit uses.

``python config/audit.py``. Status 0: none known; 1: some are, named; 2: nobody could be asked, so
nothing is known, which is no good news.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LISTS = ("requirements.txt", "requirements-test.txt")
NONE_KNOWN, SOME_KNOWN, NOT_ASKED = 0, 1, 2


def main() -> int:
    """Ask for each list; the worst of the answers."""
    if importlib.util.find_spec("pip_audit") is None:
        say("NOT ASKED: pip-audit is not installed here. Install it with: pip install pip-audit")
        return NOT_ASKED
    worst = NONE_KNOWN
    for name in LISTS:
        asked = subprocess.run(
            [sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "-r", ROOT / name],
            check=False,
            capture_output=True,
            text=True,
        )
        worst = max(worst, told(name, asked.returncode, asked.stdout, asked.stderr))
    return worst


def told(name: str, status: int, found: str, problem: str) -> int:
    """Say what came out for one list."""
    if status == 0:
        say(f"{name}: no vulnerability is known.")
        return NONE_KNOWN
    if "Name" in found and "Version" in found:
        say(f"{name}: known vulnerabilities.\n{found}")
        return SOME_KNOWN
    last = (problem.strip().splitlines() or ["no reason was given"])[-1]
    say(f"{name}: NOT ASKED, the database of vulnerabilities was not reached ({last[:200]}).")
    return NOT_ASKED


def say(words: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(words + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
