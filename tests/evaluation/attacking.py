"""The attack on generated programmes: a campaign of two thousand, a sample of it in the suite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from attack_errors import bases, given_by, shown_cells, spread_of, spreads
from attack_reading import Line, Published, Release, Tree, name_of
from attacked_programmes import PLACES, THRESHOLD, Programme, broken_down, programme, trees
from attacker import Attack, alike_apart, few_apart, system_of

from app.domain.frameworks import Framework, indicators, leaves
from app.evaluation.breakdowns import BrokenDown, all_group_definitions
from app.evaluation.components import components_of, definitions_of
from app.evaluation.figures import Programme as Figures
from app.evaluation.quantities import Quantity

FOUND = ("exact", "narrow", "few", "alike", "alone", "spread", "bases", "misread")
MOVED = {
    "I1": "weighted_differently", "I2": "dropped", "I3": "reformulated", "I3_A": "reformulated",
    "L1": "reformulated",
}  # fmt: skip
ROOM = 10.0  # points, around the mean of the people whom no figure tells about already
Told = dict[tuple[int, str, str], tuple[frozenset[int], float]]  # the people of sets, their mean


@dataclass
class Outcome:
    """What was tried on one programme, and what was found."""

    seed: int
    figures: int = 0
    protected: int = 0
    exact: int = 0
    narrow: int = 0
    few: int = 0
    alike: int = 0
    alone: int = 0
    spread: int = 0
    bases: int = 0
    misread: int = 0
    shown: int = 0
    places: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing was recovered, by a reader who understood every figure."""
        return not any(getattr(self, name) for name in FOUND)


def read_tree(tree: Framework) -> Tree:
    """The document of a framework; in these programmes everybody is asked everything."""
    dimensions = {
        node.code: (
            float(node.weight or 0),
            {leaf.indicator.code: float(leaf.weight) for leaf in leaves(node)},
        )
        for node in tree.dimensions
    }
    whole = sum(weight for weight, _ in dimensions.values())
    return Tree(
        tree.code,
        tree.territory,
        {code: (weight / whole, inside) for code, (weight, inside) in dimensions.items()},
        frozenset(each.code for each in indicators(tree)),
        float(tree.availability),
    )


def published(made: Programme) -> Published:
    """What a reader has of a programme."""
    national, own = trees()
    definitions = components_of((national, own))
    definitions |= all_group_definitions(made.breakdowns, definitions)
    every = {
        each.code: each for tree in (national, own) for each in (*indicators(tree), *tree.ledger)
    }
    return Published(
        rows=[each.rows for each in made.releases],
        sets={
            (k, code, name): frozenset(people.tolist())
            for k, each in enumerate(made.releases)
            for (code, name), people in each.members.items()
        },
        statistic={name: f"{d.audience} {d.measure!r}" for name, d in definitions.items()},
        parts={code: [d.id for d in definitions_of(each)] for code, each in every.items()},
        trees={tree.code: read_tree(tree) for tree in (national, own)},
        population=made.population,
        moved=MOVED,
    )


def shown_sets(known: Published) -> Told:
    """The sets of people of whom a component was told, and what."""
    found: Told = {}
    for release, rows in enumerate(known.rows):
        for row in rows:
            told = row["what"] in ("component", "group") and "value" in row
            if told and row["territory"] in PLACES:
                key = release, row["territory"], name_of(row)
                found[key] = known.sets[key], row["value"]
    return found


def attacked(seed: int, *, groups: bool = False) -> Outcome:
    """Make the programme of a seed, with breakdowns or without, and try everything on it."""
    made = programme(seed, broken_down(seed) if groups else ())
    known = published(made)
    attack = Attack(system_of(known))
    told = shown_sets(known)
    outcome = Outcome(seed, figures=len(attack.sums), shown=len(told))
    by_place: dict[tuple[str, str], dict[tuple, frozenset[int]]] = {}
    valued: dict[tuple[str, str], Told] = {}
    for key, (people, value) in told.items():
        place = (key[1], known.statistic[key[2]])
        by_place.setdefault(place, {})[key] = people
        valued.setdefault(place, {})[key] = people, value
    outcome.few = sum(len(few_apart(sets, THRESHOLD)) for sets in by_place.values())
    outcome.few += sum(len(people) < THRESHOLD for people, _ in told.values())
    outcome.alike = sum(len(alike_apart(sets)) for sets in valued.values())
    for place, people in small_groups(attack):
        outcome.alone += attack.exactly(attack.system.mean(place, people))
    for place, people, room in protected(made, known, by_place):
        found = attack.on(place, people)
        outcome.protected += 1
        outcome.exact += found.exact
        if found.high - found.low < room - 1e-6:
            outcome.narrow += 1
            outcome.places += (f"{place[0]} {found.low:.2f}..{found.high:.2f} < {room:.2f}",)
    errors_and_bases(made, known, outcome)
    return outcome


def errors_and_bases(made: Programme, known: Published, outcome: Outcome) -> None:
    """What errors and numbers of people tell about cells that no release told of.

    The true variances are used to find which errors say something about hidden answers: those
    that are what the hidden answers give. From these the covariances are worked out.
    """
    rows, hidden, open_ = [], set(), set()
    for release, each in enumerate(made.releases):
        told = shown_cells(known, release)
        true = each.assessment.programme
        mine = {
            (t, name): spread_of(known, release, {(t, name): 1.0})
            for r, t, name in known.sets
            if r == release and (t, name) not in told
        }
        hidden |= {key for row in mine.values() for key in row}
        open_ |= {key for cell in told for key in spread_of(known, release, {cell: 1.0})}
        outcome.bases += len(given_by(bases(known, release), list(mine)))
        for line, square in spreads(known, release):
            really = variance_of(true, line)
            if abs(square - really) <= 1e-7 * really:
                rows.append(spread_of(known, release, line))
                outcome.spread += not mine.keys().isdisjoint(c for c, w in line.items() if w)
        read = Release(known, release)
        for row in known.rows[release]:
            if "value" in row and (line := read.line(row)):
                value = sum(w * value_of(true, cell) for cell, w in line.items())
                outcome.misread += abs(value - row["value"]) > 1e-6
    outcome.exact += len(given_by(rows, sorted(hidden - open_, key=repr)))


def value_of(true: Figures, cell: tuple[str, str]) -> float:
    """The mean that a cell really has: for checking, never for attacking."""
    territory, name = cell
    if "@" not in name:
        return true.components[cell].value
    return _of(true, name).estimates[territory].by_component[name].mean


def variance_of(true: Figures, line: Line) -> float:
    """The variance that a figure really has: for checking, never for attacking."""
    name = next(iter(line))[1]
    errors = _of(true, name).errors if "@" in name else true.errors
    return errors.variance(Quantity(0.0, line))


def _of(true: Figures, name: str) -> BrokenDown:
    code = name.partition("@")[2].partition(".")[0]
    return next(each for each in true.breakdowns if each.breakdown.code == code)


def small_groups(attack: Attack) -> Iterator[tuple[tuple[str, str], frozenset[int]]]:
    """People who cannot be told apart by sets, where they are fewer than the threshold."""
    for place, people in attack.system.groups:
        if len(people) < THRESHOLD:
            yield place, people


def protected(
    made: Programme, known: Published, told: dict[tuple[str, str], dict[tuple, frozenset[int]]]
) -> Iterator[tuple[tuple[str, str], frozenset[int], float]]:
    """Every withheld cell whose people were never told of, and the room that it must have: ten
    points around the mean of those of its people whom no shown set holds apart."""
    seen = set()
    for release, each in enumerate(made.releases):
        for territory, name in each.withheld:
            place = (territory, known.statistic[name])
            people = known.sets[release, territory, name]
            others = list(told.get(place, {}).values())
            if (place, people) in seen or people in others:
                continue
            seen.add((place, people))
            apart = [len(people ^ other) / len(people) for other in others]
            yield place, people, ROOM * min([1.0, *apart])
