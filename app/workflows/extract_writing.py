"""An extract of answers written: pseudonyms in the place of numbers, rare combinations cleared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
import yaml

from app.evaluation.columns import Floats, Integers
from app.evaluation.rarity import BLANK, Cleared, clear, numbered
from app.interchange.extract_columns import cells, numbers
from app.interchange.extract_csv import safe, write_answers
from app.interchange.extract_variables import NOT_SHOWN, REMOVED, Variable
from app.protection.pseudonyms import pseudonyms
from app.storage.cut_rows import Stretch, stretches

# What may identify somebody, from the least telling: rare values go from the end.
PLAIN = ("territory", "audience", "language", "channel", "sub_area")
KEPT = 2
_ROWS, _WEIGHT = "rows of a combination", "weight of a combination"  # no item is called so
DISCLOSURE = Path(__file__).parents[2] / "config" / "disclosure.yaml"


def identifying() -> tuple[str, ...]:
    """Items that may identify somebody, as ``config/disclosure.yaml`` lists them.

    Places on the map may too, listed or not, and are more telling than any of these.
    """
    if not DISCLOSURE.exists():
        return ()
    read = yaml.safe_load(DISCLOSURE.read_text(encoding="utf-8")) or {}
    return tuple(str(item) for item in read.get("identifying", ()))


@dataclass(frozen=True)
class Wanted:
    """Which rows of a cut, and how people are called in them."""

    folder: Path
    places: frozenset[str]
    audiences: frozenset[str]
    variables: tuple[Variable, ...]
    key: bytes
    purpose: str  # of the pseudonyms: another one for every extract
    k: float
    weights: Mapping[str, tuple[Integers, Floats]]  # by audience: response numbers, final weights
    progress: Callable[[int], None] = field(default=lambda _rows: None)

    @cached_property
    def quasi(self) -> tuple[str, ...]:
        """The columns whose combinations must not be rare."""
        forms = {each.name: each.form for each in self.variables}
        listed = [item for item in identifying() if item in forms]
        places = [item for item, form in forms.items() if form == "place" and item not in listed]
        return (*PLAIN, *listed, *places)

    def stretches(self, items: Collection[str] | None = None) -> Iterator[Stretch]:
        """The rows from storage, with these items or all."""
        return stretches(self.folder, self.places, self.audiences, items=items)

    @cached_property
    def _combinations(self) -> pl.DataFrame:
        """What may identify somebody, over all rows: each combination with its rows and weights."""
        counted = [
            self._quasi(each)
            .with_columns(pl.Series(_WEIGHT, self._weight(each)))
            .group_by(self.quasi, maintain_order=True)
            .agg(pl.len().cast(pl.Int64).alias(_ROWS), pl.col(_WEIGHT).sum())
            for each in self.stretches(self.quasi)
        ]
        if not counted:
            plain = dict.fromkeys(self.quasi, pl.String)
            return pl.DataFrame(schema={**plain, _ROWS: pl.Int64, _WEIGHT: pl.Float64})
        return pl.concat(counted).group_by(self.quasi, maintain_order=True).sum()

    @cached_property
    def cleared(self) -> Cleared:
        """The check of rare combinations over all rows at once."""
        found = self._combinations
        return clear(
            numbered([found[each].to_list() for each in self.quasi]),
            found[_ROWS].to_numpy(),
            found[_WEIGHT].to_numpy(),
            self.k,
            KEPT,
        )

    def _quasi(self, stretch: Stretch) -> pl.DataFrame:
        """What may identify somebody, row by row, as text."""
        items = [each for each in self.variables if each.name in self.quasi[len(PLAIN) :]]
        coded = cells(stretch.frame, items, _codes(stretch))
        plain = _placed(stretch).select(pl.col(PLAIN).cast(pl.String))
        return plain.hstack(coded.get_columns())

    def _fixed(self, stretch: Stretch) -> pl.DataFrame:
        """The stretch with the fixed columns under the names that they have in an extract."""
        names, yes = self._names, {True: "yes", False: "no"}
        frame, place = stretch.frame, stretch.territory
        return _placed(stretch).with_columns(
            pl.Series("respondent", names([f"r{each}" for each in frame["number"].to_list()])),
            pl.Series("weight", self._weight(stretch)),
            _again(frame["stratum"], lambda found: names([f"s{place} {each}" for each in found])),
            _again(
                frame["unit"], lambda found: names([f"u{place} {each}" for each in found])
            ).alias("psu"),
            frame["proxy"].replace_strict(yes, return_dtype=pl.String).alias("by_proxy"),
            frame["partial"].replace_strict(yes, return_dtype=pl.String).alias("partial"),
        )

    def _weight(self, stretch: Stretch) -> Floats:
        """The weights that the release was computed with."""
        known, weight = self.weights[stretch.audience]
        found: Floats = weight[np.searchsorted(known, stretch.frame["number"].to_numpy())]
        return found

    @cached_property
    def _names(self) -> Callable[[Sequence[str | int]], list[str]]:
        return pseudonyms(self.key, self.purpose)

    def frames(self, shape: Callable[..., pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """Every stretch as ``cells`` or ``numbers`` make it, with rare values taken out, in the
        order of the pseudonyms: nobody sees in which order people answered."""
        done = 0
        for stretch in self.stretches():
            frame, kept = self._protected(stretch)
            ordered = frame.filter(kept).sort("respondent")  # before codes become words
            made = shape(ordered, self.variables, _codes(stretch))
            done += len(stretch.frame)
            self.progress(done)
            yield made

    def _protected(self, stretch: Stretch) -> tuple[pl.DataFrame, pl.Series]:
        frame = self._fixed(stretch)
        places = self._combinations.select(*self.quasi, pl.int_range(pl.len()).alias(_ROWS))
        found = self._quasi(stretch).join(
            places, on=self.quasi, how="left", nulls_equal=True, maintain_order="left"
        )
        own = found[_ROWS].to_numpy()  # each row's combination
        keys: Integers = self.cleared.keys[own]
        for place, column in enumerate(self.quasi):
            gone = pl.Series(keys[:, place] == BLANK)
            if place < len(PLAIN):
                frame = frame.with_columns(_without(column, gone, None))
            elif f"{column}.status" in frame.columns:
                told = frame[f"{column}.status"]
                hidden = gone & (
                    told != NOT_SHOWN
                )  # what was not asked is known from the questionnaire
                frame = frame.with_columns(_without(told.name, hidden, REMOVED))
        return frame, pl.Series(~self.cleared.left_out[own])

    def csv(self, path: Path) -> int:
        """Write the answers as CSV, stretch by stretch; how many rows."""
        with path.open("wb") as out:
            return write_answers(self.frames(cells), out)

    def numbers(self) -> pl.DataFrame:
        """The answers for SPSS and Stata."""
        return pl.concat(list(self.frames(numbers)))


def _codes(stretch: Stretch) -> dict[str, tuple[str, ...]]:
    return {item: layout.codes for item, layout in stretch.layout.items()}


def _without(column: str, gone: pl.Series, instead: int | None) -> pl.Expr:
    return pl.when(pl.lit(gone)).then(pl.lit(instead)).otherwise(pl.col(column)).alias(column)


def _placed(stretch: Stretch) -> pl.DataFrame:
    """The stretch with where its people are, as it may be written."""
    return stretch.frame.with_columns(
        pl.lit(stretch.territory).alias("territory"),
        pl.lit(stretch.audience).alias("audience"),
        safe(stretch.frame["sub_area"]).alias("sub_area"),
    )


def _again(column: pl.Series, named: Callable[[list[str]], list[str]]) -> pl.Series:
    """The column with another name for each of its values."""
    found = column.unique()
    if len(found) == len(column):
        return pl.Series(column.name, named(column.to_list()))
    made = pl.Series(named(found.to_list()), dtype=pl.String)
    return column.replace_strict(found, made, return_dtype=pl.String)


def design() -> bytes:
    """What ``flask evaluate table`` needs to know to read the CSV of an extract."""
    lines = [
        "format: covalue/design/1",
        "weight: weight",
        "stages: [{unit: psu, stratum: stratum}]",
        "territory: territory",
        "audience_column: audience",
    ]
    return ("\n".join(lines) + "\n").encode("ascii")
