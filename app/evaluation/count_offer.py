"""Which questions anybody may ask counts of, in which territories, and which two of them together.

What the release withholds is not asked for: no count tells what people of a territory answered to
a question that a withheld cell of theirs reads, nor how many of them were asked it. And where the
release gives an exact figure of two questions together, noisy counts beside it would tell more than
either: such two are not crossed. So it is with a breakdown: what its groups answered is told, or
withheld, by the release alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from app.domain.conditions import items_of
from app.domain.questionnaire import Audience, Kind, Question
from app.evaluation.components import ComponentDefinition
from app.evaluation.crosswalk import Asked
from app.evaluation.quantities import Cell

WHO = "who-answered"  # beside the items: the person, or somebody in their place
ONE_CHOICE = (Kind.CHOICE, Kind.RATING, Kind.BATTERY)
MOST_OPTIONS = 12  # of a question that is counted: longer lists name places


@dataclass(frozen=True)
class Offer:
    """``places``: for each question the territories where it may be counted, in order;
    ``apart``: pairs of questions that are never crossed."""

    places: Mapping[str, tuple[str, ...]]
    apart: frozenset[frozenset[str]]

    def together(self, rows: str, columns: str) -> tuple[str, ...]:
        """Where two questions may be counted together."""
        if frozenset((rows, columns)) in self.apart:
            return ()
        return tuple(place for place in self.places[rows] if place in self.places[columns])


def offer(
    audience: Audience,
    questions: Mapping[str, Question],
    definitions: Mapping[str, ComponentDefinition],
    withheld: Iterable[Cell],
    asked: Asked,
) -> Offer:
    """What may be counted of an audience. ``questions``: by item, in order; ``definitions``: of
    every component of the release, by id; ``withheld``: its withheld cells (territory, id)."""
    mine = {name: each for name, each in definitions.items() if each.audience == audience}
    hidden: dict[str, set[str]] = {}
    for territory, component in withheld:
        if component in mine and mine[component].within is None:
            hidden.setdefault(territory, set()).update(mine[component].items)
    barred = {place: _beside(items, questions) for place, items in hidden.items()}
    every = sorted(asked.by_territory)
    places: dict[str, tuple[str, ...]] = {WHO: tuple(every)}
    for item, question in questions.items():
        if countable(question):
            places[item] = tuple(
                place
                for place in every
                if item in asked.by_territory[place].get(audience, frozenset())
                and item not in barred.get(place, ())
            )
    apart = frozenset[frozenset[str]]().union(*(_apart(each, questions) for each in mine.values()))
    return Offer(places, apart)


def _apart(
    component: ComponentDefinition, questions: Mapping[str, Question]
) -> set[frozenset[str]]:
    """The pairs of questions of which a component tells something exact. Of a group of a breakdown:
    by what it is broken down, with everything that tells of the answers in it."""
    found = {frozenset(pair) for pair in combinations(sorted(component.items), 2)}
    if component.within is not None:
        who = component.within.who
        by = frozenset([WHO]) if who is None else items_of(who)
        near = _beside(set(component.items - by), questions)
        found |= {frozenset(pair) for pair in product(by, near - by)}
    return found


def countable(question: Question) -> bool:
    """Whether it asks for one of a few options, and its answers are not sensitive."""
    return (
        question.kind in ONE_CHOICE
        and not question.sensitive
        and not question.narrowed
        and not question.of_list
        and len(question.options) <= MOST_OPTIONS
    )


def _beside(items: set[str], questions: Mapping[str, Question]) -> set[str]:
    """These items, those asked only after some answer to them, and those that decide whether they
    are asked: the number of answers to one tells of the other."""
    reads = {item: _conditions(item, question) for item, question in questions.items()}
    asked_after, deciding = set(items), set(items)
    while more := {item for item, read in reads.items() if read & asked_after} - asked_after:
        asked_after |= more
    while more := {read for item in deciding for read in reads.get(item, ())} - deciding:
        deciding |= more
    return asked_after | deciding


def _conditions(item: str, question: Question) -> frozenset[str]:
    conditions = [question.shown_when, *(r.shown_when for r in question.rows if r.code == item)]
    return frozenset[str]().union(*(items_of(each) for each in conditions if each is not None))
