"""The nine frameworks give the sizes, weights and overlaps that were worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from shipped_content import AUDIENCES, TERRITORIES, core, national, own

from app.domain.frameworks import (
    Evidence,
    Framework,
    Relation,
    global_weights,
    indicators,
    items_of,
    node_weight,
    overlap,
)

SIZES = {"BDX": 34, "COR": 34}  # the others: 35
OVERLAPS = {
    "BDX": "0.778",
    "I37": "0.800",
    "PAR": "0.774",
    "COR": "0.809",
    "NAN": "0.780",
    "HPY": "0.832",
    "MAY": "0.810",
    "VAL": "0.796",
    "BOU": "0.822",
}
DIMENSIONS = {  # OUT, SQ, TL, CP, EF
    "BDX": (25, 30, 15, 15, 15),
    "I37": (30, 25, 15, 20, 10),
    "PAR": (20, 30, 20, 20, 10),
    "COR": (35, 25, 15, 10, 15),
    "NAN": (25, 30, 10, 20, 15),
    "HPY": (35, 20, 15, 20, 10),
    "MAY": (25, 25, 10, 30, 10),
    "VAL": (35, 20, 10, 20, 15),
    "BOU": (30, 20, 15, 25, 10),
}


def near(value: Fraction, golden: str) -> bool:
    """Equal to the decimals of the golden value."""
    return round(value, len(golden.split(".")[1])) == Fraction(golden)


def computable_elsewhere(framework: Framework) -> Fraction:
    """Weight of the indicators whose every question belongs to a core."""
    asked = {item for audience in AUDIENCES for item in core(audience).question_by_item}
    weights = global_weights(framework)
    return sum(
        (
            weights[indicator.code]
            for indicator in indicators(framework)
            if all(items_of(part.measure) <= asked for part in indicator.components)
        ),
        Fraction(0),
    )


def test_national_framework_has_32_indicators_in_five_dimensions() -> None:
    assert len(indicators(national())) == 32
    weights = {node.code: node.weight for node in national().dimensions}
    assert weights == {"OUT": 30, "SQ": 25, "TL": 15, "CP": 20, "EF": 10}


@pytest.mark.parametrize("territory", TERRITORIES)
def test_sizes_and_dimension_weights(territory: str) -> None:
    assert len(indicators(own(territory))) == SIZES.get(territory, 35)
    assert tuple(node.weight for node in own(territory).dimensions) == DIMENSIONS[territory]


@pytest.mark.parametrize("territory", TERRITORIES)
def test_overlap_with_the_national_framework(territory: str) -> None:
    found = overlap(national(), own(territory))
    assert near(found, OVERLAPS[territory])
    assert 0 < found < 1


def test_bordeaux_overlap_is_a_tie_that_rounds_to_its_published_value() -> None:
    assert overlap(national(), own("BDX")) == Fraction("0.7775")
    assert round(overlap(national(), own("BDX")), 3) == Fraction("0.778")


def test_nancy_overlap_counts_the_adapted_delay_as_not_shared() -> None:
    """0.780 holds with SQ5 and SQ6 adapted; with SQ6 kept it would be 0.804."""
    shared = overlap(national(), own("NAN"))
    kept_back = min(global_weights(national())["SQ6"], global_weights(own("NAN"))["SQ6_NAN"])
    assert shared == Fraction("0.78")
    assert shared + kept_back == Fraction("0.804")


def test_most_distant_and_closest_pairs() -> None:
    pairs = sorted((overlap(own(a), own(b)), {a, b}) for a, b in combinations(TERRITORIES, 2))
    assert [pair for _, pair in pairs[:2]] == [{"MAY", "PAR"}, {"I37", "PAR"}]
    assert [value for value, _ in pairs[:2]] == [Fraction("0.650"), Fraction("0.656")]
    assert pairs[-1] == (Fraction("0.805"), {"BOU", "MAY"})


def test_weights_of_the_plan_in_mayenne() -> None:
    weights = global_weights(own("MAY"))
    assert weights["MAY1"] == Fraction("0.030")
    assert weights["SQ1_MAY"] == Fraction("0.020")
    assert global_weights(national())["SQ1"] == Fraction("0.025")


@pytest.mark.parametrize("framework", [national(), *map(own, TERRITORIES)], ids=lambda f: f.code)
def test_weights_sum_to_exactly_one(framework: Framework) -> None:
    weights = global_weights(framework)
    assert sum(weights.values()) == 1
    assert len(weights) == len(indicators(framework))


def test_mayenne_weighs_coproduction_most_and_correze_least() -> None:
    weight = {
        territory: node_weight(
            next(node for node in own(territory).dimensions if node.code == "CP")
        )
        for territory in TERRITORIES
    }
    assert max(weight, key=weight.__getitem__) == "MAY"
    assert min(weight, key=weight.__getitem__) == "COR"


@pytest.mark.parametrize(
    ("territory", "share"), [("PAR", "0.864"), ("BDX", "0.87"), ("I37", "0.83"), ("VAL", "0.89")]
)
def test_share_of_a_framework_that_can_be_computed_elsewhere(territory: str, share: str) -> None:
    assert computable_elsewhere(own(territory)) == Fraction(share)


def test_national_framework_needs_nothing_but_the_cores() -> None:
    assert computable_elsewhere(national()) == 1


@pytest.mark.parametrize("territory", TERRITORIES)
def test_every_change_says_why_and_on_what_evidence(territory: str) -> None:
    changed = [change for change in own(territory).changes if change.relation != Relation.KEPT]
    assert changed
    for change in changed:
        assert change.reason.has("fr"), change.indicator
        assert change.reason.has("en"), change.indicator
        assert change.source.has("fr"), change.indicator
        assert change.source.has("en"), change.indicator


def test_hautes_pyrenees_choices_are_all_illustrative() -> None:
    changed = [change for change in own("HPY").changes if change.relation != Relation.KEPT]
    assert len(changed) == 4
    assert {change.evidence for change in changed} == {Evidence.ILLUSTRATIVE}


def test_doubled_indicators_weigh_twice_their_neighbours() -> None:
    """OUT4 and OUT1 weigh the same in the nation; TL4 weighs 20 to TL1's 25; OUT5 10 to 15."""
    for territory, doubled, other, ratio in (
        ("HPY", "OUT4", "OUT1", Fraction(2)),
        ("VAL", "OUT4", "OUT1", Fraction(2)),
        ("PAR", "TL4", "TL1", Fraction(40, 25)),
        ("COR", "OUT5", "OUT1", Fraction(20, 15)),
    ):
        weights = global_weights(own(territory))
        assert weights[doubled] / weights[other] == ratio, territory
