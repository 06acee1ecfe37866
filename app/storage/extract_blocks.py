"""An extract in blocks of whole PSUs: memory for one block at a time, however many responses.

A block is a stretch of one territory's files, cut between PSUs at the same place in the files of
all audiences, so that a case stays whole. Rows stand by stratum and PSU (``extract.in_row_order``),
so a stretch is read without reading the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

import polars as pl

from app.domain.questionnaire import Audience
from app.evaluation.components import ComponentDefinition
from app.evaluation.crosswalk import Asked
from app.evaluation.measurement import layout_of, measure
from app.evaluation.moments import Moments, merge
from app.storage.extract import layout_in, unit
from app.storage.extract_reading import Extracted, File, extracted, numbered

ROWS = 131_072  # of the largest file of a block


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of one file of the extract: the first, and how many."""

    audience: str
    first: int
    rows: int


@dataclass(frozen=True, slots=True)
class ExtractBlock:
    """Some whole PSUs of a territory: a stretch of each of its files."""

    territory: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class Wanted:
    """What the moments of a block depend on beside its rows.

    ``territories``: they give territories their numbers; ``strata``: the number of each stratum by
    territory and name; ``definitions``, ``asked``: as ``measurement.measure`` takes them;
    ``beside``: the folder of ``write_beside``, where rows do not count as the extract says.
    """

    territories: tuple[str, ...]
    strata: Mapping[tuple[str, str], int]
    definitions: Mapping[str, ComponentDefinition]
    asked: Asked
    beside: Path | None = None

    @cached_property
    def items(self) -> frozenset[str]:
        """The items that some component reads."""
        return frozenset[str]().union(*(each.items for each in self.definitions.values()))

    @property
    def none(self) -> Moments:
        """The moments of nobody."""
        return Moments(layout_of(self.definitions), {})


def strata_of(folder: Path, territories: tuple[str, ...]) -> dict[tuple[str, str], int]:
    """The number of each stratum, the same as ``extract_reading.columns`` gives it."""
    found: set[tuple[str, str]] = set()
    for path in sorted(folder.glob("*.parquet")):
        territory = path.name.split(".")[0]
        names = pl.scan_parquet(path).select(pl.col("stratum").unique()).collect()["stratum"]
        found |= {(territory, name) for name in names}
    return numbered(found, territories)


def blocks(folder: Path, rows: int = ROWS) -> Iterator[ExtractBlock]:
    """The extract cut into blocks of about ``rows``, territory by territory."""
    files: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.parquet")):
        files.setdefault(path.name.split(".")[0], []).append(path)
    for territory, paths in files.items():
        alone = len(paths) == 1
        units = {path.name.split(".")[1]: _units(path, alone=alone) for path in paths}
        yield from _cut(territory, units, rows)


def _units(path: Path, *, alone: bool) -> pl.Series:
    """The stratum and PSU of each row, in the order of the file: by its place, where the file is
    ``alone`` in its territory and every person is a PSU."""
    read = pl.scan_parquet(path)
    if alone:
        rows = read.select(pl.len().alias("rows"), pl.col("psu").null_count()).collect()
        if rows["rows"][0] == rows["psu"][0]:
            return pl.int_range(rows["rows"][0], eager=True)
    named = read.select(pl.concat_str("stratum", unit(), separator="\x00").alias("unit"))
    return named.collect()["unit"]


def _cut(territory: str, units: Mapping[str, pl.Series], rows: int) -> Iterator[ExtractBlock]:
    """Cut every ``rows`` of the largest file, and the others where the same PSU would stand."""
    if not all(each.is_sorted() for each in units.values()):  # names with control characters
        rows = max(map(len, units.values()))
    largest = max(units.values(), key=len)
    begun = dict.fromkeys(units, 0)
    for end in range(rows, len(largest) + rows, rows):
        cut = (
            {name: each.search_sorted(largest[end], side="left") for name, each in units.items()}
            if end < len(largest)
            else {name: len(each) for name, each in units.items()}
        )
        if cut == begun:
            continue  # one PSU longer than a block
        stretches = (Stretch(name, begun[name], cut[name] - begun[name]) for name in units)
        yield ExtractBlock(territory, tuple(each for each in stretches if each.rows))
        begun = cut


def block_moments(folder: Path, block: ExtractBlock, wanted: Wanted) -> Moments:
    """The moments of one block, read from the files of ``folder``."""
    files = {
        Audience(each.audience): [_read(folder, block.territory, each, wanted)]
        for each in block.stretches
    }
    found = extracted(files, wanted.territories, wanted.strata)
    data = {audience: (each.answers, each.respondents) for audience, each in found.items()}
    return measure(data, wanted.definitions, wanted.asked)


def _read(folder: Path, territory: str, stretch: Stretch, wanted: Wanted) -> File:
    path = folder / f"{territory}.{stretch.audience}.parquet"
    layout = {item: each for item, each in layout_in(path).items() if item in wanted.items}
    scanned = pl.scan_parquet(path)
    names = [
        name
        for name in scanned.collect_schema().names()
        if "." not in name or name.rpartition(".")[0] in layout
    ]
    frame = scanned.select(names).slice(stretch.first, stretch.rows).collect()
    if wanted.beside is not None:
        rows = pl.scan_parquet(wanted.beside / path.name).slice(stretch.first, stretch.rows)
        frame = frame.with_columns(rows.collect().get_columns())
    return File(territory, frame, layout)


def write_beside(folder: Path, data: Mapping[Audience, Extracted]) -> None:
    """Keep how every row counts (weight, calibration cell, sample part) in files like the
    extract's, in the order of its rows. ``data``: as ``extract_reading.columns`` read them."""
    for audience, each in data.items():
        who = each.respondents
        known = {"weight": who.weight, "cell": who.cell, "exchange": who.exchange}
        frame = pl.DataFrame({name: array for name, array in known.items() if array is not None})
        for place, territory in enumerate(who.territories):
            rows = frame.filter(pl.Series(who.territory == place))
            if len(rows):
                rows.write_parquet(folder / f"{territory}.{audience.value}.parquet")


def moments_by_blocks(folder: Path, wanted: Wanted, rows: int = ROWS) -> Moments:
    """The moments of a whole extract, block by block."""
    return merge(
        chain([wanted.none], (block_moments(folder, b, wanted) for b in blocks(folder, rows)))
    )
