"""The process that reads one sheet of one workbook and nothing else, on standard input.

It bounds its own processor time, memory and files before it looks at the workbook, and writes the
rows of the first sheet that is not hidden as CSV, without the empty cells at their ends. Arguments:
most rows, most columns, seconds of processor time; ``names`` after them: not the rows, but the name
of that sheet, and a line for each other one that is not hidden and holds something.
"""

from __future__ import annotations

import contextlib
import csv
import resource
import sys
import warnings
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

BYTES = 512 * 1024 * 1024
UNREADABLE, TOO_LONG = 3, 4  # how it ends where it cannot go on
MOST_NAMES, LONGEST_NAME = 10, 40


def written(cell: object) -> str:
    """A cell as it was typed: whole numbers without point, dates as ISO."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    return str(cell).strip()


def _bounded(seconds: int) -> None:
    for limit, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a system without this limit
            resource.setrlimit(limit, (most, most))


def _read(most_rows: int, most_columns: int, *, names: bool) -> int:
    from openpyxl import load_workbook

    out = csv.writer(sys.stdout, lineterminator="\n")
    try:
        book = load_workbook(sys.stdin.buffer, read_only=True, data_only=True)
        first, *others = [each for each in book.worksheets if each.sheet_state == "visible"]
        if names:
            filled = (each for each in others if any(_cells(each, most_rows, most_columns)))
            for each in (first, *islice(filled, MOST_NAMES)):
                out.writerow([each.title[:LONGEST_NAME]])
        else:
            for number, cells in enumerate(_cells(first, most_rows + 1, most_columns)):
                if number >= most_rows:
                    return TOO_LONG
                out.writerow(cells)
        sys.stdout.flush()
    except MemoryError:
        return TOO_LONG
    except Exception:  # a broken or hostile part: openpyxl lets many kinds through
        return UNREADABLE
    return 0


def _cells(sheet: Any, most_rows: int, most_columns: int) -> Iterator[list[str]]:
    from app.interchange.workbook_cells import rows_of

    rows: Iterable[tuple[Any, ...]] = rows_of(sheet, most_columns)
    for row in islice(rows, most_rows):
        cells = [written(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        yield cells


if __name__ == "__main__":
    _bounded(int(sys.argv[3]))
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl does without it, and small
    warnings.simplefilter("ignore")
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    sys.exit(_read(int(sys.argv[1]), int(sys.argv[2]), names=sys.argv[4:] == ["names"]))
