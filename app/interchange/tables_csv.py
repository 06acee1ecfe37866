"""A table of words as CSV that a French spreadsheet opens by itself and runs nothing of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from app.interchange.figures_csv import harmless


def table_csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Heads and rows in UTF-8 with a mark, semicolons, every cell between quotes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerows([harmless(cell) for cell in row] for row in (heads, *rows))
    return out.getvalue().encode("utf-8-sig")
