"""Stored results of R beside the scripts that made them, and how to make them again."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ORACLE = Path(__file__).parent / "oracle"


def stored(name: str) -> Any:
    """What is kept in ``oracle/NAME.json``."""
    return json.loads((ORACLE / f"{name}.json").read_text(encoding="utf-8"))


def rscript(*packages: str) -> str:
    """The program that runs R; the test is skipped where it or a package is missing."""
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not installed")
    for package in ("jsonlite", *packages):
        asked = [program, "-e", f'quit(status = !requireNamespace("{package}", quietly = TRUE))']
        if subprocess.run(asked, capture_output=True, check=False).returncode:
            pytest.skip(f"R has no package {package}")
    return program


def made_again(name: str, packages: tuple[str, ...], folder: Path) -> Any:
    """The same from R as it is on this machine."""
    program = rscript(*packages)
    shutil.copy(ORACLE / f"{name}_data.json", folder)
    subprocess.run(
        [program, str(ORACLE / f"{name}.R"), str(folder)], capture_output=True, check=True
    )
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def close(one: Any, other: Any, tolerance: float) -> None:
    """The same numbers at the same places; words are not compared."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one.keys() - {"versions"}:
            close(one[key], other[key], tolerance)
    elif isinstance(one, list):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            close(left, right, tolerance)
    elif isinstance(one, int | float):
        assert one == pytest.approx(other, rel=tolerance, abs=tolerance)
