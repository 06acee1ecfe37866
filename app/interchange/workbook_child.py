"""The process that reads the first sheet of one workbook and nothing else, on standard input.

It bounds its own processor time, memory and files before it looks at the workbook, and writes the
rows as CSV, without the empty cells at their ends. Arguments: most rows, most columns, seconds of
processor time.
"""

from __future__ import annotations

import contextlib
import csv
import resource
import sys
import warnings
from datetime import date, datetime

BYTES = 512 * 1024 * 1024
UNREADABLE, TOO_LONG = 3, 4  # how it ends where it cannot go on


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


def _read(most_rows: int, most_columns: int) -> int:
    from openpyxl import load_workbook

    out = csv.writer(sys.stdout, lineterminator="\n")
    try:
        sheet = load_workbook(sys.stdin.buffer, read_only=True, data_only=True).worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        rows = sheet.iter_rows(max_col=most_columns, values_only=True)
        for number, row in enumerate(rows):
            if number >= most_rows:
                return TOO_LONG
            cells = [written(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            out.writerow(cells)
        sys.stdout.flush()
    except MemoryError:
        return TOO_LONG
    except Exception:  # a broken or hostile part: openpyxl lets many kinds through
        return UNREADABLE
    return 0


if __name__ == "__main__":
    _bounded(int(sys.argv[3]))
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl does without it, and small
    warnings.simplefilter("ignore")
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    sys.exit(_read(int(sys.argv[1]), int(sys.argv[2])))
