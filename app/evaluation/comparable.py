"""Whether an indicator can be compared between territories: for each, its people against the rest.

Looked at, for the people in the base: the wording and options (fingerprints), how and in which
language they answered, who answered, how many were concerned; for scales reliability and
differential item functioning (the other territories are the reference). Then the same question
between languages, over the nation. Fewer than 200 people on either side: not assessable, never
"comparable". One item alone is at best "asked alike": whether it means the same cannot be tested.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.frameworks import Scale
from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.evaluation.columns import AnswerColumns, Bools, Floats, Integers, Respondents, Status
from app.evaluation.components import ComponentDefinition
from app.evaluation.crosswalk import Asked
from app.evaluation.dif import LEAST_PER_GROUP
from app.evaluation.functioning import Functioning, figure_at, functioning
from app.evaluation.measurement import Data, could_answer
from app.evaluation.reliability import reliability
from app.evaluation.scoring import score_component
from app.evaluation.tables import Observation, What
from app.evaluation.undefined import Undefined
from app.evaluation.waves import Prints

APART = 0.25  # of 1: a mix of modes, proxies or people concerned that differs by more is said
RELIABLE = 0.7
Languages = Mapping[Audience, tuple[Integers, tuple[str, ...]]]


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
    language: Integers
    languages: tuple[str, ...]


def comparability(
    data: Data,
    definitions: Mapping[str, ComponentDefinition],
    asked: Asked,
    prints: Prints,
    shown: frozenset[tuple[str, str]],
    spoken: Languages,
) -> Iterator[Observation]:
    """A verdict for every indicator, audience and territory that was asked, with what it rests on;
    where several languages were spoken, for each of them too (code ``CODE@LANGUAGE``, nation).

    ``prints``: fingerprints of items by territory and audience; ``shown``: (territory, component)
    that are given out: of others nothing is said but that they are not assessable; ``spoken``: by
    audience the place of each person's language in a list of languages, -1 where it is not known.
    """
    for definition in definitions.values():
        if definition.group is None and definition.audience in data:
            base = _base(definition, *data[definition.audience], asked, spoken)
            for number, place in enumerate(base.who.territories):
                if (base.asked & (base.who.territory == number)).any():
                    yield from _judged(base, number, prints, shown=(place, definition.id) in shown)
            yield from _by_language(base, shown=(NATION, definition.id) in shown)


def _base(
    definition: ComponentDefinition,
    columns: AnswerColumns,
    who: Respondents,
    asked: Asked,
    spoken: Languages,
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
    language, languages = spoken[definition.audience]
    return _Base(definition, who, possible, inside, items, values, language, languages)


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
        found = _scale(base, here, rest, at)
        yield from found.observations
        flags += found.flags
    yield _said(at, people[0], _verdict(flags, len(base.items)), tuple(dict.fromkeys(flags)))


def _by_language(base: _Base, *, shown: bool) -> Iterator[Observation]:
    """Each language next to the others, over the nation; nothing where all answered in one."""
    known = base.inside & (base.language >= 0)
    numbers = np.unique(base.language[known]).tolist()
    for number in numbers if len(numbers) > 1 else ():
        here = base.language[known] == number
        people = (int(here.sum()), int((~here).sum()))
        code = f"{base.definition.indicator}@{base.languages[number]}"
        audience = base.definition.audience.value
        at = Observation(NATION, None, What.COMPARABILITY, code, audience)
        why = _not_assessable(people, shown=shown)
        if why:
            said = {"few_here": "few_speak", "few_elsewhere": "few_speak_others"}.get(why, why)
            yield _said(at, None, Comparability.NOT_ASSESSABLE, (said,))
            continue
        flags: tuple[str, ...] = ()
        if len(base.items) > 1:
            found = functioning(at, base.items, base.values[known], here)
            yield from found.observations
            flags = found.flags
        yield _said(at, people[0], _verdict(flags, len(base.items)), flags)


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


def _verdict(flags: Sequence[str], items: int) -> Comparability:
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
    if _mix_apart(base.who.channel, here, rest) > APART:
        yield "mode"
    if _mix_apart(base.language + 1, here, rest) > APART:  # 0: not known
        yield "language"
    if abs(base.who.proxy[here].mean() - base.who.proxy[rest].mean()) > APART:
        yield "proxies"
    of_here = base.asked & (base.who.territory == number)
    of_rest = base.asked & (base.who.territory != number)
    if abs(here.sum() / of_here.sum() - rest.sum() / of_rest.sum()) > APART:
        yield "concerned"


def _mix_apart(kind: NDArray[Any], here: Bools, rest: Bools) -> float:
    """Half the sum of differences between the shares of each kind: 0 alike, 1 nothing shared."""
    size = int(kind.max(initial=0)) + 1
    shares = [np.bincount(kind[some], minlength=size) / some.sum() for some in (here, rest)]
    return float(np.abs(shares[0] - shares[1]).sum() / 2)


def _scale(base: _Base, here: Bools, rest: Bools, at: Observation) -> Functioning:
    """Reliability here, and how each item works here next to the rest."""
    found = reliability(base.items, base.values[here])
    name = "omega" if len(base.items) > 2 and isinstance(found.omega, float) else "alpha"
    figure = getattr(found, name)
    place = replace(at, what=What.RELIABILITY, code=f"{at.code}.{name}", n=found.n)
    seen = figure_at(place, figure)
    if name == "alpha" and seen.reason is None and not isinstance(found.alpha_interval, Undefined):
        seen = replace(seen, low=found.alpha_interval[0], high=found.alpha_interval[1])
    both = here | rest
    tested = functioning(at, base.items, base.values[both], here[both])
    low = ("reliability",) if _below(figure) else ()
    return Functioning((seen, *tested.observations), (*low, *tested.flags))


def _below(figure: float | Undefined) -> bool:
    return isinstance(figure, Undefined) or figure < RELIABLE
