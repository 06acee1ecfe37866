"""An extract written as CSV: 100,000 answers by 73 columns, and ten times as many."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from app.domain.text import Text
from app.interchange.extract_columns import cells
from app.interchange.extract_csv import write_answers
from app.interchange.extract_variables import FIXED, Variable

COLUMNS, STRETCH = 73, 20_000
OPTIONS = ("1", "2", "3", "4", "5")


def variables() -> tuple[Variable, ...]:
    """The fixed columns and as many items as make 73."""
    items = (
        Variable(f"Q{n:02d}", Text.of(en="Question"), "choice", OPTIONS)
        for n in range(COLUMNS - len(FIXED))
    )
    return (*FIXED, *items)


def stretch(seed: int) -> pl.DataFrame:
    """Made-up answers as the extract keeps them; one in twenty has no value."""
    chance = np.random.default_rng(seed)
    frame: dict[str, object] = {
        each.name: chance.random(STRETCH) if each.form == "weight" else ["x" * 12] * STRETCH
        for each in FIXED
    }
    for variable in variables()[len(FIXED) :]:
        why = np.where(chance.random(STRETCH) < 0.05, chance.integers(1, 6, STRETCH), 0)
        frame[f"{variable.name}.status"] = why.astype(np.int8)
        code = np.where(why == 0, chance.integers(0, len(OPTIONS), STRETCH), -1)
        frame[f"{variable.name}.code"] = code.astype(np.int16)
    return pl.DataFrame(frame)


def written(rows: int, path: Path) -> tuple[float, int]:
    """CPU seconds of writing so many rows to a file, and its size."""
    made = stretch(1)
    codes = dict.fromkeys((each.name for each in variables()), OPTIONS)

    def frames() -> Iterator[pl.DataFrame]:
        for _ in range(rows // STRETCH):
            yield cells(made, variables(), codes)

    began = time.process_time()
    with path.open("wb") as out:
        write_answers(frames(), out)
    return time.process_time() - began, path.stat().st_size


def main() -> None:
    """Print seconds, bytes and the largest memory, for both sizes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        found = []
        for rows in (100_000, 1_000_000):
            seconds, size = written(rows, path)
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            found.append(seconds)
            sys.stdout.write(
                f"answers as CSV: {rows} x {COLUMNS}: {seconds:.2f} s of CPU (limit "
                f"{2 * rows / 100_000:.0f}), {size / 1e6:.0f} MB, largest memory {most} MB\n"
            )
        sys.stdout.write(f"ten times the rows: {found[1] / found[0]:.1f} times the CPU\n")


if __name__ == "__main__":
    main()
