"""Protection of everything at once: what is withheld, and the proof that it cannot be worked out.

Indicator by indicator the cheapest safe pattern is found (`suppression`); then everything is drawn
up again without the withheld cells, and the attacker tries all published figures together, across
indicators and composites. What still gives a cell away is withheld too, composites first, until
the attacker finds nothing. Before that, cells go that say the same as a withheld one under another
name, and cells that leave a few people alone with another figure of now or of an earlier release.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.evaluation import attack
from app.evaluation.drafting import Withheld
from app.evaluation.filling import filling
from app.evaluation.kept_patterns import given_up_before, kept_back
from app.evaluation.ledger import NO_LEDGER, Before, Ledger, Relation
from app.evaluation.narrowing import crowded, intervals, line_of, told_of_withheld, too_narrow
from app.evaluation.observing import Published
from app.evaluation.quantities import Cell
from app.evaluation.suppression import (
    THRESHOLD,
    Cause,
    CellBlock,
    CellFacts,
    Suppression,
    suppress,
)
from app.evaluation.tables import Key, Observation, ProtectedTable, What

LEAST_THRESHOLD = 5
OF_GROUPS = (What.GROUP_GAP, What.GROUP)
GIVEN_UP_FIRST = (
    *OF_GROUPS,
    What.DIMENSION_BY_POPULATION,
    What.TOTAL_BY_POPULATION,
)

# A shift is shown with all that it is made of, or not at all.
OF_A_SHIFT = (What.DISTANCE, What.STANDING_SHIFT, What.SHIFT_PART, What.SHIFT_INDICATOR)

DrawUp = Callable[[Withheld], Sequence[Published]]


@dataclass(frozen=True)
class CellRecord:
    """Why a cell is withheld, and the interval of values that a reader could derive for it."""

    territory: str
    component: str
    cause: str
    low: float
    high: float


@dataclass(frozen=True)
class ProtectionRecord:
    """What the public table does not tell. Never leaves the staff who answer for protection.

    ``national``: indicators with the national figures given up; ``observations``: keys of single
    observations withheld because all figures together gave a cell away; ``respondents``: answers
    behind the withheld cells; ``given``: what was told of withheld cells, by the nation and by
    composites, for later releases.
    """

    threshold: int
    cells: tuple[CellRecord, ...]
    national: tuple[tuple[str, str], ...]
    observations: tuple[Key, ...]
    respondents: int
    given: tuple[Relation, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for storage."""
        given = [
            {
                "code": each.code,
                "weights": [[*cell, weight] for cell, weight in each.weights.items()],
                "value": each.value,
            }
            for each in self.given
        ]
        return asdict(replace(self, given=())) | {"given": given}


def protect(
    draw_up: DrawUp,
    blocks: Sequence[CellBlock],
    facts: Mapping[Cell, CellFacts],
    threshold: int = THRESHOLD,
    ledger: Ledger = NO_LEDGER,
) -> tuple[ProtectedTable, ProtectionRecord]:
    """Draw up the table that may be shown, and the record of why the rest may not.

    ``draw_up``: everything that would be published under what is withheld; ``facts``: every cell
    that has respondents; ``ledger``: who they are, and what was given out before. Raises
    ValueError for a threshold under 5.
    """
    if threshold < LEAST_THRESHOLD:
        raise ValueError(f"a threshold under {LEAST_THRESHOLD} protects nobody")
    before = {block.code: ledger.before(block.code, block.cells) for block in blocks}
    values = {cell: each.value for cell, each in facts.items()}
    forced = dict.fromkeys(kept_back(ledger), Cause.COMPLEMENTARY)
    not_again = given_up_before(blocks, ledger)
    while True:
        patterns = _patterns(blocks, facts, threshold, ledger, before, forced)
        cells = {cell: cause for each in patterns.values() for cell, cause in each.cells.items()}
        national = {code: each.national for code, each in patterns.items() if each.national}
        national |= not_again
        withheld = Withheld(cells, national)
        published = draw_up(withheld)
        given_up, closing_in = _given_up(published, withheld, values, ledger)
        while given_up:
            withheld = replace(withheld, observations=withheld.observations | given_up)
            published = draw_up(withheld)
            given_up, closing_in = _given_up(published, withheld, values, ledger)
        if closing_in <= forced.keys():
            break
        # A cell that narrows another down goes itself, and every pattern is looked for again.
        more = sorted(closing_in - forced.keys(), key=lambda c: ledger.turn(c, facts[c].n))
        forced |= dict.fromkeys(_one_each(more, ledger), Cause.DIFFERENCE)
    table = ProtectedTable(tuple(each.observation for each in published), threshold)
    left = intervals(published, withheld.cells, values, ledger)
    return table, _record(withheld, blocks, facts, threshold, left, published)


def _patterns(
    blocks: Sequence[CellBlock],
    facts: Mapping[Cell, CellFacts],
    threshold: int,
    ledger: Ledger,
    before: Mapping[str, Before],
    forced: Mapping[Cell, Cause],
) -> dict[str, Suppression]:
    """The pattern of every block, made again until no other cell must go with what is withheld."""
    everything = {cell for block in blocks for cell in block.cells}
    sizes = {cell: each.n for cell, each in facts.items()}
    values = {cell: each.value for cell, each in facts.items()}
    bases = {cell: each.base for cell, each in facts.items()}
    forced = dict(forced)
    found: dict[str, Suppression] = {}
    todo = list(blocks)
    while todo:
        for block in todo:
            found[block.code] = suppress(block, facts, threshold, forced, before[block.code])
        withheld = {cell for each in found.values() for cell in each.cells}
        more = dict.fromkeys(ledger.twins(withheld) & everything, Cause.TOGETHER)
        alone = ledger.isolated(everything - withheld - more.keys(), sizes, threshold)
        alone |= ledger.alike(everything - withheld - more.keys(), values, bases)
        alone |= filling(everything - withheld - more.keys(), withheld, ledger, threshold)
        alone |= crowded(withheld, values, ledger) & everything - withheld
        more |= dict.fromkeys(alone - more.keys(), Cause.DIFFERENCE)
        forced |= more
        todo = [block for block in blocks if not more.keys().isdisjoint(block.cells)]
    return found


def leaking(published: Sequence[Published], cells: Collection[Cell]) -> list[list[Observation]]:
    """For each withheld cell that can be worked out, the observations that together give it.

    Three systems: values; numbers of people in bases (a sum of cells is a row of ones); squared
    errors, which add up with squared weights where at most one cell of a territory enters.
    """
    shown = [each for each in published if each.observation.shown]
    systems = (
        [(each.observation, each.gradient) for each in shown],
        [(each.observation, dict.fromkeys(each.counts, 1.0)) for each in shown],
        [
            (each.observation, {cell: slope**2 for cell, slope in each.gradient.items()})
            for each in shown
            if len({territory for territory, _ in each.gradient}) == len(each.gradient)
        ],
    )
    found = []
    for system in systems:
        leaks = attack.determined([row for _, row in system], cells)
        found += [[system[i][0] for i in leak.rows] for leak in leaks.values()]
    return found


def _given_up(
    published: Sequence[Published],
    withheld: Withheld,
    values: Mapping[Cell, float],
    ledger: Ledger,
) -> tuple[frozenset[Key], frozenset[Cell]]:
    """What must be withheld of these observations until nothing gives a cell away, or leaves it
    too little room; and the shown cells that still narrow one down, with no other figure to give
    up."""
    found: set[Key] = set()
    left, among = list(published), None
    while True:
        leaks, closing_in = leaking(left, withheld.cells), frozenset[Cell]()
        if not leaks:
            narrow = too_narrow(left, withheld.cells, values, ledger, among)
            leaks, closing_in = _narrowing(left, narrow.values())
            among = narrow.keys()
        if not leaks:
            return frozenset(found), closing_in
        for weakest in _weakest(leaks):
            goes = [each.observation for each in left if _goes_with(each.observation, weakest)]
            found |= {each.key for each in goes}
        left = [each for each in left if each.observation.key not in found]


def _narrowing(
    published: Sequence[Published], narrow: Iterable[Sequence[int]]
) -> tuple[list[list[Observation]], frozenset[Cell]]:
    """For each withheld set left too little room the observations of several cells that together
    narrow it, or else the shown cells that do. ``narrow``: the numbers of the figures that do."""
    found = [[published[i] for i in each] for each in narrow]
    several = [[one.observation for one in each if len(one.gradient) > 1] for each in found]
    single = [
        cell
        for each, combined in zip(found, several, strict=True)
        if not combined
        for one in each
        for cell in one.gradient
    ]
    return [each for each in several if each], frozenset(single)


def _goes_with(seen: Observation, given_up: Key) -> bool:
    territory, _, what, *_ = given_up
    both = what in OF_A_SHIFT and seen.what in OF_A_SHIFT
    return seen.key == given_up or (both and seen.territory == territory)


def _one_each(cells: Sequence[Cell], ledger: Ledger) -> list[Cell]:
    """The first of these cells; of those that yield the first of each statistic, since a group
    of one tells nothing of another."""
    first: dict[Hashable, Cell] = {}
    for cell in cells:
        if cell in ledger.yielding:
            first.setdefault(ledger.statistic(cell), cell)
    return list(first.values()) or list(cells[:1])


def _weakest(leaks: Sequence[Sequence[Observation]]) -> set[Key]:
    """The observation to give up: of each indicator a figure of groups, which tells nothing of
    another indicator, else one alone, a composite by population before any other."""

    def rank(seen: Observation) -> tuple[int, str]:
        first = [what for what in GIVEN_UP_FIRST if what == seen.what]
        return (GIVEN_UP_FIRST.index(first[0]) if first else len(GIVEN_UP_FIRST), repr(seen.key))

    ranked = sorted({seen.key: seen for leak in leaks for seen in leak}.values(), key=rank)
    of_groups = [seen for seen in ranked if seen.what in OF_GROUPS]
    first = {seen.code: seen.key for seen in reversed(of_groups)}
    return set(first.values()) or {ranked[0].key}


def _record(
    withheld: Withheld,
    blocks: Sequence[CellBlock],
    facts: Mapping[Cell, CellFacts],
    threshold: int,
    left: Mapping[Cell, tuple[float, float]],
    published: Sequence[Published],
) -> ProtectionRecord:
    values = {cell: each.value for cell, each in facts.items()}
    shown = {line_of(each.gradient) for each in published if each.observation.shown}
    records, given = [], told_of_withheld(published, withheld.cells, values)
    for block in blocks:
        given_up = withheld.national.get(block.code, frozenset())
        for cell in sorted(each for each in block.cells if each in withheld.cells):
            records.append(CellRecord(*cell, str(withheld.cells[cell]), *left[cell]))
        for row in block.rows:
            if row.tier not in given_up and line_of(row.weights) in shown:
                value = sum(w * facts[cell].value for cell, w in row.weights.items())
                given.append(Relation(block.code, row.weights, value))
    return ProtectionRecord(
        threshold,
        tuple(records),
        tuple(
            (code, str(tier)) for code, tiers in withheld.national.items() for tier in sorted(tiers)
        ),
        tuple(sorted(withheld.observations, key=repr)),
        sum(facts[cell].n for cell in withheld.cells),
        tuple(given),
    )
