"""Simulation of the judgement: samples of known populations, results that add up over runs.

    make simulate                    five more minutes of samples, then the figures so far
    python tests/simulation/simulate.py --seconds 60 --file build/simulation.jsonl

Every sample has a seed and a line in the file; a run goes on after the last seed there.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from itertools import count, product
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from population import KINDS
from share_coverage import averages, coverage, default, exact
from trials import trial

CELLS = tuple(product(KINDS, (True, False)))


def lines(file: Path) -> list[dict[str, object]]:
    """Every sample of earlier runs."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line]


def go_on(file: Path, seconds: float, most: int | None = None) -> None:
    """Add samples, one of each kind for each seed, until the CPU time (or ``most`` seeds) is used.

    A run that was cut short left some kinds of its last seed undone: they are done first.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    done = {(each["kind"], each["alike"], each["seed"]) for each in lines(file)}
    start = time.process_time()
    with file.open("a", encoding="utf-8") as out:
        for seed in range(most) if most is not None else count():
            for kind, alike in CELLS:
                if (kind, alike, seed) in done:
                    continue
                if time.process_time() - start > seconds:
                    return
                found = asdict(trial(kind, seed, alike=alike))
                out.write(json.dumps({"kind": kind, "alike": alike, "seed": seed, **found}) + "\n")
                out.flush()


def summary(file: Path) -> Iterator[str]:
    """The figures so far, with the error that drawing leaves."""
    found = lines(file)
    yield "| world | territories | samples | own interval covers | all nine cover | any “moved” |"
    yield "|---|---|---|---|---|---|"
    for kind, alike in CELLS:
        some = [each for each in found if (each["kind"], each["alike"]) == (kind, alike)]
        if some:
            n = len(some)
            own = sum(each["covered"] for each in some) / sum(each["of"] for each in some)
            together = sum(each["all_covered"] for each in some) / n
            moved = sum(each["moved"] for each in some) / n
            yield (
                f"| {kind} | {'alike' if alike else 'differ'} | {n} | {100 * own:.1f} % "
                f"| {100 * together:.1f} % | {100 * moved:.1f} % |"
            )
    yield ""
    yield "| n | default, mean over p 0.1 … 0.9 | least | Korn-Graubard alone, mean | least |"
    yield "|---|---|---|---|---|"
    means = averages(default), averages(exact)
    for n in means[0]:
        least = [
            min(coverage(interval, n, p / 100) for p in range(10, 91))
            for interval in (default, exact)
        ]
        yield (
            f"| {n} | {100 * means[0][n]:.1f} % | {100 * least[0]:.1f} % "
            f"| {100 * means[1][n]:.1f} % | {100 * least[1]:.1f} % |"
        )


def main() -> None:
    """Read the options, go on, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--file", type=Path, default=ROOT / "build" / "simulation.jsonl")
    chosen = parser.parse_args()
    go_on(chosen.file, chosen.seconds)
    sys.stdout.write("\n".join(summary(chosen.file)) + "\n")


if __name__ == "__main__":
    main()
