"""Moments kept per part, so that a release made again adds up only what changed.

One file for each wave x territory x stratum x cell, ``moments/<wave>/…``, holds the part in blocks
of ``BLOCK`` response numbers (a PSU lies in the block of its first response). A block is made again
where its rows (number, revision, weight, proxy, PSU) or the set of definitions are not those that
its checksum says. What is added up is the same whether it was kept or made: digit for digit.
The moments of a small block are a person's answers: they stay in the house, and a withdrawn
response takes its block with it.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from app.domain.questionnaire import Audience
from app.evaluation.columns import AnswerColumns, ItemColumn, Respondents
from app.evaluation.components import ComponentDefinition
from app.evaluation.crosswalk import Asked
from app.evaluation.measurement import layout_of, measure
from app.evaluation.moments import Moments, Part
from app.evaluation.rows import PartKey
from app.storage.extract_reading import Extracted
from app.storage.moments_files import BlockKey, read_blocks, write_blocks

BLOCK_BITS = 15
BLOCK = 1 << BLOCK_BITS  # response numbers: late answers have high ones, and touch few blocks
FORMAT = "3"
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CacheReport:
    """How many blocks were taken as they were kept, and how many were made."""

    kept: int
    made: int


@dataclass(frozen=True, eq=False)
class _Index:
    """Every row of all audiences, sorted by block; ``spans``: the rows of each block."""

    audience: Integers
    row: Integers
    spans: Mapping[BlockKey, slice]
    digests: Mapping[BlockKey, str]
    strata: Mapping[int, str]


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
    names = _territories(data)
    index = _index(extract, data, _said(definitions, asked, extract))
    parts: dict[tuple[int, int, int], list[BlockKey]] = {}
    for key in sorted(index.spans):
        parts.setdefault(key[:3], []).append(key)
    kept_in.mkdir(parents=True, exist_ok=True)
    paths = {place: kept_in / _name(names, index, place) for place in parts}
    held = {place: read_blocks(paths[place], keys, index.digests) for place, keys in parts.items()}
    kept = {key for blocks in held.values() for key in blocks.keys}
    missing = [key for key in index.spans if key not in kept]
    made = _made(data, index, missing, definitions, asked)
    found: dict[PartKey, Part] = {}
    for place, keys in parts.items():
        blocks = held.pop(place)
        here = {key: made[key] for key in keys if key in made}
        if here:
            blocks = blocks.with_made(here, keys)
            write_blocks(paths[place], blocks, index.digests)
        found[names[place[0]], place[1], place[2]] = blocks.together(layout)
    for gone in set(kept_in.glob("*.npz")) - set(paths.values()):
        gone.unlink()
    whole = Moments(layout, {key: found[key] for key in sorted(found)})
    return whole, CacheReport(len(kept), len(missing))


def _territories(data: Mapping[Audience, Extracted]) -> tuple[str, ...]:
    return next((each.respondents.territories for each in data.values()), ())


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
    said = (FORMAT, BLOCK, list(definitions.items()), sorted(items.items()), layouts)
    return hashlib.sha256(repr(said).encode()).digest()


def _index(extract: Path, data: Mapping[Audience, Extracted], said: bytes) -> _Index:
    order = {audience: place for place, audience in enumerate(data)}
    who = [each.respondents for each in data.values()]
    sizes = [each.n for each in who]
    audience = np.repeat(np.arange(len(order), dtype=np.int64), sizes)
    row = _all([np.arange(n, dtype=np.int64) for n in sizes])
    number = _all([each.numbers for each in data.values()])
    psu, stratum = _all([e.psu for e in who]), _all([e.stratum for e in who])
    territory = _all([each.territory for each in who])
    cells = [np.zeros(e.n, dtype=np.int64) if e.cell is None else e.cell for e in who]
    first = np.full(int(psu.max(initial=0)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, psu, number)
    unit = first[psu]
    places = (territory, stratum, _all(cells), unit >> BLOCK_BITS)
    code = np.zeros(len(number), dtype=np.int64)
    for place in places:  # one number for a block: files are nearly in this order
        code *= int(place.max(initial=0)) + 1
        code += place
    if code.max(initial=0) < 1 << 16:
        code = code.astype(np.uint16)  # sorted by counting
    sorting = np.argsort(code, kind="stable")
    weight = np.concatenate([np.zeros(0), *(e.weight for e in who)])
    proxy = np.concatenate([np.zeros(0, dtype=bool), *(e.proxy for e in who)])
    exchange = np.concatenate(
        [
            np.zeros(0, bool),
            *(np.zeros(e.n, bool) if e.exchange is None else e.exchange for e in who),
        ]
    )
    flags = (audience * 4 + proxy * 2 + exchange).astype(np.int8)
    facts = [each[sorting] for each in (number, _revisions(extract, data), weight, flags)]
    facts.append((unit - number)[sorting] if (unit != number).any() else flags[:0])
    code = code[sorting]
    steps = _steps(code)
    spans, digests = {}, {}
    for start, end in zip(steps, np.append(steps, len(sorting))[1:], strict=True):
        a, b, c, d = (int(place[sorting[start]]) for place in places)
        spans[a, b, c, d] = slice(int(start), int(end))
        content = hashlib.sha256(said)
        for fact in facts:
            content.update(fact[start:end].data)
        digests[a, b, c, d] = content.hexdigest()
    return _Index(audience[sorting], row[sorting], spans, digests, _strata(extract, data))


def _all(arrays: list[Integers]) -> Integers:
    if len(arrays) == 1 and arrays[0].dtype == np.int64:
        return arrays[0]
    return np.concatenate(arrays, dtype=np.int64) if arrays else np.zeros(0, dtype=np.int64)


def _steps(sorted_values: NDArray[np.integer]) -> Integers:
    """The places where another value begins."""
    begins = np.flatnonzero(sorted_values[1:] != sorted_values[:-1]) + 1
    return np.concatenate([np.zeros(min(len(sorted_values), 1), dtype=np.int64), begins])


def _read_columns(extract: Path, audience: Audience, column: str) -> list[pl.Series]:
    files = sorted(extract.glob(f"*.{audience.value}.parquet"))
    return [pl.read_parquet(path, columns=[column])[column] for path in files]


def _revisions(extract: Path, data: Mapping[Audience, Extracted]) -> Integers:
    """In the order of ``data``: the same files in the same order."""
    found = [
        each.to_numpy()
        for audience in data
        for each in _read_columns(extract, audience, "revision")
    ]
    return _all(found)


def _strata(extract: Path, data: Mapping[Audience, Extracted]) -> dict[int, str]:
    """The name of each stratum by its number, which another set of answers may give to another."""
    found: dict[int, str] = {}
    for audience, each in data.items():
        names, numbers = pl.concat(_read_columns(extract, audience, "stratum")), each.respondents
        for place in _steps(numbers.stratum).tolist():  # rows stand by stratum
            found[int(numbers.stratum[place])] = names[place]
    return found


def _name(names: tuple[str, ...], index: _Index, place: tuple[int, int, int]) -> str:
    territory, stratum, cell = place
    mark = hashlib.sha256(index.strata[stratum].encode()).hexdigest()[:12]
    return f"{names[territory]}-{mark}-{cell}.npz"


def _made(
    data: Mapping[Audience, Extracted],
    index: _Index,
    missing: list[BlockKey],
    definitions: Mapping[str, ComponentDefinition],
    asked: Asked,
) -> dict[BlockKey, Part]:
    """Measure the rows of these blocks; a block is a cell of its own while they are measured."""
    if not missing:
        return {}
    taken = np.concatenate([np.r_[index.spans[key]] for key in missing])
    cell = np.concatenate(
        [
            np.full(index.spans[key].stop - index.spans[key].start, place, dtype=np.int64)
            for place, key in enumerate(missing)
        ]
    )
    chosen: dict[Audience, tuple[AnswerColumns, Respondents]] = {}
    for place, (audience, each) in enumerate(data.items()):
        here = index.audience[taken] == place
        rows = index.row[taken[here]]
        if len(rows):
            who = each.respondents
            some = replace(
                who,
                n=len(rows),
                territory=who.territory[rows],
                stratum=who.stratum[rows],
                psu=who.psu[rows],
                weight=who.weight[rows],
                proxy=who.proxy[rows],
                channel=who.channel[rows],
                cell=cell[here],
                exchange=None if who.exchange is None else who.exchange[rows],
            )
            chosen[audience] = (_rows(each.answers, rows), some)
    measured = measure(chosen, definitions, asked)
    return {missing[cell]: part for (_, _, cell), part in measured.parts.items()}


def _rows(answers: AnswerColumns, rows: Integers) -> AnswerColumns:
    items = {
        item: ItemColumn(
            column.status[rows],
            column.number[rows],
            column.code[rows],
            column.codes,
            None if column.ticked is None else column.ticked[rows],
            column.lowest,
            column.highest,
        )
        for item, column in answers.items.items()
    }
    return AnswerColumns(len(rows), items)
