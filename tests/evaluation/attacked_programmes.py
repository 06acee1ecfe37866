"""Generated programmes: nine territories, two frameworks, three releases, groups that are small.

Between two releases people arrive and others withdraw. What the product gives out each time is
computed by the product; everything is kept: what was told, and what everybody answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from samples import E, F, agree, answers, at_least, dimension, framework, indicator, place
from samples import respondents as people

from app.domain.frameworks import Framework, Gap, Relation, Share
from app.domain.territories import NATION
from app.evaluation.assessment import Assessment, Settings, assess
from app.evaluation.components import components_of
from app.evaluation.crosswalk import Asked
from app.evaluation.ledger import GivenOut, Ledger
from app.evaluation.scoring import score_component
from app.evaluation.tables import What

PLACES = tuple("ABCDEFGHI")
ITEMS = ("E1", "E2", "E3", "E4")
THRESHOLD = 11
FRAGILE = 30  # people who all answered alike are fewer than that: not shown
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


@dataclass
class Crowd:
    """One audience: everybody who ever answers, when they come and go."""

    territory: np.ndarray
    items: dict[str, np.ndarray]  # 0: no answer
    comes: np.ndarray
    goes: np.ndarray
    first: int

    def there(self, release: int) -> np.ndarray:
        """Places of those who are in a cut."""
        return np.flatnonzero((self.comes <= release) & (self.goes > release))


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


def programme(seed: int) -> Programme:
    """The whole programme of a seed, with everything that was given out of it."""
    rng = np.random.default_rng(seed)
    national, own = trees()
    crowds = {E: crowd(rng, 0, small=True), F: crowd(rng, 100_000, small=False)}
    population = {code: int(rng.integers(200, 9000)) for code in PLACES if rng.random() < 0.9}
    asked = Asked({code: {E: frozenset(ITEMS), F: frozenset({"E1"})} for code in PLACES})
    definitions = components_of((national, own))
    batches = rng.random() < 0.7  # otherwise newcomers come in as they are
    found = Programme(population, {name: {} for name in definitions}, [])
    past: list[GivenOut] = []
    before = dict.fromkeys(crowds, np.zeros(0, dtype=np.int64))
    for release in range(RELEASES):
        data, members = {}, {}
        for audience, each in crowds.items():
            here = each.there(release)
            if release and batches:
                here = waits(each, before[audience], here)
            before[audience] = here
            columns = answers(
                **{k: [int(v) or None for v in values[here]] for k, values in each.items.items()}
            )
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
            for d in [definitions[name]]
            for side in [name.removeprefix(f"{d.indicator}.{d.audience}")]
            for seen in [table.one(code, None, What.COMPONENT, d.indicator + side, d.audience)]
            if seen is not None and seen.shown
        }
        past.append(GivenOut(members, shown, made.record.given))
        causes = {(each.territory, each.component): each.cause for each in made.record.cells}
        found.releases.append(Told(table.to_dict()["observations"], members, causes, made))
    return found


def national(rows: list[dict], what: str) -> Iterator[dict]:
    """The rows of the nation of one kind that carry a figure."""
    for row in rows:
        if row["territory"] == NATION and row["what"] == what and "value" in row:
            yield row
