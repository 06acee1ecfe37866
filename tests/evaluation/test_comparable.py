"""What can be compared: never by default, never with few people, not where questions differ."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from samples import E, agree, answers, respondents

from app.domain.frameworks import Scale
from app.domain.territories import NATION
from app.evaluation.columns import Respondents
from app.evaluation.comparable import Comparability, comparability
from app.evaluation.components import ComponentDefinition
from app.evaluation.crosswalk import Asked
from app.evaluation.dif import Purified, dif
from app.evaluation.tables import Observation, What

EACH = 300
ITEMS = ("E1", "E2", "E3", "E4")
SCALE = ComponentDefinition("S.elderly", "S", E, Scale(ITEMS))
SHARE = ComponentDefinition("P.elderly", "P", E, agree("E1"))
PLACES = ("AAA", "BBB")
ASKED = Asked({place: {E: frozenset(ITEMS)} for place in PLACES})
ALIKE = {(place, E): dict.fromkeys(ITEMS, "same") for place in PLACES}
TOLD = frozenset((place, each.id) for place in (*PLACES, NATION) for each in (SCALE, SHARE))


def people(each: int = EACH) -> tuple[Any, Respondents]:
    random = np.random.default_rng(11)
    level = random.normal(size=2 * each)
    made = {
        item: np.clip(np.rint(3 + level + 0.7 * random.normal(size=2 * each)), 1, 5).astype(int)
        for item in ITEMS
    }
    return made, respondents(["AAA"] * each + ["BBB"] * each)


def judged(
    made: Any, who: Respondents, prints: Any = ALIKE, told: Any = TOLD, spoken: Any = None
) -> dict[tuple[str, str], Observation]:
    columns = answers(**{item: values.tolist() for item, values in made.items()})
    found = comparability(
        {E: (columns, who)},
        {each.id: each for each in (SCALE, SHARE)},
        ASKED,
        prints,
        told,
        {E: (np.zeros(who.n, dtype=int), ("fr",)) if spoken is None else (spoken, ("en", "fr"))},
    )
    return {(each.territory, each.code): each for each in found if each.what != What.DIF_LOGISTIC}


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


def test_the_evidence_holds_both_families_with_adjusted_p() -> None:
    made, who = people()
    made["E3"][:EACH] = np.clip(made["E3"][:EACH] + 1, 1, 5)
    found = judged(made, who)
    values = np.column_stack([made[item] for item in ITEMS]).astype(float)
    expected = dif(ITEMS, values, np.arange(2 * EACH) < EACH)
    assert isinstance(expected.mantel, Purified)
    assert isinstance(expected.logistic, Purified)
    for by_strata, by_model in zip(expected.mantel.items, expected.logistic.items, strict=True):
        code = f"S.{by_strata.item}"
        kept = {
            f"{code}.mantel": by_strata.result.flag_p,
            f"{code}.mantel_holm": by_strata.p_holm,
            f"{code}.mantel_bh": by_strata.p_bh,
            f"{code}.logistic_non_uniform": by_model.result.non_uniform.p,
            f"{code}.logistic_bh": by_model.p_bh,
        }
        assert {name: found["AAA", name].value for name in kept} == kept
    assert ("purified" in found["AAA", "S.E3"].flags) == ("E3" in expected.mantel.matched_without)


def test_an_item_that_turns_with_the_total_is_seen_by_the_model_alone() -> None:
    """In AAA E4 runs against the others around the middle: no shift, so Mantel sees little."""
    made, who = people(600)
    made["E4"][:600] = 6 - made["E4"][:600]
    found = judged(made, who)
    assert found["AAA", "S"].verdict == Comparability.DIFFERS
    assert (found["AAA", "S.E4.logistic_non_uniform"].value or 1) < 1e-6


def test_languages_are_compared_over_the_nation() -> None:
    made, who = people()
    spoken = np.tile([0, 1], EACH)
    made["E2"][spoken == 0] = np.clip(made["E2"][spoken == 0] - 1, 1, 5)
    found = judged(made, who, spoken=spoken)
    assert verdict(found, NATION, "S@en") == Comparability.DIFFERS
    assert "size:C" in found[NATION, "S@en.E2"].flags
    assert verdict(found, NATION, "P@fr") == Comparability.ASKED_ALIKE
    assert "language" not in found["AAA", "S"].flags
    few = judged(made, who, spoken=np.where(np.arange(2 * EACH) < 50, 0, 1))
    assert few[NATION, "S@en"].flags == ("few_speak",)
    assert few[NATION, "S@fr"].flags == ("few_speak_others",)
    unknown = judged(made, who, spoken=np.where(spoken == 0, -1, 1))
    assert (NATION, "S@fr") not in unknown
    assert "language" in judged(made, who, spoken=np.repeat([0, 1], EACH))["AAA", "P"].flags
