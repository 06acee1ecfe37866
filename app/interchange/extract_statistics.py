"""Answers as SPSS .sav and Stata .dta, with labels of columns and codes and missing codes.

Needs the extra ``exchange`` (pyreadstat); ``installed`` says whether it is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl

from app.domain.text import Text
from app.interchange.extract_variables import FIRST_MISSING, MISSING, WORDS, Described, Variable

SPSS_LABEL, STATA_LABEL, STATA_NAME = 250, 80, 32
TICKED = {0: Text.of(fr="Non coché", en="Not ticked"), 1: Text.of(fr="Coché", en="Ticked")}


def installed() -> bool:
    """Whether both formats can be written here."""
    return find_spec("pyreadstat") is not None


def write_sav(frame: pl.DataFrame, described: Described, path: Path) -> None:
    """The numbers of ``extract_columns`` as SPSS reads them; reasons are user-missing values."""
    labels, values = _labels(described, SPSS_LABEL)
    missing = {
        name: [{"lo": FIRST_MISSING - len(MISSING), "hi": FIRST_MISSING - 1}] for name in values
    }
    _write("sav", path, frame, described, labels, values, {"missing_ranges": missing})


def write_dta(frame: pl.DataFrame, described: Described, path: Path) -> None:
    """The same for Stata 15 and later, whose names have at most 32 signs.

    Reasons keep their numbers, with labels; the do-file turns them into .a to .f.
    """
    labels, values = _labels(described, STATA_LABEL)
    names = stata_names(frame.columns)
    _write(
        "dta",
        path,
        frame.rename(names),
        described,
        {names[name]: label for name, label in labels.items()},
        {names[name]: codes for name, codes in values.items()},
        {"version": 15},
    )


def do_file() -> bytes:
    """What Stata runs to turn the numbers of reasons into its own missing values."""
    pairs = " \\ ".join(
        f"{FIRST_MISSING - place}=.{chr(96 + place)}" for place in range(1, len(MISSING) + 1)
    )
    text = 'use "answers.dta", clear\nds, has(type numeric)\n'
    return (text + f"mvdecode `r(varlist)', mv({pairs})\n").encode("ascii")


def stata_names(names: list[str]) -> dict[str, str]:
    """Names that Stata takes: cut to 32 signs, and still different."""
    found: dict[str, str] = {}
    for name in names:
        short, number = name[:STATA_NAME], 1
        while short in found.values():
            number += 1
            tail = f"_{number}"
            short = name[: STATA_NAME - len(tail)] + tail
        found[name] = short
    return found


def _labels(
    described: Described, longest: int
) -> tuple[dict[str, str], dict[str, dict[float, str]]]:
    """Labels of the columns, and of the codes of those that hold numbers of answers."""
    labels: dict[str, str] = {}
    values: dict[str, dict[float, str]] = {}
    why = {float(number): words for number, _, words in described.missing()}
    for variable in described.variables:
        for column, option in variable.columns():
            labels[column] = _label(variable, option, described.language)[:longest]
            if variable.answered and variable.form not in WORDS:
                values[column] = _codes(variable, described.language) | why
    return labels, values


def _label(variable: Variable, option: str, language: str) -> str:
    said = variable.label.in_(language)
    if not option:
        return said
    return f"{variable.names[variable.codes.index(option)].in_(language)} – {said}"


def _codes(variable: Variable, language: str) -> dict[float, str]:
    if variable.form == "choices":
        return {float(number): words.in_(language) for number, words in TICKED.items()}
    return {float(p): words.in_(language) for p, words in enumerate(variable.names, 1)}


def _write(
    form: str,
    path: Path,
    frame: pl.DataFrame,
    described: Described,
    labels: Mapping[str, str],
    values: Mapping[str, Mapping[float, str]],
    more: Mapping[str, Any],
) -> None:
    import pyreadstat

    write: Any = {"sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta}[form]
    write(
        frame,
        str(path),
        file_label=described.title.in_(described.language)[:60],
        column_labels=dict(labels),
        variable_value_labels={name: dict(codes) for name, codes in values.items()},
        **more,
    )
