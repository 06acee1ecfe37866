"""Series in the evaluation: ratio of sums, beside or within the scores, never a sampling error."""

from __future__ import annotations

from datetime import date

import pytest
from samples import E, answers, dimension, framework, indicator, place, respondents, scale

from app.domain.frameworks import Framework, Indicator, Series
from app.domain.series import SeriesValue
from app.evaluation.assessment import Assessment, Settings, assess
from app.evaluation.beside import Beside
from app.evaluation.crosswalk import Asked
from app.evaluation.registers import registers
from app.evaluation.tables import What

STAYS = indicator("STAYS", Series("STAYS", per=1000))
Q = indicator("Q", scale("E1"))


def value(territory: str, numerator: float, denominator: float, area: str = "") -> SeriesValue:
    year = (date(2025, 1, 1), date(2025, 12, 31))
    return SeriesValue("STAYS", territory, *year, numerator, denominator, f"file {territory}", area)


def assessed(national: Framework, *values: SeriesValue) -> Assessment:
    people = respondents(["A"] * 6 + ["B"] * 6)
    asked = Asked({code: {E: frozenset({"E1"})} for code in "AB"})
    found = registers(values, date(2026, 3, 31), 5)
    return assess(
        {E: (answers(E1=[1, 2, 3, 4, 5, 5, 2, 3, 4, 4, 3, 2]), people)},
        national,
        {},
        asked,
        [place("A"), place("B")],
        Settings(threshold=5),
        Beside(found),
    )


def in_ledger() -> Framework:
    return framework("NAT", dimension("D", 1, (Q, 1)), ledger=(STAYS,))


def scored(by: Indicator) -> Framework:
    return framework("NAT", dimension("D", 1, (Q, 1), (by, 1)))


def test_the_nation_is_the_ratio_of_sums_not_the_mean_of_ratios() -> None:
    seen = assessed(in_ledger(), value("A", 10, 1000), value("B", 60, 2000)).protected
    each = [seen.one(code, None, What.LEDGER, "STAYS") for code in ("A", "B", "FR")]
    assert [one and one.value for one in each] == [10.0, 30.0, pytest.approx(1000 * 70 / 3000)]


def test_sub_areas_are_added_up_before_they_are_divided() -> None:
    north, south = value("A", 10, 100, "north"), value("A", 90, 900, "south")
    seen = assessed(in_ledger(), north, south).protected.one("A", None, What.LEDGER, "STAYS")
    assert seen is not None
    assert seen.value == pytest.approx(1000 * 100 / 1000)
    nation = assessed(in_ledger(), north, south).protected.one("FR", None, What.LEDGER, "STAYS")
    assert nation is not None
    assert nation.flags == ("register", "without:B")


def test_period_and_source_stand_beside_and_no_error() -> None:
    table = assessed(in_ledger(), value("A", 10, 1000), value("B", 60, 2000)).protected
    here = table.one("A", None, What.LEDGER, "STAYS")
    assert here is not None
    assert (here.se, here.low, here.high, here.n) == (None, None, None, None)
    assert here.flags == ("register",)
    assert (here.period, here.source) == ("2025-01-01/2025-12-31", "file A")
    nation = table.one("FR", None, What.LEDGER, "STAYS")
    assert nation is not None
    assert nation.source == "file A ; file B"
    questions = table.one("A", None, What.INDICATOR, "Q")
    assert questions is not None
    assert questions.source is None


def test_without_a_value_the_series_says_so() -> None:
    seen = assessed(in_ledger(), value("A", 10, 1000)).protected
    missing = seen.one("B", None, What.LEDGER, "STAYS")
    assert missing is not None
    assert missing.reason == "no_series"


def test_scored_only_where_the_tree_holds_it_and_then_by_its_goalposts() -> None:
    by = Indicator("STAYS", STAYS.title, STAYS.components, goalposts=(0.0, 50.0))
    values = (value("A", 10, 1000), value("B", 60, 2000))
    table = assessed(scored(by), *values).protected
    total = table.one("A", "NAT", What.TOTAL)
    question = table.one("A", None, What.INDICATOR, "Q")
    assert total is not None
    assert question is not None
    assert question.value is not None
    assert total.value == pytest.approx((question.value + 100 * 10 / 50) / 2)
    assert question.se is not None
    assert total.se == pytest.approx(question.se / 2)  # the series adds no error
    assert "register" in total.flags
    beside = assessed(in_ledger(), *values).protected.one("A", "NAT", What.TOTAL)
    assert beside is not None
    assert beside.value == pytest.approx(question.value)


def test_a_national_score_takes_the_ratio_of_sums() -> None:
    by = Indicator("STAYS", STAYS.title, STAYS.components, goalposts=(0.0, 50.0))
    table = assessed(scored(by), value("A", 10, 1000), value("B", 60, 2000)).protected
    total = table.one("FR", "NAT", What.TOTAL)
    question = table.one("FR", None, What.INDICATOR, "Q")
    assert total is not None
    assert question is not None
    assert question.value is not None
    assert total.value == pytest.approx((question.value + 100 * (70 / 3) / 50) / 2)


@pytest.mark.parametrize("small", [(3, 1000), (0, 4)])
def test_few_people_are_withheld_and_left_out_of_the_nation(small: tuple[float, float]) -> None:
    table = assessed(in_ledger(), value("A", *small), value("B", 60, 2000)).protected
    here = table.one("A", None, What.LEDGER, "STAYS")
    nation = table.one("FR", None, What.LEDGER, "STAYS")
    assert here is not None
    assert (here.confidentiality, here.value, here.source) == ("N", None, None)
    assert nation is not None
    assert (nation.value, nation.source) == (30.0, "file B")


def test_none_counted_is_a_figure() -> None:
    table = assessed(in_ledger(), value("A", 0, 1000), value("B", 60, 2000)).protected
    here = table.one("A", None, What.LEDGER, "STAYS")
    assert here is not None
    assert here.value == 0.0
