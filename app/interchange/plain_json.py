"""Results of the evaluation as JSON: every figure in full precision, reasons in place of NaN."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

from app.evaluation.undefined import Undefined


def plain(thing: Any) -> Any:
    """Dataclasses as mappings, tuples as lists, fractions as numbers.

    An ``Undefined`` is ``{"undefined": why, "place": place}``, without an empty place.
    """
    if isinstance(thing, Undefined):
        return {"undefined": thing.why} | ({"place": thing.place} if thing.place else {})
    if is_dataclass(thing) and not isinstance(thing, type):
        return {each.name: plain(getattr(thing, each.name)) for each in fields(thing)}
    if isinstance(thing, Mapping):
        return {str(key): plain(value) for key, value in thing.items()}
    if isinstance(thing, tuple | list):
        return [plain(each) for each in thing]
    if isinstance(thing, Fraction):
        return float(thing)
    return thing.value if isinstance(thing, Enum) else thing


def json_text(thing: Any) -> str:
    """The text of a JSON file; floats are written so that reading them gives the same number."""
    return json.dumps(plain(thing), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all: what was there stays where writing fails."""
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(made).chmod(0o644)
        Path(made).replace(path)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
