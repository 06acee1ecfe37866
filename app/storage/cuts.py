"""Frozen copies of an extract: what a data cut is made of, named by their content."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.storage.bitmaps import pack_numbers, unpack_numbers
from app.storage.extract import alone_in, folder_of, layout_in, metadata_of, write_parquet
from app.storage.participants import Participant, answered
from app.storage.releases import DataCut, cuts_of
from app.storage.responses import Response

NOT_ELIGIBLE = ("deceased", "moved", "ineligible")  # they leave the base of the response rate


@dataclass(frozen=True, slots=True)
class FrozenExtract:
    """``folder`` relative to the data folder; ``checksum`` over its files; digests of members."""

    folder: str
    checksum: str
    membership: bytes
    revisions: str
    submitted: Mapping[str, int]  # by file: territory.audience
    partial: Mapping[str, int]  # beside them: never sent, and used by the wave's rule
    waiting: Mapping[str, int]  # newcomers of a file that are too few to be let in


@dataclass(frozen=True, eq=False)
class Released:
    """What the last release stood on: the numbers of its responses, the folder with their rows, and
    for each response that a correction has replaced since, the number of what counts now."""

    numbers: NDArray[np.int64]
    folder: Path
    replaced: Mapping[int, int]


def freeze(
    house_folder: Path, wave_id: int, last: Released | None = None, least: int = 0
) -> FrozenExtract:
    """Copy the wave's extract as it stands. Equal content is kept once.

    Fewer than ``least`` newcomers of a territory's audience wait for more: beside the last release
    they would be seen. So does a correction, and what it corrects stands until then.
    """
    living = folder_of(house_folder, wave_id)
    waiting: dict[str, int] = {}
    with alone_in(living):
        partial = house_folder / "cuts" / f"{wave_id}.part"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for file in sorted(living.glob("*.parquet")):
            shutil.copyfile(file, partial / file.name)
            if last is not None and (kept := _without_few(file, last, least)) is not None:
                waiting[file.stem] = kept[1]
                write_parquet(kept[0], partial / file.name, metadata_of(layout_in(file)))
        checksum = checksum_of(partial)
        folder = Path("cuts") / f"{wave_id}-{checksum[:16]}"
        if (house_folder / folder).exists():
            shutil.rmtree(partial)
        else:
            partial.replace(house_folder / folder)
        frames = {
            file.name: pl.read_parquet(file, columns=["number", "revision", "partial"])
            for file in sorted((house_folder / folder).glob("*.parquet"))
        }
    numbers = [frame["number"].to_numpy() for frame in frames.values()]
    return FrozenExtract(
        folder=str(folder),
        checksum=checksum,
        membership=pack_numbers(np.concatenate(numbers) if numbers else []),
        revisions=_revisions_digest(frames),
        submitted=_by_cell(frames, partial=False),
        partial=_by_cell(frames, partial=True),
        waiting=waiting,
    )


def _without_few(file: Path, last: Released, least: int) -> tuple[pl.DataFrame, int] | None:
    """The file's rows without its newcomers, and how many these are, where they are too few."""
    numbers = pl.read_parquet(file, columns=["number"])["number"].to_numpy()
    new = ~np.isin(numbers, last.numbers)
    if not 0 < new.sum() < least:
        return None
    kept = pl.read_parquet(file).filter(pl.Series(~new))
    waiting = set(numbers[new].tolist())
    corrected = [old for old, current in last.replaced.items() if current in waiting]
    before = last.folder / file.name
    if corrected and before.exists() and layout_in(before) == layout_in(file):
        rows = pl.read_parquet(before).filter(pl.col("number").is_in(corrected))
        if rows.schema == kept.schema:
            kept = pl.concat([kept, rows]).sort("number")
    return kept, int(new.sum())


def replaced(session: Session, wave_id: int) -> dict[int, int]:
    """The responses of a wave that a correction replaced, each with what counts in its place."""
    found = session.execute(
        select(Response.id, Response.superseded_by).where(
            Response.wave_id == wave_id,
            Response.superseded_by.is_not(None),
            Response.withdrawn_at.is_(None),
        )
    )
    by = {old: current for old, current in found if current is not None}
    for old in by:
        while by[old] in by:
            by[old] = by[by[old]]
    return by


def _by_cell(frames: Mapping[str, pl.DataFrame], *, partial: bool) -> dict[str, int]:
    return {
        name.removesuffix(".parquet"): int((frame["partial"] == partial).sum())
        for name, frame in frames.items()
    }


def checksum_of(folder: Path) -> str:
    """SHA-256 over the names and contents of a folder's files."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.parquet")):
        with file.open("rb") as content:
            each = hashlib.file_digest(content, "sha256").hexdigest()
        digest.update(f"{file.name} {each}\n".encode())
    return digest.hexdigest()


def _revisions_digest(frames: Mapping[str, pl.DataFrame]) -> str:
    if not frames:
        return hashlib.sha256().hexdigest()
    together = pl.concat(list(frames.values())).sort("number")
    pairs = together.select(pl.col("number", "revision").cast(pl.Int64))
    return hashlib.sha256(pairs.to_numpy().astype("<i8").tobytes()).hexdigest()


def changed_between(house_folder: Path, then: DataCut, cut: DataCut) -> NDArray[np.int64]:
    """The responses of both cuts of which something else counts now: an answer or the weight.

    Ascending; without those whose answers were erased since, who are in no later cut.
    """
    found: list[NDArray[np.int64]] = []
    for path in sorted((house_folder / then.extract).glob("*.parquet")):
        beside = house_folder / cut.extract / path.name
        if then.extract == cut.extract or not beside.exists():
            continue
        one, other = pl.read_parquet(path), pl.read_parquet(beside)
        shared = [each for each in one.columns if each in other.columns and each != "revision"]
        one, other = (
            each.select("number", mark=each.select(shared).hash_rows()) for each in (one, other)
        )
        both = one.join(other, on="number", suffix="_now")
        found.append(both.filter(pl.col("mark") != pl.col("mark_now"))["number"].to_numpy())
    return np.sort(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


def members_of(session: Session, cut_id: int) -> NDArray[np.int64]:
    """The numbers of the responses of a cut."""
    return unpack_numbers(session.get_one(DataCut, cut_id).membership)


def withdrawn_of(session: Session, cut: DataCut) -> int:
    """How many responses of the cut were withdrawn since, as the database has it."""
    gone = session.scalars(
        select(Response.id).where(
            Response.wave_id == cut.wave_id, Response.withdrawn_at.is_not(None)
        )
    )
    members = set(unpack_numbers(cut.membership).tolist())
    return sum(number in members for number in gone)


def erased_since(house_folder: Path, cut: DataCut) -> int:
    """How many responses of the cut are no longer in its files."""
    held = set()
    for file in (house_folder / cut.extract).glob("*.parquet"):
        held.update(pl.read_parquet(file, columns=["number"])["number"].to_list())
    return sum(int(number) not in held for number in unpack_numbers(cut.membership))


def forget_withdrawn(session: Session, house_folder: Path, wave_id: int) -> int:
    """Take withdrawn responses out of the wave's frozen copies; how many rows went.

    What a release gave out stays; the copy behind it must not keep the answers.
    """
    gone = set(
        session.scalars(
            select(Response.id).where(
                Response.wave_id == wave_id, Response.withdrawn_at.is_not(None)
            )
        )
    )
    dropped = 0
    for cut in cuts_of(session, wave_id):
        for file in sorted((house_folder / cut.extract).glob("*.parquet")):
            frame = pl.read_parquet(file)
            kept = frame.filter(~pl.col("number").is_in(gone))
            if len(kept) < len(frame):
                dropped += len(frame) - len(kept)
                write_parquet(kept, file, metadata_of(layout_in(file)))
    return dropped


def forget_unnamed(session: Session, house_folder: Path) -> None:
    """Remove the frozen copies that no cut names: they came from another moment."""
    named = set(session.scalars(select(DataCut.extract)))
    for folder in (house_folder / "cuts").glob("*"):
        if str(folder.relative_to(house_folder)) not in named:
            shutil.rmtree(folder)


def collection_counts(session: Session, wave_id: int) -> dict[str, dict[str, int]]:
    """Invited, eligible and opened by ``territory.audience``.

    Where answers were imported for people whom no sample names, nobody knows who was invited:
    invited and eligible are 0, and there is no response rate.
    """
    listed = (Participant.wave_id == wave_id) & Participant.listed
    invited = _counted(session, Participant, listed)
    left_out = _counted(session, Participant, listed & Participant.disposition.in_(NOT_ELIGIBLE))
    known = _counted(session, Participant, listed & answered())
    sent = _counted(
        session,
        Response,
        (Response.wave_id == wave_id)
        & Response.submitted_at.is_not(None)
        & Response.superseded_by.is_(None),
    )
    for cell, number in sent.items():
        if number > known.get(cell, 0):
            invited[cell] = left_out[cell] = 0
    opened = _counted(
        session,
        Response,
        (Response.wave_id == wave_id) & Response.superseded_by.is_(None),
    )
    return {
        cell: {
            "invited": invited.get(cell, 0),
            "eligible": invited.get(cell, 0) - left_out.get(cell, 0),
            "opened": opened.get(cell, 0),
        }
        for cell in sorted(invited.keys() | opened.keys())
    }


def _counted(session: Session, table: Any, condition: ColumnElement[bool]) -> dict[str, int]:
    rows = session.execute(
        select(table.territory, table.audience, func.count())
        .where(condition)
        .group_by(table.territory, table.audience)
    )
    return {f"{territory}.{audience}": count for territory, audience, count in rows}
