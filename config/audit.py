"""Known vulnerabilities of the pinned requirements, asked of the database that pip-audit uses.

``python config/audit.py``. Status 0: none known but those to which ``known_holes.toml`` gives a
last day that has not passed; 1: others are, named; 2: nobody could be asked, so nothing is known,
which is no good news.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LISTS = ("requirements.txt", "requirements-test.txt")
NONE_KNOWN, SOME_KNOWN, NOT_ASKED = 0, 1, 2
LONGEST = {True: timedelta(days=7), False: timedelta(days=30)}  # reached in this service, or not
Hole = Mapping[str, Any]


def main() -> int:
    """Ask for each list; the worst of the answers."""
    if importlib.util.find_spec("pip_audit") is None:
        say("NOT ASKED: pip-audit is not installed here. Install it with: pip install pip-audit")
        return NOT_ASKED
    today, allowed = datetime.now(UTC).date(), holes()
    worst = NONE_KNOWN
    for name in LISTS:
        command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "-f", "json"]
        asked = subprocess.run(
            [*command, "-r", ROOT / name], check=False, capture_output=True, text=True
        )
        worst = max(worst, told(name, asked.stdout, asked.stderr, allowed, today))
    return worst


def holes() -> list[Hole]:
    """What ``known_holes.toml`` says."""
    text = (ROOT / "config" / "known_holes.toml").read_text("utf-8")
    found: list[Hole] = tomllib.loads(text)["hole"]
    return found


def breached(hole: Hole, today: date) -> bool:
    """Whether a hole is open for longer than it may be."""
    last: date = min(hole["last_day"], hole["seen"] + LONGEST[hole["reached"]])
    return today > last


def told(name: str, found: str, problem: str, allowed: list[Hole], today: date) -> int:
    """Say what came out for one list: pip-audit's JSON, or why there is none."""
    try:
        parts = json.loads(found)["dependencies"]
    except (ValueError, KeyError):
        last = (problem.strip().splitlines() or ["no reason was given"])[-1]
        say(f"{name}: NOT ASKED, the database of vulnerabilities was not reached ({last[:200]}).")
        return NOT_ASKED
    status = NONE_KNOWN
    for part, version, names in _vulnerable(parts):
        known = next((each for each in allowed if each["id"] in names), None)
        if known is not None and not breached(known, today):
            say(f"{name}: {part} {version}: {names[0]}, to be mended by {known['last_day']}.")
            continue
        say(f"{name}: {part} {version}: {names[0]}, KNOWN AND OPEN.")
        status = SOME_KNOWN
    if status == NONE_KNOWN:
        say(f"{name}: no other vulnerability is known.")
    return status


def _vulnerable(parts: list[dict[str, Any]]) -> Iterator[tuple[str, str, list[str]]]:
    for part in parts:
        for each in part.get("vulns", ()):
            yield part["name"], part["version"], [each["id"], *each.get("aliases", ())]


def say(words: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(words + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
