"""Conditions that are broken or cost much are refused or given up in bounds; good ones mean what
they say. In bulk: the campaign ``hostile-conditions``."""

from __future__ import annotations

import json
from collections import Counter

from broken_conditions import ASKED, HEAD, attempt, file_of

from app.definitions.checking import Companions, check_file
from app.definitions.files import read_questionnaire
from app.domain.conditions import Condition
from app.domain.possibilities import MAX_STEPS, MOST_STEPS, Possibilities, all_conditions

NEVER = {"all": ["C1 = 1", "C2 = 2", "C3 = 3", "C4 = 1", "M1 includes any [a]", "C1 = 2"]}


def rules(text: str) -> set[str]:
    return {finding.rule for finding in check_file(text, Companions())}


def condition(text: str) -> Condition:
    (found,) = all_conditions(read_questionnaire(text))
    return found


def test_good_ones_hold_when_they_say_and_broken_ones_are_refused() -> None:
    became: Counter[str] = Counter()
    for number in range(300):
        done = attempt(f"0 {number}")
        assert done.found == [], f"condition 0 {number}"
        became[done.became] += 1
    assert became["good"] > 90
    assert became["refused_condition"] > 50


def test_a_condition_that_never_holds_is_found_and_a_costly_one_given_up() -> None:
    assert "never_holds" in rules(file_of(NEVER))
    wide = file_of({"any": [NEVER] * 2000})
    assert "never_holds" not in rules(wide), "too much to try"
    assert Possibilities(read_questionnaire(wide)).can_hold(condition(wide))


def test_many_conditions_together_have_one_bound() -> None:
    one = json.dumps({"any": [NEVER] * 12})
    asked = "".join(f"      - {{code: {c}, {k}, text: {{fr: Q}}}}\n" for c, k in ASKED.items())
    last = "".join(
        f"      - {{code: Z{n}, type: text, text: {{fr: Z}}, shown_when: {one}}}\n"
        for n in range(40)
    )
    read = read_questionnaire(HEAD + asked + last)
    possible = Possibilities(read)
    told = [possible.can_hold(each) for each in all_conditions(read)]
    assert told[0] is False
    assert told[-1] is True, "given up"
    assert 1 <= told.count(False) <= MOST_STEPS // (MAX_STEPS // 20)


def test_dates_by_counts_are_given_up_before_they_are_listed() -> None:
    """Each pair of a date and a count gives some twenty days, before one is tried."""
    dates = [f"D1 < {1500 + n:04d}-01-01" for n in range(400)]
    counts = [f"days since D1 > {n * 7}" for n in range(400)]
    assert rules(file_of({"all": [*dates, *counts, "D1 > 2025"]})) == {"draft_wordings"}
