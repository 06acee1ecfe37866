"""Figures as JSON, with metadata and the version of this form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from app.interchange.summary import CellValue, Sheet, Summary

SCHEMA = "covalue/figures/1"


def document_of(summary: Summary) -> dict[str, Any]:
    """The summary as plain data: metadata, methods, what the indicators are, the tidy figures."""
    return {
        "schema": SCHEMA,
        "title": summary.title,
        "language": summary.language,
        "synthetic": summary.synthetic,
        "dated": summary.dated.isoformat(),
        "notes": list(summary.notes),
        "methods": list(summary.methods),
        "metadata": dict(summary.metadata),
        "indicators": [
            row for sheet in summary.sheets if sheet.code == "metadata" for row in _records(sheet)
        ],
        "columns": [
            {"name": column.name, "title": column.title, "kind": column.kind}
            for column in summary.tidy.columns
        ],
        "figures": list(_records(summary.tidy)),
    }


def _records(sheet: Sheet) -> Iterator[dict[str, CellValue]]:
    """Each row by the names of its columns, without what is empty."""
    for row in sheet.rows:
        yield {
            column.name: value
            for column, value in zip(sheet.columns, row, strict=True)
            if value is not None
        }


def write_json(summary: Summary) -> bytes:
    """The document in UTF-8, keys in their order."""
    return orjson.dumps(document_of(summary), option=orjson.OPT_INDENT_2)
