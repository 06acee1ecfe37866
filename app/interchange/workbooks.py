"""The first sheet of a workbook as rows of text: measured, then read by a process of its own.

A hidden sheet is no sheet here: who sends the workbook sees the others.

Whatever a hostile workbook does, it does to ``workbook_child``, which may use half a gigabyte, some
seconds of processor time and no file.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from app.domain.errors import Fault
from app.domain.text import Text
from app.interchange.packages import BadPackage, measure
from app.interchange.workbook_child import UNREADABLE

ROOT = Path(__file__).parents[2]
SECONDS = 120  # of processor time for a whole sheet
ROWS_LOOKED_AT, COLUMNS_LOOKED_AT = 1_000, 200  # for whether another sheet holds something


def first_sheet(
    stream: BinaryIO, *, rows: int, columns: int, unpacked: int
) -> Iterator[tuple[str, ...]]:
    """The rows of the first sheet, as they come, each up to its last cell, as they were typed.

    A formula without a stored value, or an error, is ``NO_VALUE``. Who needs some rows only stops
    asking, and the process ends. Raises ``BadPackage`` at any row: ``unreadable``, ``macros``;
    ``too_costly`` where the sheet has more rows or takes too much.
    """
    return _of_child(stream, unpacked, rows, columns, SECONDS)


def sheet_names(stream: BinaryIO, *, unpacked: int) -> tuple[str, ...]:
    """The name of the first sheet, then those of the others that hold something, ten at most.

    Raises ``BadPackage`` as ``first_sheet`` does.
    """
    found = _of_child(stream, unpacked, ROWS_LOOKED_AT, COLUMNS_LOOKED_AT, SECONDS, "names")
    return tuple(cells[0] for cells in found)


def _of_child(stream: BinaryIO, unpacked: int, *arguments: int | str) -> Iterator[tuple[str, ...]]:
    stream.seek(0)
    measure(stream, unpacked)
    stream.seek(0)
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(stream, file)
        file.seek(0)
        command = [sys.executable, "-B", "-m", "app.interchange.workbook_child"]
        child = subprocess.Popen(
            [*command, *map(str, arguments)],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
        )
        with child:  # which closes its pipe, however this ends
            try:
                assert child.stdout is not None  # a pipe was asked for
                text = io.TextIOWrapper(child.stdout, encoding="utf-8", newline="")
                yield from map(tuple, csv.reader(text, strict=True))
                ended = child.wait()
            except csv.Error as error:  # a row cut off in its middle, or a cell beyond all measure
                raise BadPackage("too_costly") from error
            finally:
                child.kill()
    if ended:
        raise BadPackage("unreadable" if ended == UNREADABLE else "too_costly")


def no_value(place: str) -> Fault:
    """The fault of a cell of a workbook that is ``NO_VALUE``."""
    return Fault(
        place,
        Text.of(
            fr="Cette cellule contient une formule sans résultat enregistré, ou une erreur.",
            en="This cell holds a formula without a stored result, or an error.",
        ),
        Text.of(
            fr="Ouvrez le classeur dans un tableur, vérifiez la cellule et enregistrez. Ou "
            "remplacez la formule par sa valeur.",
            en="Open the workbook in a spreadsheet program, check the cell and save. Or put the "
            "value in place of the formula.",
        ),
    )
