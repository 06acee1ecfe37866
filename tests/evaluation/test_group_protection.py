"""Groups are protected with the whole: a small one, what gives it away, and nothing besides."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from attacked_programmes import breakdown, told_as
from samples import E, agree, answers, dimension, framework, indicator, place, respondents, scale

from app.evaluation.assessment import Assessment, Settings, assess
from app.evaluation.breakdowns import all_group_definitions
from app.evaluation.columns import ByProxy
from app.evaluation.components import components_of
from app.evaluation.crosswalk import Asked
from app.evaluation.ledger import GivenOut, Ledger
from app.evaluation.scoring import score_component
from app.evaluation.tables import Observation, What

PLACES = ("A", "B", "C")
TREE = framework(
    "NAT",
    dimension("D", 1, (indicator("I1", agree("E1")), 1), (indicator("I2", scale("E2")), 1)),
)
SEX = breakdown("SEX", "f", "m", question="S")
AGE = breakdown("AGE", "a", "b", "c", question="G")
WHO = breakdown("WHO", "self", "proxy")
# Of territory A: 60 women and 40 men; 45, 45 and 8 by age (2 do not say); 95 and 5 by who answered.
# B and C have large groups, but nobody in B has a proxy.
SIZES = {"A": 100, "B": 120, "C": 140}


def groups(first: tuple[int, ...], place: str) -> list[int | None]:
    """The group of everybody in a territory, in a mixed order; 0: does not say."""
    found = [g for g, size in enumerate(first) for _ in range(size)]
    mixed = np.random.default_rng(SIZES[place]).permutation(found).tolist()
    return [g or None for g in mixed]


@cache
def made(*breakdowns: str, past: tuple[GivenOut, ...] = ()) -> Assessment:
    """The programme with some of the breakdowns, and who stands behind each cell."""
    data, tree, members, statistics, asked = programme(*breakdowns)
    return assess(
        data, tree, {}, asked, [place(code) for code in PLACES], Settings(11),
        ledger=Ledger(members, statistics, past),
    )  # fmt: skip


@cache
def programme(*breakdowns: str) -> tuple:
    """Answers, framework, and who stands behind which cell."""
    rng = np.random.default_rng(4)
    where = [code for code in PLACES for _ in range(SIZES[code])]
    n = len(where)
    ages = {"A": (2, 45, 45, 8), "B": (0, 40, 40, 40), "C": (20, 40, 40, 40)}
    sexes = {"A": (0, 60, 40), "B": (0, 60, 60), "C": (0, 70, 70)}
    proxies = {"A": 5, "B": 0, "C": 60}
    columns = answers(
        E1=[int(v) for v in rng.integers(1, 6, n)],
        E2=[int(v) for v in rng.integers(1, 6, n)],
        S=[g for code in PLACES for g in groups(sexes[code], code)],
        G=[g for code in PLACES for g in groups(ages[code], code)],
    )
    by_proxy = [k < proxies[code] for code in PLACES for k in range(SIZES[code])]
    columns = replace(columns, by_proxy=ByProxy(np.array(by_proxy)))
    known = {each.code: each for each in (SEX, AGE, WHO)}
    tree = replace(TREE, breakdowns=tuple(known[code] for code in breakdowns))
    definitions = components_of([tree])
    definitions |= all_group_definitions(tree.breakdowns, definitions)
    members = {
        (code, name): found
        for name, each in definitions.items()
        for code in PLACES
        if len(
            found := np.flatnonzero(score_component(each, columns).d & (np.array(where) == code))
        )
    }
    statistics = {name: (each.audience, repr(each.measure)) for name, each in definitions.items()}
    asked = Asked({code: {E: frozenset({"E1", "E2", "S", "G"})} for code in PLACES})
    return {E: (columns, respondents(where))}, tree, members, statistics, asked


def one(found: Assessment, territory: str, group: str, what: What = What.GROUP) -> Observation:
    seen = found.protected.one(territory, None, what, "I1", "elderly", group)
    assert seen is not None
    return seen


def causes(found: Assessment) -> dict[tuple[str, str], str]:
    return {(each.territory, each.component): each.cause for each in found.record.cells}


def test_a_breakdown_of_large_groups_is_shown_whole() -> None:
    found = made("SEX")
    assert not found.record.cells
    for territory in (*PLACES, "FR"):
        women, men = (one(found, territory, f"SEX.{each}") for each in "fm")
        gap = one(found, territory, "SEX.m-f", What.GROUP_GAP)
        assert gap.value == men.value - women.value
        assert gap.low < gap.value < gap.high
    assert one(found, "FR", "SEX.f").n == 60 + 60 + 70


def test_the_rest_of_a_few_goes_with_them_and_the_whole_stays() -> None:
    found = made("WHO")
    said = causes(found)
    assert said["A", "I1.elderly@WHO.proxy"] == "small"
    assert said["A", "I1.elderly@WHO.self"] == "difference", "with the whole it leaves five apart"
    assert found.protected.one("A", None, What.COMPONENT, "I1", "elderly").shown
    assert one(found, "A", "WHO.proxy-self", What.GROUP_GAP).reason == "withheld"
    assert said["C", "I1.elderly@WHO.proxy"] == "complementary", "else the nation gives A away"
    nation = [one(found, "FR", f"WHO.{each}").shown for each in ("self", "proxy")]
    assert not all(nation), "four sums of four unknowns: both wholes, both national means"


def test_two_groups_and_the_whole_do_not_leave_a_third_alone() -> None:
    said = causes(made("AGE"))
    assert said["A", "I1.elderly@AGE.c"] == "small"
    hidden = {name for territory, name in said if territory == "A" and name.startswith("I1")}
    assert len(hidden) > 1, "the whole less two groups is the small one and two who say nothing"
    assert "I1.elderly" not in hidden


def test_a_group_of_everybody_is_the_whole_and_hides_nothing() -> None:
    found = made("WHO")
    mine = one(found, "B", "WHO.self")
    whole = found.protected.one("B", None, What.COMPONENT, "I1", "elderly")
    assert whole is not None
    assert (mine.value, mine.se, mine.n) == (whole.value, whole.se, whole.n)
    assert one(found, "B", "WHO.proxy").reason == "no_answers"


def test_breakdowns_cost_no_figure_that_is_shown_without_them() -> None:
    plain = {each.key: each for each in made().protected}
    for found in (made("WHO"), made("AGE"), made("SEX", "AGE", "WHO")):
        for key, seen in plain.items():
            assert found.protected.by_key[key] == seen


def test_a_second_release_of_the_same_answers_keeps_the_pattern() -> None:
    wanted = ("SEX", "AGE", "WHO")
    first = made(*wanted)
    _, tree, members, *_ = programme(*wanted)
    definitions = components_of([tree])
    definitions |= all_group_definitions(tree.breakdowns, definitions)
    told = {(code, name): first.protected.one(code, None, *told_as(definitions[name]))
            for code, name in members}  # fmt: skip
    shown = {cell: seen.value for cell, seen in told.items() if seen is not None and seen.shown}
    second = made(*wanted, past=(GivenOut(members, shown, first.record.given),))
    assert second.protected == first.protected
