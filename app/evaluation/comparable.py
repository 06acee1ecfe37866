"""Whether an indicator can be compared between territories: for each, its people against the rest.

Looked at, for the people in the base: the wording and options (fingerprints), how they answered,
who answered, how many were concerned; for scales reliability and differential item functioning
(Mantel, purified; the other territories are the reference). Fewer than 200 people on either side:
not assessable, never "comparable". One item alone is at best "asked alike": whether it means the
same cannot be tested.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from app.domain.frameworks import Scale
from app.evaluation.columns import AnswerColumns, Bools, Floats, Respondents, Status
from app.evaluation.components import ComponentDefinition
from app.evaluation.crosswalk import Asked
from app.evaluation.dif import LEAST_PER_GROUP, dif_by_strata
from app.evaluation.mantel import Mantel
from app.evaluation.measurement import Data, could_answer
from app.evaluation.reliability import reliability
from app.evaluation.scoring import score_component
from app.evaluation.tables import Observation, What
from app.evaluation.undefined import Undefined
from app.evaluation.waves import Prints

APART = 0.25  # of 1: a mix of modes, proxies or people concerned that differs by more is said
RELIABLE = 0.7
LARGE, MODERATE = ("C", "CC"), ("B", "BB")


class Comparability(StrEnum):
    """What may be said; ``ASKED_ALIKE``: of one item, whose meaning cannot be tested."""

    COMPARABLE = "comparable"
    ASKED_ALIKE = "asked_alike"
    WITH_CARE = "with_care"
    DIFFERS = "differs"
    NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True, eq=False)
class _Base:
    """One component: who was asked, who is in its base, and the values of its items if a scale."""

    definition: ComponentDefinition
    who: Respondents
    asked: Bools
    inside: Bools
    items: tuple[str, ...]
    values: Floats


def comparability(
    data: Data,
    definitions: Mapping[str, ComponentDefinition],
    asked: Asked,
    prints: Prints,
    shown: frozenset[tuple[str, str]],
) -> Iterator[Observation]:
    """A verdict for every indicator, audience and territory that was asked, with what it rests on.

    ``prints``: fingerprints of items by territory and audience; ``shown``: (territory, component)
    that are given out: of others nothing is said but that they are not assessable.
    """
    for definition in definitions.values():
        if definition.group is None and definition.audience in data:
            base = _base(definition, *data[definition.audience], asked)
            for number, place in enumerate(base.who.territories):
                if (base.asked & (base.who.territory == number)).any():
                    yield from _judged(base, number, prints, shown=(place, definition.id) in shown)


def _base(
    definition: ComponentDefinition, columns: AnswerColumns, who: Respondents, asked: Asked
) -> _Base:
    possible = could_answer(definition, who, asked)
    inside = score_component(definition, columns).d & possible
    measure = definition.measure
    items = tuple(measure.items) if isinstance(measure, Scale) else ()
    items = tuple(item for item in items if item in columns.items)
    values = np.full((columns.n, len(items)), np.nan)
    for k, item in enumerate(items):
        column = columns.items[item]
        there = column.status == Status.VALUE
        sign = -1.0 if isinstance(measure, Scale) and item in measure.reversed else 1.0
        values[there, k] = sign * column.number[there]
    return _Base(definition, who, possible, inside, items, values)


def _judged(base: _Base, number: int, prints: Prints, *, shown: bool) -> Iterator[Observation]:
    here = base.inside & (base.who.territory == number)
    rest = base.inside & (base.who.territory != number)
    place, audience = base.who.territories[number], base.definition.audience
    at = Observation(place, None, What.COMPARABILITY, base.definition.indicator, audience.value)
    people = (int(here.sum()), int(rest.sum()))
    why = _not_assessable(people, shown=shown)
    if why:
        yield _said(at, None, Comparability.NOT_ASSESSABLE, (why,))
        return
    flags = list(_asked_otherwise(base, here, rest, number, prints))
    if len(base.items) > 1:
        drawn = list(_scale(base, here, rest, place))
        yield from (each for each, _ in drawn)
        flags += [flag for _, flag in drawn if flag]
    yield _said(at, people[0], _verdict(flags, len(base.items)), tuple(dict.fromkeys(flags)))


def _not_assessable(people: tuple[int, int], *, shown: bool) -> str:
    here, elsewhere = people
    if here < LEAST_PER_GROUP:
        return "few_here"
    if elsewhere < LEAST_PER_GROUP:
        return "few_elsewhere"
    return "" if shown else "not_shown"


def _said(
    at: Observation, people: int | None, verdict: Comparability, flags: tuple[str, ...]
) -> Observation:
    reason = "not_assessable" if people is None else None
    value = None if people is None else float(people)
    return replace(at, value=value, n=people, verdict=verdict.value, flags=flags, reason=reason)


def _verdict(flags: list[str], items: int) -> Comparability:
    if "wording" in flags or "dif_large" in flags:
        return Comparability.DIFFERS
    if flags:
        return Comparability.WITH_CARE
    return Comparability.COMPARABLE if items > 1 else Comparability.ASKED_ALIKE


def _asked_otherwise(
    base: _Base, here: Bools, rest: Bools, number: int, prints: Prints
) -> Iterator[str]:
    place, audience = base.who.territories[number], base.definition.audience
    mine = prints.get((place, audience), {})
    for item in sorted(base.definition.items):
        others = Counter(
            found[item]
            for (territory, other), found in prints.items()
            if territory != place and other is audience and item in found
        )
        if others and mine.get(item) != others.most_common(1)[0][0]:
            yield "wording"
    if _mix_apart(base.who, here, rest) > APART:
        yield "mode"
    if abs(base.who.proxy[here].mean() - base.who.proxy[rest].mean()) > APART:
        yield "proxies"
    of_here = base.asked & (base.who.territory == number)
    of_rest = base.asked & (base.who.territory != number)
    if abs(here.sum() / of_here.sum() - rest.sum() / of_rest.sum()) > APART:
        yield "concerned"


def _mix_apart(who: Respondents, here: Bools, rest: Bools) -> float:
    """Half the sum of differences between the shares of channels: 0 alike, 1 nothing shared."""
    size = max(len(who.channels), 1)
    shares = [np.bincount(who.channel[some], minlength=size) / some.sum() for some in (here, rest)]
    return float(np.abs(shares[0] - shares[1]).sum() / 2)


def _scale(base: _Base, here: Bools, rest: Bools, place: str) -> Iterator[tuple[Observation, str]]:
    """Reliability here, and each item that works differently here, with the flag that it raises."""
    code, audience = base.definition.indicator, base.definition.audience.value
    found = reliability(base.items, base.values[here])
    name = "omega" if len(base.items) > 2 and isinstance(found.omega, float) else "alpha"
    figure = getattr(found, name)
    low, high = (None, None)
    if name == "alpha" and not isinstance(found.alpha_interval, Undefined):
        low, high = found.alpha_interval
    at = Observation(place, None, What.RELIABILITY, f"{code}.{name}", audience, n=found.n)
    yield _with(at, figure, low, high), "reliability" if _below(figure) else ""
    both = here | rest
    tested = dif_by_strata(base.items, base.values[both], here[both])
    if isinstance(tested, Undefined):
        yield (
            _with(Observation(place, None, What.DIF, code, audience), tested, None, None),
            "dif_unknown",
        )
        return
    for each in tested.items:
        size = each.result.size if isinstance(each.result.size, str) else ""
        result = each.result
        effect = result.effect if isinstance(result, Mantel) else result.delta
        at = Observation(place, None, What.DIF, f"{code}.{each.item}", audience)
        seen = _with(at, effect, None, None, (f"size:{size[:1]}",) if size else ())
        yield seen, "dif_large" if size in LARGE else "dif" if size in MODERATE else ""


def _below(figure: float | Undefined) -> bool:
    return isinstance(figure, Undefined) or figure < RELIABLE


def _with(
    at: Observation,
    figure: float | Undefined,
    low: float | None,
    high: float | None,
    flags: tuple[str, ...] = (),
) -> Observation:
    if isinstance(figure, Undefined):
        return replace(at, reason="undefined", n=None)
    return replace(at, value=figure, low=low, high=high, flags=flags)
