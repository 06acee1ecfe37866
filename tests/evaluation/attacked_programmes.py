"""Generated programmes: nine territories, two frameworks, three releases, groups that are small.

Between two releases people arrive and others withdraw. In every other programme elderly people are
broken down in one to three ways. What the product gives out each time is computed by the product;
everything is kept: what was told, and what everybody answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from samples import E, F, agree, answers, at_least, dimension, framework, indicator, place
from samples import respondents as people

from app.domain.breakdowns import Breakdown, BrokenDownBy, Group
from app.domain.frameworks import Framework, Gap, Relation, Share
from app.domain.territories import NATION
from app.domain.text import Text
from app.evaluation.assessment import Assessment, Settings, assess
from app.evaluation.breakdowns import all_group_definitions
from app.evaluation.columns import AnswerColumns, ByProxy
from app.evaluation.components import ComponentDefinition, components_of
from app.evaluation.crosswalk import Asked
from app.evaluation.ledger import GivenOut, Ledger
from app.evaluation.scoring import score_component
from app.evaluation.tables import What

PLACES = tuple("ABCDEFGHI")
ITEMS = ("E1", "E2", "E3", "E4")
THRESHOLD = 11
RELEASES = 3


@dataclass
class Told:
    """One release: its table as plain rows, who stood behind which component, how they scored."""

    rows: list[dict]
    members: dict[tuple[str, str], np.ndarray]
    withheld: dict[tuple[str, str], str]  # with the cause: for checking, never for attacking
    assessment: Assessment = field(repr=False)


@dataclass
class Programme:
    """``scores``: by component each person's score; ``population``: what is publicly known."""

    breakdowns: tuple[Breakdown, ...]
    population: dict[str, int]
    scores: dict[str, dict[int, float]]
    releases: list[Told]


def trees() -> tuple[Framework, Framework]:
    """A national framework with an indicator of two audiences and a gap, and one of A's own."""
    national = framework(
        "NAT",
        dimension("X", 60, (indicator("I1", agree("E1")), 50), (indicator("I2", agree("E2")), 50)),
        dimension("Y", 40, (indicator("I3", {E: agree("E3"), F: agree("E1")}), 100)),
        ledger=(indicator("G", Gap(agree("E1"), at_least("E4", 3))),),
    )
    own = framework(
        "A",
        dimension("X", 40, (indicator("I1", agree("E1")), 100)),
        dimension(
            "Y", 60,
            (indicator("I3_A", {E: Share(at_least("E3", 3)), F: agree("E1")}, origin="I3"), 1),
            (indicator("L1", agree("E2"), relation=Relation.ADDED), 1),
        ),
        territory="A",
    )  # fmt: skip
    return national, own


def breakdown(code: str, *groups: str, question: str | None = None) -> Breakdown:
    """Groups by the answers 1, 2, 3 to a question, or by who answered."""
    by = BrokenDownBy.WHO_ANSWERS if question is None else BrokenDownBy.QUESTION
    made = tuple(
        Group(name, Text.of(fr=name, en=name), (str(k),) if question else ())
        for k, name in enumerate(groups, 1)
    )
    return Breakdown(code, Text.of(fr=code, en=code), E, by, made, question)


BREAKDOWNS = (
    breakdown("SEX", "f", "m", question="S"),
    breakdown("AGE", "a", "b", "c", question="G"),
    breakdown("WHO", "self", "proxy"),
)


def broken_down(seed: int) -> tuple[Breakdown, ...]:
    """The breakdowns of the programme of a seed: one to three."""
    chance = np.random.default_rng([seed, 1])
    kept = np.sort(chance.permutation(3)[: chance.integers(1, 4)])
    return tuple(BREAKDOWNS[k] for k in kept)


def grouped(crowd: Crowd, seed: int) -> None:
    """Say of everybody which group they are in; a few say nothing."""
    chance = np.random.default_rng([seed, 2])
    n = len(crowd.territory)
    for item, sizes in (("S", (0.7, 0.3)), ("G", (0.5, 0.35, 0.15))):
        group = chance.choice(len(sizes), n, p=sizes) + 1
        crowd.items[item] = np.where(chance.random(n) < 0.03, 0, group)
    leaning = {code: chance.choice([0.0, 0.05, 0.2, 0.4]) for code in PLACES}
    crowd.proxy = chance.random(n) < np.array([leaning[code] for code in crowd.territory])


@dataclass
class Crowd:
    """One audience: everybody who ever answers, when they come and go."""

    territory: np.ndarray
    items: dict[str, np.ndarray]  # 0: no answer
    comes: np.ndarray
    goes: np.ndarray
    first: int
    proxy: np.ndarray | None = None

    def there(self, release: int) -> np.ndarray:
        """Places of those who are in a cut."""
        return np.flatnonzero((self.comes <= release) & (self.goes > release))

    def columns(self, here: np.ndarray) -> AnswerColumns:
        """What these people answered."""
        said = {k: [int(v) or None for v in values[here]] for k, values in self.items.items()}
        proxy = None if self.proxy is None else ByProxy(self.proxy[here])
        return replace(answers(**said), by_proxy=proxy)


def crowd(rng: np.random.Generator, first: int, *, small: bool) -> Crowd:
    """Territories with 3 to 60 people, some arrivals and withdrawals in each."""
    sizes = rng.choice([3, 7, 9, 12, 18, 30, 60] if small else [9, 12, 20, 40, 60], len(PLACES))
    late = rng.choice([0, 0, 1, 2, 5, 11, 14, 30], (RELEASES - 1, len(PLACES)))
    territory, comes = [], []
    for t, code in enumerate(PLACES):
        for release, n in enumerate((sizes[t], *late[:, t])):
            territory += [code] * int(n)
            comes += [release] * int(n)
    n = len(territory)
    leaning = {code: rng.uniform(0.1, 0.9) for code in PLACES}
    p = np.array([leaning[code] for code in territory])
    items = {}
    for item in ITEMS:
        high = rng.random(n) < p
        value = np.where(high, rng.integers(4, 6, n), rng.integers(1, 4, n))
        items[item] = np.where(rng.random(n) < 0.04, 0, value)
    goes = np.full(n, RELEASES)
    leaving = rng.random(n) < rng.choice([0.0, 0.01, 0.05])
    goes[leaving] = rng.integers(1, RELEASES, leaving.sum())
    return Crowd(np.array(territory), items, np.array(comes), goes, first)


def waits(crowd: Crowd, before: np.ndarray, here: np.ndarray) -> np.ndarray:
    """Who is let into a cut: fewer than the threshold of newcomers of a place wait."""
    new = ~np.isin(here, before)
    kept = np.ones(len(here), dtype=bool)
    for code in PLACES:
        mine = crowd.territory[here] == code
        if 0 < (new & mine).sum() < THRESHOLD:
            kept &= ~(new & mine)
    return here[kept]


def programme(seed: int, breakdowns: tuple[Breakdown, ...]) -> Programme:
    """The whole programme of a seed, with everything that was given out of it."""
    rng = np.random.default_rng(seed)
    national, own = trees()
    national = replace(national, breakdowns=breakdowns)
    crowds = {E: crowd(rng, 0, small=True), F: crowd(rng, 100_000, small=False)}
    grouped(crowds[E], seed)
    population = {code: int(rng.integers(200, 9000)) for code in PLACES if rng.random() < 0.9}
    items = frozenset((*ITEMS, "S", "G"))
    asked = Asked({code: {E: items, F: frozenset({"E1"})} for code in PLACES})
    definitions = components_of((national, own))
    definitions |= all_group_definitions(national.breakdowns, definitions)
    batches = rng.random() < 0.7  # otherwise newcomers come in as they are
    found = Programme(breakdowns, population, {name: {} for name in definitions}, [])
    past: list[GivenOut] = []
    before = dict.fromkeys(crowds, np.zeros(0, dtype=np.int64))
    for release in range(RELEASES):
        data, members = {}, {}
        for audience, each in crowds.items():
            here = each.there(release)
            if release and batches:
                here = waits(each, before[audience], here)
            before[audience] = here
            columns = each.columns(here)
            data[audience] = (columns, people([str(code) for code in each.territory[here]]))
            for name, definition in definitions.items():
                if definition.audience is audience:
                    scored = score_component(definition, columns)
                    for code in PLACES:
                        inside = scored.d & (each.territory[here] == code)
                        if inside.any():
                            members[code, name] = here[inside] + each.first
                    found.scores[name] |= dict(
                        zip((here + each.first).tolist(), scored.x.tolist(), strict=True)
                    )
        statistics = {k: (d.audience, repr(d.measure)) for k, d in definitions.items()}
        made = assess(
            data, national, {"A": own}, asked,
            [place(code, population.get(code)) for code in PLACES],
            Settings(THRESHOLD), ledger=Ledger(members, statistics, tuple(past)),
        )  # fmt: skip
        table = made.protected
        shown = {
            (code, name): seen.value
            for code, name in members
            for seen in [table.one(code, None, *told_as(definitions[name]))]
            if seen is not None and seen.shown
        }
        past.append(GivenOut(members, shown, made.record.given))
        causes = {(each.territory, each.component): each.cause for each in made.record.cells}
        found.releases.append(Told(table.to_dict()["observations"], members, causes, made))
    return found


def told_as(definition: ComponentDefinition) -> tuple[str | None, ...]:
    """Kind, code, audience and group of the figure that tells a component."""
    side = definition.id.removeprefix(f"{definition.indicator}.{definition.audience}")
    if definition.within is not None:
        return What.GROUP, definition.indicator, definition.audience, side.removeprefix("@")
    return What.COMPONENT, definition.indicator + side, definition.audience, None


def national(rows: list[dict], what: str) -> Iterator[dict]:
    """The rows of the nation of one kind that carry a figure."""
    for row in rows:
        if row["territory"] == NATION and row["what"] == what and "value" in row:
            yield row
