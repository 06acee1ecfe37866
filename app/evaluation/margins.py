"""Margins: known totals of the population by category, and every reason to refuse them.

Nothing is computed on margins that cannot be met; the refusal names the margin and the category.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.errors import BadInput, Fault
from app.evaluation.columns import Floats, Integers
from app.evaluation.refusing import BadSettings, fault

SAME_TOTAL = 1e-9  # relative: margins of one population add up to the same
FEW = 20
MOST_FAULTS = 20


@dataclass(frozen=True, eq=False)
class Coded:
    """A word for each of n rows: ``index`` int64[n], its place in ``names``, -1 for none."""

    index: Integers
    names: tuple[str, ...]

    def totals(self, weights: Floats | None = None) -> Floats:
        """The weights (else the rows) by name, float64[names]; rows without one are left out."""
        found = np.bincount(self.index + 1, weights, minlength=len(self.names) + 1)[1:]
        return np.asarray(found, dtype=np.float64)


def coded(words: Sequence[str], none: str | None = None) -> Coded:
    """Words as numbers; ``none``: the word that stands for none."""
    names = tuple(each for each in dict.fromkeys(words) if each != none)
    place = {each: k for k, each in enumerate(names)}
    index = np.fromiter((place.get(each, -1) for each in words), np.int64, len(words))
    return Coded(index, names)


@dataclass(frozen=True, eq=False)
class Margin:
    """Known totals. ``category`` int64[n]: each row's index into ``categories``; -1: not listed or
    missing; ``targets`` float64[categories] > 0; ``collapsed``: (category, into) merged before;
    ``lines``: of the rows in their file, where they have one."""

    name: str
    categories: tuple[str, ...]
    targets: Floats
    category: Integers
    collapsed: tuple[tuple[str, str], ...] = ()
    lines: Sequence[int] | None = None

    def totals(self, weights: Floats) -> Floats:
        """The weights by category, float64[categories]."""
        found = np.bincount(self.category, weights, minlength=len(self.categories))
        return np.asarray(found, dtype=np.float64)

    @property
    def respondents(self) -> Integers:
        """People by category, int64[categories]."""
        found = np.bincount(self.category, minlength=len(self.categories))
        return np.asarray(found, dtype=np.int64)


def margin(
    name: str,
    cells: Sequence[str] | Coded,
    targets: Mapping[str, float],
    *,
    into: Mapping[str, str] | None = None,
    collapse_below: int = 0,
    lines: Sequence[int] | None = None,
) -> Margin:
    """A margin from each row's category and the target of each.

    ``into``: categories to be counted under another one; ``collapse_below``: categories with fewer
    respondents join the smaller one of their neighbours in the order of ``targets``.
    """
    into = into or {}
    cells = cells if isinstance(cells, Coded) else coded(cells)
    groups: dict[str, tuple[str, ...]] = {}  # by name, the categories of the file
    for category in targets:
        kept = into.get(category, category)
        groups[kept] = (*groups.get(kept, ()), category)
    people: Counter[str] = Counter()
    for cell, n in zip(cells.names, cells.totals().tolist(), strict=True):
        people[into.get(cell, cell)] += int(n)
    groups = _grouped(groups, people, collapse_below)
    index = {category: place for place, group in enumerate(groups.values()) for category in group}
    for category, kept in into.items():
        index.setdefault(category, index.get(kept, -1))
    places = np.array([*(index.get(each, -1) for each in cells.names), -1], dtype=np.int64)
    return Margin(
        name,
        tuple(groups),
        np.array([sum(targets[each] for each in group) for group in groups.values()], dtype=float),
        places[cells.index],
        tuple((each, kept) for kept, group in groups.items() for each in group if each != kept),
        lines,
    )


def _grouped(
    groups: Mapping[str, tuple[str, ...]], people: Mapping[str, int], below: int
) -> dict[str, tuple[str, ...]]:
    """Merge the smallest group into its smaller neighbour until none is below."""
    listed = [(name, group, people.get(name, 0)) for name, group in groups.items()]
    while len(listed) > 1 and min(count for _, _, count in listed) < below:
        small = min(range(len(listed)), key=lambda place: listed[place][2])
        beside = [place for place in (small - 1, small + 1) if 0 <= place < len(listed)]
        first, second = sorted((small, min(beside, key=lambda place: listed[place][2])))
        (one, ones, n), (other, others, m) = listed[first], listed[second]
        listed[first : second + 1] = [(f"{one}+{other}", (*ones, *others), n + m)]
    return {name: group for name, group, _ in listed}


def check(start: Floats, margins: Sequence[Margin]) -> None:
    """Raise ``BadSettings`` with every fault of the margins where these weights cannot be brought
    to them, else ``BadInput`` with every fault of the rows."""
    faults = [each for one in margins for each in _faults(one)]
    faults.extend(_different_totals(margins))
    if faults:
        raise BadSettings(faults)
    if not (np.isfinite(start).all() and (start > 0).all()):
        bad = int(np.sum(~np.isfinite(start) | (start <= 0)))
        faults.append(
            fault(
                "weight",
                (
                    f"{bad} poids de départ sont nuls, négatifs ou manquants.",
                    f"{bad} start weights are zero, negative or missing.",
                ),
                (
                    "Donnez à chacun un poids positif, ou retirez ces lignes.",
                    "Give everyone a positive weight, or take these rows out.",
                ),
            )
        )
    for one in margins:
        faults.extend(_unlisted(one))
    if faults:
        raise BadInput(faults)


def _unlisted(one: Margin) -> list[Fault]:
    """The rows without a category of the margin: each by its line where lines are known."""
    rows = np.flatnonzero(one.category < 0)
    if not len(rows):
        return []
    remedy = (
        "Ajoutez la catégorie et son total, ou retirez ces lignes.",
        "Add the category with its total, or take these rows out.",
    )
    reason = (
        "La catégorie est absente de la marge, ou la cellule est vide.",
        "The category is not in the margin, or the cell is empty.",
    )
    if one.lines is not None:
        named = rows[:MOST_FAULTS].tolist()
        return [fault(f"{one.lines[row]} {one.name}", reason, remedy) for row in named]
    counted = (f"{reason[0]} Lignes : {len(rows)}.", f"{reason[1]} Rows: {len(rows)}.")
    return [fault(one.name, counted, remedy)]


def _faults(one: Margin) -> list[Fault]:
    found = []
    people = np.bincount(one.category[one.category >= 0], minlength=len(one.categories))
    for place, category in enumerate(one.categories):
        target = one.targets[place]
        if not np.isfinite(target) or target < 0 or (target == 0 and people[place]):
            found.append(
                fault(
                    f"{one.name}: {category}",
                    ("Le total doit être un nombre positif.", "The total must be above zero."),
                    ("Corrigez ce total.", "Correct this total."),
                )
            )
        elif target > 0 and not people[place]:
            found.append(
                fault(
                    f"{one.name}: {category}",
                    ("Cette catégorie n’a aucun répondant.", "This category has no respondents."),
                    ("Regroupez-la avec une autre.", "Merge it with another category."),
                )
            )
    return found


def _different_totals(margins: Sequence[Margin]) -> list[Fault]:
    if not margins:
        return []
    first = float(margins[0].targets.sum())
    return [
        fault(
            one.name,
            (
                f"Le total de cette marge ({one.targets.sum():.12g}) n’est pas celui de "
                f"{margins[0].name} ({first:.12g}).",
                f"This margin adds up to {one.targets.sum():.12g}, but {margins[0].name} to "
                f"{first:.12g}.",
            ),
            (
                "Toutes les marges décrivent la même population : accordez leurs totaux.",
                "All margins describe one population: make their totals agree.",
            ),
        )
        for one in margins[1:]
        if not abs(float(one.targets.sum()) - first) <= SAME_TOTAL * abs(first)
    ]


def small_categories(margins: Sequence[Margin]) -> tuple[tuple[str, str, int], ...]:
    """(margin, category, respondents) under 20."""
    return tuple(
        (one.name, category, int(people))
        for one in margins
        for category, people in zip(one.categories, one.respondents, strict=True)
        if people < FEW
    )
