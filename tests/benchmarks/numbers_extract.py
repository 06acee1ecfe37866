"""Extract files of any size for the benchmark of the numbers: 9 territories x 3 strata."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from app.storage.extract import in_row_order, metadata_of, write_parquet
from app.storage.item_layout import ItemLayout

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
        "partial": pl.Series([False] * len(numbers), dtype=pl.Boolean),
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
