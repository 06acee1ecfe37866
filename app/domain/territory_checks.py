"""What is wrong in a list of territories: codes, parents, dates, mergers, local names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.territories import NATION, Programme, Territory, ancestry
from app.domain.territory_history import ONE_DAY, Tree, territories_at, turning_days


def check_territories(programme: Programme) -> tuple[Finding, ...]:
    """Every finding on a programme's territories."""
    territories = programme.territories
    found = [
        finding("code_twice", code)
        for code, times in Counter(territory.code for territory in territories).items()
        if times > 1
    ]
    return (*found, *check_tree({territory.code: territory for territory in territories}))


def check_tree(tree: Tree) -> tuple[Finding, ...]:
    """Every finding on territories with their histories."""
    found = [] if NATION in tree else [finding("no_nation", NATION, nation=NATION)]
    names = {name for territory in tree.values() for name in territory.terms}
    for territory in tree.values():
        found.extend(_dates(territory))
        found.extend(_merger(territory, tree))
        if territory.code != NATION:
            for name in sorted(names - set(territory.terms)):
                found.append(finding("term_missing", territory.code, name=name))
    if NATION in tree:
        found.extend(_places(tree))
    return tuple(found)


def _dates(territory: Territory) -> Iterator[Finding]:
    code, begun, ended = territory.code, territory.valid_from, territory.valid_to
    moves = any(change.parent is not None for change in territory.changes)
    if (code == NATION) == (territory.parent is not None) or (code == NATION and moves):
        yield finding("parent", code, nation=NATION)
    if begun is not None and ended is not None and begun > ended:
        yield finding("dates_crossed", code)
    days = [change.from_day for change in territory.changes]
    for day in days:
        if (begun is not None and day <= begun) or (ended is not None and day > ended):
            yield finding("change_outside", code, day=day)
    if any(later <= earlier for earlier, later in pairwise(days)):
        yield finding("changes_order", code)


def _merger(territory: Territory, tree: Tree) -> Iterator[Finding]:
    into = territory.merged_into
    if into is None:
        return
    if territory.valid_to is None or territory.valid_to == date.max:
        yield finding("merged_and_there", territory.code)
    elif into not in tree or into == NATION:
        yield finding("merged_nowhere", territory.code, into=into)
    elif not tree[into].holds_on(day := territory.valid_to + ONE_DAY):
        yield finding("merged_too_late", territory.code, into=into, day=day)


def _places(tree: Tree) -> Iterator[Finding]:
    """On every day that changes something, each territory leads up to the nation."""
    told: set[str] = set()
    for day in (date.min, *turning_days(tree)):
        states = territories_at(tree, day)
        for code, state in states.items():
            if code == NATION or code in told or state.parent is None:
                continue
            if state.parent in tree and state.parent not in states:
                told.add(code)
                said = "–" if day == date.min else day.isoformat()
                yield finding("parent_not_there", code, parent=state.parent, day=said)
            elif ancestry(states, code)[-1] != NATION and _to_be_told(states, code, told):
                told.add(code)
                yield finding("not_in_nation", code, nation=NATION)


def _to_be_told(states: Tree, code: str, told: set[str]) -> bool:
    """Not where a territory above it was told of already."""
    return not told & set(ancestry(states, code))
