"""What moments cost block by block: a million responses, then ten; time and memory of each.

Run: python tests/benchmarks/run.py blocks, or with numbers of responses behind the file's name.
35 questions and components with full covariance in 9 territories x 3 strata, from the extract's
files, in a process of its own each: CPU seconds on one thread, largest memory, and beside them the
CPU seconds that Polars takes to read the same columns and add them up.
"""

from __future__ import annotations

import os

os.environ["POLARS_MAX_THREADS"] = "1"  # before polars is loaded: CPU seconds of one thread
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
from moments_cache_bench import TERRITORIES, Asked, Compare, ComponentDefinition, E, Share, write

from app.storage.extract_blocks import Wanted, moments_by_blocks, strata_of

QUESTIONS = 35


def wanted(folder: Path) -> Wanted:
    """One share for each question."""
    items = [f"Q{number}" for number in range(QUESTIONS)]
    definitions = {
        f"{item}.elderly": ComponentDefinition(
            f"{item}.elderly", item, E, Share(Compare(item, ">=", "4"))
        )
        for item in items
    }
    asked = Asked({territory: {E: frozenset(items)} for territory in TERRITORIES})
    return Wanted(TERRITORIES, strata_of(folder, TERRITORIES), definitions, asked)


def measured(folder: Path) -> None:
    """In the child: the floor, then the moments."""
    start = time.process_time()
    for file in sorted(folder.glob("*.parquet")):
        names = [name for name in pl.read_parquet_schema(file) if name[0] == "Q"]
        pl.scan_parquet(file).select(pl.col("weight", *names).sum()).collect(engine="streaming")
    floor = time.process_time() - start
    start = time.process_time()
    found = moments_by_blocks(folder, wanted(folder))
    spent = time.process_time() - start
    people = sum(part.psus for part in found.parts.values())
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{people:,} responses: Polars reads and adds {floor:.2f} s; moments from the files "
        f"{spent:.2f} s, {spent / floor:.1f} times that; largest memory {most:,.0f} MB\n"
    )


def main(sizes: list[int]) -> None:
    """Write each extract, measure it in a new process."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            write(Path(name), size, QUESTIONS)
            subprocess.run([sys.executable, __file__, "in", name], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["in"]:
        measured(Path(sys.argv[2]))
    else:
        main([int(each) for each in sys.argv[1:]] or [1_000_000, 10_000_000])
