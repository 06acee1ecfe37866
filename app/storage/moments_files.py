"""Files of kept moments: the blocks of one part, replaced as a whole, each with its checksum."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from app.evaluation.moments import ADDED, Layout, Part
from app.storage.extract import sync_folder

SUMS = (*(name for name in ADDED if name != "cross"), "heaviest")
ARRAYS = ("block", "digest", "psus", "active", "cross", "sums")
BlockKey = tuple[int, int, int, int]  # territory, stratum, cell, block


def read_blocks(
    path: Path, keys: list[BlockKey], digests: Mapping[BlockKey, str], layout: Layout
) -> dict[BlockKey, Part]:
    """The blocks of a file whose checksum is theirs; none of a file that cannot be read."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            arrays = {name: held[name] for name in ARRAYS}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
    place = {int(block): i for i, block in enumerate(arrays["block"])}
    inside = np.ix_(arrays["active"], arrays["active"])
    return {
        key: _unpacked(arrays, place[key[3]], layout, inside)
        for key in keys
        if key[3] in place and str(arrays["digest"][place[key[3]]]) == digests[key]
    }


def _unpacked(arrays: Mapping[str, NDArray[Any]], i: int, layout: Layout, inside: Any) -> Part:
    cross = np.zeros((layout.width, layout.width))
    cross[inside] = arrays["cross"][i]
    total, rest = np.split(arrays["sums"][i], [layout.width])
    others = dict(zip(SUMS[1:], rest.reshape(len(SUMS) - 1, -1), strict=True))
    return Part(psus=int(arrays["psus"][i]), total=total, cross=cross, **others)


def write_blocks(
    path: Path, parts: Mapping[BlockKey, Part], digests: Mapping[BlockKey, str]
) -> None:
    """Replace a part's file as a whole, durably; columns that nobody touches are left out."""
    several = list(parts.values())
    active = np.flatnonzero(np.any([part.cross.any(axis=0) for part in several], axis=0))
    inside = np.ix_(active, active)
    sums = [np.concatenate([getattr(part, name) for name in SUMS]) for part in several]
    arrays: dict[str, Any] = {
        "block": np.array([key[3] for key in parts]),
        "digest": np.array([digests[key] for key in parts]),
        "psus": np.array([part.psus for part in several]),
        "active": active,
        "cross": np.array([part.cross[inside] for part in several]),
        "sums": np.array(sums),
    }
    temporary = path.with_suffix(".part")
    with temporary.open("wb") as file:
        np.savez(file, **arrays)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)
