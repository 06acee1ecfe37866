"""A reader who wants to know: everything published ever, as equations over groups of people.

Written apart from the product's protection, and sharing no code with it: numpy and scipy on plain
rows of tables. The reader is given more than any has: who stands behind each component in each
release (never what they answered), which territories a mean is made of, and the weights. People
who are in the same sets are one unknown; every figure is a row; what a figure is about is found
by least squares (row space) and by linear programming (HiGHS), each unknown between 0 and 100.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import highspy
import numpy as np
from attack_reading import Line, Place, Published, Release, Set, mixed
from scipy.sparse import csr_array

EXACT = 1e-6


@dataclass
class System:
    """Unknown means of groups, equations between them."""

    groups: list[tuple[Place, Set]] = field(default_factory=list)
    of: dict[Place, list[int]] = field(default_factory=dict)
    lines: list[dict[int, float]] = field(default_factory=list)
    sums: list[float] = field(default_factory=list)

    def mean(self, place: Place, people: Set) -> dict[int, float]:
        """The mean of a set of people, as weights on groups."""
        return {
            g: len(self.groups[g][1]) / len(people)
            for g in self.of[place]
            if self.groups[g][1] <= people
        }

    def over(self, known: Published, release: int, line: Line) -> dict[int, float]:
        """A combination of a release's cells, as weights on groups."""
        return mixed(
            (weight, self.mean((place, known.statistic[name]), known.sets[release, place, name]))
            for (place, name), weight in line.items()
        )

    def say(self, line: Mapping[int, float], value: float) -> None:
        """One published figure."""
        self.lines.append(dict(line))
        self.sums.append(value)


def system_of(known: Published) -> System:
    """Every equation that the publications give."""
    found = System()
    by_place: dict[Place, set[Set]] = {}
    for (_, territory, component), people in known.sets.items():
        by_place.setdefault((territory, known.statistic[component]), set()).add(people)
    for place, sets in sorted(by_place.items()):
        patterns: dict[tuple[bool, ...], set[int]] = {}
        ordered = sorted(sets, key=sorted)
        for person in sorted(frozenset().union(*sets)):
            patterns.setdefault(tuple(person in each for each in ordered), set()).add(person)
        for people in patterns.values():
            found.of.setdefault(place, []).append(len(found.groups))
            found.groups.append((place, frozenset(people)))
    for release, rows in enumerate(known.rows):
        read = Release(known, release)
        for row in rows:
            if "value" in row and (line := read.line(row)):
                found.say(found.over(known, release, line), row["value"])
    return found


@dataclass
class Found:
    """What the reader worked out of one set of people."""

    exact: bool
    low: float
    high: float


class Attack:
    """Solves the system for what is asked."""

    def __init__(self, system: System) -> None:
        self.system = system
        rows, columns, values = [], [], []
        for i, line in enumerate(system.lines):
            for group, weight in line.items():
                rows.append(i)
                columns.append(group)
                values.append(weight)
        shape = (len(system.lines), len(system.groups))
        self.matrix = csr_array((values, (rows, columns)), shape=shape)
        self.sums = np.array(system.sums)
        _, sizes, space = np.linalg.svd(self.matrix.toarray(), full_matrices=False)
        self.space = space[sizes > 1e-9 * sizes[0]]
        self._solver = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)
        for _ in system.groups:
            self._solver.addVar(0.0, 100.0)
        for line, value in zip(system.lines, system.sums, strict=True):
            self._solver.addRow(
                value, value, len(line), np.array(list(line)), np.array(list(line.values()))
            )

    def exactly(self, line: Mapping[int, float]) -> bool:
        """Whether some combination of everything published is this mean."""
        aim = self._dense(line)
        left = aim - self.space.T @ (self.space @ aim)
        return bool(np.abs(left).max() < EXACT * np.abs(aim).max())

    def range(self, line: Mapping[int, float]) -> tuple[float, float]:
        """Least and greatest value that everything published allows."""
        aim = self._dense(line)
        ends = []
        for sign in (1.0, -1.0):
            self._solver.changeColsCost(len(aim), np.arange(len(aim)), sign * aim)
            self._solver.run()
            status = self._solver.getModelStatus()
            assert status == highspy.HighsModelStatus.kOptimal, status
            ends.append(sign * self._solver.getObjectiveValue())
        return ends[0], ends[1]

    def on(self, place: Place, people: Set) -> Found:
        """What can be said of the mean of these people."""
        line = self.system.mean(place, people)
        low, high = self.range(line)
        return Found(self.exactly(line), low, high)

    def _dense(self, line: Mapping[int, float]) -> np.ndarray:
        aim = np.zeros(len(self.system.groups))
        for group, weight in line.items():
            aim[group] = weight
        return aim


def few_apart(sets: Mapping[tuple, Set], threshold: int) -> list[tuple]:
    """Pairs of published sets of one statistic that differ by 1 to ``threshold`` - 1 people."""
    found = []
    names = sorted(sets, key=repr)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            if 0 < len(sets[one] ^ sets[other]) < threshold:
                found.append((one, other))
    return found


def alike_apart(told: Mapping[tuple, tuple[Set, float]]) -> list[tuple]:
    """Published sets, one alone, one less one or two others in it that share nobody, or two that
    share nobody less one in them both together, that leave people with a mean of 0 or 100: every
    one of them answered so, however many they are."""
    found = []
    sides = [((name,), people, len(people) * mean) for name, (people, mean) in told.items()]
    sides += [
        ((*one, *other), mine | theirs, total + more)
        for k, (one, mine, total) in enumerate(sides)
        for other, theirs, more in sides[k + 1 :]
        if mine.isdisjoint(theirs)
    ]
    nothing: tuple[tuple, Set, float] = ((), frozenset(), 0.0)
    for outer, whole, total in sides:
        for inner, part, less in (nothing, *sides):
            apart = len(whole) - len(part)
            if len(outer) + len(inner) < 4 and part < whole:
                rest = (total - less) / apart
                if min(abs(rest), abs(100.0 - rest)) < EXACT:
                    found.append((*outer, *inner))
    return found
