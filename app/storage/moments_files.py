"""Files of kept moments: the blocks of one part, replaced as a whole, each with its checksum."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from app.evaluation.columns import Floats
from app.evaluation.moments import ADDED, Layout, Part
from app.storage.extract import sync_folder

SUMS = (*(name for name in ADDED if name != "cross"), "heaviest")
ARRAYS = ("block", "digest", "psus", "active", "cross", "sums")
BlockKey = tuple[int, int, int, int]  # territory, stratum, cell, block


@dataclass(frozen=True, eq=False)
class Blocks:
    """The blocks of one part, in the order of ``keys``; columns that nobody touches are left out.

    ``psus`` int64[b]; ``active`` int64[a]: columns of the layout; ``cross`` float64[b, a, a];
    ``sums`` float64[b, s]: the other sums of each block behind each other.
    """

    keys: tuple[BlockKey, ...]
    psus: NDArray[np.int64]
    active: NDArray[np.int64]
    cross: Floats
    sums: Floats

    def together(self, layout: Layout) -> Part:
        """All blocks added up in their order."""
        cross = np.zeros((layout.width, layout.width))
        cross[np.ix_(self.active, self.active)] = self.cross.sum(axis=0)
        last = self.sums.shape[1] - len(layout.ids)  # the heaviest, which is not added
        sums = np.append(self.sums[:, :last].sum(axis=0), self.sums[:, last:].max(axis=0))
        others = sums[layout.width :].reshape(len(SUMS) - 1, -1)
        named = dict(zip(SUMS[1:], others, strict=True))
        return Part(int(self.psus.sum()), sums[: layout.width], cross, **named)

    def with_made(self, made: Mapping[BlockKey, Part], keys: Sequence[BlockKey]) -> Blocks:
        """These blocks and those that were ``made``, in the order of ``keys``."""
        touched = [part.cross.any(axis=0) for part in made.values()]
        active = np.union1d(self.active, np.flatnonzero(np.any(touched, axis=0)))
        inside, kept = np.ix_(active, active), np.searchsorted(active, self.active)
        rows = {key: row for row, key in enumerate(self.keys)}
        cross = np.zeros((len(keys), len(active), len(active)))
        sums, psus = [], []
        for place, key in enumerate(keys):
            if (part := made.get(key)) is not None:
                cross[place] = part.cross[inside]
                sums.append(np.concatenate([getattr(part, name) for name in SUMS]))
                psus.append(part.psus)
            else:
                cross[place][np.ix_(kept, kept)] = self.cross[rows[key]]
                sums.append(self.sums[rows[key]])
                psus.append(int(self.psus[rows[key]]))
        return Blocks(tuple(keys), np.array(psus), active, cross, np.array(sums))


NO_BLOCKS = Blocks(
    (), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 0, 0)), np.zeros((0, 0))
)


def read_blocks(path: Path, keys: Sequence[BlockKey], digests: Mapping[BlockKey, str]) -> Blocks:
    """The blocks of a file whose checksum is theirs; none of a file that cannot be read."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            block, digest, psus, active, cross, sums = (held[name] for name in ARRAYS)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return NO_BLOCKS
    place = {int(number): row for row, number in enumerate(block)}
    there = [key for key in keys if key[3] in place and digest[place[key[3]]] == digests[key]]
    rows = [place[key[3]] for key in there]
    if not rows:  # of other definitions, with other columns
        return NO_BLOCKS
    if rows == list(range(len(block))):
        return Blocks(tuple(there), psus, active, cross, sums)
    return Blocks(tuple(there), psus[rows], active, cross[rows], sums[rows])


def write_blocks(path: Path, blocks: Blocks, digests: Mapping[BlockKey, str]) -> None:
    """Replace a part's file as a whole, durably."""
    arrays: dict[str, Any] = {
        "block": np.array([key[3] for key in blocks.keys]),
        "digest": np.array([digests[key] for key in blocks.keys]),
        "psus": blocks.psus,
        "active": blocks.active,
        "cross": blocks.cross,
        "sums": blocks.sums,
    }
    temporary = path.with_suffix(".part")
    with temporary.open("wb") as file:
        np.savez(file, **arrays)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)
