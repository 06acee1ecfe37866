"""Differential item functioning of a scale between a focal and a reference group.

People are matched on the total of the items; items that are flagged leave the total, and the test
is repeated until the same items are flagged again (at most 10 rounds). An item always counts in
the total that it is matched on itself (Holland & Thayer 1988). Purification uses p as it comes,
as difR does; adjusted p values are those of the last round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np

from app.evaluation.adjustments import benjamini_hochberg, holm
from app.evaluation.columns import Bools, Floats
from app.evaluation.logistic_dif import LogisticDif, logistic_dif
from app.evaluation.mantel import Mantel, mantel
from app.evaluation.mantel_haenszel import MantelHaenszel, mantel_haenszel
from app.evaluation.matching import Scale, Tally, matched, scale
from app.evaluation.undefined import Figure, Undefined

LEAST_PER_GROUP = 200
ROUNDS = 10
SIGNIFICANT = 0.05
FoundT = TypeVar("FoundT", MantelHaenszel | Mantel, LogisticDif)
Test = Callable[[Tally], FoundT]


@dataclass(frozen=True)
class ItemDif(Generic[FoundT]):
    """One item under one test; ``p_holm`` and ``p_bh`` over the items of the scale.

    ``test``: mantel_haenszel, mantel, logit or ordinal_logit; ``flagged``: p below 5 % in the last
    round, None where there is no p.
    """

    item: str
    test: str
    result: FoundT
    p_holm: Figure
    p_bh: Figure
    flagged: bool | None


@dataclass(frozen=True)
class Purified(Generic[FoundT]):
    """All items under one method.

    ``matched_without``: items that the matching total leaves out; ``rounds``: tests of the whole
    scale that were made; ``settled``: the last two flagged the same items.
    """

    items: tuple[ItemDif[FoundT], ...]
    matched_without: tuple[str, ...]
    rounds: int
    settled: bool


@dataclass(frozen=True)
class Dif:
    """A scale: people behind it by group, and each family of tests or why it is not assessable.

    ``incomplete``: people of the two groups left out because an item is missing.
    """

    focal: int
    reference: int
    incomplete: int
    mantel: Purified[MantelHaenszel | Mantel] | Undefined
    logistic: Purified[LogisticDif] | Undefined


def dif(
    items: Sequence[str],
    values: Floats,
    focal: Bools,
    *,
    least: int = LEAST_PER_GROUP,
    purify: bool = True,
) -> Dif:
    """Test every item of a scale.

    ``values`` float64[n, k], NaN where there is no answer; ``focal`` bool[n]: in the focal group,
    else in the reference group. Items with two answers are tested by Mantel-Haenszel (the higher
    one as 1), others by Mantel 1963, all by (ordinal) logistic regression. Fewer than ``least``
    complete people in a group: ``not_assessable``, never "no DIF".
    """
    complete = np.isfinite(values).all(axis=1)
    answers, group = values[complete], focal[complete]
    counted = (int(group.sum()), int((~group).sum()), int((~complete).sum()))
    trouble = _trouble(items, answers, counted, least)
    if trouble is not None:
        return Dif(*counted, trouble, trouble)
    rounds, people = ROUNDS if purify else 1, scale(answers, group)
    return Dif(
        *counted,
        _purified(_by_strata, items, people, rounds),
        _purified(logistic_dif, items, people, rounds),
    )


def _trouble(
    items: Sequence[str], answers: Floats, counted: tuple[int, int, int], least: int
) -> Undefined | None:
    for people, name in zip(counted, ("focal", "reference"), strict=False):
        if people < max(least, 1):
            return Undefined("not_assessable", f"{name} group: {people} people, {least} needed")
    if len(items) < 2:
        return Undefined("fewer_than_two_items")
    constant = np.flatnonzero(np.ptp(answers, axis=0) == 0)
    return Undefined("constant_item", items[constant[0]]) if len(constant) else None


def _by_strata(tally: Tally) -> MantelHaenszel | Mantel:
    if len(tally.levels) == 2:
        higher = (tally.answer == tally.levels[1]).astype(np.float64)
        return mantel_haenszel(matched(replace(tally, answer=higher)))
    return mantel(matched(tally), tally.sd)


def _purified(
    test: Test[FoundT], items: Sequence[str], people: Scale, rounds: int
) -> Purified[FoundT]:
    out: frozenset[int] = frozenset()
    for number in range(1, rounds + 1):
        results = [test(people.tally(j, out)) for j in range(len(items))]
        flagged = frozenset(j for j, each in enumerate(results) if _flagged(each.flag_p))
        if flagged == out or number == rounds or len(flagged) == len(items):
            break
        out = flagged
    return Purified(
        _adjusted(items, results),
        tuple(items[j] for j in sorted(out)),
        number,
        settled=flagged == out,
    )


def _flagged(p: Figure) -> bool:
    return isinstance(p, float) and p < SIGNIFICANT


def _adjusted(items: Sequence[str], results: Sequence[FoundT]) -> tuple[ItemDif[FoundT], ...]:
    known = [each.flag_p for each in results if isinstance(each.flag_p, float)]
    by_holm, by_bh = iter(holm(known)), iter(benjamini_hochberg(known))
    return tuple(
        ItemDif(item, each.test, each, next(by_holm), next(by_bh), _flagged(each.flag_p))
        if isinstance(each.flag_p, float)
        else ItemDif(item, each.test, each, each.flag_p, each.flag_p, None)
        for item, each in zip(items, results, strict=True)
    )
