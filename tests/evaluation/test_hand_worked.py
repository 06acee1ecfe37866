"""The example worked by hand in docs/methods.md is what the program computes, digit for digit."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hand_worked import ANSWERS, ASKED, NATIONAL, O1, OWN, PLACES, WHO, worked
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

from app.domain.frameworks import Gap
from app.evaluation.assessment import Settings, assess
from app.evaluation.components import components_of
from app.evaluation.cross_table import Column
from app.evaluation.crosswalk import Asked, crosswalk
from app.evaluation.drafting import Draft, Withheld
from app.evaluation.estimation import estimates
from app.evaluation.figures import Programme
from app.evaluation.measurement import measure
from app.evaluation.quantities import Quantity, Reason
from app.evaluation.suppression import Cause
from app.evaluation.tables import What

PAGE = (Path(__file__).parents[2] / "docs" / "methods.md").read_text().split("## 8.")[1]
FOUND = worked()


def value(territory: str, framework: str | None, what: What, code: str = "") -> float:
    seen = FOUND.protected.one(territory, framework, what, code)
    assert seen is not None
    assert seen.value is not None
    return seen.value


def worked_draft(withheld: Withheld) -> Draft:
    """The example's draft where these cells are withheld."""
    definitions = components_of((NATIONAL, *OWN.values()))
    shares = frozenset(name for name, each in definitions.items() if each.is_share)
    moments = measure({E: (ANSWERS, WHO)}, definitions, ASKED)
    programme = Programme(
        NATIONAL, OWN, ASKED, ("A", "B"), {}, definitions, estimates(moments, shares)
    )
    crosswalks = {code: crosswalk(NATIONAL, own, ASKED) for code, own in OWN.items()}
    return Draft(programme, crosswalks, withheld)


def printed(number: float, decimals: int) -> None:
    """The figure stands in the page, with the minus sign of print."""
    text = f"{number:.{decimals}f}".replace("-", "−")
    assert text in PAGE, text


@pytest.mark.parametrize(
    ("territory", "figures"),
    [
        ("A", {"O1": 60, "O2": 50, "S1": 70, "S1_A": 60, "A1": 80}),
        ("B", {"O1": 40, "O2": 75, "S1": 30, "S1_A": 20, "B1": 60}),
        ("FR", {"O1": 50, "O2": 62.5, "S1": 50, "S1_A": 40}),
    ],
)
def test_indicators(territory: str, figures: dict[str, float]) -> None:
    for code, expected in figures.items():
        assert value(territory, None, What.INDICATOR, code) == pytest.approx(expected, abs=1e-12)


def test_scores() -> None:
    expected = {("A", "NAT"): 61.0, ("B", "NAT"): 46.5, ("A", "A"): 62.4, ("B", "B"): 45.4}
    for (territory, tree), score in expected.items():
        assert value(territory, tree, What.TOTAL) == pytest.approx(score, abs=1e-12)
        printed(score, 1)
    assert value("FR", "NAT", What.TOTAL) == pytest.approx(53.75, abs=1e-12)
    assert value("FR", "NAT", What.TOTAL_BY_POPULATION) == pytest.approx(57.375, abs=1e-12)
    assert value("A", "A", What.GAP_DESCRIPTION) == pytest.approx(1.4, abs=1e-12)
    assert value("B", "B", What.GAP_DESCRIPTION) == pytest.approx(-1.1, abs=1e-12)


def test_error_and_interval_of_one_share() -> None:
    share = FOUND.protected.one("A", None, What.INDICATOR, "O1")
    assert share is not None
    printed(share.se or 0, 4)
    printed(share.low or 0, 2)
    printed(share.high or 0, 2)
    assert (share.n, share.df, share.flags) == (5, 4, ("fragile",))


def test_documents() -> None:
    assert value("A", "A", What.COVERED_SHARE) == pytest.approx(0.88)
    assert value("A", "A", What.BLIND_SPOT, "here_only") == pytest.approx(0.12)
    assert value("A", "A", What.BLIND_SPOT, "dropped") == pytest.approx(0.3)
    assert value("A", "A", What.OVERLAP, "lower") == pytest.approx(0.3)
    assert value("A", "A", What.OVERLAP, "upper") == pytest.approx(0.7)


def test_standing_shift_and_its_parts() -> None:
    shift = FOUND.protected.one("A", "A", What.STANDING_SHIFT)
    assert shift is not None
    assert shift.value == pytest.approx(361 / 22, abs=1e-12)
    printed(shift.value or 0, 4)
    assert value("A", "A", What.DISTANCE) == pytest.approx(340 / 11, abs=1e-12)
    assert value("A", "NAT", What.DISTANCE) == pytest.approx(14.5, abs=1e-12)
    exact = {"O1": 34 / 11, "S1": -16.0, "S1_A": 240 / 11, "O2": 7.5}
    for code, expected in exact.items():
        assert value("A", "A", What.SHIFT_INDICATOR, code) == pytest.approx(expected, abs=1e-12)
        printed(expected, 4)
    parts = {"weighted_differently": 34 / 11, "reformulated": 64 / 11, "dropped": 7.5}
    for code, expected in parts.items():
        assert value("A", "A", What.SHIFT_PART, code) == pytest.approx(expected, abs=1e-12)
    assert sum(parts.values()) == pytest.approx(shift.value, abs=1e-12)


def test_the_error_of_the_shift() -> None:
    """Every person's y, as in the page, and the error from them."""
    persons = {
        "A": (
            [100, 100, 0, 100, 0],
            [100, 50, 75, 25, 0],
            [75, 100, 25, 50, 100],
            [100, 100, 0, 0, 100],
        ),
        "B": ([100, 0, 0, 0, 100], [50, 75, 100, 75, 75], [25, 75, 0, 50, 0], [0, 100, 0, 0, 0]),
    }
    variance = 0.0
    for columns in persons.values():
        y = [
            17 / 110 * o1 - 0.3 * o2 - 0.4 * s1 + 6 / 11 * s1_a
            for o1, o2, s1, s1_a in zip(*columns, strict=True)
        ]
        mean = sum(y) / 5
        between = sum((each - mean) ** 2 for each in y) / 4
        for number in (*y, mean, between, between / 5):
            printed(number, 4)
        variance += between / 5
    shift = FOUND.protected.one("A", "A", What.STANDING_SHIFT)
    assert shift is not None
    assert shift.se == pytest.approx(variance**0.5, rel=1e-12)
    printed(variance, 4)
    printed(shift.se or 0, 4)
    printed(shift.df or 0, 4)


def test_the_verdict() -> None:
    shift = FOUND.protected.one("A", "A", What.STANDING_SHIFT)
    other = FOUND.protected.one("B", "B", What.STANDING_SHIFT)
    assert shift is not None
    assert other is not None
    assert (shift.verdict, other.verdict) == ("cannot_tell", "cannot_tell")
    for number in (other.value, other.se, other.df):
        printed(number or 0, 4)
    half = ((shift.high or 0) - (shift.low or 0)) / 2
    printed(half, 2)
    printed(half / (shift.se or 1), 2)
    printed(value("A", "A", What.MARGIN), 4)
    printed(value("A", "A", What.SMALLEST_DETECTABLE), 1)
    printed(value("A", "A", What.LARGEST_ATTAINABLE), 4)


def test_the_cross_table_and_its_coverage() -> None:
    assert value("B", "A", What.CROSS) == pytest.approx(320 / 11, abs=1e-12)
    for territory, hand in (("A", 56.4 / 0.92), ("B", 40.6 / 0.92)):
        assert value(territory, "B", What.CROSS) == pytest.approx(hand, abs=1e-12)
        printed(hand, 4)
    draft = worked_draft(
        Withheld({("B", "O2.elderly"): Cause.SMALL, ("B", "S1_A.elderly"): Cause.SMALL})
    )
    entry = Column(draft, OWN["A"], 1).entries["B"]
    assert entry.figure is Reason.COVERAGE_BELOW
    assert entry.coverage == Fraction(5, 11)
    column = Column(draft, OWN["B"], 1)
    incomplete = column.entries["B"].figure
    assert isinstance(incomplete, Quantity)
    assert incomplete.value == pytest.approx(25.6 / 0.72)
    assert column.entries["B"].coverage == Fraction(72, 92)
    printed(25.6 / 0.72, 4)
    assert "B" not in column.ranked


def test_an_unknown_population() -> None:
    found = assess(
        {E: (ANSWERS, WHO)}, NATIONAL, OWN, ASKED, [place("A", 3000), place("B")], Settings(5)
    ).protected
    seen = found.one("FR", "NAT", What.TOTAL_BY_POPULATION)
    assert seen is not None
    assert seen.value == pytest.approx(61.0)
    assert "without:B" in seen.flags
    plain = found.one("FR", "NAT", What.TOTAL)
    assert plain is not None
    assert plain.value == pytest.approx(53.75)


def test_an_equity_gap() -> None:
    gap = indicator("GAP", Gap(scale("E2"), at_least("E1", 4)))
    tree = framework("NAT", dimension("OUT", 1, (O1, 1)), ledger=(gap,))
    found = assess({E: (ANSWERS, WHO)}, tree, {}, ASKED, PLACES, Settings(5))
    seen = found.table.by_key["A", None, "ledger", "GAP", None, None]
    assert seen.value == pytest.approx(125 / 6)
    other = found.table.by_key["B", None, "ledger", "GAP", None, None]
    assert other.value == pytest.approx(-125 / 6)
    z = [(100 - 175 / 3) / 3, (50 - 175 / 3) / 3, -37.5 / 2, (25 - 175 / 3) / 3, 37.5 / 2]
    assert sum(z) == pytest.approx(0.0)
    squares = sum(each * each for each in z)
    assert seen.se == pytest.approx((1.25 * squares) ** 0.5)
    assert seen.df == 1
    for number in (125 / 6, *z, squares, 1.25 * squares, seen.se or 0):
        printed(number, 4)
    assert not found.protected.one("A", None, What.LEDGER, "GAP").shown


def test_a_linked_case() -> None:
    both = indicator("I", {E: agree("E1"), F: scale("E3")})
    tree = framework("NAT", dimension("OUT", 1, (both, 1)))
    asked = Asked({code: {E: frozenset({"E1"}), F: frozenset({"E3"})} for code in "AB"})
    data = {E: (ANSWERS, WHO), F: (ANSWERS, WHO)}  # the same case has the same number
    seen = assess(data, tree, {}, asked, PLACES, Settings(5)).protected.one(
        "A", None, What.INDICATOR, "I"
    )
    assert seen is not None
    assert seen.value == pytest.approx(65.0)
    assert seen.se == pytest.approx(240.625**0.5, rel=1e-12)
    printed(seen.se or 0, 4)
    strangers = replace(WHO, psu=WHO.psu + 100)
    apart = assess({**data, F: (ANSWERS, strangers)}, tree, {}, asked, PLACES, Settings(5))
    other = apart.protected.one("A", None, What.INDICATOR, "I")
    assert other is not None
    # Ten PSUs in place of five: n/(n-1) is 10/9 in place of 5/4.
    assert other.se == pytest.approx((203.125 * (10 / 9) / (5 / 4)) ** 0.5, rel=1e-12)


def test_the_rest_is_the_others_and_not_all() -> None:
    def rated(*yes: int) -> list[int | None]:
        return [5 if each else 1 for each in yes]

    columns = answers(
        E1=rated(1, 1, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0),
        E2=rated(1, 0, 0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0),
    )
    one, two = indicator("O1", agree("E1")), indicator("O2", agree("E2"))
    national = framework("NAT", dimension("OUT", 1, (one, 1), (two, 1)))
    own = framework("A", dimension("OUT", 1, (one, 3), (two, 1)), territory="A")
    asked = Asked({code: {E: frozenset({"E1", "E2"})} for code in "ABC"})
    who = respondents(["A"] * 5 + ["B"] * 5 + ["C"] * 10)
    places = [place(code) for code in "ABC"]
    found = assess({E: (columns, who)}, national, {"A": own}, asked, places, Settings(5)).protected
    shift = found.one("A", "A", What.STANDING_SHIFT)
    assert shift is not None
    assert shift.value == pytest.approx(20.0)
    assert shift.se == pytest.approx(65.625**0.5)
    printed(shift.se or 0, 4)
    totals = [found.one(code, "NAT", What.TOTAL) for code in "ABC"]
    assert [each.value for each in totals if each] == pytest.approx([50, 50, 40])
    full = found.one("A", "A", What.TOTAL)
    assert full is not None
    assert full.value == pytest.approx(65.0)
    printed((65 - 145 / 3) - (50 - 140 / 3), 4)


def test_suppression_against_a_composite() -> None:
    def yes(*shares: int) -> list[int | None]:
        return [4 if k < share // 5 else 1 for share in shares for k in range(20)]

    first = [*yes(60, 40, 50), *[4] * 7, *[1] * 3, *[None] * 10]
    columns = answers(E1=first, E2=yes(40, 60, 50, 30))
    o2 = indicator("O2", agree("E2"))
    tree = framework("NAT", dimension("X", 1, (O1, 1), (o2, 1)), availability=Fraction(1, 2))
    asked = Asked({code: {E: frozenset({"E1", "E2"})} for code in "ABCD"})
    who = respondents([code for code in "ABCD" for _ in range(20)])
    places = [place(code) for code in "ABCD"]
    found = assess({E: (columns, who)}, tree, {}, asked, places, Settings(11))
    table = found.protected
    shown = {code: table.one(code, None, What.INDICATOR, "O1").shown for code in "ABCD"}
    assert shown == {"A": True, "B": True, "C": False, "D": False}
    assert table.one("FR", None, What.INDICATOR, "O1").value == pytest.approx(55.0)
    (record,) = [each for each in found.record.cells if each.territory == "D"]
    assert (record.low, record.high) == (pytest.approx(20.0), pytest.approx(100.0))
    for what in (What.TOTAL, What.CROSS):
        seen = table.one("D", "NAT", what)
        assert seen.value == pytest.approx(30.0)
        assert "incomplete" in seen.flags
    assert {seen.territory for seen in table.of(What.RANK)} == {"A", "B"}


def test_at_the_usual_threshold_none_of_it_is_shown() -> None:
    protected = worked(threshold=11).protected
    for seen in protected:
        if seen.what not in (What.OVERLAP, What.COVERED_SHARE, What.BLIND_SPOT):
            assert not seen.shown, seen.key
