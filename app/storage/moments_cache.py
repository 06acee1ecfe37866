"""Moments kept by block, so that a release made again adds up only what changed.

The moments of a wave, ``moments/<wave>/…``, are kept for each part (territory x stratum x cell) in
blocks of response numbers (``moments_index``), those of a territory in two files: long blocks, and
the newest, where late answers come in. A block is made again where its rows (number, revision,
weight, proxy, PSU) or the set of definitions are not those that its checksum says. What is added
up is the same whether it was kept or made: digit for digit. The moments of a small block are a
person's answers: they stay in the house, and a withdrawn response takes its block with it.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from app.domain.questionnaire import Audience
from app.evaluation.columns import AnswerColumns, Integers, Respondents
from app.evaluation.components import ComponentDefinition
from app.evaluation.crosswalk import Asked
from app.evaluation.measurement import layout_of, measure
from app.evaluation.moments import Moments, Part, merge
from app.storage.extract_reading import Extracted
from app.storage.moments_files import added, filled, read_records, write_records
from app.storage.moments_index import BITS, LONG_BITS, BlockIndex, BlockKey, block_index

FORMAT = "4"


@dataclass(frozen=True, slots=True)
class CacheReport:
    """How many blocks were taken as they were kept, and how many were made."""

    kept: int
    made: int


def folder_of(house_folder: Path, wave_id: int) -> Path:
    """Where the moments of a wave are kept."""
    return house_folder / "moments" / str(wave_id)


def forget_moments(house_folder: Path, wave_id: int) -> None:
    """Let go of everything kept of a wave: the moments of few are a person's answers."""
    shutil.rmtree(folder_of(house_folder, wave_id), ignore_errors=True)


def cached_moments(
    kept_in: Path,
    extract: Path,
    data: Mapping[Audience, Extracted],
    definitions: Mapping[str, ComponentDefinition],
    asked: Asked,
) -> tuple[Moments, CacheReport]:
    """The moments of these answers, blocks that did not change taken from ``kept_in``.

    ``extract``: the folder that ``data`` were read from.
    """
    layout = layout_of(definitions)
    names = next((each.respondents.territories for each in data.values()), ())
    index = block_index(data, _said(definitions, asked, extract))
    files: dict[Path, list[BlockKey]] = {}
    for key in sorted(index.digests):
        kind = "long" if index.is_long(key) else "new"
        files.setdefault(kept_in / f"{names[key[0]]}.{kind}.moments", []).append(key)
    kept_in.mkdir(parents=True, exist_ok=True)
    held = {path: read_records(path) for path in files}
    missing = []
    for path, keys in files.items():
        there = set(held[path]["digest"].tolist())
        missing += [key for key in keys if index.digests[key] not in there]
    made = _made(data, index, missing, definitions, asked)
    found = [Moments(layout, {})]
    for path, keys in files.items():
        digests = [index.digests[key] for key in keys]
        records = held.pop(path)
        if records["digest"].tolist() != digests:
            records = filled(records, made, digests)
            write_records(path, records)
        found.append(added(records, [(names[a], b, c) for a, b, c, _ in keys], layout))
    for gone in {*kept_in.glob("*.moments"), *kept_in.glob("*.npz")} - set(files):  # npz: before
        gone.unlink(missing_ok=True)
    return merge(found), CacheReport(len(index.digests) - len(missing), len(missing))


def _said(definitions: Mapping[str, ComponentDefinition], asked: Asked, extract: Path) -> bytes:
    """Everything but the rows that the moments depend on."""
    items = {
        (place, audience.value): sorted(codes)
        for each in (asked.by_territory, asked.exchange)
        for place, by_audience in each.items()
        for audience, codes in by_audience.items()
    }
    layouts = [
        (path.name, pl.read_parquet_metadata(path).get("covalue", ""))
        for path in sorted(extract.glob("*.parquet"))
    ]
    said = (FORMAT, BITS, LONG_BITS, list(definitions.items()), sorted(items.items()), layouts)
    return hashlib.sha256(repr(said).encode()).digest()


def _made(
    data: Mapping[Audience, Extracted],
    index: BlockIndex,
    missing: list[BlockKey],
    definitions: Mapping[str, ComponentDefinition],
    asked: Asked,
) -> dict[bytes, Part]:
    """Measure the rows of these blocks, each under its checksum; a block is a cell of its own while
    they are measured."""
    if not missing:
        return {}
    chosen = {
        audience: _chosen(data[audience], rows, block)
        for audience, (rows, block) in index.rows(missing).items()
        if len(rows)
    }
    measured = measure(chosen, definitions, asked)
    return {index.digests[missing[cell]]: part for (_, _, cell), part in measured.parts.items()}


def _chosen(data: Extracted, rows: Integers, cell: Integers) -> tuple[AnswerColumns, Respondents]:
    """Some rows, with their cells."""
    who = data.respondents
    some = replace(
        who,
        n=len(rows),
        territory=who.territory[rows],
        stratum=who.stratum[rows],
        psu=who.psu[rows],
        weight=who.weight[rows],
        proxy=who.proxy[rows],
        channel=who.channel[rows],
        cell=cell,
        exchange=None if who.exchange is None else who.exchange[rows],
    )
    items = {item: column.rows(rows) for item, column in data.answers.items.items()}
    by_proxy = data.answers.by_proxy
    taken = None if by_proxy is None else by_proxy.rows(rows)
    return AnswerColumns(len(rows), items, taken), some
