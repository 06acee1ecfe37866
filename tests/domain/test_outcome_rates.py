"""Outcome rates against a worked example of the standard, and every record counted once."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.calls import RESULTS, name_keys, speaks_of_health
from app.domain.fieldwork import Disposition
from app.domain.outcome_rates import (
    RATES,
    Category,
    Standing,
    category,
    eligible_share,
    outcome_row,
    rates,
    together,
)

C = Category
# 1,000 people: 400 sent, 50 partial, 120 refused, 80 not reached, 50 other, 200 unknown, 100 out.
WORKED = {
    C.COMPLETE: 400,
    C.PARTIAL: 50,
    C.REFUSAL: 120,
    C.NON_CONTACT: 80,
    C.OTHER: 50,
    C.UNKNOWN: 200,
    C.INELIGIBLE: 100,
}
# e = 700 / 800 = 0.875, so 175 of the 200 count where e does: 700 + 175 = 875.
BY_HAND = {
    "RR1": 400 / 900,
    "RR2": 450 / 900,
    "RR3": 400 / 875,
    "RR4": 450 / 875,
    "RR5": 400 / 700,
    "RR6": 450 / 700,
    "COOP1": 400 / 620,
    "COOP2": 450 / 620,
    "COOP3": 400 / 570,
    "COOP4": 450 / 570,
    "REF1": 120 / 900,
    "REF2": 120 / 875,
    "REF3": 120 / 700,
    "CON1": 620 / 900,
    "CON2": 620 / 875,
    "CON3": 620 / 700,
}


def test_the_worked_example() -> None:
    assert eligible_share(WORKED) == 0.875
    assert rates(WORKED) == pytest.approx(BY_HAND)
    assert set(BY_HAND) == set(RATES)


def test_a_rate_of_nobody_is_none() -> None:
    assert set(rates({}).values()) == {None}
    nothing_known = rates({C.UNKNOWN: 10})
    assert nothing_known["RR1"] == 0
    assert nothing_known["RR3"] is nothing_known["RR5"] is None


@given(some.dictionaries(some.sampled_from(list(Category)), some.integers(0, 500)))
def test_rates_are_shares_in_their_order(counts: dict[Category, int]) -> None:
    found = rates(counts)
    assert all(0 <= each <= 1 for each in found.values() if each is not None)
    for lower, higher in (("RR1", "RR3"), ("RR3", "RR5"), ("RR1", "RR2"), ("REF1", "REF3")):
        if found[lower] is not None and found[higher] is not None:
            assert found[lower] <= found[higher] + 1e-12  # type: ignore[operator] # not None


def test_every_record_is_in_one_category() -> None:
    """Whatever may be known of a person together."""
    said = [None, *Disposition]
    for outcome, opened, agreed, sent, called, partials in product(
        said, *[(False, True)] * 3, [None, *RESULTS], (False, True)
    ):
        standing = Standing(outcome, opened, agreed, sent, called)
        found = category(standing, counts_partials=partials)
        assert (found is C.COMPLETE) == sent
        assert partials or found is not C.PARTIAL


@pytest.mark.parametrize(
    ("standing", "found"),
    [
        (Standing(submitted=True, said="refused"), C.COMPLETE),
        (Standing(said="do_not_contact"), C.REFUSAL),
        (Standing(said="deceased"), C.OTHER),
        (Standing(said="moved"), C.UNKNOWN),
        (Standing(said="letter_returned"), C.UNKNOWN),
        (Standing(said="ineligible", opened=True), C.INELIGIBLE),
        (Standing(opened=True, consented=True), C.PARTIAL),
        (Standing(opened=True), C.REFUSAL),
        (Standing(called="no_answer"), C.NON_CONTACT),
        (Standing(called="wrong_number"), C.UNKNOWN),
        (Standing(), C.UNKNOWN),
    ],
)
def test_categories(standing: Standing, found: Category) -> None:
    assert category(standing, counts_partials=True) is found


def test_nobody_learns_what_two_nurses_did() -> None:
    few = {C.COMPLETE: 20, C.REFUSAL: 2}
    assert not outcome_row("MAY", "professional", "", few).shown
    assert not outcome_row("MAY", "professional", "", {C.UNKNOWN: 2}).shown
    assert outcome_row("MAY", "elderly", "", few).shown
    assert outcome_row("MAY", "professional", "", {C.COMPLETE: 20, C.REFUSAL: 5}).shown


def test_groups_add_up() -> None:
    assert together([WORKED, {C.COMPLETE: 1}])[C.COMPLETE] == 401


@pytest.mark.parametrize("note", ["à l’hôpital lundi", "Elle est malade", "en fauteuil", "deaf"])
def test_notes_say_nothing_of_health(note: str) -> None:
    assert speaks_of_health(note)
    assert not speaks_of_health("après 14 h, demander sa fille Chantal, parle lentement")


def test_names_are_found_by_their_words() -> None:
    assert name_keys("Mme Élise DURAND-Petit") == {"elise", "durand", "petit"}
