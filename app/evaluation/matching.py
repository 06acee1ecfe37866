"""People of two groups counted by answer and total score: all that tests of one item read.

A million people cost one pass to count them; tests then cost what the table holds. Totals are
rounded to nine digits after the point: sums of decimal answers are not exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt

import numpy as np

from app.evaluation.columns import Bools, Floats, Integers

DIGITS = 9  # of totals
WIDEST = 100_000  # whole numbers that are counted in place rather than sorted


@dataclass(frozen=True, eq=False)
class Tally:
    """People of one item. By row of the table, float64[m]: ``answer``, ``focal`` (1 in the focal
    group, else 0), ``total`` and ``people``, how many of them; in the order of answers."""

    answer: Floats
    total: Floats
    focal: Floats
    people: Floats

    @cached_property
    def n(self) -> int:
        """People of both groups."""
        return int(self.people.sum())

    @cached_property
    def levels(self) -> Floats:
        """Answers that somebody gave, in order."""
        return np.unique(self.answer)

    @cached_property
    def sd(self) -> float:
        """Of the answers of everybody, n - 1."""
        middle = float(self.people @ self.answer) / self.n
        return sqrt(float(self.people @ (self.answer - middle) ** 2) / (self.n - 1))


@dataclass(frozen=True, eq=False)
class Scale:
    """Items of a scale as codes. ``levels[j]``: the answers to item j in order; ``codes[j]``
    int64[n]: each person's place in them; ``values`` float64[n, k]; ``focal`` bool[n]."""

    values: Floats
    focal: Bools
    levels: tuple[Floats, ...]
    codes: tuple[Integers, ...]

    @cached_property
    def _group(self) -> Integers:
        return self.focal.astype(np.int64)

    @cached_property
    def _sums(self) -> dict[frozenset[int], tuple[Floats, Integers]]:
        """(totals that occur, each person's place in them) by the items left out of the sum."""
        return {}

    def tally(self, j: int, without: frozenset[int]) -> Tally:
        """Item ``j`` matched on the sum of the items that are not in ``without``, and itself."""
        found = _counted(self.levels[j], self.codes[j], *self._sum_of(without), self._group)
        if j not in without:
            return found
        return replace(found, total=np.round(found.total + found.answer, DIGITS))

    def _sum_of(self, without: frozenset[int]) -> tuple[Floats, Integers]:
        if without not in self._sums:
            kept = [j for j in range(len(self.levels)) if j not in without]
            self._sums.clear()  # rounds do not come back to what they left
            self._sums[without] = coded(np.round(self.values[:, kept].sum(axis=1), DIGITS))
        return self._sums[without]


def scale(values: Floats, focal: Bools) -> Scale:
    """Answers float64[n, k] without gaps, and who is in the focal group, bool[n]."""
    columns = [coded(column) for column in values.T]
    levels = tuple(found for found, _ in columns)
    return Scale(values, focal, levels, tuple(place for _, place in columns))


def coded(values: Floats) -> tuple[Floats, Integers]:
    """(values that occur in order, each one's place in them); linear for whole numbers."""
    low = float(values.min())
    if float(values.max()) - low < WIDEST:
        place = (values - low).astype(np.int64)
        if (place + low == values).all():
            there = np.flatnonzero(np.bincount(place))
            lookup = np.zeros(int(there[-1]) + 1, dtype=np.int64)
            lookup[there] = np.arange(len(there))
            return there.astype(np.float64) + low, lookup[place]
    found, index = np.unique(values, return_inverse=True)
    return found, index.astype(np.int64)


def tallied(answers: Floats, focal: Bools, total: Floats) -> Tally:
    """One item and a total that is given; all arrays have n entries, one a person, none missing."""
    return _counted(*coded(answers), *coded(np.round(total, DIGITS)), focal.astype(np.int64))


def _counted(
    answers: Floats, code: Integers, totals: Floats, place: Integers, group: Integers
) -> Tally:
    people = np.bincount((code * len(totals) + place) * 2 + group)
    there = np.flatnonzero(people)
    rest, focal = np.divmod(there, 2)
    answer, total = np.divmod(rest, len(totals))
    return Tally(
        answers[answer], totals[total], focal.astype(np.float64), people[there].astype(np.float64)
    )


@dataclass(frozen=True, eq=False)
class Matched:
    """Sums per stratum of equal total, all float64[m], over strata of at least two people.

    ``focal``, ``reference``: people; ``focal_sum``, ``reference_sum``: their answers summed;
    ``squares``: sum of squared answers of both; ``left_out``: people in strata of one.
    """

    focal: Floats
    reference: Floats
    focal_sum: Floats
    reference_sum: Floats
    squares: Floats
    left_out: int

    @property
    def people(self) -> Floats:
        """People of both groups, per stratum."""
        return self.focal + self.reference

    @property
    def expected(self) -> Floats:
        """Expected focal sum where the group makes no difference."""
        return self.focal * (self.focal_sum + self.reference_sum) / self.people

    @property
    def variance(self) -> Floats:
        """Variance of the focal sum where the group makes no difference (hypergeometric)."""
        whole, people = self.focal_sum + self.reference_sum, self.people
        spread = np.maximum(people * self.squares - whole**2, 0.0)
        return np.asarray(self.focal * self.reference * spread / (people**2 * (people - 1)))


def matched(tally: Tally) -> Matched:
    """Strata of people with the same total."""
    _, stratum = np.unique(tally.total, return_inverse=True)

    def sums(values: Floats) -> Floats:
        return np.asarray(np.bincount(stratum, weights=values), dtype=np.float64)

    f, r = tally.people * tally.focal, tally.people * (1.0 - tally.focal)
    x = tally.answer
    table = np.stack([sums(f), sums(r), sums(f * x), sums(r * x), sums(tally.people * x * x)])
    enough = table[0] + table[1] >= 2
    lost = tally.n - int(table[:2, enough].sum())
    f_n, r_n, f_sum, r_sum, squares = table[:, enough]
    return Matched(f_n, r_n, f_sum, r_sum, squares, lost)
