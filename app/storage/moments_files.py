"""Files of kept moments: a record for each block of a territory, replaced as a whole.

A record is found by its checksum alone (``moments_index``), which says all that the sums depend on.
Columns of the layout that nobody of a file touches are left out of it.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from app.evaluation.moments import ADDED, Layout, Moments, Part
from app.evaluation.rows import PartKey
from app.storage.extract import sync_folder

SUMS = (*(name for name in ADDED if name != "cross"), "heaviest")
CHECK = 4  # bytes behind the records: their CRC-32
Records = NDArray[Any]  # fields as in _record


def added(records: Records, parts: Sequence[PartKey], layout: Layout) -> Moments:
    """The moments of one file; ``parts``: that of each record. Those of a part stand together and
    are added in their order."""
    starts = [n for n, part in enumerate(parts) if n == 0 or part != parts[n - 1]]
    last = records["sums"].shape[1] - len(layout.ids)  # the heaviest, which is not added
    sums = np.add.reduceat(records["sums"][:, :last], starts)
    heaviest = np.maximum.reduceat(records["sums"][:, last:], starts)
    psus = np.add.reduceat(records["psus"], starts).tolist()
    crosses = np.add.reduceat(records["cross"], starts)
    rows, columns = _triangle(records["active"][0])
    found: dict[PartKey, Part] = {}
    for n, start in enumerate(starts):
        cross = np.zeros((layout.width, layout.width))
        cross[rows, columns] = cross[columns, rows] = crosses[n]
        others = [*sums[n, layout.width :].reshape(-1, len(layout.ids)), heaviest[n]]
        named = dict(zip(SUMS[1:], others, strict=True))
        found[parts[start]] = Part(psus[n], sums[n, : layout.width], cross, **named)
    return Moments(layout, found)


def filled(kept: Records, made: Mapping[bytes, Part], digests: Sequence[bytes]) -> Records:
    """A record for each of ``digests``, of the part ``made`` for it, else as it was ``kept``."""
    new = [n for n, digest in enumerate(digests) if digest in made]
    old = [n for n, digest in enumerate(digests) if digest not in made]
    row = {digest: n for n, digest in enumerate(kept["digest"].tolist())}
    kept = kept[[row[digests[n]] for n in old]]
    parts = [made[digests[n]] for n in new]
    sums = [np.concatenate([getattr(part, name) for name in SUMS]) for part in parts]
    size = len(sums[0]) if new else kept["sums"].shape[1]
    touched = [*kept["active"][:1], *(part.cross.any(axis=0) for part in parts)]
    active = np.zeros(len(touched[0]), dtype=np.bool_)
    for each in touched:
        active |= each
    triangle = _triangle(active)
    found = np.zeros(len(digests), _record(active, size))
    found["digest"], found["active"] = digests, active
    for n, part, row_of_sums in zip(new, parts, sums, strict=True):
        found[n]["psus"], found[n]["sums"] = part.psus, row_of_sums
        found[n]["cross"] = part.cross[triangle]
    if old:
        inside = np.isin(triangle, np.flatnonzero(kept["active"][0])).all(axis=0)
        cross = np.zeros((len(old), len(triangle[0])))
        cross[:, inside] = kept["cross"]  # a smaller triangle has the same order
        found["psus"][old], found["sums"][old] = kept["psus"], kept["sums"]
        found["cross"][old] = cross
    return found


def _triangle(active: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of the layout of the upper triangle of these columns."""
    places = np.flatnonzero(active)
    rows, columns = np.triu_indices(len(places))
    return places[rows], places[columns]


def _record(active: NDArray[np.bool_], sums: int) -> np.dtype[Any]:
    """``sums``: the sums but ``cross`` behind each other; ``cross``: its upper triangle over the
    columns that are ``active``."""
    inside = int(active.sum())
    return np.dtype(
        [
            ("digest", "S32"),
            ("psus", np.int64),
            ("active", np.bool_, (len(active),)),
            ("sums", np.float64, (sums,)),
            ("cross", np.float64, (inside * (inside + 1) // 2,)),
        ],
        align=True,
    )


NOTHING: Records = np.zeros(0, _record(np.zeros(0, dtype=np.bool_), 0))


def read_records(path: Path) -> Records:
    """The records of a file; none of a file that cannot be read."""
    try:
        said = path.read_bytes()
        if crc32(said[:-CHECK]) != int.from_bytes(said[-CHECK:]):
            return NOTHING
        return np.asarray(np.load(io.BytesIO(said[:-CHECK]), allow_pickle=False))
    except (OSError, ValueError, EOFError):
        return NOTHING


def write_records(path: Path, records: Records) -> None:
    """Replace a file as a whole, durably."""
    buffer = io.BytesIO()
    np.save(buffer, records, allow_pickle=False)
    said = buffer.getbuffer()
    temporary = path.with_suffix(".part")
    with temporary.open("wb") as file:
        file.write(said)
        file.write(crc32(said).to_bytes(CHECK))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)
