"""A release beside an earlier wave of the same people: earlier values, changes, who is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from evaluated import EVALUATOR, Evaluated

from app.evaluation.tables import Observation, What
from app.interchange.figure_words import value_in_words
from app.storage.published import Published, published
from app.workflows.accounts import operator
from app.workflows.evaluate import make_cut, make_release, verify_release


@dataclass(frozen=True)
class TwoReleases:
    """A copy of the programme with a release of each wave."""

    there: Evaluated
    first: Published
    second: Published


@pytest.fixture(scope="module")
def both(evaluated: Evaluated, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoReleases]:
    there = evaluated.copied(tmp_path_factory.mktemp("waves") / "own")
    house = there.house()
    actor = operator(house, "DEMO")
    number = make_release(house, actor, make_cut(house, actor, 2))
    first = published(house.database, 1, there.release_id)
    second = published(house.database, 1, number)
    assert first is not None
    assert second is not None
    yield TwoReleases(there, first, second)
    house.database.dispose()


def seen(both: TwoReleases, what: What, code: str, place: str = "MAY") -> Observation | None:
    return both.second.table.one(place, None, what, code)


def test_earlier_values_stand_as_they_were_given_out(both: TwoReleases) -> None:
    found = both.second.table.of(What.EARLIER)
    assert found
    for each in found:
        code = each.code.removesuffix("@V1")
        whats = (What.INDICATOR, What.LEDGER, What.DIMENSION, What.TOTAL)
        old = [both.first.table.one(each.territory, each.framework, w, code) for w in whats]
        assert any(
            o is not None and (o.value, o.low, o.n) == (each.value, each.low, each.n) for o in old
        )


def test_a_change_is_the_difference_of_what_is_shown_and_no_more(both: TwoReleases) -> None:
    paired = 0
    for change in both.second.table.of(What.CHANGE):
        code = change.code.removesuffix("@V1")
        earlier = both.second.table.one(
            change.territory, change.framework, What.EARLIER, change.code
        )
        now = next(
            found
            for what in (What.INDICATOR, What.LEDGER, What.DIMENSION, What.TOTAL)
            if (found := both.second.table.one(change.territory, change.framework, what, code))
        )
        assert earlier is not None
        if not (now.shown and earlier.shown):
            assert not change.shown
            continue
        if change.shown:
            assert change.value == pytest.approx((now.value or 0) - (earlier.value or 0))
            paired += "paired" in change.flags
            assert now.se is not None
            assert earlier.se is not None
            assert change.se is not None
            assert 0 <= change.se <= now.se + earlier.se + 1e-9
    assert paired > 20


def test_the_same_people_make_changes_surer_than_two_samples_would(both: TwoReleases) -> None:
    of_changes = of_samples = 0.0
    for change in both.second.table.of(What.CHANGE):
        earlier = both.second.table.one(
            change.territory, change.framework, What.EARLIER, change.code
        )
        now = seen(both, What.INDICATOR, change.code.removesuffix("@V1"), change.territory)
        if change.se and now and now.se and earlier and earlier.se:
            of_changes += change.se**2
            of_samples += now.se**2 + earlier.se**2
    assert 0 < of_changes < 0.97 * of_samples


def test_who_is_missing_is_told_in_groups_of_eleven_or_more(both: TwoReleases) -> None:
    found = both.second.table.of(What.ATTRITION)
    assert found
    for each in found:
        assert each.shown or each.confidentiality == "N"
        if each.shown:
            count = round((each.value or 0) * (each.n or 0))
            assert count == 0 or count >= both.second.table.threshold


def test_made_again_it_is_the_same(both: TwoReleases) -> None:
    house = both.there.house()
    actor = operator(house, "DEMO")
    assert verify_release(house, actor, both.second.id) == {
        "figures": True,
        "files": True,
        "erased": 0,
    }
    assert both.second.manifest["compared_with"] == [both.first.checksum]


def test_a_first_wave_has_nothing_to_compare_with(both: TwoReleases) -> None:
    assert both.first.table.of(What.CHANGE) == ()
    assert both.first.manifest["compared_with"] == []


def test_the_profile_shows_lines_changes_and_who_is_missing(
    both: TwoReleases, catalogues: None
) -> None:
    browser = both.there.browser(EVALUATOR)
    page = browser.get(f"/office/results/{both.second.id}/territories/MAY")
    assert "Au fil des vagues" in page.words
    assert "Évolution depuis V1" in page.words
    assert "mêmes personnes dans les deux vagues" in page.words
    assert "A répondu de nouveau" in page.words or "non diffusé" in page.words
    assert "Scores au fil des vagues" in page.html
    first = browser.get(f"/office/results/{both.first.id}/territories/MAY")
    assert "Au fil des vagues" not in first.words
    change = next(each for each in both.second.table.of(What.CHANGE, territory="MAY") if each.shown)
    code = change.code.removesuffix("@V1")
    address = f"/office/results/{both.second.id}/indicators/{code}?territory=MAY"
    drawing = browser.get(address).soup.select_one("svg.chart.broad[aria-labelledby^=trend]")
    assert drawing is not None
    old = seen(both, What.EARLIER, change.code)
    assert old is not None
    assert f"Mayenne : V1 {value_in_words(old, 'fr')}" in drawing.get_text().replace("\u00a0", " ")
    then = browser.get(f"{address}&wave=V1").soup.select_one("figure table")
    assert then is not None
    assert value_in_words(old, "fr") in then.get_text()
    browser.get(f"{address}&wave=V9", status=422)
