"""An extract's files read into the arrays of ``evaluation.columns``, one set for each audience."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from app.domain.questionnaire import Audience
from app.evaluation.columns import AnswerColumns, ByProxy, ItemColumn, Respondents, Status
from app.storage.extract import layout_in, unit
from app.storage.item_layout import ItemLayout, joined

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Extracted:
    """One audience: answers and who gave them, in the same order as the response ``numbers`` and
    their ``revisions``. ``strata``: territory and name of each stratum of all audiences by its
    number, which another set of answers may give to another."""

    answers: AnswerColumns
    respondents: Respondents
    numbers: Numbers
    revisions: NDArray[np.int32]
    strata: Mapping[int, tuple[str, str]]


@dataclass(frozen=True, eq=False)
class File:
    """Rows of a territory's file, or a stretch of them."""

    territory: str
    frame: pl.DataFrame
    layout: Mapping[str, ItemLayout]


def columns(folder: Path, territories: tuple[str, ...]) -> dict[Audience, Extracted]:
    """Every audience found in the folder. ``territories`` gives the numbers of territories.

    A stratum is nested in its territory and a PSU in its stratum; where no PSU is given, the
    person is one. The same case has one PSU number in all audiences.
    """
    found: dict[Audience, list[File]] = {}
    for path in sorted(folder.glob("*.parquet")):
        territory, audience, _ = path.name.split(".")
        file = File(territory, pl.read_parquet(path), layout_in(path))
        found.setdefault(Audience(audience), []).append(file)
    return extracted(found, territories)


def extracted(
    found: Mapping[Audience, list[File]],
    territories: tuple[str, ...],
    strata: Mapping[tuple[str, str], int] | None = None,
) -> dict[Audience, Extracted]:
    """Rows of files as arrays. ``strata``: the number of each stratum by territory and name, where
    these rows are a part of a whole that has numbered them."""
    runs = _runs(found)
    if strata is None:
        names = {(territory, name) for territory, each in runs for name in each["value"]}
        strata = numbered(names, territories)
    places = _places(found, runs, territories, strata)
    named = {number: each for each, number in strata.items()}
    frames = [file.frame["channel"].unique() for files in found.values() for file in files]
    channels = tuple(sorted({name for each in frames for name in each}))
    return {
        audience: _extracted(files, places[audience], territories, channels, named)
        for audience, files in found.items()
    }


def column_of(folder: Path, audience: Audience, name: str) -> pl.Series:
    """One column of an audience's files, in the order of ``columns``."""
    files = sorted(folder.glob(f"*.{audience.value}.parquet"))
    return pl.concat([pl.read_parquet(path, columns=[name]) for path in files])[name]


def languages(folder: Path, audience: Audience) -> tuple[Numbers, tuple[str, ...]]:
    """The place of each person's language in a list of languages, -1 where it is not known."""
    found = column_of(folder, audience, "language")
    names = tuple(sorted(found.drop_nulls().unique().to_list()))
    index = {name: place for place, name in enumerate(names)}
    places = found.replace_strict(index, default=-1, return_dtype=pl.Int64)
    return places.to_numpy(), names


def modes(folder: Path) -> dict[str, Counter[str]]:
    """How many responses came by each channel and language, and from a proxy, per file."""
    counts = {}
    for path in sorted(folder.glob("*.parquet")):
        frame = pl.read_parquet(path, columns=["channel", "language", "proxy"])
        counts[path.name.removesuffix(".parquet")] = Counter(
            [f"channel:{name}" for name in frame["channel"]]
            + [f"language:{name or '?'}" for name in frame["language"]]
            + ["proxy"] * int(frame["proxy"].sum())
        )
    return counts


def _runs(found: Mapping[Audience, list[File]]) -> list[tuple[str, pl.DataFrame]]:
    """Of each file its territory, and the strata of its rows one after the other: rows stand by
    stratum."""
    return [
        (file.territory, file.frame["stratum"].rle().struct.unnest())
        for several in found.values()
        for file in several
    ]


def _places(
    found: Mapping[Audience, list[File]],
    runs: list[tuple[str, pl.DataFrame]],
    territories: tuple[str, ...],
    strata: Mapping[tuple[str, str], int],
) -> dict[Audience, tuple[Numbers, Numbers, Numbers]]:
    """Territory, stratum and PSU of each row, numbered alike in all audiences."""
    files = [(audience, file) for audience, several in found.items() for file in several]
    if not files:
        return {}
    numbers = [
        np.repeat(
            np.array([strata[territory, name] for name in each["value"]], dtype=np.int64),
            each["len"].to_numpy(),
        )
        for territory, each in runs
    ]
    units = _units([file.frame for _, file in files], numbers, one=len(found) == 1)
    places: dict[Audience, list[tuple[Numbers, Numbers, Numbers]]] = {}
    for (audience, file), stratum, psu in zip(files, numbers, units, strict=True):
        territory = np.full(len(stratum), territories.index(file.territory), dtype=np.int64)
        places.setdefault(audience, []).append((territory, stratum, psu))
    return {audience: _joined(several) for audience, several in places.items()}


def numbered(
    strata: Iterable[tuple[str, str]], territories: tuple[str, ...]
) -> dict[tuple[str, str], int]:
    """The number of each stratum, by territory and name."""
    in_order = sorted(set(strata), key=lambda each: f"{territories.index(each[0])}\x1e{each[1]}")
    return {each: place for place, each in enumerate(in_order, start=1)}


def _units(frames: list[pl.DataFrame], strata: list[Numbers], *, one: bool) -> list[Numbers]:
    """The PSU of each row of each file. ``one``: the files are of one audience, so that rows of a
    PSU stand together where rows are in order."""
    ends = np.cumsum([len(each) for each in frames])[:-1]
    if all(each["psu"].null_count() == len(each) for each in frames):  # each person is one
        return np.split(np.arange(sum(map(len, frames)), dtype=np.int64), ends)
    keys = [
        frame.select(
            pl.concat_str(pl.Series(stratum).cast(pl.String), unit(), separator="\x1d")
        ).to_series()
        for frame, stratum in zip(frames, strata, strict=True)
    ]
    together = pl.concat(keys)
    if one and all(each.is_sorted() for each in keys):
        return np.split(together.rle_id().cast(pl.Int64).to_numpy(), ends)
    return np.split(together.rank("dense").cast(pl.Int64).to_numpy(), ends)


def _joined(several: list[tuple[Numbers, Numbers, Numbers]]) -> tuple[Numbers, Numbers, Numbers]:
    if len(several) == 1:
        return several[0]
    territory, stratum, psu = (np.concatenate(each) for each in zip(*several, strict=True))
    return territory, stratum, psu


def _extracted(
    files: list[File],
    places: tuple[Numbers, Numbers, Numbers],
    territories: tuple[str, ...],
    channels: tuple[str, ...],
    strata: Mapping[int, tuple[str, str]],
) -> Extracted:
    beside = [name for name in ("cell", "exchange") if name in files[0].frame.columns]
    names = ("number", "revision", "weight", "proxy", "channel", *beside)
    who = pl.concat([f.frame.select(names) for f in files])
    territory, stratum, psu = places
    index = {name: place for place, name in enumerate(channels)}
    respondents = Respondents(
        n=len(who),
        territory=territory,
        territories=territories,
        stratum=stratum,
        psu=psu,
        weight=who["weight"].to_numpy(),
        proxy=who["proxy"].to_numpy(),
        channel=who["channel"].replace_strict(index, return_dtype=pl.Int8).to_numpy(),
        channels=channels,
        **{name: who[name].to_numpy() for name in beside},
    )
    layout: dict[str, ItemLayout] = {}
    for file in files:
        for item, each in file.layout.items():
            layout[item] = joined(layout[item], each) if item in layout else each
    items = {item: _item(item, each, files, len(who)) for item, each in layout.items()}
    answers = AnswerColumns(len(who), items, _by_proxy(files, respondents.proxy))
    number, revision = (who[name].to_numpy() for name in ("number", "revision"))
    return Extracted(answers, respondents, number, revision, strata)


def _by_proxy(files: list[File], proxy: NDArray[np.bool_]) -> ByProxy:
    """Which answers came from a proxy; of files that do not say it by item, all of a response."""
    partly: dict[str, list[int]] = {}
    first = 0
    for file in files:
        if "proxy_items" in file.frame.columns:
            said = file.frame["proxy_items"]
            for row in said.is_not_null().arg_true():
                for item in said[row]:
                    partly.setdefault(item, []).append(first + row)
        first += len(file.frame)
    whole, items = proxy.copy(), {}
    for item, rows in partly.items():
        items[item] = np.zeros(len(proxy), dtype=bool)
        items[item][rows] = True
        whole[rows] = False
    return ByProxy(whole, items)


def _item(item: str, layout: ItemLayout, files: Iterable[File], n: int) -> ItemColumn:
    """One item over all files; where a file lacks it, nobody was asked."""
    files = tuple(files)

    def spread(part: str, empty: Any, read: Callable[[File], Any] | None = None) -> Any:
        read = read or (lambda file: file.frame[f"{item}.{part}"].to_numpy())
        parts = [read(f) if item in f.layout else np.full(len(f.frame), empty) for f in files]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    status = spread("status", int(Status.NOT_SHOWN)).astype(np.int8, copy=False)
    if layout.form == "choice":
        code = spread("code", -1, lambda file: _codes(file, item, layout))
        code = code.astype(np.int16, copy=False)
        scores = [np.nan if score is None else score for score in layout.scores]
        ends = (layout.lowest, layout.highest)
        return ItemColumn(
            status, None, code, layout.codes, None, *ends, np.array(scores, np.float64)
        )
    code, number, ticked = np.full(n, -1, dtype=np.int16), np.full(n, np.nan), None
    if layout.form == "choices":
        bits = spread("ticked", 0, lambda file: _bits(file, item, layout)).astype(np.int64)
        places = np.arange(len(layout.codes), dtype=np.int64)
        ticked = (bits[:, None] >> places & np.int64(1)).astype(bool)
    elif layout.form == "number":
        number = spread("number", np.nan)
    elif layout.form == "written":  # of a place no figure tells more than that there is one
        written = spread("written", None, lambda file: file.frame[f"{item}.written"].to_list())
        return _written_column(status, written)
    return ItemColumn(status, number, code, layout.codes, ticked, layout.lowest, layout.highest)


def _turned(file: File, item: str, layout: ItemLayout) -> list[int]:
    """The place in ``layout`` of each code of the file's own layout."""
    return [layout.codes.index(each) for each in file.layout[item].codes]


def _codes(file: File, item: str, layout: ItemLayout) -> NDArray[np.int16]:
    codes: NDArray[np.int16] = file.frame[f"{item}.code"].to_numpy()
    if file.layout[item].codes == layout.codes:
        return codes
    turn = np.array([*_turned(file, item, layout), -1], dtype=np.int16)
    turned: NDArray[np.int16] = turn[codes]
    return turned


def _bits(file: File, item: str, layout: ItemLayout) -> NDArray[np.int64]:
    own = file.frame[f"{item}.ticked"].to_numpy()
    bits = np.zeros(len(own), dtype=np.int64)
    for place, turned in enumerate(_turned(file, item, layout)):
        bits |= (own >> np.int64(place) & np.int64(1)) << np.int64(turned)
    return bits


def _written_column(status: Any, written: Iterable[str | None]) -> ItemColumn:
    written = list(written)
    codes = tuple(sorted({each for each in written if each is not None}))
    index: dict[str | None, int] = {each: place for place, each in enumerate(codes)}
    code = np.array([index.get(each, -1) for each in written], dtype=np.int32)
    no_number = np.full(len(codes), np.nan)  # as on the path: a year is a date, a text a text
    return ItemColumn(status, None, code, codes, scores=no_number, written=True)
