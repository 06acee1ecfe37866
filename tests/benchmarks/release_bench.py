"""A release of nine territories x three audiences x sixty indicators under ten frameworks.

    python tests/benchmarks/release_bench.py [people of an audience in a territory] [releases]

Older people are broken down into two groups, the second of three in ten, as a declared breakdown of
the national framework has it. Generated answers, measured before; timed is what a release adds:
estimates, composites, verdicts and cross tables of all frameworks, groups, protection and audit,
for a first release and for those after it with arrivals (each against the ledger of all before).
Small groups are among the audiences.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/evaluation")]

from attacked_programmes import breakdown
from samples import E, F, P, agree, dimension, framework, indicator, place
from samples import respondents as people

from app.domain.frameworks import Framework
from app.domain.questionnaire import Audience
from app.evaluation.assessment import Assessment, assess
from app.evaluation.breakdowns import all_group_definitions, group_definitions
from app.evaluation.columns import AnswerColumns, ItemColumn, Status
from app.evaluation.components import components_of
from app.evaluation.crosswalk import Asked
from app.evaluation.ledger import GivenOut, Ledger
from app.evaluation.measurement import Data, measure
from app.evaluation.scoring import score_component
from app.evaluation.tables import What

PLACES = tuple("ABCDEFGHI")
INDICATORS, DIMENSIONS = 60, 6
ITEMS = tuple(f"Q{n:02d}" for n in range(INDICATORS))
AUDIENCES = (E, F, P)
SEX = breakdown("SEX", "f", "m", question="S")  # of older people
LIMIT = 60.0


def tree(code: str, seed: int, territory: str | None) -> Framework:
    """Six dimensions of ten indicators, each of three audiences; own trees leave some out."""
    chance = np.random.default_rng(seed)
    found = []
    for number in range(DIMENSIONS):
        leaves = [
            (indicator(f"I{n:02d}", {each: agree(ITEMS[n]) for each in AUDIENCES}), weight)
            for n in range(number, INDICATORS, DIMENSIONS)
            for weight in [int(chance.integers(1, 9))]
            if territory is None or chance.random() < 0.8
        ]
        found.append(dimension(f"D{number}", int(chance.integers(5, 30)), *leaves))
    return framework(code, *found, territory=territory, availability=Fraction(3, 5))


def answered(chance: np.random.Generator, where: np.ndarray) -> AnswerColumns:
    """Sixty rated items; the places lean differently; one answer in twenty is missing."""
    leaning = {code: chance.uniform(0.3, 0.7) for code in PLACES}
    high = np.array([leaning[code] for code in where])
    items = {}
    for code in ITEMS:
        value = np.where(chance.random(len(where)) < high, 4, 2) + chance.integers(0, 2, len(where))
        there = chance.random(len(where)) > 0.05
        items[code] = ItemColumn(
            status=np.where(there, Status.VALUE, Status.SKIPPED).astype(np.int8),
            given=np.where(there, value, np.nan).astype(float),
            code=np.where(there, value - 1, -1).astype(np.int16),
            codes=("1", "2", "3", "4", "5"),
            lowest=1.0,
            highest=5.0,
        )
    items["S"] = groups(chance, len(where))
    return AnswerColumns(len(where), items)


def groups(chance: np.random.Generator, people: int) -> ItemColumn:
    """The question that tells two groups apart; three in a hundred do not say."""
    group = np.where(chance.random(people) < 0.3, 2, 1)
    there = chance.random(people) > 0.03
    return ItemColumn(
        status=np.where(there, Status.VALUE, Status.SKIPPED).astype(np.int8),
        given=np.where(there, group, np.nan).astype(float),
        code=np.where(there, group - 1, -1).astype(np.int16),
        codes=("1", "2"),
    )


def part(columns: AnswerColumns, here: np.ndarray) -> AnswerColumns:
    """Some of the people."""
    items = {
        code: ItemColumn(
            status=each.status[here],
            given=each.number[here],
            code=each.code[here],
            codes=each.codes,
            lowest=each.lowest,
            highest=each.highest,
        )
        for code, each in columns.items.items()
    }
    return AnswerColumns(len(here), items)


def told(made: Assessment, definitions: dict, members: dict) -> dict[tuple[str, str], float]:
    """The cells of which a figure was given out, of everybody and of groups."""
    found = {}
    for code, name in members:
        definition = definitions[name]
        plain, _at, group = name.partition("@")
        side = plain.removeprefix(f"{definition.indicator}.{definition.audience}")
        what = What.GROUP if group else What.COMPONENT
        seen = made.protected.one(
            code, None, what, definition.indicator + side, definition.audience, group or None
        )
        if seen is not None and seen.value is not None:
            found[code, name] = seen.value
    return found


def main(most: int, releases: int) -> None:
    """Make releases one after another and print what each took."""
    chance = np.random.default_rng(1)
    national = replace(tree("NAT", 1, None), breakdowns=(SEX,))
    own = {code: tree(code, 2 + n, code) for n, code in enumerate(PLACES)}
    asked = Asked({code: dict.fromkeys(AUDIENCES, frozenset({*ITEMS, "S"})) for code in PLACES})
    territories = [place(code, int(chance.integers(2000, 90000))) for code in PLACES]
    components = components_of((national, *own.values()))
    definitions = components | all_group_definitions(national.breakdowns, components)
    statistics = {name: (each.audience, repr(each.measure)) for name, each in definitions.items()}
    crowds: dict[Audience, tuple[np.ndarray, AnswerColumns, np.ndarray]] = {}
    for audience in AUDIENCES:
        least = min(40, most)
        sizes = [
            9 if chance.random() < 0.15 else int(chance.integers(least, most + 1)) for _ in PLACES
        ]
        where = np.repeat(PLACES, [size + 15 * (releases - 1) for size in sizes])
        comes = np.concatenate(
            [np.concatenate([np.zeros(s), np.repeat(range(1, releases), 15)]) for s in sizes]
        )
        crowds[audience] = (where, answered(chance, where), comes)
    past: list[GivenOut] = []
    for release in range(releases):
        data: Data = {}
        members: dict[tuple[str, str], np.ndarray] = {}
        for number, (audience, (where, columns, comes)) in enumerate(crowds.items()):
            here = np.flatnonzero(comes <= release)
            data[audience] = (part(columns, here), people([str(each) for each in where[here]]))
            for name, definition in definitions.items():
                if definition.audience is audience:
                    inside = score_component(definition, data[audience][0]).d
                    for code in PLACES:
                        mine = here[inside & (where[here] == code)]
                        if len(mine):
                            members[code, name] = mine + 1_000_000 * number
        measured = measure(data, components, asked)
        of_groups = {SEX.code: measure(data, group_definitions(SEX, components), asked)}
        ledger = Ledger(members, statistics, tuple(past))
        began = time.process_time()
        made = assess(
            data, national, own, asked, territories, measured=measured, ledger=ledger,
            groups=of_groups,
        )  # fmt: skip
        seconds = time.process_time() - began
        shown = told(made, definitions, members)
        past.append(GivenOut(members, shown, made.record.given))
        sys.stdout.write(
            f"release {release + 1}: {len(components)} components, {len(definitions)} with groups, "
            f"{1 + len(own)} frameworks, "
            f"{len(made.protected)} figures, {len(made.record.cells)} cells withheld: "
            f"{seconds:.1f} s of CPU (limit {LIMIT:.0f})\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    sizes = [int(each) for each in sys.argv[1:3]]
    main(*(sizes + [400, 2][len(sizes) :]))
