"""From the extract to every component under every framework, against raw scans of the same columns.

Run: python tests/benchmarks/run.py evaluation, or with a number of responses behind the file's
name. A demonstration extract is tiled to the size asked for (one million), each tile with persons
and cases of its own. Floors, in the same run: (a) Polars reading the same columns of the same
files and adding them up, on one thread; (b) adding up the same columns already in memory. CPU
seconds of one process, one thread.
"""

from __future__ import annotations

import os

os.environ["POLARS_MAX_THREADS"] = "1"  # before polars is loaded: CPU seconds of one thread
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import polars as pl

from app.evaluation.assessment import assess_moments
from app.evaluation.components import components_of
from app.evaluation.measurement import Data, measure
from app.protection.keys import Keys
from app.storage.database import Database
from app.storage.extract import (
    folder_of,
    in_row_order,
    layout_in,
    metadata_of,
    refresh,
    write_parquet,
)
from app.storage.extract_reading import columns
from app.storage.published import Content, content_of
from app.storage.schema import upgrade
from app.storage.territories import territories_of
from app.workflows import demonstration
from app.workflows.acting import House
from app.workflows.programmes import load_programme

ROOT = Path(__file__).parents[2]
WAVE = 1
T = TypeVar("T")


def cpu(work: Callable[[], T], times: int = 3) -> tuple[float, T]:
    """Least CPU seconds of several runs, and what the last one gave."""
    found = []
    for _ in range(times):
        start = time.process_time()
        made = work()
        found.append(time.process_time() - start)
    return min(found), made


def tiled(source: Path, target: Path, responses: int) -> int:
    """The extract again and again, about so many responses in all; how many they are."""
    target.mkdir()
    files = sorted(source.glob("*.parquet"))
    frames = {file.name: pl.read_parquet(file) for file in files}
    times = -(-responses // sum(map(len, frames.values())))
    whole = 0
    for file in files:
        frame = frames[file.name]
        tiles = [
            frame.with_columns(pl.col("number") + tile * 10_000_000, pl.col("psu") + f"-{tile}")
            for tile in range(times)
        ]
        made = in_row_order(pl.concat(tiles))
        write_parquet(made, target / file.name, metadata_of(layout_in(file)))
        whole += len(made)
    return whole


def read(content: Content) -> frozenset[str]:
    """The items that some component reads."""
    definitions = components_of((content.national, *content.own.values()))
    return frozenset[str]().union(*(each.items for each in definitions.values()))


def scanned(files: Sequence[Path], items: frozenset[str]) -> None:
    """Floor (a): read and add up, nothing else."""
    for file in files:
        names = [
            name
            for name, kind in pl.read_parquet_schema(file).items()
            if name.split(".")[0] in items | {"weight"} and kind.is_numeric()
        ]
        pl.read_parquet(file, columns=names).sum()


def added(data: Data, items: frozenset[str]) -> None:
    """Floor (b): add up what is in memory."""
    for answers, who in data.values():
        who.weight.sum()
        for item, column in answers.items.items():
            if item in items:
                column.status.sum()
                column.number.sum()
                column.code.sum()


def main(responses: int) -> None:
    """Fill, tile, measure, print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        house = House(Database(f"sqlite:///{folder}/x.sqlite"), Keys.derive(b"b" * 32), folder)
        upgrade(house.database)
        load_programme(house, ROOT, synthetic=True)
        demonstration.fill(house, ROOT)
        refresh(house.database, folder, WAVE)
        with house.database.read() as session:
            content = content_of(house.database, session, WAVE)
            places = territories_of(session, 1)
        house.database.dispose()
        whole = tiled(folder_of(folder, WAVE), folder / "tiled", responses)
        files = sorted((folder / "tiled").glob("*.parquet"))
        items = read(content)
        own = [content.own[code] for code in sorted(content.own)]
        definitions = components_of((content.national, *own))
        floor, _ = cpu(lambda: scanned(files, items))
        reading, found = cpu(lambda: columns(folder / "tiled", tuple(sorted(places))))
        data = {audience: (each.answers, each.respondents) for audience, each in found.items()}
        memory, _ = cpu(lambda: added(data, items))
        measuring, moments = cpu(lambda: measure(data, definitions, content.asked))
        judging, _ = cpu(
            lambda: assess_moments(
                moments, content.national, content.own, content.asked, list(places.values())
            ),
            1,
        )
    sys.stdout.write(
        f"{whole:,} responses, {len(definitions)} components, {1 + len(own)} frameworks, "
        f"{len(items)} items read\n"
        f"floors: Polars reads and adds {floor:.2f} s; adding in memory {memory:.3f} s\n"
        f"files to arrays {reading:.2f} s, scores and moments with full covariance "
        f"{measuring:.2f} s, estimates, ten frameworks, verdicts and protection {judging:.2f} s\n"
        f"extract to moments / Polars floor {(reading + measuring) / floor:.1f}; "
        f"scores and moments / adding in memory {measuring / memory:.1f}; "
        f"all of it / Polars floor {(reading + measuring + judging) / floor:.1f}\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
