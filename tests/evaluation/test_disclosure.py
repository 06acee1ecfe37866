"""No withheld cell can be worked out from everything that is shown, whatever the programme."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import (
    E,
    F,
    agree,
    answers,
    at_least,
    dimension,
    framework,
    indicator,
    place,
    respondents,
    scale,
)

from app.domain.frameworks import Gap, Relation, Share
from app.evaluation import suppression
from app.evaluation.assessment import Assessment, Settings, assess
from app.evaluation.attack import Between, determined, ranges
from app.evaluation.crosswalk import Asked
from app.evaluation.exposure import Exposure
from app.evaluation.ledger import LEAST_ROOM, Before
from app.evaluation.suppression import (
    CellBlock,
    CellFacts,
    NationalRow,
    Tier,
    exposure_of,
    suppress,
)
from app.evaluation.tables import What
from app.evaluation.veiling import veiled

CODES = ("A", "B", "C", "D")
ITEMS = frozenset({"E1", "E2", "E3", "E4"})


def programme(seed: int, sizes: list[int], families: list[int], known: list[bool]) -> Assessment:
    """A programme with an indicator of two audiences, a gap, and two frameworks of their own."""
    rng = np.random.default_rng(seed)
    national = framework(
        "NAT",
        dimension(
            "X", 60, (indicator("I1", agree("E1")), 50), (indicator("I2", scale("E2", "E3")), 50)
        ),
        dimension("Y", 40, (indicator("I3", {E: agree("E3"), F: agree("E1")}), 100)),
        ledger=(indicator("G", Gap(agree("E1"), at_least("E4", 3))),),
    )
    first = framework(
        "A",
        dimension("X", 40, (indicator("I1", agree("E1")), 100)),
        dimension(
            "Y", 60,
            (indicator("I3_A", Share(at_least("E3", 3)), origin="I3"), 1),
            (indicator("L1", agree("E9"), relation=Relation.ADDED), 1),
        ),
        territory="A",
    )  # fmt: skip
    second = framework(
        "B",
        dimension(
            "X", 60, (indicator("I1", agree("E1")), 80), (indicator("I2", scale("E2", "E3")), 20)
        ),
        dimension("Y", 40, (indicator("I3", {E: agree("E3"), F: agree("E1")}), 100)),
        territory="B",
    )
    codes = CODES[: len(sizes)]
    data = {}
    for audience, counts in ((E, sizes), (F, families)):
        territory = [code for code, n in zip(codes, counts, strict=True) for _ in range(n)]
        n = len(territory)
        if n:
            columns = answers(
                **{item: rng.integers(1, 6, n).tolist() for item in ("E1", "E2", "E3", "E4", "E9")}
            )
            data[audience] = (columns, respondents(territory))
    asked = Asked(
        {
            code: {E: ITEMS | ({"E9"} if code == "A" else set()), F: frozenset({"E1"})}
            for code in codes
        }
    )
    populations = [100 * (i + 3) ** 2 if each else None for i, each in enumerate(known)]
    own = {"A": first} | ({"B": second} if len(codes) > 1 else {})
    return assess(
        data, national, own, asked,
        [place(code, p) for code, p in zip(codes, populations, strict=False)],
        Settings(11),
    )  # fmt: skip


def solvable(rows: list[dict], unknown: list) -> set:
    """Independent check with exact fractions: unknowns that elimination isolates."""
    matrix = [
        [Fraction(row.get(cell, 0)).limit_denominator(10**6) for cell in unknown] for row in rows
    ]
    rank = 0
    for j in range(len(unknown)):
        pivot = next((i for i in range(rank, len(matrix)) if matrix[i][j] != 0), None)
        if pivot is None:
            continue
        matrix[rank], matrix[pivot] = matrix[pivot], matrix[rank]
        matrix[rank] = [v / matrix[rank][j] for v in matrix[rank]]
        for i in range(len(matrix)):
            if i != rank and matrix[i][j]:
                matrix[i] = [
                    a - matrix[i][j] * b for a, b in zip(matrix[i], matrix[rank], strict=True)
                ]
        rank += 1
    return {
        unknown[next(j for j, v in enumerate(row) if v)]
        for row in matrix[:rank]
        if sum(v != 0 for v in row) == 1
    }


SIZES = st.lists(st.sampled_from([3, 8, 15, 40]), min_size=1, max_size=4)


@settings(max_examples=25, deadline=None)
@given(SIZES, st.data())
def test_no_withheld_cell_can_be_solved_from_what_is_shown(sizes: list[int], data) -> None:
    families = data.draw(
        st.lists(st.sampled_from([0, 5, 12, 30]), min_size=len(sizes), max_size=len(sizes))
    )
    known = data.draw(st.lists(st.booleans(), min_size=len(sizes), max_size=len(sizes)))
    found = programme(data.draw(st.integers(0, 999)), sizes, families, known)
    # A reader knows the public equations: national means over all territories with answers.
    values, counts = [], []
    population = {
        code: 100 * (i + 3) ** 2 for i, code in enumerate(CODES[: len(sizes)]) if known[i]
    }
    true = {seen.key: seen for seen in found.table if seen.what == What.COMPONENT}
    shown = found.protected
    hidden = [
        seen.key for seen in shown
        if seen.what == What.COMPONENT and seen.territory != "FR" and seen.confidentiality == "N"
    ]  # fmt: skip
    for seen in shown:
        if seen.territory != "FR" or not seen.shown or seen.audience is None:
            continue
        cells = [
            key for key, each in true.items()
            if key[0] != "FR" and key[3:] == (seen.code, seen.audience) and each.n
        ]  # fmt: skip
        if seen.what == What.COMPONENT:
            values.append(dict.fromkeys(cells, 1))
            counts.append(dict.fromkeys(cells, 1))
        elif seen.what == What.COMPONENT_BY_POPULATION:
            values.append({key: population[key[0]] for key in cells if key[0] in population})
    assert not solvable(values, hidden)
    assert not solvable(counts, hidden)
    # Nothing that is shown of a territory has a small base, and withheld means no figure at all.
    for seen in shown:
        if seen.shown and seen.n is not None:
            assert seen.n >= 11


@settings(max_examples=15, deadline=None)
@given(SIZES, st.integers(0, 99))
def test_shown_composites_are_made_of_shown_indicators(sizes: list[int], seed: int) -> None:
    found = programme(seed, sizes, [20] * len(sizes), [True] * len(sizes))
    for code in CODES[: len(sizes)]:
        parts = {
            name: found.protected.one(code, None, What.INDICATOR, name) for name in ("I1", "I2")
        }
        node = found.protected.one(code, "NAT", What.DIMENSION, "X")
        there = [each.value for each in parts.values() if each.shown]
        if len(there) == 2:
            assert node.value == pytest.approx(sum(there) / 2)
        else:
            assert node.value is None


def test_the_two_sides_of_a_gap_go_together() -> None:
    found = programme(3, [40, 40, 40, 40], [30] * 4, [True] * 4)
    for code in CODES:
        sides = [
            found.protected.one(code, None, What.COMPONENT, f"G.{side}", "elderly")
            for side in ("group", "others")
        ]
        assert sides[0].confidentiality == sides[1].confidentiality


def test_primary_and_complementary_are_told_apart_in_the_record_only() -> None:
    found = programme(1, [8, 40, 40, 40], [30] * 4, [False] * 4)
    causes = {(each.territory, each.component): each.cause for each in found.record.cells}
    assert causes["A", "I1.elderly"] == "small"
    others = {territory for (territory, name), cause in causes.items() if cause == "complementary"}
    assert others == {"D"}  # equal sizes: the last in order
    assert found.protected.one("FR", None, What.INDICATOR, "I1").shown
    text = repr(found.protected.to_dict())
    assert "complementary" not in text
    assert "small" not in text.replace("smallest_detectable", "")
    for each in found.record.cells:
        assert each.low <= each.high


def test_errors_say_nothing_of_withheld_answers() -> None:
    made = programme(3, [30, 12, 5, 40], [25, 9, 14, 30], [True] * 4)
    hidden = {(each.territory, each.component) for each in made.record.cells}
    true = made.programme.estimates
    rng = np.random.default_rng(0)
    otherwise = {}
    for code, each in true.items():
        factors = [
            rng.uniform(0.0, 9.0) if (code, name) in hidden else 1.0 for name in each.components
        ]
        otherwise[code] = replace(each, covariance=each.covariance * np.outer(factors, factors))
    one, other = veiled(true, hidden), veiled(otherwise, hidden)
    for code, each in true.items():
        away = np.array([(code, name) in hidden for name in each.components])
        shown = np.ix_(~away, ~away)
        assert one[code].covariance == pytest.approx(other[code].covariance, abs=1e-9)
        assert (one[code].covariance[shown] == each.covariance[shown]).all()
        assert np.linalg.eigvalsh(one[code].covariance).min() > -1e-9
    nation = made.protected.one("FR", None, What.INDICATOR, "I1")
    assert nation is not None
    assert any(component == "I1.elderly" for _, component in hidden)
    assert nation.se != made.table.by_key[nation.key].se
    assert veiled(true, ()) == true


@pytest.mark.parametrize("audiences", [1, 2])
def test_the_fewest_respondents_are_hidden(audiences: int) -> None:
    """Against trying every pattern: how many people go, and which national figures are given up."""
    rng = np.random.default_rng(audiences)
    for trial in range(6):
        places = "ABCDEF"[: 6 // audiences]
        parts = [[(code, f"I.{k}") for code in places] for k in range(audiences)]
        cells = tuple(cell for part in parts for cell in part)
        few = rng.random(len(cells)) < (0.5 if trial % 2 else 0.2)
        n = np.where(few, rng.integers(2, 11, len(cells)), rng.integers(11, 60, len(cells)))
        facts = {
            cell: CellFacts(int(k), float(rng.choice([rng.uniform(20, 80), 98.0])))
            for cell, k in zip(cells, n, strict=True)
        }
        together = (frozenset({("A", "I.0"), ("A", "I.1")}),) if audiences == 2 else ()
        rows = []
        for tier in Tier:
            weights = rng.uniform(1, 9, len(places)) if tier is Tier.BY_POPULATION else None
            shares = np.full(len(places), 1 / len(places)) if weights is None else weights
            shares = shares / shares.sum()
            means = [dict(zip(part, shares.tolist(), strict=True)) for part in parts]
            rows += [NationalRow(tier, each) for each in means]
            whole = {cell: w / audiences for each in means for cell, w in each.items()}
            rows += [NationalRow(tier, whole)] * (audiences > 1)
        block = CellBlock("I", cells, tuple(rows), together)
        found = suppress(block, facts, 11)
        small = {cell for cell in cells if facts[cell].n < 11}
        least = min(sum(facts[cell].n for cell in part) for part in parts)
        tiers: list[frozenset[Tier]] = [
            frozenset(), frozenset({Tier.BY_POPULATION}), frozenset(Tier)
        ]  # fmt: skip
        for left_out in tiers if least >= 11 else tiers[-1:]:
            exposure = exposure_of(block, facts, left_out)
            safe = [
                sum(facts[cell].n for cell in pattern)
                for size in range(len(cells) + 1)
                for pattern in combinations(cells, size)
                if small <= set(pattern)
                and all(group <= set(pattern) or not group & set(pattern) for group in together)
                and not exposure.unsafe(pattern)
            ]
            if safe:
                break
        assert found.national == left_out
        assert sum(facts[cell].n for cell in found.cells) == min(safe)


def test_a_search_that_does_not_end_gives_up_national_figures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cells = tuple((code, "I") for code in "ABCD")
    facts = {cell: CellFacts(n, 50.0) for cell, n in zip(cells, (5, 20, 30, 40), strict=True)}
    rows = tuple(NationalRow(tier, dict.fromkeys(cells, 0.25)) for tier in Tier)
    block = CellBlock("I", cells, rows)
    found = suppress(block, facts, 11)
    assert (set(found.cells), found.national) == ({cells[0], cells[1]}, frozenset())
    monkeypatch.setattr(suppression, "MOST_TURNS", 1)
    found = suppress(block, facts, 11)
    assert (set(found.cells), found.national) == ({cells[0]}, frozenset(Tier))
    assert not exposure_of(block, facts, found.national).unsafe(found.cells)


def test_uniform_and_dominated_cells_are_withheld() -> None:
    columns = answers(E1=[5] * 20 + [1, 5] * 10 + [1, 5] * 10)
    who = respondents(["A"] * 20 + ["B"] * 20 + ["C"] * 20, weight=[1.0] * 40 + [50.0] + [1.0] * 19)
    tree = framework("NAT", dimension("X", 1, (indicator("I", agree("E1")), 1)))
    asked = Asked({code: {E: frozenset({"E1"})} for code in "ABC"})
    found = assess({E: (columns, who)}, tree, {}, asked, [place(c) for c in "ABC"])
    causes = {each.territory: each.cause for each in found.record.cells}
    assert causes == {"A": "uniform", "C": "dominated"}


def test_a_nation_of_one_territory_is_that_territory() -> None:
    found = programme(0, [8], [30], [True])
    assert found.protected.one("FR", None, What.INDICATOR, "I1").confidentiality == "N"


def test_the_attacker_solves_what_can_be_solved() -> None:
    rows = [{"a": 1.0, "b": 1.0, "c": 1.0}, {"a": 1.0, "b": 2.0, "c": 2.0}]
    assert set(determined(rows, ["a", "b", "c"])) == {"a"}
    assert determined(rows, ["a", "b", "c"])["a"].rows == (0, 1)
    assert not determined(rows[:1], ["a", "b"])
    assert set(determined(rows[:1], ["a"])) == {"a"}
    assert ranges([{"a": 0.5, "b": 0.5}], {"a": 4.0, "b": 2.0}) == {
        "a": pytest.approx((0.0, 6.0)),
        "b": pytest.approx((0.0, 6.0)),
    }


def test_a_rare_event_is_not_narrowed_down_to_nothing() -> None:
    """A national share of 0 would tell that nobody of a withheld territory said yes."""
    cells = tuple((code, "I.elderly") for code in "ABC")
    facts = {cell: CellFacts(n, 0.0) for cell, n in zip(cells, (5, 50, 60), strict=True)}
    row = NationalRow(Tier.PLAIN, dict.fromkeys(cells, 1 / 3))
    assert Tier.PLAIN in suppress(CellBlock("I", cells, (row,)), facts, 11).national


def test_a_threshold_that_protects_nobody_is_refused() -> None:
    tree = framework("NAT", dimension("X", 1, (indicator("I", agree("E1")), 1)))
    data = {E: (answers(E1=[5, 1]), respondents(["A", "A"]))}
    asked = Asked({"A": {E: frozenset({"E1"})}})
    with pytest.raises(ValueError, match="protects nobody"):
        assess(data, tree, {}, asked, [place("A")], Settings(4))


def test_any_single_observation_can_be_withheld() -> None:
    """What the attacker names is withheld, whichever kind it is, until nothing is found."""
    from app.evaluation.disclosure import protect
    from app.evaluation.drafting import Withheld
    from app.evaluation.observing import Published
    from app.evaluation.tables import Observation

    cell = ("A", "I.elderly")
    block = CellBlock("I", (cell,))
    given = Observation("A", "A", What.STANDING_SHIFT, value=3.0)

    def draw_up(withheld: Withheld) -> list[Published]:
        if given.key in withheld.observations:
            return [Published(Observation("A", "A", What.STANDING_SHIFT, confidentiality="N"))]
        return [Published(given, {cell: 0.5})]

    table, record = protect(draw_up, [block], {cell: CellFacts(4, 6.0)})
    assert record.observations == (given.key,)
    assert not table.one("A", "A", What.STANDING_SHIFT).shown


def test_rounding_does_not_decide_where_just_the_room_is_left() -> None:
    """Overlapping sets often leave a cell exactly the room it needs."""
    cell = ("A", "I1.elderly")

    def unsafe(low: float, room: float) -> bool:
        told = Before(overlaps=(Between({cell: 1.0}, low, low + room),))
        return bool(Exposure((), {cell: low}, told).unsafe({cell}))

    lows = [k / 7 for k in range(400)]
    assert any((low + LEAST_ROOM) - low < LEAST_ROOM for low in lows), "some fall short"
    assert not [low for low in lows if unsafe(low, LEAST_ROOM)]
    assert all(unsafe(low, LEAST_ROOM - 0.001) for low in lows)
