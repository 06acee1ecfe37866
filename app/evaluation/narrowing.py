"""What all figures of now and before together leave open around each withheld set of people.

The pattern of an indicator is safe by itself (`suppression`). But one statistic may be told of
several sets that share people: by two indicators, by the two sides of a gap, by earlier releases.
So here the people of a territory who stand in the same sets of a statistic are one unknown mean
from 0 to 100; a figure is a row over these; and linear programming says what they leave open of
each withheld set, which must be ten points around the people of whom nothing else is told.
Source: *Handbook on SDC*, ch. 5 (the attacker's problem); the same is asked of a pattern there.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.evaluation import attack
from app.evaluation.ledger import LEAST_ROOM, NEGLIGIBLE, Ledger, Members, Relation
from app.evaluation.observing import Published
from app.evaluation.quantities import Cell

NOW = -1  # as a release
TARGET = -1  # as a group of sets: what is unknown is the mean of a withheld set
Unknown = tuple[int, int]  # a group of sets, and people of it who stand in the same ones
Line = dict[Unknown, float]


@dataclass(frozen=True)
class _Told:
    """A set of people of one statistic; ``value``: their mean where it was told."""

    release: int
    cell: Cell
    members: Members
    value: float | None


@dataclass(frozen=True)
class _Target:
    """A set whose mean must keep ``room``, as a line over people."""

    line: Line
    room: float


@dataclass(frozen=True)
class _Known:
    """Everything given out as rows over unknown means: ``now`` with the numbers of the figures,
    ``before`` of earlier releases, each with its sums; and the sets of people as lines."""

    means: Mapping[tuple[int, Cell], Line]
    targets: Sequence[_Target]
    now: Sequence[Line]
    sums: Sequence[float]
    numbers: Sequence[int]
    before: Sequence[Line]
    sums_before: Sequence[float]


def _known(
    published: Sequence[Published],
    withheld: Collection[Cell],
    values: Mapping[Cell, float],
    ledger: Ledger,
) -> _Known:
    groups = _open_groups(withheld, values, ledger)
    means, targets = _unknowns(groups)
    before, sums_before = _lines_before(ledger, groups, means)
    now, sums, numbers = [], [], []
    for number, each in enumerate(published):
        cells = {cell: w for cell, w in each.gradient.items() if (NOW, cell) in means}
        if len(each.gradient) > 1:  # what shown cells add is known from their own rows
            cells = {cell: w for cell, w in cells.items() if cell in withheld}
        line = _mixed((w, means[NOW, cell]) for cell, w in cells.items())
        if each.observation.shown and line:
            now.append(line)
            sums.append(sum(w * values[cell] for cell, w in cells.items()))
            numbers.append(number)
    return _Known(means, targets, now, sums, numbers, before, sums_before)


def too_narrow(
    published: Sequence[Published],
    withheld: Collection[Cell],
    values: Mapping[Cell, float],
    ledger: Ledger,
    among: Collection[int] | None = None,
) -> dict[int, list[int]]:
    """For each withheld set that is left too little room, by its number, the numbers of the
    published figures that narrow it down: where there are any, those of more than one cell.
    ``values``: of every cell now; ``among``: the sets to look at where others are known to have
    room, since fewer figures than before are published (else all).

    What earlier releases alone give away is not told: nothing can be done about it any more.
    """
    known = _known(published, withheld, values, ledger)
    lines, sums = [*known.now, *known.before], [*known.sums, *known.sums_before]
    targets = {i: each for i, each in enumerate(known.targets) if among is None or i in among}
    found = {}
    for place, rows in _pressed(lines, sums, len(known.now), targets).items():
        used = [known.numbers[i] for i in rows]
        found[place] = [i for i in used if len(published[i].gradient) > 1] or used
    return {place: used for place, used in found.items() if used}


def intervals(
    published: Sequence[Published],
    withheld: Collection[Cell],
    values: Mapping[Cell, float],
    ledger: Ledger,
) -> dict[Cell, tuple[float, float]]:
    """For each withheld cell the values that everything given out leaves possible: all figures of
    this release together, and those of earlier ones."""
    known = _known(published, withheld, values, ledger)
    lines, sums = [*known.now, *known.before], [*known.sums, *known.sums_before]
    asked = [cell for cell in sorted(withheld) if (NOW, cell) in known.means]
    whole = [{**known.means[NOW, cell], (TARGET, i): -1.0} for i, cell in enumerate(asked)]
    unknown = sorted({each for line in (*lines, *whole) for each in line})
    nothing = {each: 0.0 for each in unknown if each[0] != TARGET}  # asked for no room
    left = attack.left_open([*lines, *whole], [*sums, *[0.0] * len(whole)], unknown, enough=nothing)
    return {cell: left[TARGET, i] for i, cell in enumerate(asked)}


def line_of(weights: Mapping[Cell, float]) -> frozenset[tuple[Cell, float]]:
    """Weights on cells as what two figures may have in common."""
    return frozenset((cell, round(w, 9)) for cell, w in weights.items() if w)


def told_of_withheld(
    published: Sequence[Published], withheld: Collection[Cell], values: Mapping[Cell, float]
) -> list[Relation]:
    """What the shown figures say of withheld cells, once each: for the ledger, since cells that
    are shown say the rest."""
    found: dict[frozenset[tuple[Cell, float]], Relation] = {}
    for each in published:
        open_ = {cell: w for cell, w in each.gradient.items() if cell in withheld and w}
        if open_ and each.observation.shown:
            value = sum(w * values[cell] for cell, w in open_.items())
            found.setdefault(line_of(open_), Relation("", open_, value))
    return list(found.values())


def crowded(withheld: Collection[Cell], values: Mapping[Cell, float], ledger: Ledger) -> set[Cell]:
    """Cells to withhold because the shown ones of a statistic, of now and of before, leave a
    withheld set of people too little room by themselves: of those that narrow it the smallest."""
    found: set[Cell] = set()
    for group in _open_groups(withheld, values, ledger):
        sets = group
        while (weakest := _crowding(sets, ledger)) is not None:
            found.add(weakest)
            sets = [
                replace(each, value=None) if (each.release, each.cell) == (NOW, weakest) else each
                for each in sets
            ]
    return found


def _crowding(sets: Sequence[_Told], ledger: Ledger) -> Cell | None:
    shown = [each for each in sets if each.value is not None]
    now = [each for each in shown if each.release == NOW]
    if not now:
        return None
    means, targets = _unknowns([sets])
    order = [*now, *(each for each in shown if each.release != NOW)]
    lines = [means[each.release, each.cell] for each in order]
    sums = [each.value for each in order if each.value is not None]
    for rows in _pressed(lines, sums, len(now), dict(enumerate(targets))).values():
        if rows:
            return min(ledger.turn(now[i].cell, len(now[i].members)) for i in rows)[-1]
    return None


def _open_groups(
    withheld: Collection[Cell], values: Mapping[Cell, float], ledger: Ledger
) -> list[list[_Told]]:
    """The sets of each statistic of a territory of which one is withheld, now or before."""
    groups: dict[Hashable, list[_Told]] = {}
    nobody = np.zeros(0, dtype=np.int64)
    for place, cell in enumerate(sorted(values)):
        alone = np.array([-(2**40) - place])  # a cell of whom nobody is known stands for itself
        there = ledger.members.get(cell, nobody)
        told = _Told(NOW, cell, there if len(there) else alone, values[cell])
        if cell in withheld:
            told = _Told(NOW, cell, told.members, None)
        groups.setdefault(ledger.statistic(cell), []).append(told)
    for k, given in enumerate(ledger.past):
        for cell, members in sorted(given.members.items()):
            if len(members):
                told = _Told(k, cell, members, given.shown.get(cell))
                groups.setdefault(ledger.statistic(cell), []).append(told)
    return [sets for sets in groups.values() if any(each.value is None for each in sets)]


def _unknowns(
    groups: Sequence[Sequence[_Told]],
) -> tuple[dict[tuple[int, Cell], Line], list[_Target]]:
    """The mean of each set as a line over people who stand in the same sets, and the targets."""
    means: dict[tuple[int, Cell], Line] = {}
    targets: dict[tuple[tuple[Unknown, float], ...], _Target] = {}
    for g, sets in enumerate(groups):
        people = np.unique(np.concatenate([each.members for each in sets]))
        inside = np.array([np.isin(people, each.members) for each in sets])
        kinds, sizes = np.unique(inside, axis=1, return_counts=True)
        for i, each in enumerate(sets):
            shares = _shares(kinds[i], sizes)
            line = {(g, j): share for j, share in shares.items()}
            means[each.release, each.cell] = line
        shown = [kinds[i] for i, each in enumerate(sets) if each.value is not None]
        for i, each in enumerate(sets):
            room = _room(kinds[i], shown, sizes)
            if each.value is None and room:
                line = means[each.release, each.cell]
                targets[tuple(sorted(line.items()))] = _Target(line, room)
    return means, list(targets.values())


def _shares(there: NDArray[np.bool_], sizes: NDArray[np.int64]) -> dict[int, float]:
    whole = sizes[there].sum()
    return {int(j): float(sizes[j] / whole) for j in np.flatnonzero(there)}


def _room(
    mine: NDArray[np.bool_], shown: Sequence[NDArray[np.bool_]], sizes: NDArray[np.int64]
) -> float:
    """Ten points around the mean of those whom no shown set holds apart; 0: a shown set itself."""
    apart = [float(sizes[mine ^ other].sum() / sizes[mine].sum()) for other in shown]
    return LEAST_ROOM * min([1.0, *apart])


def _lines_before(
    ledger: Ledger, groups: Sequence[Sequence[_Told]], means: Mapping[tuple[int, Cell], Line]
) -> tuple[list[Line], list[float]]:
    """What earlier releases told: of single sets, and of the nation."""
    lines: list[Line] = []
    sums: list[float] = []
    for sets in groups:
        for each in sets:
            if each.release != NOW and each.value is not None:
                lines.append(means[each.release, each.cell])
                sums.append(each.value)
    for k, given in enumerate(ledger.past):
        for relation in given.relations:
            open_ = {c: w for c, w in relation.weights.items() if (k, c) in means}
            known = relation.weights.keys() - open_.keys()
            if open_ and known <= given.shown.keys():
                lines.append(_mixed((w, means[k, cell]) for cell, w in open_.items()))
                rest = sum(relation.weights[cell] * given.shown[cell] for cell in known)
                sums.append(relation.value - rest)
    return lines, sums


def _mixed(parts: Iterator[tuple[float, Line]]) -> Line:
    found: Line = {}
    for weight, line in parts:
        for unknown, share in line.items():
            found[unknown] = found.get(unknown, 0.0) + weight * share
    return {unknown: weight for unknown, weight in found.items() if weight}


def _pressed(
    lines: Sequence[Line], sums: Sequence[float], now: int, targets: Mapping[int, _Target]
) -> dict[int, list[int]]:
    """The targets that have less than their room, but not by what was given out before alone (the
    lines after the first ``now``), each with the numbers of the lines of now that press on it."""
    narrow = _narrow(lines, sums, targets)
    if narrow and now < len(lines):
        narrow -= _narrow(lines[now:], sums[now:], {i: targets[i] for i in narrow})
    held = {i: attack.binding(lines, sums, targets[i].line) for i in sorted(narrow)}
    return {i: [k for k in rows if k < now] for i, rows in held.items()}


def _narrow(
    lines: Sequence[Line], sums: Sequence[float], targets: Mapping[int, _Target]
) -> set[int]:
    """The numbers of the targets that have less than their room."""
    whole: list[Line] = [{**each.line, (TARGET, i): -1.0} for i, each in targets.items()]
    cells = sorted({unknown for line in (*lines, *whole) for unknown in line})
    enough = dict.fromkeys(cells, 0.0)
    enough |= {(TARGET, i): each.room + NEGLIGIBLE for i, each in targets.items()}
    left = attack.left_open([*lines, *whole], [*sums, *[0.0] * len(whole)], cells, enough=enough)
    return {
        i
        for i, each in targets.items()
        if left[TARGET, i][1] - left[TARGET, i][0] < each.room - NEGLIGIBLE
    }
