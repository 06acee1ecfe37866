"""Answers as CSV, stretch by stretch in constant memory, and the codebook that goes with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import polars as pl

from app.interchange.extract_variables import Described, Variable
from app.interchange.figures_csv import harmless, write_csv
from app.interchange.summary import Column, Sheet

CODEBOOK = ("variable", "audience", "label", "form", "code", "number", "meaning")


def write_answers(stretches: Iterable[pl.DataFrame], out: BinaryIO) -> int:
    """Write stretches of cells under one line of names; how many rows. UTF-8, commas."""
    rows = 0
    for number, frame in enumerate(stretches):
        frame.write_csv(out, include_header=number == 0, line_terminator="\r\n")
        rows += len(frame)
    return rows


def safe(text: pl.Series) -> pl.Series:
    """A column of free names in which no cell is a formula; few names repeat many times."""
    found = text.unique().drop_nulls()
    return text.replace(found, pl.Series([harmless(each) for each in found.to_list()]))


def write_codebook(described: Described) -> bytes:
    """One line a code; reasons for a missing value stand under every variable that has answers."""
    columns = tuple(Column(name, name) for name in CODEBOOK)
    rows = [row for each in described.variables for row in _rows(each, described)]
    return write_csv(Sheet("codebook", "codebook", "", columns, tuple(rows)))


def _rows(variable: Variable, described: Described) -> Iterable[tuple[str | int, ...]]:
    language = described.language
    head = (variable.name, variable.audience, variable.label.in_(language), variable.form)
    yield (*head, "", "", "")
    for place, (code, words) in enumerate(zip(variable.codes, variable.names, strict=True), 1):
        yield (*head, code, place if variable.form == "choice" else "", words.in_(language))
    if variable.answered:
        for number, cell, said in described.missing():
            yield (*head, cell, number, said)
