"""A tree of territories read at a date, and what no tree may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.definitions.documents import dump, load
from app.definitions.files import read_territories, write_territories_yaml
from app.domain.territories import Programme, Territory, TerritoryChange
from app.domain.territory_checks import check_tree
from app.domain.territory_history import (
    as_of,
    differing,
    in_order,
    part_of,
    territories_at,
    with_change,
    without_change,
)
from app.domain.text import NO_TEXT, Text


def named(name: str) -> Text:
    return Text.of(fr=name, en=name)


NATION = Territory("FR", named("France"), None)
NORTH = Territory("NORTH", named("North"), "FR", valid_from=date(2014, 1, 1))
TOWN = Territory(
    "TOWN",
    named("Town"),
    "NORTH",
    valid_from=date(2014, 10, 8),
    sub_areas=("a",),
    terms={"team": named("the team"), "tool": named("the tool")},
    changes=(
        TerritoryChange(date(2016, 7, 1), sub_areas=("a", "b"), population_75=900),
        TerritoryChange(date(2018, 1, 1), name=named("City"), terms={"team": named("the desk")}),
    ),
)
VALE = Territory("VALE", named("Vale"), "NORTH", valid_to=date(2016, 6, 30), merged_into="TOWN")
TREE = {
    each.code: each for each in (NATION, NORTH, TOWN, replace(VALE, valid_from=date(2014, 2, 1)))
}


def rules(*changed: Territory) -> list[str]:
    tree = TREE | {each.code: each for each in changed}
    return [each.rule for each in check_tree(tree) if each.rule != "term_missing"]


def test_a_state_is_what_was_said_until_that_day() -> None:
    first, second, third = (as_of(TOWN, date(year, 8, 1)) for year in (2015, 2016, 2019))
    assert (first.sub_areas, first.population_75) == (("a",), None)
    assert (second.sub_areas, second.population_75, second.name) == (("a", "b"), 900, TOWN.name)
    assert third.name == named("City")
    assert third.terms == {"team": named("the desk"), "tool": named("the tool")}
    assert {each.changes for each in (first, second, third)} == {()}
    assert as_of(TOWN, date(1900, 1, 1)) == first
    assert as_of(replace(TOWN, valid_to=date(2017, 1, 1)), date(2019, 1, 1)).name == TOWN.name


def test_the_tree_at_a_day_holds_who_is_there() -> None:
    assert list(territories_at(TREE, date(2013, 1, 1))) == ["FR"]
    assert list(territories_at(TREE, date(2016, 6, 30))) == ["FR", "NORTH", "TOWN", "VALE"]
    assert list(territories_at(TREE, date(2016, 7, 1))) == ["FR", "NORTH", "TOWN"]
    depths = [
        (depth, each.code) for depth, each in in_order(territories_at(TREE, date(2015, 1, 1)))
    ]
    assert depths == [(0, "FR"), (1, "NORTH"), (2, "TOWN"), (2, "VALE")]


def test_what_was_merged_is_found_in_the_other() -> None:
    assert part_of(TREE, "VALE", date(2016, 6, 30)) == "VALE"
    assert part_of(TREE, "VALE", date(2016, 7, 1)) == "TOWN"
    assert part_of(TREE, "VALE", date(2013, 1, 1)) == "VALE"  # not yet anything


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        (replace(NORTH, parent="TOWN"), "parent_not_there"),
        (replace(NORTH, parent="NORTH"), "not_in_nation"),
        (replace(NORTH, valid_to=date(2015, 1, 1)), "parent_not_there"),
        (replace(TOWN, parent="nowhere"), "not_in_nation"),
        (replace(TOWN, valid_to=date(2016, 1, 1)), "change_outside"),
        (replace(TOWN, changes=TOWN.changes[::-1]), "changes_order"),
        (replace(TOWN, changes=TOWN.changes[:1] * 2), "changes_order"),
        (replace(VALE, valid_to=None), "merged_and_there"),
        (replace(VALE, merged_into="FR"), "merged_nowhere"),
        (replace(VALE, merged_into="VALE"), "merged_too_late"),
        (replace(VALE, valid_to=date(2013, 12, 31)), "merged_too_late"),
        (replace(NATION, changes=(TerritoryChange(date(2016, 1, 1), parent="TOWN"),)), "parent"),
        (replace(TOWN, valid_to=date(2014, 1, 1), changes=()), "dates_crossed"),
    ],
)
def test_a_tree_that_cannot_be_is_told_with_its_rule(changed: Territory, rule: str) -> None:
    assert rules() == []
    assert rule in rules(changed)


def test_moving_in_a_circle_at_a_later_day_is_noticed() -> None:
    south = Territory("SOUTH", named("South"), "NORTH", valid_from=date(2015, 1, 1))
    move = TerritoryChange(date(2017, 1, 1), parent="SOUTH")
    assert rules(south) == []
    assert "not_in_nation" in rules(south, replace(NORTH, changes=(move,)))


def test_only_what_figures_read_counts_as_different() -> None:
    day = date(2016, 8, 1)
    phone = TREE | {"TOWN": replace(TOWN, help_phone="01 99 00 10 00")}
    assert differing(TREE, phone, day) == []
    later = with_change(TOWN, TerritoryChange(date(2016, 9, 1), name=named("Burg")))
    assert differing(TREE, TREE | {"TOWN": later}, day) == []
    assert differing(TREE, TREE | {"TOWN": later}, date(2016, 9, 1)) == ["TOWN"]
    swapped = replace(TOWN, name=Text.of(en="Town", fr="Town"))
    assert differing(TREE, TREE | {"TOWN": swapped}, day) == []  # languages have no order
    without = {code: each for code, each in TREE.items() if code != "TOWN"}
    assert differing(TREE, without, day) == ["TOWN"]


DAYS = st.integers(1, 3000).map(lambda days: date(2015, 1, 1) + timedelta(days))
CHANGES = st.lists(
    st.builds(
        TerritoryChange,
        DAYS,
        name=st.none() | st.sampled_from("ABC").map(named),
        sub_areas=st.none() | st.lists(st.sampled_from("abc"), unique=True).map(tuple),
        population_75=st.none() | st.integers(0, 9999),
        terms=st.none() | st.sampled_from([named("x"), NO_TEXT]).map(lambda to: {"team": to}),
        help_phone=st.sampled_from([None, "", "01 99 00 10 00"]),
        help_hours=st.sampled_from([None, NO_TEXT, named("9-17")]),
        description=st.sampled_from([None, NO_TEXT, named("x")]),
        note=st.sampled_from("no").map(named),
    ),
    max_size=6,
)


@given(CHANGES, DAYS)
def test_a_later_change_never_changes_an_earlier_day(
    changes: list[TerritoryChange], day: date
) -> None:
    earlier = later = replace(TOWN, changes=())
    for change in changes:
        later = with_change(later, change)
        earlier = with_change(earlier, change) if change.from_day <= day else earlier
    assert as_of(later, day) == as_of(earlier, day)
    days = [each.from_day for each in later.changes]
    assert days == sorted(set(days))
    for each in days:
        assert as_of(without_change(later, each), each - timedelta(1)) == as_of(
            later, each - timedelta(1)
        )


@given(CHANGES)
def test_a_history_goes_out_and_comes_back_unchanged(changes: list[TerritoryChange]) -> None:
    place = replace(TOWN, changes=(), end_note=named("why"), valid_to=date(2030, 1, 1))
    for change in changes:
        place = with_change(place, change)
    assert load(Territory, dump(place)) == place
    programme = Programme("P", named("P"), (NATION, NORTH, place))
    assert read_territories(write_territories_yaml(programme)) == programme
