"""Synthetic answers: made-up people who walk the real path, seeded, for demonstrations and tests.

A person has one latent position; an item that speaks for an indicator leans on it, turned where a
low score is the good one. Nothing here resembles real data, and nothing here may be given out as
if it did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from statistics import NormalDist

from app.domain.answers import Answer, RespondentRole, Value
from app.domain.conditions import Compare, Condition, Includes, OneOf, parts_of
from app.domain.frameworks import Gap, Indicator, Measure, Scale, Series, Share
from app.domain.questionnaire import Audience, Kind, Option, Question, Questionnaire, Why
from app.domain.routing import ShownQuestion, walk

_UNIFORM = NormalDist()
WAYS_OUT = {Why.DONT_KNOW: 0.04, Why.PREFER_NOT: 0.015, Why.NOT_CONCERNED: 0.05}
SKIPPING = 0.012


@dataclass(frozen=True, slots=True)
class Leaning:
    """What an item says of an indicator: ``sign`` is +1 where a higher score is better."""

    indicator: str
    sign: int
    options: frozenset[str] = frozenset()  # ticking one of these is what the indicator counts


def leanings(indicators: Iterable[Indicator], audience: Audience) -> dict[str, Leaning]:
    """For each item that a scored indicator reads from this audience, how it leans."""
    found: dict[str, Leaning] = {}
    for indicator in indicators:
        direction = 1 if indicator.higher_is_better else -1
        for component in indicator.components:
            if component.audience is audience:
                for item, sign, options in _readings(component.measure):
                    leaning = Leaning(indicator.code, sign * direction, options)
                    found.setdefault(item, leaning)
    return found


def _readings(measure: Measure) -> Iterable[tuple[str, int, frozenset[str]]]:
    if isinstance(measure, Series | Gap):
        return
    if isinstance(measure, Scale):
        for item in measure.items:
            yield item, (-1 if item in measure.reversed else 1), frozenset()
        return
    wanted = (measure.of,) if isinstance(measure, Share) else tuple(p.of for p in measure.parts)
    for condition in wanted:
        yield from _read(condition)


def _read(condition: Condition) -> Iterable[tuple[str, int, frozenset[str]]]:
    for part in parts_of(condition):
        if isinstance(part, Compare):
            low_wanted = part.op in ("<", "<=")
            codes = frozenset({part.value}) if part.op == "=" else frozenset()
            yield part.item, (-1 if low_wanted else 1), codes
        elif isinstance(part, Includes | OneOf):
            yield part.item, 1, frozenset(part.codes)


@dataclass(frozen=True)
class Person:
    """A made-up person: a role, a language, a latent position and the territory's effects."""

    role: RespondentRole = "self"
    latent: float = 0.0
    effects: Mapping[str, float] | None = None  # by indicator code, in standard deviations
    leanings: Mapping[str, Leaning] | None = None
    silence: float = 1.0  # multiplies the chance of a way out
    fixed: Mapping[str, Value] | None = None  # answers given beforehand, such as the profession
    never_silent: frozenset[str] = frozenset()  # items that this person always answers


def answer_all(
    questionnaire: Questionnaire,
    person: Person,
    random: Random,
    at: str,
    pages: int | None = None,
) -> dict[str, Answer]:
    """Walk the path and answer every item of it, or of its first ``pages`` pages only."""
    answers: dict[str, Answer] = {}
    for number, shown in enumerate(walk(questionnaire, answers, person.role)):
        if pages is not None and number >= pages:
            break
        for asked in shown.questions:
            for item in asked.item_codes:
                value, why, other = _answer(asked, item, person, random)
                answers[item] = Answer(value, why, other, at=at)
            for name, words in _names(asked.question, answers):
                answers[name] = Answer(words, at=at, entry=f"{random.getrandbits(40):010x}")
    return answers


def _names(question: Question, answers: Mapping[str, Answer]) -> Iterable[tuple[str, str]]:
    """The names in the places that a list's answer says are taken."""
    counted = answers[question.code].value if question.most and question.code in answers else 0
    places = question.names[: counted if isinstance(counted, int) else 0]
    return [(name.code, f"Personne synthétique {name.place}") for name in places]


def _answer(
    asked: ShownQuestion, item: str, person: Person, random: Random
) -> tuple[Value | None, Why | None, str | None]:
    question = asked.question
    if person.fixed and item in person.fixed:
        return person.fixed[item], None, None
    silence = 0.0 if item in person.never_silent else person.silence
    for way in question.ways_out:
        if random.random() < WAYS_OUT.get(way.why, 0.0) * silence:
            return None, way.why, None
    if random.random() < SKIPPING * silence:
        return None, Why.SKIPPED, None
    value = _VALUES[question.kind](question, item, person, random)
    if value is None:
        return None, Why.SKIPPED, None
    chosen = value if isinstance(value, tuple) else (str(value),)
    asks = any(
        option.specify and option.code in chosen for option in question.option_by_code.values()
    )
    return value, None, "Précision synthétique" if asks else None


def _position(item: str, person: Person, random: Random) -> float:
    """The latent position that this answer shows, in standard deviations."""
    leaning = (person.leanings or {}).get(item)
    noise = random.gauss(0.0, 0.8)
    if leaning is None:
        return noise
    effect = (person.effects or {}).get(leaning.indicator, 0.0)
    return leaning.sign * (0.25 + effect + 0.6 * person.latent) + noise


def _choice(question: Question, item: str, person: Person, random: Random) -> Value:
    offered = [option for option in question.options if not option.closed]
    leaning = (person.leanings or {}).get(item)
    if leaning and leaning.options:
        return _told_by_code(offered, leaning, item, person, random)
    scored = sorted((o for o in offered if o.score is not None), key=lambda o: o.score or 0.0)
    plain = [option for option in offered if option.score is None]
    if not scored or (plain and random.random() < 0.05 * len(plain)):
        return random.choice(plain or offered).code
    place = _UNIFORM.cdf(_position(item, person, random) / 1.2)
    return scored[min(int(place * len(scored)), len(scored) - 1)].code


def _told_by_code(
    offered: list[Option], leaning: Leaning, item: str, person: Person, random: Random
) -> Value:
    good = [option.code for option in offered if option.code in leaning.options]
    rest = [option.code for option in offered if option.code not in leaning.options]
    holds = _position(item, person, random) > 0
    return random.choice(good if holds and good else rest or good)


def _choices(question: Question, item: str, person: Person, random: Random) -> Value:
    offered = [option for option in question.options if not option.closed]
    exclusive = [option.code for option in offered if option.exclusive]
    position = _position(item, person, random)
    ticked = tuple(
        option.code
        for option in offered
        if not option.exclusive and position + random.gauss(0.0, 0.7) > 0.35
    )
    most = question.limits.max_choices
    if ticked:
        return ticked[:most]
    return (random.choice(exclusive or [offered[0].code]),)


def _number(question: Question, item: str, person: Person, random: Random) -> Value:
    low = question.limits.minimum if isinstance(question.limits.minimum, int | float) else 0
    high = question.limits.maximum if isinstance(question.limits.maximum, int | float) else 20
    spread = min(float(high) - float(low), 8.0)
    place = _UNIFORM.cdf(_position(item, person, random))
    return int(float(low) + round(spread * place))


def _date(question: Question, _item: str, _person: Person, random: Random) -> Value:
    whole = f"2026-{random.randint(1, 9):02d}-{random.randint(1, 28):02d}"
    return {"day": whole, "month": whole[:7], "year": whole[:4]}[question.precision]


def _place(_question: Question, _item: str, _person: Person, random: Random) -> Value:
    """Somewhere at sea, where nobody lives."""
    return f"{45 + random.random():.4f} {-4 - random.random():.4f}"


def _words(_question: Question, _item: str, _person: Person, random: Random) -> Value | None:
    return "Réponse synthétique." if random.random() < 0.4 else None


def _nothing(_question: Question, _item: str, _person: Person, _random: Random) -> Value | None:
    """Made-up people hand no files in."""
    return None


_VALUES = {
    Kind.CHOICE: _choice,
    Kind.RATING: _choice,
    Kind.BATTERY: _choice,
    Kind.CHOICES: _choices,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.TIME: lambda _question, _item, _person, random: f"{random.randint(8, 19):02d}:30",
    Kind.PLACE: _place,
    Kind.FILE: _nothing,
    Kind.LIST: lambda question, _item, _person, random: random.randint(1, min(3, question.most)),
    Kind.TEXT: _words,
    Kind.LONG_TEXT: _words,
}
