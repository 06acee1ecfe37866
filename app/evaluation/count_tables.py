"""Tables of counts that anybody may ask for: each number with a noise of its own (cell keys).

Every person has a secret random key. The key of a cell is the sum of its people's keys, so the same
people have the same noise in whatever table they are counted, and asking again averages nothing
out. Totals have a noise of their own: tables do not add up. Nothing of fewer people than the
threshold is a line or a column; and a reader who knows the exact number of every answer is still
left room around each small cell (``_room``), or the table of that territory is not given.

Sources: Fraser and Wooton (2005); Thompson, Broadfoot and Elazar (2013); for what exact numbers
beside noisy ones tell: Handbook on Statistical Disclosure Control, section 5.7; Asghar and Kaafar
(2020), "Averaging attacks on bounded noise-based disclosure control algorithms".
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from app.domain.territories import NATION
from app.evaluation.columns import Bools, Floats, Integers
from app.evaluation.perturbation import Perturbation
from app.evaluation.suppression import FRAGILE, THRESHOLD

Numbers = TypeVar("Numbers", Floats, Integers)
USUAL = Perturbation(largest=8, variance=4.0, never=2)
KEYS = 2**32  # record keys are whole numbers below this: sums of two million of them are exact
ROOM = 4  # people between the least and the greatest number that a small cell may have


@dataclass(frozen=True)
class CountRules:
    """``threshold``: fewest people of a line or column; ``people``: fewest of a territory."""

    perturbation: Perturbation = USUAL
    threshold: int = THRESHOLD
    people: int = FRAGILE


@dataclass(frozen=True, eq=False)
class Answers:
    """One audience. ``territory`` int[n]: index into ``territories``; ``keys`` float[n]: record
    keys; ``given``: for each question int[n], the option chosen, -1 without one; ``options``: how
    many each question has."""

    territories: tuple[str, ...]
    territory: Integers
    keys: Floats
    given: Mapping[str, Integers]
    options: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Layer:
    """The table of one territory. ``rows``, ``columns``: the first option of each line and column,
    which goes on to the next one; ``exact``, ``shown``: int[rows + 1, columns + 1], totals last."""

    rows: Integers
    columns: Integers
    exact: Integers
    shown: Integers

    def plain(self) -> dict[str, list[object]]:
        """What is given out of it, as plain data."""
        return {
            "rows": self.rows.tolist(),
            "columns": self.columns.tolist(),
            "people": self.shown.tolist(),
        }


def record_keys(secret: bytes, numbers: Integers) -> Floats:
    """The key of each response of a cut: a keyed hash of its number, from 0 to ``KEYS`` - 1."""
    found = [
        hashlib.blake2b(int(each).to_bytes(8, "big"), digest_size=4, key=secret).digest()
        for each in numbers
    ]
    return np.frombuffer(b"".join(found), dtype=">u4").astype(np.float64)


def count_table(
    answers: Answers, rows: str, columns: str | None, places: Sequence[str], rules: CountRules
) -> dict[str, Layer]:
    """The table of two questions (or of one) in each of these territories and in all of them
    together, by code; without those that cannot be given.

    Counted are the people who answered what is asked. Of one question every number is a number of
    people of the whole territory, and no room is looked for.
    """
    counted = {place: _counted(answers, rows, columns, place) for place in places}
    enough = {place: each for place, each in counted.items() if each[0].sum() >= rules.people}
    if len(enough) > 1:
        people, keys = zip(*enough.values(), strict=True)
        enough[NATION] = (np.sum(people, axis=0), np.sum(keys, axis=0))
    drawn = {place: _drawn(*each, rules) for place, each in enough.items()}
    found = {place: each for place, each in drawn.items() if each is not None}
    return found if columns is None else _with_room(enough, found, rules)


def _counted(
    answers: Answers, rows: str, columns: str | None, place: str
) -> tuple[Integers, Floats]:
    """People and sums of their keys, by option and option."""
    one = answers.given[rows]
    other = np.zeros_like(one) if columns is None else answers.given[columns]
    shape = (answers.options[rows], 1 if columns is None else answers.options[columns])
    who = (answers.territory == answers.territories.index(place)) & (one >= 0) & (other >= 0)
    at = one[who].astype(np.int64) * shape[1] + other[who]
    size = shape[0] * shape[1]
    people = np.bincount(at, minlength=size).astype(np.int64)
    keys = np.bincount(at, weights=answers.keys[who], minlength=size).astype(np.float64)
    return people.reshape(shape), keys.reshape(shape)


def groups(people: Integers, least: int) -> Integers:
    """The first option of each group: the smallest one that has fewer than ``least`` joins the
    smaller of its neighbours, until none has, or one is left."""
    firsts, sizes = list(range(len(people))), people.tolist()
    while len(sizes) > 1 and min(sizes) < least:
        k = sizes.index(min(sizes))
        beside = [j for j in (k - 1, k + 1) if 0 <= j < len(sizes)]
        left = min(k, min(beside, key=lambda j: sizes[j]))
        sizes[left] += sizes.pop(left + 1)
        firsts.pop(left + 1)
    return np.array(firsts)


def _drawn(people: Integers, keys: Floats, rules: CountRules) -> Layer | None:
    """The table with its noise; None where its people cannot be told apart in two groups."""
    rows = groups(people.sum(axis=1), rules.threshold)
    columns = groups(people.sum(axis=0), rules.threshold)
    if len(rows) < 2 or (people.shape[1] > 1 and len(columns) < 2):
        return None
    exact = _added(people, rows, columns)
    cell_keys = _added(keys, rows, columns) % KEYS / KEYS
    shown = exact + rules.perturbation.noise(exact, cell_keys)
    return Layer(rows, columns, exact, shown)


def _added(table: Numbers, rows: Integers, columns: Integers) -> Numbers:
    """The sums of groups and, last, of everything."""
    sums = np.add.reduceat(np.add.reduceat(table, rows, axis=0), columns, axis=1)
    sums = np.vstack([sums, sums.sum(axis=0)])
    return np.hstack([sums, sums.sum(axis=1, keepdims=True)])


def _with_room(
    counted: Mapping[str, tuple[Integers, Floats]], drawn: Mapping[str, Layer], rules: CountRules
) -> dict[str, Layer]:
    """The layers of which every cell under the threshold keeps its room, all seen together."""
    whole = drawn.get(NATION)
    kept: dict[str, Layer] = {}
    for place, layer in drawn.items():
        if place != NATION:
            seen = [layer] if whole is None else [layer, whole]
            if _safe(layer, _room(counted[place][0], layer, seen, rules), rules):
                kept[place] = layer
    if whole is not None:
        rooms = [
            _room(people, whole, [whole, *([kept[place]] if place in kept else [])], rules)
            for place, (people, _) in counted.items()
            if place != NATION
        ]
        if _safe(whole, np.max(rooms, axis=0), rules):
            kept = {NATION: whole} | kept
    return kept


def _safe(layer: Layer, room: Integers, rules: CountRules) -> bool:
    small = layer.exact[:-1, :-1] < rules.threshold
    return bool((room[small] >= ROOM).all())


def _room(people: Integers, of: Layer, seen: Sequence[Layer], rules: CountRules) -> Integers:
    """For each cell of a layer, how far apart two numbers are that it may have for all that a
    reader knows: what is shown in ``seen``, the noise that is possible, and the exact number of
    every answer to each question. int[rows, columns], from below.

    Two pairs of people of this territory who exchange their answers to the second question change
    no number of one question; it is looked for how many may.
    """
    cells = [_Cells.of(layer, people.shape, rules.perturbation) for layer in seen]
    more = np.minimum(people[:, None, None, :], people.T[None, :, :, None])
    less = np.minimum(people[:, :, None, None], people[None, None, :, :])
    for each in cells:
        touched = each.touched
        more = np.where(touched, np.minimum(more, _least(each.up, each.down)), more)
        less = np.where(touched, np.minimum(less, _least(each.down, each.up)), less)
    moved = cells[[layer is of for layer in seen].index(True)].touched
    best = sum(np.where(moved, each, 0).max(axis=(2, 3)) for each in (more, less))
    rooms = np.maximum.reduceat(np.asarray(best), of.rows, axis=0)
    found: Integers = np.maximum.reduceat(rooms, of.columns, axis=1)
    return found


def _least(here: Integers, there: Integers) -> Integers:
    """For a move from (i, q) and (p, j) to (i, j) and (p, q): the least of what the four allow."""
    near = np.minimum(here[:, :, None, None], here[None, None, :, :])
    far = np.minimum(there[:, None, None, :], there.T[None, :, :, None])
    found: Integers = np.minimum(near, far)
    return found


@dataclass(frozen=True, eq=False)
class _Cells:
    """A layer, option by option: how much more and less people each cell may have, and whether a
    move of people (i, q), (p, j) to (i, j), (p, q) changes it."""

    up: Integers
    down: Integers
    touched: Bools

    @classmethod
    def of(cls, layer: Layer, shape: tuple[int, ...], perturbation: Perturbation) -> _Cells:
        row, column = (
            np.repeat(np.arange(len(firsts)), np.diff([*firsts, size]))
            for firsts, size in zip((layer.rows, layer.columns), shape, strict=True)
        )
        exact, shown = layer.exact[:-1, :-1], layer.shown[:-1, :-1]
        at = np.ix_(row, column)
        apart = (row[:, None] != row)[:, None, :, None]
        return cls(
            (perturbation.highest(shown) - exact)[at],
            (exact - perturbation.lowest(shown))[at],
            apart & (column[:, None] != column)[None, :, None, :],
        )
