"""How the people of one audience in one territory are weighted: frame counts, margins, bounds.

The design weight is the one imported with the sample or, where the finite population of each
stratum is known, N_h / n_h; where cells against non-response were accepted, times the factor of the
person's cell. Known totals then bring the weights to the population: one margin is
post-stratification, several are raking. The factor is the same for everybody in a joint cell of
the margins, bounds included (a cell's mean weight is bounded, not a person's), so that new answers
change no more than sums by cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod

import numpy as np

from app.domain.errors import BadInput, Fault
from app.evaluation.calibration import Calibrated, post_stratify, rake, report
from app.evaluation.columns import Floats, Integers
from app.evaluation.feasibility import joint_cells
from app.evaluation.margins import Coded, Margin, check, margin
from app.evaluation.refusing import fault
from app.evaluation.response_cells import ResponseCell, factors, under_frame
from app.evaluation.trimming import rake_within
from app.evaluation.weighting import WeightingReport

CELL_VARIABLES = ("stratum", "sub_area")
MISSING = "missing"  # the category of people without one
JOIN = "|"
Said = Mapping[str, Coded]  # by variable, each person's category


@dataclass(frozen=True)
class KnownTotals:
    """A margin: its variables crossed, and the population of each category (joined with ``|``).

    A target of None keeps the share that the category has among the answers: what is done with
    people whose category is missing. ``into``: categories counted under another one.
    """

    variables: tuple[str, ...]
    targets: Mapping[str, float | None]
    into: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As it stands in files and reports."""
        return JOIN.join(self.variables)


@dataclass(frozen=True)
class WeightPlan:
    """``frame``: people of the frame by stratum; ``sampled``: how many of them were drawn;
    ``cells``: against non-response, whose categories are of ``CELL_VARIABLES``;
    ``bounds``: of a cell's mean weight, as multiples of the mean of all weights;
    ``collapse_below``: categories with fewer respondents join a neighbour."""

    margins: tuple[KnownTotals, ...] = ()
    frame: Mapping[str, float] = field(default_factory=dict)
    sampled: Mapping[str, int] = field(default_factory=dict)
    cells: tuple[ResponseCell, ...] = ()
    bounds: tuple[float, float] | None = None
    collapse_below: int = 0


@dataclass(frozen=True, eq=False)
class PlaceWeights:
    """``design`` float64[n]; ``cell`` int64[n]: each person's joint cell, 0 without margins;
    ``cells``: the cells that occur, in order, and ``place`` int64[n]: each person's place among
    them; per cell its ``factor`` and ``columns``, the 0/1 columns of all categories; ``size``: how
    many cells the margins have."""

    design: Floats
    cell: Integers
    cells: Integers
    place: Integers
    factor: Floats
    columns: Floats
    size: int
    report: WeightingReport

    @property
    def final(self) -> Floats:
        """The weights that come of it, float64[n]."""
        return np.asarray(self.design * self.factor[self.place])


def weigh(plan: WeightPlan, imported: Floats, stratum: Coded | None, said: Said) -> PlaceWeights:
    """Weigh the n people of a place. Raises ``BadInput`` with everything that keeps it from that.

    ``imported`` float64[n]: the weights of the sample; ``stratum``: each person's, where the frame
    is known.
    """
    design = imported
    if plan.frame and stratum is not None:
        design = _from_frame(plan, imported, stratum)
    if plan.cells:
        design = design * _response_factor(plan, said)
    if not plan.margins:
        none = np.zeros(len(design), dtype=np.int64)
        kind = "design weights from the frame" if plan.frame else "design weights as imported"
        said_of = report(kind, design, design, [])
        return PlaceWeights(design, none, none[:1], none, np.ones(1), np.zeros((1, 0)), 1, said_of)
    margins = [_margin(known, plan, design, said) for known in plan.margins]
    check(design, margins)
    place, there = joint_cells(margins)
    factor, calibrated = _calibrated(plan, design, margins, place, there)
    sizes = [len(one.categories) for one in margins]
    cells = np.ravel_multi_index(tuple(there.T), sizes)
    columns = np.hstack([np.eye(n)[kind] for n, kind in zip(sizes, there.T, strict=True)])
    final = design * factor[place]
    told = calibrated.report
    told = report(told.method, design, final, margins, rounds=told.rounds, trimmed=told.trimmed)
    return PlaceWeights(design, cells[place], cells, place, factor, columns, prod(sizes), told)


def _calibrated(
    plan: WeightPlan, design: Floats, margins: Sequence[Margin], place: Integers, there: Integers
) -> tuple[Floats, Calibrated]:
    """The factor of each cell. Without bounds from the sums of the cells, not from people; with
    bounds every person of a cell has its mean weight."""
    sums = np.asarray(np.bincount(place, design), dtype=np.float64)
    if plan.bounds is None:
        by_cell = [replace(m, category=kind) for m, kind in zip(margins, there.T, strict=True)]
        one = len(by_cell) == 1
        calibrated = post_stratify(sums, by_cell[0]) if one else rake(sums, by_cell)
        return calibrated.weight / sums, calibrated
    start = np.asarray((sums / np.bincount(place))[place], dtype=np.float64)
    mean = float(margins[0].targets.sum()) / len(design)
    lower, upper = plan.bounds
    calibrated = rake_within(start, margins, lower * mean, upper * mean)
    factor = np.zeros(len(sums))
    factor[place] = calibrated.weight / start
    return factor, calibrated


def _margin(known: KnownTotals, plan: WeightPlan, design: Floats, said: Said) -> Margin:
    """The margin with each person's category; those that keep their share get it here."""
    cells = _categories(known, said)
    counted = {name: target for name, target in known.targets.items() if target is not None}
    kept = [name for name, target in known.targets.items() if target is None]
    population, people = sum(counted.values()), float(design.sum())
    weights = dict(zip(cells.names, cells.totals(design).tolist(), strict=True))
    shares = {name: weights[name] / people for name in kept if weights.get(name, 0.0) > 0}
    rest = 1.0 - sum(shares.values())
    targets = {name: target * rest for name, target in counted.items()}
    targets |= {name: population * share for name, share in shares.items()}
    return margin(known.name, cells, targets, into=known.into, collapse_below=plan.collapse_below)


def _categories(known: KnownTotals, said: Said) -> Coded:
    """The variables crossed; who lacks one of them is ``missing``."""
    first, *others = (said[variable] for variable in known.variables)
    index, names = first.index, first.names
    for each in others:
        known_both = (index >= 0) & (each.index >= 0)
        index = np.where(known_both, index * len(each.names) + each.index, -1)
        names = tuple(JOIN.join(pair) for pair in product(names, each.names))
    return Coded(np.where(index < 0, len(names), index), (*names, MISSING))


def _from_frame(plan: WeightPlan, imported: Floats, stratum: Coded) -> Floats:
    """N_h / n_h of each person's stratum."""
    counts = zip(stratum.names, stratum.totals().astype(int).tolist(), strict=True)
    people = {name: n for name, n in counts if n}
    faults = list(_frame_faults(plan, imported, people))
    if faults:
        raise BadInput(faults)
    weight = {name: plan.frame[name] / plan.sampled[name] for name in people}
    return np.array([weight.get(name, np.nan) for name in stratum.names])[stratum.index]


def cells_now(plan: WeightPlan) -> tuple[ResponseCell, ...]:
    """The cells with the design weights that count now: those of the frame where it is known."""
    weight = {n: plan.frame[n] / plan.sampled[n] for n in plan.frame if plan.sampled.get(n)}
    return tuple(under_frame(plan.cells, weight, CELL_VARIABLES.index("stratum")))


def _response_factor(plan: WeightPlan, said: Said) -> Floats:
    """The factor of each person's cell."""
    factor = factors(cells_now(plan))
    people = [
        [(*each.names, "")[place] for place in each.index.tolist()]
        for each in map(said.__getitem__, CELL_VARIABLES)
    ]
    keys = list(zip(*people, strict=True))
    if unknown := sorted(set(keys) - factor.keys()):
        raise BadInput(
            [
                fault(
                    f"cells: {JOIN.join(key)}",
                    (
                        "Ce groupe a des réponses et n’est dans aucune cellule acceptée.",
                        "This group has answers and is in none of the accepted cells.",
                    ),
                    (
                        "Décidez à nouveau des cellules de non-réponse de cette vague.",
                        "Decide again on the wave’s non-response cells.",
                    ),
                )
                for key in unknown
            ]
        )
    return np.array([factor[key] for key in keys], dtype=np.float64)


def _frame_faults(plan: WeightPlan, imported: Floats, people: Mapping[str, int]) -> Sequence[Fault]:
    found = []
    if len(imported) and not (imported == 1.0).all():
        found.append(
            fault(
                "frame",
                (
                    "L’échantillon a déjà des poids, et des effectifs de la base sont donnés.",
                    "The sample has weights already, and counts of the frame are given too.",
                ),
                (
                    "Gardez l’un des deux : retirez les effectifs, ou importez l’échantillon sans "
                    "poids.",
                    "Keep one of the two: take the counts back, or import the sample without "
                    "weights.",
                ),
            )
        )
    for name in sorted(people):
        drawn = plan.sampled.get(name, 0)
        if name not in plan.frame:
            found.append(
                fault(
                    f"frame: {name or '–'}",
                    (
                        "Cette strate a des réponses mais pas d’effectif de la base.",
                        "This stratum has answers but no count of the frame.",
                    ),
                    (
                        "Donnez le nombre de personnes de la strate.",
                        "Give the number of people of the stratum.",
                    ),
                )
            )
        elif not people[name] <= drawn <= plan.frame[name]:
            found.append(
                fault(
                    f"frame: {name or '–'}",
                    (
                        f"{plan.frame[name]:.15g} personnes dans la base, {drawn} tirées, "
                        f"{people[name]} réponses : ces nombres ne s’accordent pas.",
                        f"{plan.frame[name]:.15g} people in the frame, {drawn} drawn, "
                        f"{people[name]} answers: these numbers do not agree.",
                    ),
                    (
                        "Vérifiez l’effectif de la strate et l’échantillon importé.",
                        "Check the stratum’s count and the sample that was imported.",
                    ),
                )
            )
    return found
