"""The moments of an extract on Apache Spark: the same function on the same blocks of its files.

Spark carries one row per block (a territory and stretches of its files) to where the work is done;
there ``mapInArrow`` reads it from the shared folder and gives back one row per part of the moments;
these few are added here. So a figure never depends on the engine. Needs the extra
``spark`` and Java 17 or later, and the extract's folder at the same path on every machine.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.evaluation.moments import ADDED, Layout, Moments, Part, empty_part, merge
from app.storage.extract_blocks import (
    ROWS,
    ExtractBlock,
    Stretch,
    Wanted,
    block_moments,
    blocks,
)

if TYPE_CHECKING:
    import pyarrow as pa

ROOT = Path(__file__).parents[2]
SUMS = (*ADDED, "heaviest")
SENT = "territory string, audiences array<string>, firsts array<long>, rows array<long>"
GIVEN = "territory string, stratum long, cell long, psus long, " + ", ".join(
    f"{name} array<double>" for name in SUMS
)


def spark_moments(folder: Path, wanted: Wanted, master: str, block: int = ROWS) -> Moments:
    """As ``extract_blocks.moments_by_blocks``, on the Spark at ``master`` (``local[*]``: here)."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYTHONPATH", str(ROOT))  # where workers on this machine find us
    session = SparkSession.builder.master(master).appName("covalue").getOrCreate()
    rows = [_sent(each) for each in blocks(folder, block)]
    if not rows:
        return wanted.none

    def measured(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches:
            some = (block_moments(folder, _block(row), wanted) for row in batch.to_pylist())
            found = merge(some)
            yield pa.RecordBatch.from_pylist([_given(key, found) for key in found.parts])

    tasks = min(len(rows), 4 * session.sparkContext.defaultParallelism)
    frame = session.createDataFrame(rows, SENT).repartition(tasks)
    parts = frame.mapInArrow(measured, GIVEN).collect()
    return merge(_moments(row, wanted.none.layout) for row in parts)


def _sent(block: ExtractBlock) -> tuple[str, list[str], list[int], list[int]]:
    return (
        block.territory,
        [each.audience for each in block.stretches],
        [each.first for each in block.stretches],
        [each.rows for each in block.stretches],
    )


def _block(row: dict[str, Any]) -> ExtractBlock:
    stretches = zip(row["audiences"], row["firsts"], row["rows"], strict=True)
    return ExtractBlock(row["territory"], tuple(Stretch(*each) for each in stretches))


def _given(key: tuple[str, int, int], found: Moments) -> dict[str, Any]:
    part = found.parts[key]
    territory, stratum, cell = key
    sums = {name: getattr(part, name).ravel() for name in SUMS}
    return {"territory": territory, "stratum": stratum, "cell": cell, "psus": part.psus} | sums


def _moments(row: Any, layout: Layout) -> Moments:
    shapes = {name: getattr(empty_part(layout), name).shape for name in SUMS}
    sums = {name: np.array(row[name]).reshape(shapes[name]) for name in SUMS}
    part = Part(psus=row["psus"], **sums)
    return Moments(layout, {(row["territory"], row["stratum"], row["cell"]): part})
