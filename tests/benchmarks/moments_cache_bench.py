"""What 10,000 late responses cost on top of a million.

Run: python tests/benchmarks/moments_cache_bench.py [responses] [late] [questions]

Writes extract files of 9 territories x 3 strata (35 questions), measures the moments of all of
them, then of 10,000 more with what was kept, in CPU seconds of one process, and prints both with
the time of one scan of the same columns.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded
os.environ.setdefault("POLARS_MAX_THREADS", "1")

import numpy as np
import polars as pl

from app.domain.conditions import Compare
from app.domain.frameworks import Share
from app.domain.questionnaire import Audience
from app.evaluation.components import ComponentDefinition
from app.evaluation.crosswalk import Asked
from app.evaluation.measurement import measure
from app.storage.extract import in_row_order, metadata_of, write_parquet
from app.storage.extract_reading import columns
from app.storage.item_layout import ItemLayout
from app.storage.moments_cache import cached_moments

E = Audience.ELDERLY
TERRITORIES = ("BDX", "BOU", "COR", "HPY", "I37", "MAY", "NAN", "PAR", "VAL")
CODES = ("1", "2", "3", "4", "5")


def frame(numbers: np.ndarray, questions: int) -> pl.DataFrame:
    """Made-up responses with these numbers; a number decides everything about its response."""
    found: dict[str, object] = {
        "number": pl.Series(numbers, dtype=pl.Int64),
        "revision": pl.Series(np.ones(len(numbers)), dtype=pl.Int32),
        "weight": pl.Series(0.5 + (numbers * 7919 % 1000) / 600, dtype=pl.Float64),
        "stratum": pl.Series([f"S{each}" for each in numbers // 9 % 3], dtype=pl.String),
        "psu": pl.Series([None] * len(numbers), dtype=pl.String),
        "proxy": pl.Series(numbers % 10 == 0, dtype=pl.Boolean),
        "channel": pl.Series(["web"] * len(numbers), dtype=pl.String),
        "language": pl.Series(["fr"] * len(numbers), dtype=pl.String),
        "sub_area": pl.Series([None] * len(numbers), dtype=pl.String),
    }
    for question in range(questions):
        code = (numbers * (2 * question + 3) // 11 % 5).astype(np.int16)
        found[f"Q{question}.status"] = pl.Series(np.zeros(len(numbers)), dtype=pl.Int8)
        found[f"Q{question}.code"] = pl.Series(code, dtype=pl.Int16)
    return pl.DataFrame(found)


def write(folder: Path, count: int, questions: int) -> None:
    """The extract of ``count`` responses."""
    layout = {
        f"Q{question}": ItemLayout("choice", CODES, (1.0, 2.0, 3.0, 4.0, 5.0), 1.0, 5.0)
        for question in range(questions)
    }
    numbers = np.arange(1, count + 1, dtype=np.int64)
    for place, territory in enumerate(TERRITORIES):
        here = in_row_order(frame(numbers[numbers % 9 == place], questions))
        write_parquet(here, folder / f"{territory}.elderly.parquet", metadata_of(layout))


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """CPU seconds of the process, and what came out."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def main(count: int, late: int, questions: int) -> None:
    """Measure and print."""
    definitions = {
        f"C{question}.elderly": ComponentDefinition(
            f"C{question}.elderly", f"C{question}", E, Share(Compare(f"Q{question}", ">=", "4"))
        )
        for question in range(questions)
    }
    items = frozenset(f"Q{question}" for question in range(questions))
    asked = Asked({territory: {E: items} for territory in TERRITORIES})
    with tempfile.TemporaryDirectory() as name:
        folder, kept = Path(name) / "extract", Path(name) / "kept"
        folder.mkdir()
        for step, size in (("all", count), ("nothing new", count), ("late", count + late)):
            write(folder, size, questions)
            reading, data = timed(lambda: columns(folder, TERRITORIES))
            adding, (_, report) = timed(  # type: ignore[misc]
                lambda data=data: cached_moments(kept, folder, data, definitions, asked)  # type: ignore[arg-type]
            )
            print(  # noqa: T201 - the benchmark's result
                f"{step}: {size:,} responses, {questions} components: reading {reading:.2f} s, "
                f"moments {adding:.2f} s ({report.kept} blocks kept, {report.made} made)"
            )
        pairs = {audience: (each.answers, each.respondents) for audience, each in data.items()}  # type: ignore[attr-defined]
        plain, _ = timed(lambda: measure(pairs, definitions, asked))
        scan, _ = timed(
            lambda: [
                float(column.number.sum()) + float(column.status.sum())
                for column in pairs[E][0].items.values()
            ]
        )
        print(f"without keeping: {plain:.2f} s; one scan of the columns: {scan:.2f} s")  # noqa: T201


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]), *(1_000_000, 10_000, 35)[len(sys.argv) - 1 :])
