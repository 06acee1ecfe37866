"""The whole way: deterministic, storable, complete, and honest about what is missing."""

import json
import pickle
from datetime import date

import numpy as np
import pytest
from hand_worked import ANSWERS, ASKED, NATIONAL, OWN, PLACES, WHO, worked
from samples import E, F, agree, answers, dimension, framework, indicator, place, respondents

from app.domain.breakdowns import Breakdown, BrokenDownBy, Group
from app.domain.frameworks import Series
from app.domain.text import Text
from app.evaluation.assessment import Settings, assess, assess_moments
from app.evaluation.beside import Beside
from app.evaluation.comparison import Shift
from app.evaluation.components import components_of
from app.evaluation.crosswalk import Asked
from app.evaluation.measurement import measure
from app.evaluation.moments import merge
from app.evaluation.registers import Registers, Sums
from app.evaluation.tables import Observation, ProtectedTable, Table, What


def stored(table: ProtectedTable) -> str:
    return json.dumps(table.to_dict(), sort_keys=True)


def test_the_same_input_gives_the_same_bytes() -> None:
    assert stored(worked().protected) == stored(worked().protected)


def test_what_is_stored_comes_back() -> None:
    table = worked(11).protected
    assert ProtectedTable.from_dict(json.loads(stored(table))) == table


def test_unprotected_figures_cannot_leave() -> None:
    table = worked().table
    assert isinstance(table, Table)
    with pytest.raises(TypeError, match="does not leave"):
        pickle.dumps(table)
    assert not hasattr(table, "to_dict")
    assert "60" not in repr(table)


def test_a_withheld_observation_has_no_figure() -> None:
    with pytest.raises(ValueError, match="carries a figure"):
        ProtectedTable((Observation("A", None, "indicator", "I", n=4, confidentiality="N"),), 11)
    twice = Observation("A", None, "indicator", "I")
    with pytest.raises(ValueError, match="same key"):
        ProtectedTable((twice, twice), 11)


def test_look_ups() -> None:
    table = worked().protected
    assert table.one("A", None, "component", "O1", "elderly").value == pytest.approx(60.0)
    assert table.one("A", None, "component", "O1") is None
    assert [seen.territory for seen in table.of("total", framework="NAT")] == ["A", "B", "FR"]


def test_moments_measured_apart_give_the_same() -> None:
    definitions = components_of((NATIONAL, *OWN.values()))
    halves = []
    for rows in (np.arange(0, 10, 2), np.arange(1, 10, 2)):
        items = {
            code: type(column)(
                column.status[rows], column.number[rows], column.code[rows], column.codes,
                None, column.lowest, column.highest,
            )
            for code, column in ANSWERS.items.items()
        }  # fmt: skip
        who = type(WHO)(
            n=5, territories=WHO.territories,
            **{name: getattr(WHO, name)[rows]
               for name in ("territory", "stratum", "psu", "weight", "proxy", "channel")},
        )  # fmt: skip
        halves.append(measure({E: (type(ANSWERS)(5, items), who)}, definitions, ASKED))
    found = assess_moments(merge(halves), NATIONAL, OWN, ASKED, PLACES, Settings(5)).protected
    for seen, other in zip(worked().protected, found, strict=True):
        assert seen.key == other.key
        if seen.value is not None:
            assert other.value == pytest.approx(seen.value, rel=1e-12, abs=1e-12)
            assert other.se == (None if seen.se is None else pytest.approx(seen.se, rel=1e-9))


def test_reasons_for_what_is_missing() -> None:
    tree = framework(
        "NAT",
        dimension(
            "X",
            1,
            (indicator("I", agree("E1")), 8),
            (indicator("N", agree("E7")), 1),
            (indicator("S", Series("visits")), 1),
        ),
        ledger=(indicator("L", agree("E2")),),
    )
    columns = answers(E1=[5, 1] * 20, E2=[None] * 40)
    asked = Asked({code: {E: frozenset({"E1", "E2"})} for code in "AB"})
    found = assess(
        {E: (columns, respondents(["A"] * 20 + ["B"] * 20))}, tree, {}, asked,
        [place("FR"), place("A"), place("B", 100)],
    )  # fmt: skip
    reasons = {seen.code: seen.reason for seen in found.protected.of("indicator", territory="A")}
    assert reasons == {"I": None, "N": "not_asked", "S": "no_series"}
    assert [seen.reason for seen in found.ledger if seen.territory == "A"] == ["no_answers"]
    total = found.protected.one("A", "NAT", What.TOTAL)
    assert (total.coverage, total.flags) == (0.8, ("incomplete",))
    by_population = found.protected.one("FR", None, What.INDICATOR_BY_POPULATION, "I")
    assert by_population.flags == ("without:A",)


def test_what_one_territory_alone_was_asked_says_nothing_of_the_nation() -> None:
    """A national indicator that reads an item of A's module: a reason for the nation, in every
    form, and no part of any national composite."""
    shared, local = indicator("I", agree("E1")), indicator("N", agree("E7"))
    noted = indicator("L", agree("E7"))
    groups = tuple(Group(g, Text.of(fr=g, en=g), (g,)) for g in "15")
    two = Breakdown("B", Text.of(fr="B", en="B"), E, BrokenDownBy.QUESTION, groups, "E2")
    tree = framework(
        "NAT",
        dimension("X", 7, (shared, 1)),
        dimension("Y", 3, (local, 1)),
        ledger=(noted,),
        breakdowns=(two,),
    )
    own = framework("A", dimension("X", 1, (shared, 1), (local, 1)), territory="A")
    columns = answers(E1=[5, 1] * 30, E2=[1, 1, 5, 5] * 15, E7=[4] * 10 + [1] * 10 + [None] * 40)
    core = frozenset({"E1", "E2"})
    asked = Asked({"A": {E: core | {"E7"}}, "B": {E: core}, "C": {E: core}})
    found = assess(
        {E: (columns, respondents(["A"] * 20 + ["B"] * 20 + ["C"] * 20))}, tree, {"A": own}, asked,
        [place("FR"), place("A", 100), place("B", 100), place("C", 100)], Settings(5),
    )  # fmt: skip
    one = found.protected.one
    assert one("A", None, What.INDICATOR, "N").value == 50.0
    assert one("B", None, What.INDICATOR, "N").reason == "not_asked"
    for what, code in (
        (What.INDICATOR, "N"), (What.INDICATOR_BY_POPULATION, "N"), (What.LEDGER, "L"),
        (What.LEDGER_BY_POPULATION, "L"),
    ):  # fmt: skip
        assert one("FR", None, what, code).reason == "not_everywhere", (what, code)
    groups_of_nation = found.protected.of(What.GROUP, territory="FR", code="N")
    assert [each.reason for each in groups_of_nation] == ["not_everywhere"] * 2
    for what in (What.TOTAL, What.TOTAL_BY_POPULATION):
        total = one("FR", "NAT", what)
        assert (total.coverage, total.flags) == (0.7, ("incomplete",))
        assert total.value == pytest.approx(50.0)
    assert one("FR", "NAT", What.DIMENSION, "Y").reason == "coverage_below"
    shift = found.shifts["A"]
    assert isinstance(shift, Shift)
    assert [each.leaves.keys() for each in shift.national_groups] == [{"I"}]


def test_answers_beside_a_series_have_no_figure_of_the_nation() -> None:
    mixed = indicator("M", {E: agree("E1"), F: Series("visits")})
    tree = framework("NAT", dimension("X", 1, (indicator("I", agree("E1")), 3), (mixed, 1)))
    asked = Asked({code: {E: frozenset({"E1"})} for code in "AB"})
    sums = {(code, "visits"): Sums(30.0, 100.0, *[date(2026, 1, 1)] * 2, ("S",)) for code in "AB"}
    found = assess(
        {E: (answers(E1=[5, 1] * 20), respondents(["A"] * 20 + ["B"] * 20))}, tree, {}, asked,
        [place("FR"), place("A"), place("B")], beside=Beside(registers=Registers(sums, 5)),
    )  # fmt: skip
    assert found.protected.one("A", None, What.INDICATOR, "M").value is not None
    assert found.protected.one("FR", None, What.INDICATOR, "M").reason == "undefined"
    assert found.protected.one("FR", "NAT", What.TOTAL).coverage == 0.75


def test_order_of_respondents_and_territories_changes_nothing() -> None:
    order = np.random.default_rng(1).permutation(10)
    items = {
        code: type(column)(
            column.status[order], column.number[order], column.code[order], column.codes,
            None, column.lowest, column.highest,
        )
        for code, column in ANSWERS.items.items()
    }  # fmt: skip
    who = type(WHO)(
        n=10, territories=("B", "A"), territory=1 - WHO.territory[order],
        **{name: getattr(WHO, name)[order]
           for name in ("stratum", "psu", "weight", "proxy", "channel")},
    )  # fmt: skip
    found = assess(
        {E: (type(ANSWERS)(10, items), who)}, NATIONAL, OWN, ASKED, PLACES[::-1], Settings(5)
    )
    for seen, other in zip(worked().protected, found.protected, strict=True):
        assert seen.key == other.key
        assert seen.value == pytest.approx(other.value, rel=1e-12, abs=1e-12)
