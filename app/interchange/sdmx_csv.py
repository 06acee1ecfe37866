"""SDMX-CSV 1.0: one line an observation, columns named as in the data structure definition."""

from __future__ import annotations

import csv
import io

from app.interchange.figures_csv import harmless
from app.interchange.sdmx import (
    AGENCY,
    ATTRIBUTES,
    DIMENSIONS,
    STRUCTURE,
    TIME,
    VALUE,
    VERSION,
    WORDS,
    SdmxContent,
    rows_of,
)

FLOW = f"{AGENCY}:{STRUCTURE}({VERSION})"


def write_sdmx_csv(content: SdmxContent) -> bytes:
    """The observations in UTF-8; a cell without content is empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    columns = (*DIMENSIONS, TIME, VALUE, *ATTRIBUTES)
    writer.writerow(["DATAFLOW", *columns])
    for key, values in rows_of(content):
        row = key | values
        writer.writerow([FLOW, *(_cell(name, row.get(name, "")) for name in columns)])
    return out.getvalue().encode("utf-8")


def _cell(name: str, value: str) -> str:
    return harmless(value) if name in WORDS or name == "FLAGS" else value
