"""Figures as Parquet, for data frames: the tidy sheet with typed columns, and what it is about."""

from __future__ import annotations

import io
import json

import polars as pl

from app.interchange.summary import Summary

_TYPES = {"text": pl.String, "number": pl.Float64, "share": pl.Float64, "count": pl.Int64}


def write_parquet(summary: Summary) -> bytes:
    """One row a figure; withheld cells are null. The file's metadata say title, date and notes."""
    tidy = summary.tidy
    frame = pl.DataFrame(
        {
            column.name: pl.Series(
                column.name, [row[place] for row in tidy.rows], dtype=_TYPES[column.kind]
            )
            for place, column in enumerate(tidy.columns)
        }
    )
    about = {
        "title": summary.title,
        "language": summary.language,
        "synthetic": summary.synthetic,
        "dated": summary.dated.isoformat(),
        "notes": list(summary.notes),
        "columns": {column.name: column.title for column in tidy.columns},
        "metadata": dict(summary.metadata),
    }
    out = io.BytesIO()
    frame.write_parquet(out, metadata={"covalue": json.dumps(about, ensure_ascii=False)})
    return out.getvalue()
