"""Files of kept moments: the blocks of one part, replaced as a whole, each with its checksum."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from app.evaluation.moments import ADDED, Layout, Part, empty_part
from app.storage.extract import sync_folder

SUMS = (*(name for name in ADDED if name != "cross"), "heaviest")
WHOLE = ("psus", *SUMS)
BlockKey = tuple[int, int, int, int]  # territory, stratum, cell, block


def read_blocks(
    path: Path, keys: list[BlockKey], digests: Mapping[BlockKey, str], layout: Layout
) -> dict[BlockKey, Part]:
    """The blocks of a file whose checksum is theirs; none of a file that cannot be read."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            arrays = {name: held[name] for name in ("block", "digest", "active", "cross", *WHOLE)}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
    place = {int(block): i for i, block in enumerate(arrays["block"])}
    return {
        key: _unpacked(arrays, place[key[3]], layout)
        for key in keys
        if key[3] in place and str(arrays["digest"][place[key[3]]]) == digests[key]
    }


def _unpacked(arrays: Mapping[str, NDArray[Any]], i: int, layout: Layout) -> Part:
    part = empty_part(layout, int(arrays["psus"][i]))
    active = arrays["active"]
    part.cross[np.ix_(active, active)] = arrays["cross"][i]
    return replace(part, **{name: arrays[name][i] for name in SUMS})


def write_blocks(
    path: Path, parts: Mapping[BlockKey, Part], digests: Mapping[BlockKey, str]
) -> None:
    """Replace a part's file as a whole, durably; columns that nobody touches are left out."""
    several = list(parts.values())
    active = np.flatnonzero(np.any([part.cross.any(axis=0) for part in several], axis=0))
    inside = np.ix_(active, active)
    arrays: dict[str, Any] = {name: np.array([getattr(p, name) for p in several]) for name in WHOLE}
    arrays["block"] = np.array([key[3] for key in parts])
    arrays["digest"] = np.array([digests[key] for key in parts])
    arrays["active"] = active
    arrays["cross"] = np.array([part.cross[inside] for part in several])
    temporary = path.with_suffix(".part")
    with temporary.open("wb") as file:
        np.savez(file, **arrays)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)
