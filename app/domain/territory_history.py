"""Territories at a date: a tree is kept with its whole history, and read as it stood on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

from app.domain.territories import Territory, TerritoryChange

Tree = Mapping[str, Territory]  # by code, each with its history
ONE_DAY = timedelta(days=1)
NOT_OF_A_STATE = ("from_day", "note", "terms")


def as_of(territory: Territory, day: date) -> Territory:
    """The territory as it stood on ``day``, without its history.

    Before its first day it is what it began as, after its last day what it ended as.
    """
    if territory.valid_to is not None:
        day = min(day, territory.valid_to)
    state = replace(territory, changes=())
    for change in territory.changes:
        if change.from_day <= day:
            state = replace(state, **_said(change, state))
    return state


def _said(change: TerritoryChange, state: Territory) -> dict[str, Any]:
    said = {
        field.name: value
        for field in fields(change)
        if field.name not in NOT_OF_A_STATE and (value := getattr(change, field.name)) is not None
    }
    return said if change.terms is None else said | {"terms": {**state.terms, **change.terms}}


def tree_as_of(tree: Tree, day: date) -> dict[str, Territory]:
    """Every territory that ever was or will be, as it stood on ``day``: names are always found."""
    return {code: as_of(territory, day) for code, territory in tree.items()}


def territories_at(tree: Tree, day: date) -> dict[str, Territory]:
    """The territories that are there on ``day``, as they stand then."""
    return {
        code: as_of(territory, day) for code, territory in tree.items() if territory.holds_on(day)
    }


def turning_days(tree: Tree) -> list[date]:
    """The days from which something in the tree is different, in order."""
    found = set()
    for territory in tree.values():
        found |= {change.from_day for change in territory.changes}
        if territory.valid_from is not None:
            found.add(territory.valid_from)
        if territory.valid_to not in (None, date.max):
            found.add(territory.valid_to + ONE_DAY)
    return sorted(found)


def differing(before: Tree, after: Tree, day: date) -> list[str]:
    """Codes of the territories whose place, name, borders or people are not the same on ``day``.

    Telephone numbers, local names and descriptions are not compared: nothing is computed by them.
    """
    old, new = territories_at(before, day), territories_at(after, day)
    codes = [*old, *(code for code in new if code not in old)]
    return [code for code in codes if _compared(old.get(code)) != _compared(new.get(code))]


def _compared(state: Territory | None) -> tuple[Any, ...]:
    if state is None:
        return ()
    name = state.name.as_dict()  # in whatever order
    return (name, state.parent, state.region, state.population_75, state.sub_areas)


def with_change(territory: Territory, change: TerritoryChange) -> Territory:
    """The territory with one more change; one of the same day is taken together with it."""
    same = [each for each in territory.changes if each.from_day == change.from_day]
    others = [each for each in territory.changes if each.from_day != change.from_day]
    for each in same:
        change = _together(each, change)
    in_order = sorted([*others, change], key=lambda each: each.from_day)
    return replace(territory, changes=tuple(in_order))


def _together(first: TerritoryChange, second: TerritoryChange) -> TerritoryChange:
    said = {
        field.name: value
        for field in fields(second)
        if (value := getattr(second, field.name)) is not None and field.name != "note"
    }
    if first.terms is not None and second.terms is not None:
        said["terms"] = {**first.terms, **second.terms}
    return replace(first, **said, note=second.note if second.note.wordings else first.note)


def without_change(territory: Territory, day: date) -> Territory:
    """The territory without what was to be different from ``day`` on."""
    kept = tuple(each for each in territory.changes if each.from_day != day)
    return replace(territory, changes=kept)


def in_order(states: Tree) -> Iterator[tuple[int, Territory]]:
    """Every territory after the one that contains it, with its depth, the roots at 0.

    One whose parent is not there is a root, and nothing is visited twice.
    """
    seen: set[str] = set()
    below: dict[str | None, list[Territory]] = {}
    for each in states.values():
        below.setdefault(each.parent if each.parent in states else None, []).append(each)
    waiting = [(0, each) for each in reversed(below.get(None, []))]
    while waiting:
        depth, each = waiting.pop()
        if each.code not in seen:
            seen.add(each.code)
            yield depth, each
            waiting += [(depth + 1, child) for child in reversed(below.get(each.code, []))]


def part_of(tree: Tree, code: str, day: date) -> str:
    """The territory in which this one is found on ``day``: itself, or what it was merged into."""
    seen = [code]
    while (one := tree.get(seen[-1])) is not None and not one.holds_on(day):
        if one.merged_into is None or one.merged_into in seen or _not_yet(one, day):
            break
        seen.append(one.merged_into)
    return seen[-1]


def _not_yet(territory: Territory, day: date) -> bool:
    return territory.valid_from is not None and day < territory.valid_from


def merged(tree: Tree, code: str) -> Iterable[Territory]:
    """The territories that were merged into this one."""
    return [each for each in tree.values() if each.merged_into == code]
