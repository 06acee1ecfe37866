"""A territory's own framework: exact weights, places, relations; and what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
from frameworks_at_hand import NATIONAL, OWN

from app.definitions.files import read_framework
from app.domain.errors import BadDefinition
from app.domain.evidence import Evidence
from app.domain.frameworks import Node, Relation, global_weights, indicators, leaves

NAT = read_framework(NATIONAL)


def test_weights_are_exact() -> None:
    weights = global_weights(read_framework(OWN, NAT))
    third, left = Fraction(1, 3), Fraction(80, 100)
    assert weights == {
        "OUT2": third * left * Fraction(20, 50),
        "OUT3": third * left * Fraction(30, 50),
        "BDX1": third * Fraction(10, 100),
        "BDX2": third * Fraction(10, 100),
        "SQ1_BDX": Fraction(2, 3),
    }
    assert sum(weights.values()) == 1


def test_inside_weights_sum_to_one_hundred() -> None:
    for dimension in read_framework(OWN, NAT).dimensions:
        assert sum(leaf.weight for leaf in leaves(dimension)) == 100


def test_places_and_relations() -> None:
    own = read_framework(OWN, NAT)
    out, quality = own.dimensions
    assert [child.code for child in out.children if isinstance(child, Node)] == [
        "home",
        "choice",
        "V_BDX1",
        "V_BDX2",
    ]
    (adapted,) = leaves(quality)
    assert (adapted.indicator.code, adapted.indicator.origin) == ("SQ1_BDX", "SQ1")
    assert (adapted.indicator.evidence, adapted.indicator.source.in_("en")) == (
        Evidence.DOCUMENTED,
        "p. 4",
    )
    relations = {found.code: found.relation for found in (*indicators(own), *own.ledger)}
    assert relations == {
        "OUT2": Relation.KEPT,
        "OUT3": Relation.REWEIGHTED,
        "BDX1": Relation.ADDED,
        "BDX2": Relation.ADDED,
        "SQ1_BDX": Relation.ADAPTED,
        "GAP": Relation.KEPT,
    }


def test_every_national_indicator_is_accounted_for() -> None:
    own = read_framework(OWN, NAT)
    said = [(change.indicator, change.relation.value, change.replaced_by) for change in own.changes]
    assert said == [
        ("OUT1", "dropped", None),
        ("OUT2", "kept", None),
        ("OUT3", "reweighted", None),
        ("SQ1", "adapted", "SQ1_BDX"),
        ("BDX1", "added", None),
        ("BDX2", "added", None),
    ]
    assert own.extends == ("NAT", 1)


def test_nothing_changed_gives_the_national_proportions() -> None:
    head = OWN[: OWN.index("added_share")].replace("{OUT: 1, SQ: 2}", "{OUT: 30, SQ: 10}")
    assert global_weights(read_framework(head, NAT)) == global_weights(NAT)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("weights: {OUT: 1, SQ: 2}", "weights: {OUT: 1}", "dimension_without_weight"),
        ("weights: {OUT: 1, SQ: 2}", "weights: {OUT: 1, SQ: 2, X: 1}", "unknown_dimension"),
        ("weights: {OUT: 1, SQ: 2}", "weights: {OUT: 0, SQ: 0}", "no_weight_at_all"),
        ("weights: {OUT: 1, SQ: 2}", "weights: {OUT: -1, SQ: 2}", "number"),
        ("indicator: OUT3", "indicator: OUT9", "unknown_indicator"),
        ("indicator: OUT3", "indicator: OUT1", "changed_twice"),
        ("factor: 3, ", "", "change_shape"),
        ("relation: dropped", "relation: adapted", "change_shape"),
        ("relation: dropped", "relation: added", "choice"),
        ("reason: {fr: r, en: r}, evidence: documented", "evidence: documented", "missing"),
        ("added_share: 20", "added_share: 100", "share_needed"),
        ("added_share: 20\n", "", "share_needed"),
        ("added_share: 20", "added_share: 120", "number_range"),
        ("  - dimension: OUT", "  - dimension: NO", "unknown_dimension"),
        ("code: NAT, number: 1", "code: OTHER, number: 1", "national_needed"),
    ],
)
def test_what_is_refused(old: str, new: str, rule: str) -> None:
    assert old in OWN
    with pytest.raises(BadDefinition) as refused:
        read_framework(OWN.replace(old, new, 1), NAT)
    assert rule in [found.rule for found in refused.value.findings]
    assert all(found.line for found in refused.value.findings)


def test_a_dimension_is_never_left_without_indicators() -> None:
    dropped = (
        "  - {indicator: SQ1, relation: dropped, reason: {fr: r, en: r}, evidence: illustrative}\n"
    )
    text = OWN[: OWN.index("  - indicator: SQ1")] + dropped + OWN[OWN.index("added:") :]
    with pytest.raises(BadDefinition) as refused:
        read_framework(text, NAT)
    assert [found.rule for found in refused.value.findings] == ["empty_dimension"]


def test_a_territory_needs_the_national_framework() -> None:
    with pytest.raises(BadDefinition) as refused:
        read_framework(OWN)
    assert [found.rule for found in refused.value.findings] == ["national_needed"]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("measure: {elderly: {share: {of: E1 >= 4}}}", "measure: {}", "too_short"),
        (
            "measure: {elderly: {share: {of: E1 >= 4}}}",
            "measure: {all: {share: {of: E1 >= 4}}}",
            "choice",
        ),
        ("{share: {of: E1 >= 4}}", "{mean: {of: E1 >= 4}}", "measure"),
        ("{share: {of: E1 >= 4}}", "{share: {of: E1 >= 4}, scale: {items: [E1]}}", "measure"),
        ("{share: {of: E1 >= 4}}", "{share: {of: E1 >= 4, dont_know: maybe}}", "choice"),
        ("{scale: {items: [E1]}}", "{series: S1}", "measure"),
        ("weight: 30", "weight: 0", None),
        ("weight: 1\n", "weight: 0\n", "no_weight_at_all"),
        ("weight: 30", "weight: heavy", "number"),
    ],
)
def test_national_frameworks_that_are_refused(old: str, new: str, rule: str | None) -> None:
    assert old in NATIONAL
    text = NATIONAL.replace(old, new, 1)
    if rule is None:
        assert sum(global_weights(read_framework(text)).values()) == 1
        return
    with pytest.raises(BadDefinition) as refused:
        read_framework(text)
    assert rule in [found.rule for found in refused.value.findings]
