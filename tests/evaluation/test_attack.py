"""Nothing that is protected can be worked out from all releases: a sample of ``make attack``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from attack_reading import Published, Tree
from attacker import Attack, alike_apart, few_apart, system_of
from attacking import attacked

from app.evaluation.filling import filling
from app.evaluation.isolation import isolating
from app.evaluation.ledger import GivenOut, Ledger, Relation
from app.evaluation.narrowing import crowded
from app.evaluation.suppression import (
    Cause,
    CellBlock,
    CellFacts,
    NationalRow,
    Tier,
    primary,
    suppress,
)


@pytest.mark.full
@pytest.mark.parametrize("seed", [0, 1053, 1148])
def test_three_releases_of_a_programme_give_nobody_away(seed: int) -> None:
    """1053: a set of thirty had all answered alike, and lost two. 1148: the two sides of a gap were
    all but two of a withheld set, of whom one left."""
    outcome = attacked(seed)
    assert outcome.clean, outcome
    assert outcome.protected > 20
    assert outcome.shown > 50


def test_the_attacker_finds_what_is_there_to_find() -> None:
    """Two releases a person apart, and a mean of two places of which one is told."""
    sets = {
        (0, "A", "I.e"): frozenset(range(20)),
        (1, "A", "I.e"): frozenset(range(21)),
        (0, "B", "I.e"): frozenset(range(30, 35)),
    }
    told = [
        [
            {"what": "component", "territory": "A", "code": "I", "audience": "e", "value": 40.0},
            {
                "what": "component", "territory": "FR", "code": "I", "audience": "e",
                "value": 50.0, "flags": [],
            },
        ],
        [{"what": "component", "territory": "A", "code": "I", "audience": "e", "value": 42.0}],
    ]  # fmt: skip
    tree = Tree("N", None, {"X": (1.0, {"I": 1.0})}, frozenset({"I"}))
    known = Published(told, sets, {"I.e": "s"}, {"I": ["I.e"]}, {"N": tree}, {}, {})
    attack = Attack(system_of(known))
    newcomer = attack.on(("A", "s"), frozenset({20}))
    assert newcomer.exact
    assert newcomer.low == pytest.approx(82.0)
    assert attack.on(("B", "s"), sets[0, "B", "I.e"]).low == pytest.approx(60.0)
    assert few_apart({key: sets[key] for key in list(sets)[:2]}, 11)


def test_newcomers_who_all_answered_alike_are_not_left_apart() -> None:
    """Twelve people, two of them in favour; then twenty-three, still two."""
    cell = ("D", "I.e")
    past = GivenOut({cell: np.arange(12)}, {cell: 100 * 2 / 12})
    ledger = Ledger({cell: np.arange(23)}, {}, (past,))
    assert ledger.alike([cell], {cell: 100 * 2 / 23}) == {cell}
    assert ledger.alike([cell], {cell: 100 * 13 / 23}) == {cell}
    assert ledger.alike([cell], {cell: 100 * 3 / 23}) == set()
    assert ledger.alike([cell], {cell: 1.0}) == set(), "by weights the rest lies outside"
    told = {0: (frozenset(range(12)), 100 * 2 / 12), 1: (frozenset(range(23)), 100 * 2 / 23)}
    assert alike_apart(told) == [(1, 0)]
    assert alike_apart(told | {1: (frozenset(range(23)), 100 * 3 / 23)}) == []


def test_people_who_all_answered_alike_are_told_of_however_many() -> None:
    """Of forty who all said no two leave: what the others said is known. So is it of forty more."""
    cell = ("D", "I.e")
    facts = CellFacts(40, 0.0, uniform=True)
    assert primary({cell: facts}, 11) == {cell: Cause.UNIFORM}
    assert primary({cell: replace(facts, uniform=False)}, 11) == {}
    ledger = Ledger({cell: np.arange(52)}, {}, (GivenOut({cell: np.arange(12)}, {cell: 50.0}),))
    assert ledger.alike([cell], {cell: 100 * 6 / 52}) == {cell}
    assert ledger.alike([cell], {cell: 100 * 7 / 52}) == set()
    told = {0: (frozenset(range(12)), 50.0), 1: (frozenset(range(52)), 100 * 6 / 52)}
    assert alike_apart(told) == [(1, 0)]
    assert alike_apart({0: (frozenset(range(40)), 0.0)}) == [(0,)]


def test_sets_that_share_nobody_do_not_fill_a_withheld_one() -> None:
    """The sides of a gap are all but two of 38 withheld people: if one left, one would stay."""
    whole, one, other = (("D", f"I.e{side}") for side in ("", ".group", ".others"))
    statistics = dict.fromkeys(("I.e", "I.e.group", "I.e.others"), "s")
    members = {whole: np.arange(38), one: np.arange(24), other: np.arange(24, 36)}
    assert filling([one, other], [whole], Ledger(members, statistics), 11) == {other}
    assert filling([one], [whole], Ledger(members, statistics), 11) == set()
    assert filling([one, other], [whole], Ledger(members, statistics), 2) == set()
    assert filling([whole, one, other], [], Ledger(members, statistics), 11) == set()
    past = GivenOut({one: members[one], other: members[other]}, {one: 62.5, other: 75.0})
    before = Ledger(members, statistics, (past,))
    assert filling([one, other], [whole], before, 11) == set(), "told already"
    past = GivenOut({one: members[one]}, {one: 62.5})
    before = Ledger({whole: members[whole], other: members[other]}, statistics, (past,))
    assert filling([other], [whole], before, 11) == {other}
    shared = members | {other: np.arange(14, 36)}
    assert filling([one, other], [whole], Ledger(shared, statistics), 11) == set()


def test_whom_two_sets_leave_of_a_third_are_not_told_to_be_alike() -> None:
    """Fifty people, the two sides of a gap, and twelve of neither side, none of them in favour."""
    whole, one, other = (("D", f"I.e{side}") for side in ("", ".group", ".others"))
    members = {whole: np.arange(50), one: np.arange(20), other: np.arange(20, 38)}
    values = {whole: 100 * 16 / 50, one: 100 * 10 / 20, other: 100 * 6 / 18}
    ledger = Ledger(members, dict.fromkeys(("I.e", "I.e.group", "I.e.others"), "s"))
    assert ledger.alike(members, values) == {other}
    assert ledger.alike(members, values | {whole: 100 * 17 / 50}) == set()
    told = {cell: (frozenset(members[cell].tolist()), values[cell]) for cell in members}
    assert alike_apart(told) == [(whole, one, other)]
    weighted = values | {whole: 2000 / 70}  # twelve who weigh 24 in 70; by their number, 16 of 50
    bases = {whole: 70.0, one: 28.0, other: 18.0}
    assert ledger.alike(members, weighted) == set()
    assert ledger.alike(members, weighted, bases) == {other}


def numbers(*several: int) -> np.ndarray:
    return np.array(several, dtype=np.int64)


def test_differences_and_combinations_of_sets_isolate_few_people() -> None:
    everyone, most = np.arange(40), np.arange(38)
    assert isolating([everyone, most], [0], 11) == [0]
    assert isolating([everyone, most], [0], 2) == []
    assert isolating([everyone, np.arange(25)], [0, 1], 11) == []
    group, others = np.arange(18), np.arange(18, 38)  # together all but two
    assert isolating([everyone, group, others], [0, 1, 2], 11) == [0, 1, 2]
    assert isolating([everyone, group, np.arange(18, 40)], [0, 1, 2], 11) == []
    assert isolating([everyone, everyone.copy()], [0, 1], 11) == []


def test_what_an_earlier_release_told_keeps_a_pattern_safe() -> None:
    """B was withheld beside the small A; shown now with the same people, it would give A away."""
    cells = [(code, "I.e") for code in "ABC"]
    row = dict.fromkeys(cells, 1 / 3)
    facts = {cell: CellFacts(n, v) for cell, n, v in zip(cells, (30, 20, 60), (40.0, 60.0, 50.0),
        strict=True)}  # fmt: skip
    then = {cells[0]: np.arange(5), cells[1]: np.arange(100, 120), cells[2]: np.arange(200, 260)}
    now = then | {cells[0]: np.arange(30)}
    past = GivenOut(then, {cells[2]: 50.0}, (Relation("I", row, (20.0 + 60.0 + 50.0) / 3),))
    block = CellBlock("I", tuple(cells), (NationalRow(Tier.PLAIN, row),))
    alone = suppress(block, facts, 11)
    assert not alone.cells
    ledger = Ledger(now, {}, (past,))
    found = suppress(block, facts, 11, before=ledger.before("I", cells))
    assert set(found.cells) == set(cells[:2])  # B, and the smaller of those that can hide it


def test_a_figure_about_nearly_the_same_people_is_no_cover() -> None:
    """A group of eight in a base of twenty that nearly all answered alike is told with it."""
    cells = {("A", "G.e.group"): np.arange(8), ("A", "I.e"): np.arange(20)}
    ledger = Ledger(cells, {"G.e.group": "s", "I.e": "s"})
    withheld = {("A", "G.e.group")}
    values = {("A", "G.e.group"): 95.0, ("A", "I.e"): 97.0}
    assert crowded(withheld, values, ledger) == {("A", "I.e")}
    assert not crowded(withheld, values | {("A", "I.e"): 60.0}, ledger)
    assert ledger.twins({("A", "I.e")}) == set()
