"""What is wrong in a list of territories: codes, parents, dates, local names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.domain.check_words import finding
from app.domain.checks import Finding
from app.domain.territories import NATION, Programme, Territory, ancestry


def check_territories(programme: Programme) -> tuple[Finding, ...]:
    """Every finding on a programme's territories."""
    territories = programme.territories
    by_code = {territory.code: territory for territory in territories}
    found = [
        finding("code_twice", code)
        for code, times in Counter(territory.code for territory in territories).items()
        if times > 1
    ]
    if NATION not in by_code:
        found.append(finding("no_nation", programme.code, nation=NATION))
    names = {name for territory in territories for name in territory.terms}
    for territory in territories:
        found.extend(_place(territory, by_code))
        if territory.code != NATION:
            for name in sorted(names - set(territory.terms)):
                found.append(finding("term_missing", territory.code, name=name))
    return tuple(found)


def _place(territory: Territory, by_code: dict[str, Territory]) -> Iterator[Finding]:
    root = territory.code == NATION
    if root == (territory.parent is not None):
        yield finding("parent", territory.code, nation=NATION)
    elif not root and ancestry(by_code, territory.code)[-1] != NATION:
        yield finding("not_in_nation", territory.code, nation=NATION)
    begun, ended = territory.valid_from, territory.valid_to
    if begun is not None and ended is not None and begun > ended:
        yield finding("dates_crossed", territory.code)
