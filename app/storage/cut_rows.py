"""The rows of a data cut's files, stretch by stretch: memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from app.storage.extract import layout_in, unit
from app.storage.item_layout import ItemLayout

ROWS = 20_000  # held at once


@dataclass(frozen=True, eq=False)
class Stretch:
    """Some rows of one file. ``first``: the place of its first row in the file."""

    territory: str
    audience: str
    first: int
    frame: pl.DataFrame
    layout: Mapping[str, ItemLayout]


def files_of(
    folder: Path, places: frozenset[str], audiences: frozenset[str]
) -> list[tuple[str, str, Path]]:
    """Territory, audience and path of each file wanted, in order."""
    found = []
    for path in sorted(folder.glob("*.parquet")):
        territory, audience, _ = path.name.split(".")
        if territory in places and audience in audiences:
            found.append((territory, audience, path))
    return found


def stretches(
    folder: Path,
    places: frozenset[str],
    audiences: frozenset[str],
    rows: int = ROWS,
    items: Collection[str] | None = None,
) -> Iterator[Stretch]:
    """Every row wanted, at most ``rows`` at once; ``unit`` is the primary unit of each.

    ``items``: those that are read beside what is known of every person; None: all.
    """
    for territory, audience, path in files_of(folder, places, audiences):
        layout = layout_in(path)
        scanned = pl.scan_parquet(path)
        if items is not None:
            names = scanned.collect_schema().names()
            scanned = scanned.select(
                [name for name in names if "." not in name or name.rpartition(".")[0] in items]
            )
        scanned = scanned.with_columns(unit().alias("unit"))
        first = 0
        while len(frame := scanned.slice(first, rows).collect()):
            yield Stretch(territory, audience, first, frame, layout)
            first += len(frame)
