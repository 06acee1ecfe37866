"""Answers as columns: what the evaluation reads, one array per item instead of one document each.

Others build these from stored answers; from here on nothing knows a response any more. All
arrays of one audience have the same length n and the same order of rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Status(IntEnum):
    """Whether an item has a value, and if not, why: six things that are never mixed."""

    VALUE = 0
    DONT_KNOW = 1
    PREFER_NOT = 2
    NOT_CONCERNED = 3
    SKIPPED = 4
    NOT_SHOWN = 5


@dataclass(frozen=True, eq=False)
class ItemColumn:
    """All answers to one item.

    ``status`` int8[n]; ``given`` float64[n]: the number given, NaN without one; None where
    ``scores`` float64[len(codes)] has the score of each option, NaN without one; ``code`` int16[n]:
    index into ``codes`` of the chosen option (int32[n]: of the text or date as written), -1 without
    one; ``ticked`` bool[n, len(codes)] for several-choice items, where ``code`` is -1 throughout.
    ``lowest`` and ``highest``: the range of the scores of the item's options (of the limits, for a
    number), None where it has none. ``written``: ``codes`` are texts, dates or times, no options.
    Where ``status`` is not VALUE, the rest of the row is never read.
    """

    status: NDArray[np.int8]
    given: Floats | None
    code: NDArray[np.int16] | NDArray[np.int32]
    codes: tuple[str, ...] = ()
    ticked: Bools | None = None
    lowest: float | None = None
    highest: float | None = None
    scores: Floats | None = None
    written: bool = False

    def __post_init__(self) -> None:
        n = len(self.status)
        if len(self.code) != n or (self.given is not None and len(self.given) != n):
            raise ValueError("status, number and code differ in length")
        if (self.given is None) == (self.scores is None):
            raise ValueError("either numbers are given, or every code has its score")
        if self.ticked is not None and self.ticked.shape != (n, len(self.codes)):
            raise ValueError("ticked needs one row per answer and one column per code")

    @cached_property
    def number(self) -> Floats:
        """The number given or the score of the chosen option, NaN without one, float64[n]."""
        if self.scores is not None:
            return np.asarray(np.append(self.scores, np.nan)[self.code])  # -1 takes the last one
        return np.asarray(self.given)

    def rows(self, rows: Integers) -> ItemColumn:
        """The answers of some rows, in this order."""
        return replace(
            self,
            status=self.status[rows],
            given=None if self.given is None else self.given[rows],
            code=self.code[rows],
            ticked=None if self.ticked is None else self.ticked[rows],
        )


@dataclass(frozen=True, eq=False)
class ByProxy:
    """Which answers somebody gave in the person's place.

    ``whole`` bool[n]: all of a row's answers; ``items``: of rows where only some, by item bool[n].
    """

    whole: Bools
    items: Mapping[str, Bools] = field(default_factory=dict)

    def any_of(self, items: Collection[str]) -> Bools:
        """The rows where any answer to these items came from a proxy, bool[n]."""
        found = self.whole.copy()
        for item in items:
            if item in self.items:
                found |= self.items[item]
        return found

    def rows(self, rows: Integers) -> ByProxy:
        """The same of some rows."""
        return ByProxy(self.whole[rows], {item: each[rows] for item, each in self.items.items()})


@dataclass(frozen=True, eq=False)
class AnswerColumns:
    """The answers of one audience: ``n`` rows. An item that is not here was shown to nobody.

    ``by_proxy``: None where everybody answered in person.
    """

    n: int
    items: Mapping[str, ItemColumn]
    by_proxy: ByProxy | None = None

    def __post_init__(self) -> None:
        for item, column in self.items.items():
            if len(column.status) != self.n:
                raise ValueError(f"{item} has {len(column.status)} rows, expected {self.n}")


@dataclass(frozen=True, eq=False)
class Respondents:
    """Who gave the rows of ``AnswerColumns``, in the same order.

    ``territory`` int[n]: index into ``territories``; ``stratum`` int64[n], nested in the territory;
    ``psu`` int64[n], nested in the stratum: the case, else the household or centre, else the person
    (the same number in two audiences is the same case); ``weight`` float64[n] >= 0; ``proxy``
    bool[n]: somebody answered in the person's place; ``channel`` int8[n]: index into ``channels``;
    ``cell`` int64[n]: joint cell of the calibration margins (0 without any), one per PSU;
    ``exchange`` bool[n]: in the sample part that was asked the exchange items of its territory
    (None: nobody was).
    """

    n: int
    territory: Integers
    territories: tuple[str, ...]
    stratum: Integers
    psu: Integers
    weight: Floats
    proxy: Bools
    channel: NDArray[np.int8]
    channels: tuple[str, ...] = ()
    cell: Integers | None = field(default=None)
    exchange: Bools | None = field(default=None)

    def __post_init__(self) -> None:
        arrays = (self.territory, self.stratum, self.psu, self.weight, self.proxy, self.channel)
        if any(len(array) != self.n for array in arrays):
            raise ValueError("the arrays of respondents differ in length")
        if self.exchange is not None and len(self.exchange) != self.n:
            raise ValueError("the arrays of respondents differ in length")
        if self.n and not (np.isfinite(self.weight).all() and (self.weight >= 0).all()):
            raise ValueError("weights are finite and not negative")
