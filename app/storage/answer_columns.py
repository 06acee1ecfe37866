"""Packed answers to columns, in one pass over the documents of a territory's audience.

Per item there is ``ITEM.status`` (int8, see ``evaluation.columns.Status``) and, by its form,
``ITEM.code`` (int16, index into the layout's codes), ``ITEM.ticked`` (bits of the codes),
``ITEM.number`` (float64) or ``ITEM.written`` (a date as given; of a file, kind and size). Free
text and files are never copied.
``proxy``: any answer was given in the person's place; ``proxy_items``: which, where not all were.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import polars as pl

from app.domain.answer_files import MEGABYTE, read_file
from app.domain.places import coarse
from app.domain.questionnaire import Why
from app.evaluation.columns import Status
from app.storage.item_layout import ItemLayout, Layout
from app.storage.responses import unpack

REASON = {
    Why.DONT_KNOW.value: int(Status.DONT_KNOW),
    Why.PREFER_NOT.value: int(Status.PREFER_NOT),
    Why.NOT_CONCERNED.value: int(Status.NOT_CONCERNED),
    Why.SKIPPED.value: int(Status.SKIPPED),
}
_BELOW = {why: -status for why, status in REASON.items()}  # below 0: a reason, not a code
_NOT_SHOWN = int(Status.NOT_SHOWN)
AT_ONCE = 128  # documents held decoded: they stay in cache, and the collector finds few objects

Cells = Sequence[Mapping[str, Any] | None]  # stored answers to one item: {v | why, o, s, at}
Fill = Callable[[Cells, ItemLayout], dict[str, list[Any]]]


@dataclass(frozen=True, slots=True)
class CompletedRow:
    """What is known of a response that counts, beside its answers."""

    number: int
    revision: int
    weight: float
    stratum: str
    psu: str | None
    sub_area: str | None
    channel: str
    partial: bool = False  # never sent: see storage.partials
    exchange: bool = False  # of the sample part that is asked other territories' items too


def frame_of(rows: Sequence[CompletedRow], bodies: Iterable[bytes], layout: Layout) -> pl.DataFrame:
    """One row per response, in order. Raises ValueError for a code that no option has."""
    proxy: list[bool] = []
    proxy_items: list[list[str] | None] = []
    language: list[str | None] = []
    raw: dict[str, dict[str, list[Any]]] = {item: {} for item in layout}
    rest = iter(bodies)
    with _no_collection():
        while some := [unpack(body) for body in islice(rest, AT_ONCE)]:
            for document in some:
                by_proxy, partly = _by_proxy(document)
                proxy.append(by_proxy)
                proxy_items.append(partly)
            language.extend(_language(document) for document in some)
            answers = [document["a"] for document in some]
            for item, each in layout.items():
                _add(item, [given.get(item) for given in answers], each, raw[item])
    columns: dict[str, Any] = {
        "number": pl.Series([row.number for row in rows], dtype=pl.Int64),
        "revision": pl.Series([row.revision for row in rows], dtype=pl.Int32),
        "weight": pl.Series([row.weight for row in rows], dtype=pl.Float64),
        "stratum": pl.Series([row.stratum for row in rows], dtype=pl.String),
        "psu": pl.Series([row.psu for row in rows], dtype=pl.String),
        "proxy": pl.Series(proxy, dtype=pl.Boolean),
        "proxy_items": pl.Series(proxy_items, dtype=pl.List(pl.String)),
        "channel": pl.Series([row.channel for row in rows], dtype=pl.String),
        "language": pl.Series(language, dtype=pl.String),
        "sub_area": pl.Series([row.sub_area for row in rows], dtype=pl.String),
        "partial": pl.Series([row.partial for row in rows], dtype=pl.Boolean),
        "exchange": pl.Series([row.exchange for row in rows], dtype=pl.Boolean),
    }
    for item in layout:
        columns |= _columns(item, raw[item])
    return pl.DataFrame(columns)


@contextmanager
def _no_collection() -> Iterator[None]:
    """No search for cycles meanwhile: documents have none, and looking takes half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _by_proxy(document: Mapping[str, Any]) -> tuple[bool, list[str] | None]:
    """Whether any answer was given in the person's place; and the items of those that were,
    where the person gave others."""
    sittings = enumerate(document.get("sit", ()))
    proxies = {index for index, sitting in sittings if sitting.get("role") == "proxy"}
    if not proxies:
        return False, None
    items = [item for item, answer in document["a"].items() if answer.get("s", 0) in proxies]
    return bool(items), items if 0 < len(items) < len(document["a"]) else None


def _language(document: Mapping[str, Any]) -> str | None:
    sittings = document.get("sit", ())
    return sittings[-1].get("lang") if sittings else None


def _add(item: str, cells: Cells, layout: ItemLayout, to: dict[str, list[Any]]) -> None:
    try:
        for part, values in _FILL[layout.form](cells, layout).items():
            to.setdefault(part, []).extend(values)
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"an answer to {item} does not fit its question") from None


def _choice(cells: Cells, layout: ItemLayout) -> dict[str, list[Any]]:
    index = {code: place for place, code in enumerate(layout.codes)}
    return {
        "code": [
            -_NOT_SHOWN
            if cell is None
            else (index[cell["v"]] if "v" in cell else _BELOW[cell["why"]])
            for cell in cells
        ]
    }


def _choices(cells: Cells, layout: ItemLayout) -> dict[str, list[Any]]:
    bit = {code: 1 << place for place, code in enumerate(layout.codes)}
    return {
        "ticked": [
            -_NOT_SHOWN
            if cell is None
            else (sum([bit[code] for code in cell["v"]]) if "v" in cell else _BELOW[cell["why"]])
            for cell in cells
        ]
    }


def _number(cells: Cells, layout: ItemLayout) -> dict[str, list[Any]]:
    numbers = [float(cell["v"]) if cell is not None and "v" in cell else np.nan for cell in cells]
    return {**_status(cells, layout), "number": numbers}


def _written(cells: Cells, layout: ItemLayout) -> dict[str, list[Any]]:
    written = [str(cell["v"]) if cell is not None and "v" in cell else None for cell in cells]
    return {**_status(cells, layout), "written": written}


def _place(cells: Cells, layout: ItemLayout) -> dict[str, list[Any]]:
    points = [coarse(cell["v"]) if cell is not None and "v" in cell else None for cell in cells]
    return {**_status(cells, layout), "written": points}


def _file(cells: Cells, layout: ItemLayout) -> dict[str, list[Any]]:
    said = (read_file(cell.get("v")) if cell is not None else None for cell in cells)
    written = [f"{one.kind} {one.size / MEGABYTE:.1f} MB" if one else None for one in said]
    return {**_status(cells, layout), "written": written}


def _status(cells: Cells, _layout: ItemLayout) -> dict[str, list[Any]]:
    return {
        "status": [
            _NOT_SHOWN if cell is None else (0 if "v" in cell else REASON[cell["why"]])
            for cell in cells
        ]
    }


_FILL: dict[str, Fill] = {
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "written": _written,
    "place": _place,
    "file": _file,
    "status": _status,
}


def _columns(item: str, raw: Mapping[str, list[Any]]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for part, values in raw.items():
        if part in ("code", "ticked"):
            found = np.array(values, dtype=np.int64)
            columns[f"{item}.status"] = np.where(found >= 0, 0, -found).astype(np.int8)
            absent, kind = (-1, np.int16) if part == "code" else (0, np.int64)
            columns[f"{item}.{part}"] = np.where(found >= 0, found, absent).astype(kind)
        else:
            columns[f"{item}.{part}"] = pl.Series(values, dtype=_TYPES[part])
    return columns


_TYPES = {"status": pl.Int8, "number": pl.Float64, "written": pl.String}
