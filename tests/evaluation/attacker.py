"""A reader who wants to know: everything published ever, as equations over groups of people.

Written apart from the product's protection, and sharing no code with it: numpy and scipy on plain
rows of tables. The reader is given more than any has: who stands behind each component in each
release (never what they answered), which territories a mean is made of, and the weights. People
who are in the same sets are one unknown; every figure is a row; what a figure is about is found
by least squares (row space) and by linear programming (HiGHS), each unknown between 0 and 100.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

NATION = "FR"
EXACT = 1e-6

Set = frozenset[int]
Place = tuple[str, str]  # territory, statistic


@dataclass
class Published:
    """What the reader has: ``sets`` by (release, territory, component), ``rows`` by release."""

    rows: list[list[dict]]
    sets: dict[tuple[int, str, str], Set]
    statistic: dict[str, str]  # component -> what it computes of a person
    parts: dict[str, list[str]]  # indicator -> components
    nodes: dict[str, dict[str, float]]  # dimension or total -> weights of indicators, summing to 1
    population: dict[str, int]


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

    def say(self, line: Mapping[int, float], value: float) -> None:
        """One published figure."""
        self.lines.append(dict(line))
        self.sums.append(value)


def name_of(row: dict) -> str:
    """The component that a row of kind ``component`` is about."""
    code, _, side = row["code"].partition(".")
    return f"{code}.{row['audience']}" + (f".{side}" if side else "")


def mixed(parts: Iterable[tuple[float, Mapping[int, float]]]) -> dict[int, float]:
    """A weighted sum of combinations."""
    found: dict[int, float] = {}
    for weight, line in parts:
        for group, share in line.items():
            found[group] = found.get(group, 0.0) + weight * share
    return found


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
        equations = Release(found, known, release)
        for row in rows:
            if "value" in row and (line := equations.line(row)):
                found.say(line, row["value"])
    return found


@dataclass
class Release:
    """The equations of one release."""

    system: System
    known: Published
    number: int

    def component(self, territory: str, name: str) -> dict[int, float] | None:
        people = self.known.sets.get((self.number, territory, name))
        if people is None:
            return None
        return self.system.mean((territory, self.known.statistic[name]), people)

    def indicator(self, territory: str, code: str) -> dict[int, float] | None:
        parts = [self.component(territory, each) for each in self.known.parts[code]]
        if any(each is None for each in parts):
            return None
        if code == "G":  # the group less the others
            return mixed(zip((1.0, -1.0), parts, strict=True))
        return mixed((1.0 / len(parts), each) for each in parts)

    def over(self, row: dict, name: str, one) -> dict[int, float]:
        """The national mean of all that have a figure, plain or by population."""
        left = {flag.split(":")[1] for flag in row["flags"] if flag.startswith("without:")}
        places = sorted({t for r, t, _ in self.known.sets if r == self.number} - left)
        lines = {place: line for place in places if (line := one(place, name)) is not None}
        weights = dict.fromkeys(lines, 1)
        if row["what"].endswith("_by_population"):
            weights = {p: self.known.population[p] for p in lines if p in self.known.population}
        whole = sum(weights.values())
        return mixed((weight / whole, lines[place]) for place, weight in weights.items())

    def node(self, row: dict) -> dict[int, float] | None:
        """A dimension or a total of which nothing is missing."""
        weights = self.known.nodes.get(f"{row['framework']}/{row.get('code', '')}")
        if weights is None or row["territory"] == NATION or row.get("coverage") != 1:
            return None
        return mixed((w, self.indicator(row["territory"], code)) for code, w in weights.items())

    def line(self, row: dict) -> dict[int, float] | None:
        """A figure as weights on groups, if it is one that this reader can use."""
        kind = row["what"].removesuffix("_by_population")
        if kind in ("dimension", "total"):
            return self.node(row) if kind == row["what"] else None
        one = {
            "component": self.component, "indicator": self.indicator, "ledger": self.indicator
        }.get(kind)  # fmt: skip
        if one is None:
            return None
        name = name_of(row) if kind == "component" else row["code"]
        return (
            self.over(row, name, one) if row["territory"] == NATION else one(row["territory"], name)
        )


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
            solved = linprog(
                sign * aim, A_eq=self.matrix, b_eq=self.sums, bounds=(0.0, 100.0), method="highs"
            )
            assert solved.success, solved.message
            ends.append(sign * solved.fun)
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
