"""Long campaigns that add up: ``python tests/campaigns/run.py NAME SEEDS``, or ``make campaign``.

The modules beside this one declare campaigns: how much is asked, and ``trials``, which takes seeds
and yields for each what was counted and what was found. A seed that was run is not run again; after
each one the results are written to ``results.json``, from which the table in docs/trust-report.md
is made (``--report``).
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import platform
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RESULTS = HERE / "results.json"
REPORT = ROOT / "docs" / "trust-report.md"
BEGIN, END = "<!-- campaigns -->\n", "<!-- end of campaigns -->\n"


class Outcome(NamedTuple):
    """One trial: its seed, what was counted, and what must not be."""

    seed: int
    counted: dict[str, int]
    found: list[str]


def campaigns() -> dict[str, Any]:
    """Every campaign by name: those that the modules beside this one declare."""
    tests = HERE.parent
    rooms = [ROOT, tests, tests / "evaluation", tests / "isolation", HERE]
    sys.path[:0] = [str(room) for room in rooms]
    found = [m.name for m in pkgutil.iter_modules([str(HERE)])]
    modules = [name for name in found if name != "run" and not name.startswith("test_")]
    return {
        name: campaign
        for module in modules
        for name, campaign in importlib.import_module(module).CAMPAIGNS.items()
    }


def numbers(written: str) -> list[int]:
    """``1-3,7`` as 1, 2, 3, 7."""
    found: list[int] = []
    for part in written.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def ranges(seeds: Iterable[int]) -> str:
    """1, 2, 3, 7 as ``1-3,7``."""
    parts: list[list[int]] = []
    for seed in sorted(set(seeds)):
        if parts and seed == parts[-1][1] + 1:
            parts[-1][1] = seed
        else:
            parts.append([seed, seed])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def results() -> dict[str, Any]:
    """What was run so far."""
    return dict(json.loads(RESULTS.read_text("utf-8"))) if RESULTS.exists() else {}


def keep(name: str, outcome: Outcome, says: Any = None) -> None:
    """Add one trial to the results, whole or not at all."""
    known = results()
    entry = known.setdefault(name, {"seeds": "", "counted": {}, "found": {}})
    seeds = numbers(entry["seeds"]) if entry["seeds"] else []
    entry["seeds"] = ranges([*seeds, outcome.seed])
    for what, count in outcome.counted.items():
        entry["counted"][what] = entry["counted"].get(what, 0) + count
    for what in outcome.found:
        entry["found"][what] = entry["found"].get(what, 0) + 1
    if says:
        entry["says"] = says(entry["counted"])
    entry["last"] = f"{datetime.now(UTC):%Y-%m-%d}"
    entry["machine"] = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    written = RESULTS.with_suffix(".partial")
    written.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", "utf-8")
    written.replace(RESULTS)


def table() -> Iterator[str]:
    """The results as lines of a table: asked, run, found, remaining."""
    known = results()
    yield "| campaign | asked | run (seeds) | counted | found | remaining |\n"
    yield "|---|---|---|---|---|---|\n"
    for name, campaign in sorted(campaigns().items()):
        entry = known.get(name, {"seeds": "", "counted": {}, "found": {}})
        done = entry["counted"].get(campaign.unit, 0)
        counted = ", ".join(f"{n:,} {what}" for what, n in sorted(entry["counted"].items()))
        counted = entry.get("says", counted)
        found = "; ".join(f"{n} × {what}" for what, n in sorted(entry["found"].items()))
        yield (
            f"| `{name}` | {campaign.asked:,} {campaign.unit} | {entry['seeds'] or 'none'} | "
            f"{counted or 'nothing'} | {found or ('nothing' if done else '')} | "
            f"{max(campaign.asked - done, 0):,} |\n"
        )


class Campaign(NamedTuple):
    """What is wanted: ``asked`` of ``unit``; ``trials`` takes seeds and yields outcomes.

    ``says``: what everything counted so far says together, where sums alone say nothing.
    """

    asked: int
    unit: str
    trials: Any
    says: Any = None


def main(words: list[str]) -> int:
    """Returns 1 where something was found."""
    if words == ["--report"]:
        text = REPORT.read_text("utf-8")
        before, after = text.partition(BEGIN)[0], text.partition(END)[2]
        REPORT.write_text(before + BEGIN + "".join(table()) + END + after, "utf-8")
        return 0
    name, written = words
    done = results().get(name, {}).get("seeds", "")
    ran = set(numbers(done) if done else [])
    wanted = [seed for seed in dict.fromkeys(numbers(written)) if seed not in ran]
    failed = False
    campaign = campaigns()[name]
    for outcome in campaign.trials(wanted):
        keep(name, outcome, campaign.says)
        failed = failed or bool(outcome.found)
        sys.stdout.write(f"{name} {outcome.seed}: {outcome.counted} {outcome.found or ''}\n")
        sys.stdout.flush()
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
