"""What a published figure is about, read from the tables and the documents alone.

Each figure becomes weights on cells (territory, component) of its release: the reader knows the
trees of the frameworks, which indicators stand in a table, and what the words of the columns mean.
Written apart from the product and sharing no code with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

NATION = "FR"
NEAR = 1e-9

Set = frozenset[int]
Place = tuple[str, str]  # territory, statistic
Cell = tuple[str, str]  # territory, component
Line = dict[Cell, float]


@dataclass
class Tree:
    """A framework as its document says: weights of dimensions, of indicators inside them, and the
    indicators that everybody was asked what they need for."""

    code: str
    territory: str | None
    dimensions: dict[str, tuple[float, dict[str, float]]]
    common: frozenset[str]
    availability: float = 0.6

    @cached_property
    def flat(self) -> dict[str, float]:
        """Weight of each indicator in the total."""
        return {
            code: share * weight / sum(inside.values())
            for share, inside in self.dimensions.values()
            for code, weight in inside.items()
        }

    def inside(self, dimension: str, there: frozenset[str]) -> dict[str, float]:
        """Weights in a dimension of what is there; empty where that is too little."""
        weights = self.dimensions[dimension][1]
        left = {code: weight for code, weight in weights.items() if code in there}
        whole = sum(left.values())
        enough = whole / sum(weights.values()) >= self.availability - NEAR
        return {code: weight / whole for code, weight in left.items()} if left and enough else {}

    def total(self, there: frozenset[str]) -> dict[str, float]:
        """Weights in the total of what is there; empty where that is too little."""
        parts = {
            name: (share, inside)
            for name, (share, _) in self.dimensions.items()
            if (inside := self.inside(name, there))
        }
        codes = [code for _, inside in parts.values() for code in inside]
        if not parts or sum(self.flat[code] for code in codes) < self.availability - NEAR:
            return {}
        whole = sum(share for share, _ in parts.values())
        return {
            code: share / whole * weight
            for share, inside in parts.values()
            for code, weight in inside.items()
        }

    def cut(self, there: frozenset[str]) -> dict[str, float]:
        """Weights of these indicators alone, summing to 1."""
        left = {code: weight for code, weight in self.flat.items() if code in there}
        whole = sum(left.values())
        return {code: weight / whole for code, weight in left.items()}


@dataclass
class Published:
    """What the reader has: ``sets`` by (release, territory, component), ``rows`` by release."""

    rows: list[list[dict]]
    sets: dict[tuple[int, str, str], Set]
    statistic: dict[str, str]  # component -> what it computes of a person
    parts: dict[str, list[str]]  # indicator -> components
    trees: dict[str, Tree]
    population: dict[str, int]
    moved: dict[str, str]  # indicator -> why it moves a standing: the part of the shift it is in


def name_of(row: dict) -> str:
    """The component that a row of kind ``component`` or ``group`` is about."""
    if row["what"] == "group":
        return f"{row['code']}.{row['audience']}@{row['group']}"
    code, _, side = row["code"].partition(".")
    return f"{code}.{row['audience']}" + (f".{side}" if side else "")


def mixed(parts: Iterable[tuple[float, Mapping]]) -> dict:
    """A weighted sum of combinations."""
    found: dict = {}
    for weight, line in parts:
        for key, share in line.items():
            found[key] = found.get(key, 0.0) + weight * share
    return found


class Release:
    """The figures of one release as weights on its cells; None for one that is not understood."""

    def __init__(self, known: Published, number: int) -> None:
        self.known = known
        self.number = number
        self.there = {(t, name) for r, t, name in known.sets if r == number}
        self.places = sorted({t for t, _ in self.there})
        self.seen: dict[str, set[str]] = {}
        self.without: dict[str, set[str]] = {}
        self.national = next(each for each in known.trees.values() if each.territory is None)
        for row in known.rows[number]:
            if row["what"] in ("indicator", "ledger") and "value" in row:
                self.seen.setdefault(row["territory"], set()).add(row["code"])
                if row["territory"] == NATION:
                    left = [flag for flag in row["flags"] if flag.startswith("without:")]
                    self.without[row["code"]] = {flag.split(":")[1] for flag in left}

    def line(self, row: dict) -> Line | None:
        """A figure as weights on cells."""
        what = row["what"].removesuffix("_by_population")
        read = getattr(self, f"_{what}", None)
        return None if read is None else read(row)

    def indicator(self, territory: str, code: str) -> Line | None:
        """An indicator of a territory: a gap is the group less the others, else a plain mean."""
        parts = self.known.parts[code]
        if any((territory, each) not in self.there for each in parts):
            return None
        signs = (1.0, -1.0) if code == "G" else [1.0 / len(parts)] * len(parts)
        return {(territory, each): sign for each, sign in zip(parts, signs, strict=True)}

    def _over(self, lines: Mapping[str, Line], *, by_population: bool) -> Line:
        weights = dict.fromkeys(lines, 1)
        if by_population:
            known = self.known.population
            weights = {place: known[place] for place in lines if place in known}
        whole = sum(weights.values())
        return mixed((weight / whole, lines[place]) for place, weight in weights.items())

    def nation(self, code: str, *, by_population: bool = False, but: str | None = None) -> Line:
        """An indicator over all territories that have it, or all but one."""
        left = self.without.get(code, set()) | {but}
        lines = {
            place: line
            for place in self.places
            if place not in left and (line := self.indicator(place, code)) is not None
        }
        return self._over(lines, by_population=by_population) if lines else {}

    def _component(self, row: dict) -> Line | None:
        name = name_of(row)
        if row["territory"] != NATION:
            cell = (row["territory"], name)
            return {cell: 1.0} if cell in self.there else None
        left = {flag.split(":")[1] for flag in row["flags"] if flag.startswith("without:")}
        lines = {t: {(t, name): 1.0} for t in self.places if (t, name) in self.there}
        lines = {place: line for place, line in lines.items() if place not in left}
        return self._over(lines, by_population=row["what"].endswith("_by_population"))

    _group = _component

    def _group_gap(self, row: dict) -> Line | None:
        breakdown, _, both = row["group"].partition(".")
        lines = [
            self._component({**row, "what": "group", "group": f"{breakdown}.{group}", "flags": []})
            for group in both.split("-")
        ]
        if any(line is None for line in lines):
            return None
        return mixed([(1.0, lines[0]), (-1.0, lines[1])])

    def _indicator(self, row: dict) -> Line | None:
        if row["territory"] != NATION:
            return self.indicator(row["territory"], row["code"])
        return self.nation(row["code"], by_population=row["what"].endswith("_by_population"))

    _ledger = _indicator

    def _of_place(self, territory: str, weights: Mapping[str, float]) -> Line | None:
        lines = [(w, self.indicator(territory, code)) for code, w in weights.items()]
        if not lines or any(line is None for _, line in lines):
            return None
        return mixed((w, line) for w, line in lines if line is not None)

    def _node(self, row: dict, weights: Mapping[str, float]) -> Line | None:
        if row["territory"] != NATION:
            return self._of_place(row["territory"], weights)
        population = row["what"].endswith("_by_population")
        if population and row.get("coverage") != 1:
            return None  # which of the means by population are in it is not told
        return mixed(
            (w, self.nation(code, by_population=population)) for code, w in weights.items()
        )

    def _within(self, row: dict) -> frozenset[str]:
        if row["what"].endswith("_by_population"):
            return frozenset(self.known.parts)
        return frozenset(self.seen.get(row["territory"], ()))

    def _dimension(self, row: dict) -> Line | None:
        tree = self.known.trees[row["framework"]]
        return self._node(row, tree.inside(row["code"], self._within(row)))

    def _total(self, row: dict) -> Line | None:
        return self._node(row, self.known.trees[row["framework"]].total(self._within(row)))

    def _gap_description(self, row: dict) -> Line | None:
        here = frozenset(self.seen.get(row["territory"], ()))
        own = self.known.trees[row["framework"]].total(here)
        mine, theirs = (
            self._of_place(row["territory"], each) for each in (own, self.national.total(here))
        )
        return None if mine is None or theirs is None else mixed([(1.0, mine), (-1.0, theirs)])

    def _steps(self, row: dict, own: Tree) -> tuple[dict[str, float], dict[str, float]]:
        """The weights that compare a territory with the rest: by its own tree, by the national."""
        both = self.seen.get(row["territory"], set()) & self.seen.get(NATION, set())
        there = frozenset(both)
        theirs = self.national.inside
        groups = {
            name: (share, inside)
            for name, (share, _) in self.national.dimensions.items()
            if (inside := theirs(name, there))
        }
        whole = sum(share for share, _ in groups.values())
        flat = {
            code: share / whole * weight
            for share, inside in groups.values()
            for code, weight in inside.items()
        }
        return own.cut(own.common & there), flat

    def _apart(self, territory: str, weights: Mapping[str, float]) -> Line:
        """A territory less the rest of the nation."""
        return mixed(
            part
            for code, w in weights.items()
            for part in (
                (w, self.indicator(territory, code) or {}),
                (-w, self.nation(code, but=territory)),
            )
        )

    def _distance(self, row: dict) -> Line | None:
        own = next(t for t in self.known.trees.values() if t.territory == row["territory"])
        mine, theirs = self._steps(row, own)
        return self._apart(row["territory"], theirs if row["framework"] != own.code else mine)

    def _moves(self, row: dict) -> dict[str, float]:
        mine, theirs = self._steps(row, self.known.trees[row["framework"]])
        return {c: mine.get(c, 0.0) - theirs.get(c, 0.0) for c in {*mine, *theirs}}

    def _standing_shift(self, row: dict) -> Line | None:
        return self._apart(row["territory"], self._moves(row))

    def _shift_indicator(self, row: dict) -> Line | None:
        moves = self._moves(row)
        return self._apart(row["territory"], {row["code"]: moves.get(row["code"], 0.0)})

    def _shift_part(self, row: dict) -> Line | None:
        part = {c: w for c, w in self._moves(row).items() if self.known.moved[c] == row["code"]}
        return self._apart(row["territory"], part)

    def _cross(self, row: dict) -> Line | None:
        tree = self.known.trees[row["framework"]]
        there = tree.common & frozenset(self.seen.get(row["territory"], ()))
        return self._of_place(row["territory"], tree.cut(there))
