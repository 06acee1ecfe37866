"""The extract: the responses of a wave that count, as Parquet, a file per territory and audience.

What counts: what was sent and still stands; in a closed wave whose rule says so, partials too.

Only what is new or changed is read again, found by ``extracted_revision`` and by what the file
itself holds, never by a sequence: a late, corrected or withdrawn response is found, and a lost or
restored file is made again. A file is replaced whole or not at all.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.orm import Session

from app.domain.codes import is_code
from app.storage.answer_columns import CompletedRow, frame_of
from app.storage.database import Database
from app.storage.instruments import compiled
from app.storage.item_layout import ItemLayout, layout_of
from app.storage.partials import Place, partials, settled
from app.storage.partials import unsent as unsent_in
from app.storage.response_keys import ResponseKey
from app.storage.responses import Response
from app.storage.waves import exchanges_of

T = TypeVar("T")
BATCH = 20_000
MARKED_AT_ONCE = 5_000
FORMAT = 4  # of the files: another one is made again
Partials = Mapping[int, Place]


@dataclass(frozen=True, slots=True)
class ExtractReport:
    """What a refresh did: responses read again, and files written or removed."""

    read: int
    files: int


@dataclass(frozen=True, slots=True)
class _Cell:
    territory: str
    audience: str
    instruments: tuple[int, ...]


def folder_of(house_folder: Path, wave_id: int) -> Path:
    """Where the living extract of a wave is kept."""
    return house_folder / "extract" / str(wave_id)


def completed(wave_id: int) -> ColumnElement[bool]:
    """The condition that makes a response of the wave count: submitted and still standing."""
    return (
        (Response.wave_id == wave_id)
        & Response.submitted_at.is_not(None)
        & Response.withdrawn_at.is_(None)
        & Response.refused_at.is_(None)
        & Response.superseded_by.is_(None)
    )


def refresh(database: Database, house_folder: Path, wave_id: int) -> ExtractReport:
    """Bring the wave's files up to date. Safe to repeat and to interrupt at any moment."""
    folder = folder_of(house_folder, wave_id)
    folder.mkdir(parents=True, exist_ok=True)
    read = files = 0
    with alone_in(folder):
        unsent = partials(database, wave_id)
        cells = _cells(database, wave_id, unsent)
        names = {file_name(cell.territory, cell.audience) for cell in cells}
        for gone in sorted(folder.glob("*.parquet")):
            if gone.name not in names:
                gone.unlink()
                files += 1
        for cell in cells:
            count, wrote = _refresh_cell(database, folder, wave_id, cell, unsent)
            read += count
            files += wrote
    return ExtractReport(read, files)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: one process at a time writes or copies its files."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def file_name(territory: str, audience: str) -> str:
    """The name of the file of a territory's audience."""
    if not (is_code(territory) and is_code(audience)):
        raise ValueError("not a code")
    return f"{territory}.{audience}.parquet"


def _cells(database: Database, wave_id: int, unsent: Partials) -> list[_Cell]:
    statement = (
        select(Response.territory, Response.audience, Response.instrument_id)
        .where(completed(wave_id))
        .distinct()
    )
    with database.read() as session:
        seen = {Place(*row) for row in session.execute(statement)} | set(unsent.values())
    found: dict[tuple[str, str], list[int]] = {}
    for place in sorted(seen, key=astuple):
        found.setdefault((place.territory, place.audience), []).append(place.instrument)
    return [_Cell(*place, tuple(instruments)) for place, instruments in found.items()]


def _refresh_cell(
    database: Database, folder: Path, wave_id: int, cell: _Cell, unsent: Partials
) -> tuple[int, int]:
    layout = layout_of(compiled(database, number) for number in cell.instruments)
    path = folder / file_name(cell.territory, cell.audience)
    old = _read_if_same(path, layout)
    counts = completed(wave_id) | unsent_in(wave_id) if unsent else completed(wave_id)
    condition = (
        counts & (Response.territory == cell.territory) & (Response.audience == cell.audience)
    )
    with database.read() as session:
        standing, fresh = _standing_and_fresh(session, condition, old, unsent)
        part = exchanges_of(session, wave_id).get((cell.territory, cell.audience))
        frames = list(_frames(database, session, fresh, layout, part.instrument_id if part else 0))
    kept = None if old is None else old.filter(pl.col("number").is_in(standing - fresh))
    if kept is not None and not frames and len(kept) == len(old if old is not None else ()):
        return 0, 0
    parts = [part for part in (kept, *frames) if part is not None]
    write_parquet(in_row_order(pl.concat(parts)), path, metadata_of(layout))
    _mark(database, frames)
    return sum(len(frame) for frame in frames), 1


def _standing_and_fresh(
    session: Session, condition: ColumnElement[bool], old: pl.DataFrame | None, unsent: Partials
) -> tuple[set[int], set[int]]:
    """Numbers of all responses that count, and of those that the file lacks or has otherwise."""
    held = {} if old is None else dict(zip(old["number"], old["revision"], strict=True))
    standing, fresh = set(), set()
    rows = session.execute(
        select(
            Response.id, Response.revision, Response.extracted_revision, Response.submitted_at
        ).where(condition)
    )
    for number, revision, extracted, submitted in rows:
        if submitted is None and number not in unsent:
            continue
        standing.add(number)
        if extracted != revision or held.get(number) != revision:
            fresh.add(number)
    return standing, fresh


def _frames(
    database: Database,
    session: Session,
    numbers: set[int],
    layout: Mapping[str, ItemLayout],
    exchange: int,
) -> Iterator[pl.DataFrame]:
    """``exchange``: the instrument of the part that is asked other territories' items, or 0."""
    for some in _by(sorted(numbers), BATCH):
        found = list(_bodies(session, some))
        rows = [CompletedRow(*(*each[:-4], each[-4] == exchange)) for each in found]
        opened = (
            (row, instrument, database.sealing.open(body, key, own))
            for row, (*_, instrument, own, key, body) in zip(rows, found, strict=True)
        )
        bodies = (
            settled(body, compiled(database, instrument)) if row.partial else body
            for row, instrument, body in opened
        )
        yield frame_of(rows, bodies, layout)


def _bodies(session: Session, numbers: Sequence[int]) -> Iterator[Any]:
    for few in _by(numbers, 500):
        yield from session.execute(
            select(
                Response.id,
                Response.revision,
                Response.weight,
                Response.stratum,
                Response.psu,
                Response.sub_area,
                Response.channel,
                Response.submitted_at.is_(None),
                Response.instrument_id,
                Response.secret_digest,
                ResponseKey.sealed,
                Response.body,
            )
            .outerjoin(ResponseKey, ResponseKey.secret_digest == Response.secret_digest)
            .where(Response.id.in_(few))
            .order_by(Response.id)
        )


def _mark(database: Database, frames: Sequence[pl.DataFrame]) -> None:
    """Remember what was read; a response that changed meanwhile keeps its old mark."""
    statement = (
        update(Response.__table__)  # type: ignore[arg-type] # a table, though typed as any clause
        .where(Response.id == bindparam("number"), Response.revision == bindparam("read"))
        .values(extracted_revision=bindparam("read"))
    )
    for frame in frames:
        pairs = zip(frame["number"], frame["revision"], strict=True)
        for some in _by(pairs, MARKED_AT_ONCE):
            with database.write() as session:
                session.connection().execute(
                    statement, [{"number": number, "read": revision} for number, revision in some]
                )


def unit() -> pl.Expr:
    """The PSU of a row, as text: the one given, else the person."""
    return pl.coalesce("psu", pl.lit("\x1f") + pl.col("number").cast(pl.String))


def in_row_order(frame: pl.DataFrame) -> pl.DataFrame:
    """Sorted by stratum and PSU: sums over PSUs then read the columns straight through."""
    return frame.sort(pl.col("stratum"), unit(), pl.col("number"))


def metadata_of(layout: Mapping[str, ItemLayout]) -> dict[str, str]:
    """The layout as it stands in a file's metadata."""
    items = {item: each.to_dict() for item, each in layout.items()}
    return {"covalue": json.dumps({"format": FORMAT, "items": items}, ensure_ascii=False)}


def layout_in(path: Path) -> dict[str, ItemLayout]:
    """The layout that a file says it has."""
    items = _said(path).get("items", {})
    return {item: ItemLayout.from_dict(each) for item, each in items.items()}


def _said(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(pl.read_parquet_metadata(path).get("covalue", "{}"))
    return said


def _read_if_same(path: Path, layout: Mapping[str, ItemLayout]) -> pl.DataFrame | None:
    """The file's rows, or None where it must be made again: absent, of another layout or format."""
    if not path.exists() or _said(path).get("format") != FORMAT or layout_in(path) != layout:
        return None
    return pl.read_parquet(path)


def write_parquet(frame: pl.DataFrame, path: Path, metadata: dict[str, str]) -> None:
    """Replace the file as a whole, durably: temporary file, fsync, rename, fsync of the folder."""
    temporary = path.with_suffix(".part")
    with temporary.open("wb") as file:
        frame.write_parquet(file, metadata=metadata)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _by(things: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """The things in portions of at most ``size``."""
    rest = iter(things)
    while portion := tuple(islice(rest, size)):
        yield portion
