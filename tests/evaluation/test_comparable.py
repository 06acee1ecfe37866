"""What can be compared: never by default, never with few people, not where questions differ."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from samples import E, agree, answers, respondents

from app.domain.frameworks import Scale
from app.evaluation.columns import Respondents
from app.evaluation.comparable import Comparability, comparability
from app.evaluation.components import ComponentDefinition
from app.evaluation.crosswalk import Asked
from app.evaluation.tables import Observation, What

EACH = 300
ITEMS = ("E1", "E2", "E3", "E4")
SCALE = ComponentDefinition("S.elderly", "S", E, Scale(ITEMS))
SHARE = ComponentDefinition("P.elderly", "P", E, agree("E1"))
PLACES = ("AAA", "BBB")
ASKED = Asked({place: {E: frozenset(ITEMS)} for place in PLACES})
ALIKE = {(place, E): dict.fromkeys(ITEMS, "same") for place in PLACES}
TOLD = frozenset((place, each.id) for place in PLACES for each in (SCALE, SHARE))


def people(each: int = EACH) -> tuple[Any, Respondents]:
    random = np.random.default_rng(11)
    level = random.normal(size=2 * each)
    made = {
        item: np.clip(np.rint(3 + level + 0.7 * random.normal(size=2 * each)), 1, 5).astype(int)
        for item in ITEMS
    }
    return made, respondents(["AAA"] * each + ["BBB"] * each)


def judged(
    made: Any, who: Respondents, prints: Any = ALIKE, told: Any = TOLD
) -> dict[tuple[str, str], Observation]:
    columns = answers(**{item: values.tolist() for item, values in made.items()})
    found = comparability(
        {E: (columns, who)}, {each.id: each for each in (SCALE, SHARE)}, ASKED, prints, told
    )
    return {(each.territory, each.code): each for each in found}


def verdict(found: dict[tuple[str, str], Observation], place: str, code: str) -> str | None:
    assert found[place, code].what == What.COMPARABILITY
    return found[place, code].verdict


def test_a_scale_that_works_alike_is_comparable_and_one_item_asked_alike() -> None:
    found = judged(*people())
    assert verdict(found, "AAA", "S") == Comparability.COMPARABLE
    assert verdict(found, "BBB", "P") == Comparability.ASKED_ALIKE
    assert (found["AAA", "S.omega"].value or 0) > 0.8
    assert found["AAA", "S.E2"].flags == ("size:A",)


def test_fewer_than_two_hundred_people_are_never_comparable() -> None:
    found = judged(*people(150))
    assert {each.verdict for each in found.values()} == {Comparability.NOT_ASSESSABLE}
    assert found["AAA", "S"].value is None
    assert found["AAA", "S"].reason == "not_assessable"


def test_nothing_is_said_of_what_is_not_given_out() -> None:
    found = judged(*people(), told=frozenset())
    assert {each.verdict for each in found.values()} == {Comparability.NOT_ASSESSABLE}
    assert all(each.n is None for each in found.values())


def test_an_item_that_works_otherwise_here_forbids_the_comparison() -> None:
    made, who = people()
    made["E3"][:EACH] = np.clip(made["E3"][:EACH] + 1, 1, 5)
    found = judged(made, who)
    assert verdict(found, "AAA", "S") == Comparability.DIFFERS
    assert "dif_large" in found["AAA", "S"].flags
    assert found["AAA", "S.E3"].flags == ("size:C",)


@pytest.mark.parametrize(
    ("change", "flag", "expected"),
    [
        ({}, "wording", Comparability.DIFFERS),
        ({"channel": np.repeat([0, 1], EACH).astype(np.int8)}, "mode", Comparability.WITH_CARE),
        ({"proxy": np.repeat([True, False], EACH)}, "proxies", Comparability.WITH_CARE),
    ],
)
def test_another_question_mode_or_respondent_is_said(
    change: dict[str, Any], flag: str, expected: Comparability
) -> None:
    made, who = people()
    who = replace(who, channels=("paper", "web"), **change)
    prints = ALIKE if change else ALIKE | {("AAA", E): dict.fromkeys(ITEMS, "other")}
    found = judged(made, who, prints)
    assert verdict(found, "AAA", "P") == expected
    assert flag in found["AAA", "P"].flags


def test_a_scale_of_noise_is_compared_with_care() -> None:
    random = np.random.default_rng(3)
    made = {item: random.integers(1, 6, 2 * EACH) for item in ITEMS}
    found = judged(made, people()[1])
    assert verdict(found, "AAA", "S") == Comparability.WITH_CARE
    assert "reliability" in found["AAA", "S"].flags
