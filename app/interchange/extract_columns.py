"""A stretch of stored answers as the columns of an extract: cells for CSV, numbers for statistics.

A stretch is a frame with, per item, ``ITEM.status`` and ``ITEM.code``, ``ITEM.ticked``,
``ITEM.number`` or ``ITEM.written``. ``codes`` gives the option codes that its numbers point to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from app.interchange.extract_variables import FIRST_MISSING, MISSING, NOT_SHOWN, WORDS, Variable

Codes = Mapping[str, tuple[str, ...]]
_CELLS = [cell for _, cell, _ in MISSING]


def cells(frame: pl.DataFrame, variables: Sequence[Variable], codes: Codes) -> pl.DataFrame:
    """One column a variable, as the table command reads them back: codes, codes with ``|``,
    numbers, dates, ``!why``."""
    return pl.DataFrame([_cell(frame, each, codes).alias(each.name) for each in variables])


def _cell(frame: pl.DataFrame, variable: Variable, codes: Codes) -> pl.Series:
    name = variable.name
    if not variable.answered:
        return frame[name]
    if f"{name}.status" not in frame.columns:
        return pl.Series([_CELLS[NOT_SHOWN - 1]]).new_from_index(0, len(frame))
    status = frame[f"{name}.status"]
    if variable.form == "choice":
        options = codes[name]
        table = pl.Series([*options, *_CELLS], dtype=pl.String)
        place = np.where(
            status.to_numpy() == 0,
            frame[f"{name}.code"].to_numpy(),
            len(options) - 1 + status.to_numpy().astype(np.int64),
        )
        return table.gather(place)
    said = pl.Series(["", *_CELLS], dtype=pl.String).gather(status.cast(pl.UInt32))
    if variable.form == "choices":
        value = _ticked(frame[f"{name}.ticked"], codes[name])
    elif variable.form == "number":
        value = frame[f"{name}.number"].cast(pl.String).str.strip_suffix(".0")
    else:
        value = frame[f"{name}.written"]
    return value.zip_with(status == 0, said)


def _ticked(bits: pl.Series, options: tuple[str, ...]) -> pl.Series:
    found = bits.unique()
    words = [
        "|".join(code for place, code in enumerate(options) if number >> place & 1)
        for number in found.to_list()
    ]
    return bits.replace_strict(found, pl.Series(words, dtype=pl.String), return_dtype=pl.String)


def numbers(frame: pl.DataFrame, variables: Sequence[Variable], codes: Codes) -> pl.DataFrame:
    """One column a variable, or an option of several choices (1 ticked, 0 not).

    An option is its place in ``Variable.codes``, from 1; a reason is its number below
    ``FIRST_MISSING``. Text stays text.
    """
    found: list[pl.Series] = []
    for variable in variables:
        if not variable.answered or variable.form in WORDS:
            found.append(_cell(frame, variable, codes).fill_null("").alias(variable.name))
            continue
        for column, option in variable.columns():
            found.append(pl.Series(column, _numbers(frame, variable, codes, option)))
    return pl.DataFrame([_weight(each) for each in found])


def _weight(series: pl.Series) -> pl.Series:
    return series.cast(pl.Float64) if series.name == "weight" else series


def _numbers(
    frame: pl.DataFrame, variable: Variable, codes: Codes, option: str
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    name = variable.name
    if f"{name}.status" not in frame.columns:
        return np.full(len(frame), float(FIRST_MISSING - NOT_SHOWN))
    status = frame[f"{name}.status"].to_numpy().astype(np.float64)
    if variable.form == "choice":
        places = {code: place for place, code in enumerate(variable.codes, 1)}
        table = np.array([places[code] for code in codes[name]] + [np.nan])
        value = table[frame[f"{name}.code"].to_numpy()]
    elif variable.form == "choices":
        options = codes[name]
        bits = frame[f"{name}.ticked"].to_numpy()
        value = (
            (bits >> options.index(option) & 1).astype(np.float64)
            if option in options
            else np.zeros(len(frame))
        )
    else:
        value = frame[f"{name}.number"].to_numpy()
    return np.where(status == 0, value, FIRST_MISSING - status)
