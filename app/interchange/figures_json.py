"""Figures as JSON, with metadata and the version of this form."""

from __future__ import annotations

from typing import Any

import orjson

from app.interchange.summary import Summary

SCHEMA = "covalue/figures/1"


def document_of(summary: Summary) -> dict[str, Any]:
    """The summary as plain data: metadata, methods, tables and the tidy figures."""
    return {
        "schema": SCHEMA,
        "title": summary.title,
        "language": summary.language,
        "synthetic": summary.synthetic,
        "dated": summary.dated.isoformat(),
        "notes": list(summary.notes),
        "methods": list(summary.methods),
        "metadata": dict(summary.metadata),
        "columns": [
            {"name": column.name, "title": column.title, "kind": column.kind}
            for column in summary.tidy.columns
        ],
        "figures": [
            {
                column.name: value
                for column, value in zip(summary.tidy.columns, row, strict=True)
                if value is not None
            }
            for row in summary.tidy.rows
        ],
    }


def write_json(summary: Summary) -> bytes:
    """The document in UTF-8, keys in their order."""
    return orjson.dumps(document_of(summary), option=orjson.OPT_INDENT_2)
