"""The example worked by hand in docs/methods.md is what the program computes, digit for digit."""

from pathlib import Path

import pytest
from hand_worked import worked

from app.evaluation.tables import What

PAGE = (Path(__file__).parents[2] / "docs" / "methods.md").read_text().split("## 8.")[1]
FOUND = worked()


def value(territory: str, framework: str | None, what: What, code: str = "") -> float:
    seen = FOUND.protected.one(territory, framework, what, code)
    assert seen is not None
    assert seen.value is not None
    return seen.value


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
    for (territory, framework), score in expected.items():
        assert value(territory, framework, What.TOTAL) == pytest.approx(score, abs=1e-12)
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


def test_at_the_usual_threshold_none_of_it_is_shown() -> None:
    protected = worked(threshold=11).protected
    for seen in protected:
        if seen.what not in (What.OVERLAP, What.COVERED_SHARE, What.BLIND_SPOT):
            assert not seen.shown, seen.key
