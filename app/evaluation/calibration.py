"""Calibration: weights that meet known totals, with the residuals that its variance needs.

Post-stratification scales within cells; raking scales margin by margin in turn (Deming & Stephan
1940), keeps odds ratios and equals exponential calibration (``generalised_calibration`` has that
and others for any variables). A calibrated figure varies only by what the auxiliary variables do
not explain: ``residual`` takes that out of influence values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, isnan
from typing import Literal

import numpy as np

from app.evaluation.columns import Floats
from app.evaluation.feasibility import check_feasible, joint_cells, something
from app.evaluation.margins import Margin, check, small_categories
from app.evaluation.residuals import in_cells, of_regression, over_margins
from app.evaluation.sampling import Residual
from app.evaluation.weighting import (
    USUAL_FACTORS,
    CategoryFactor,
    Gap,
    WeightingReport,
    outside_usual,
    spread,
)

TOLERANCE = 1e-8  # relative, on every margin: what counts as met
STOP = 1e-11  # where raking ends, so that figures made with the weights agree to 1e-8
ROUNDS = 1000
PROOF = 50  # rounds after which a linear program is asked whether there is any solution
Again = Callable[[Floats], Floats]


@dataclass(frozen=True, eq=False)
class Calibrated:
    """``weight`` float64[n]; ``residual``: see ``sampling.Design``; ``again``: the same calibration
    from other start weights (those of a replicate), NaN throughout where it cannot be done."""

    weight: Floats
    residual: Residual
    again: Again
    report: WeightingReport


def post_stratify(start: Floats, cells: Margin) -> Calibrated:
    """Scale the weights within each cell to its total. Raises ``BadInput``."""
    check(start, [cells])

    def again(weights: Floats) -> Floats:
        totals = cells.totals(weights)
        if not (totals > 0).all():
            return np.full(len(weights), np.nan)
        return np.asarray(weights * (cells.targets / totals)[cells.category])

    weight = again(start)
    residual = in_cells(cells.category, start, weight)
    return Calibrated(
        weight, residual, again, report("post-stratification", start, weight, [cells])
    )


def rake(
    start: Floats,
    margins: Sequence[Margin],
    *,
    rounds: int = ROUNDS,
    variance: Literal["r", "converged"] = "r",
) -> Calibrated:
    """Scale the weights to each margin in turn until all are within 1e-11 of their totals.

    Not reaching 1e-8 within ``rounds`` is no refusal: the report says so and names the worst
    category. ``variance``: residuals as R ``survey`` takes them (ten cycles of plain means over
    the margins), or the converged ones (regression on all margins, start weights). Raises
    ``BadInput`` where no weights can meet the margins.
    """
    check(start, margins)
    index, cells = joint_cells(margins)
    by_cell = [
        Margin(one.name, one.categories, one.targets, cells[:, place])
        for place, one in enumerate(margins)
    ]

    def factors(weights: Floats, most: int) -> tuple[Floats, Floats, int]:
        mass = np.asarray(np.bincount(index, weights, minlength=len(cells)), dtype=np.float64)
        raked, used = fitted(mass, by_cell, most)
        factor = np.divide(raked, mass, out=np.zeros_like(mass), where=mass > 0)
        return factor, raked, used

    def again(weights: Floats) -> Floats:
        return np.asarray(weights * factors(weights, rounds)[0][index])

    factor, raked, used = factors(start, min(rounds, PROOF))
    # Weights that meet the margins with something in every cell prove that there are such weights.
    if furthest(raked, by_cell) > STOP or not (raked >= something(margins, cells)).all():
        check_feasible(margins, cells)
        factor, _, used = factors(start, rounds)
    weight = np.asarray(start * factor[index])
    if variance == "r":
        residual = over_margins([one.category for one in margins], weight)
    else:
        residual = of_regression(indicators(margins), start, factor[index])
    said = report("raking", start, weight, margins, rounds=used)
    return Calibrated(weight, residual, again, said)


def fitted(mass: Floats, margins: Sequence[Margin], rounds: int) -> tuple[Floats, int]:
    """Iterative proportional fitting of cell masses: (fitted masses, rounds used).

    NaN throughout where a category has no mass.
    """
    found = mass.copy()
    for used in range(1, rounds + 1):
        for one in margins:
            totals = one.totals(found)
            if not (totals[one.targets > 0] > 0).all():
                return np.full(len(mass), np.nan), used
            found = found * (one.targets / np.where(totals > 0, totals, 1.0))[one.category]
        if furthest(found, margins) <= STOP:
            return found, used
    return found, rounds


def _gaps(weights: Floats, one: Margin) -> Floats:
    """How far each category is from its target, relative to it."""
    gaps = np.abs(one.totals(weights) - one.targets) / np.where(one.targets, one.targets, 1.0)
    return np.asarray(gaps)


def furthest(weights: Floats, margins: Sequence[Margin]) -> float:
    """The largest relative distance of a category from its target; infinite where it is unknown."""
    found = max(float(_gaps(weights, one).max()) for one in margins)
    return inf if isnan(found) else found


def worst_gap(weights: Floats, margins: Sequence[Margin]) -> Gap:
    """The category that is furthest from its target."""
    gaps = [
        Gap(one.name, category, float(gap))
        for one in margins
        for category, gap in zip(
            one.categories,
            _gaps(weights, one),
            strict=True,
        )
    ]
    return max(gaps, key=lambda gap: gap.relative)


def indicators(margins: Sequence[Margin]) -> Floats:
    """One 0/1 column for each category of each margin, float64[n, categories]."""
    return np.column_stack(
        [
            np.equal(one.category[:, None], np.arange(len(one.categories))).astype(np.float64)
            for one in margins
        ]
    )


def report(
    method: str,
    start: Floats,
    final: Floats,
    margins: Sequence[Margin],
    *,
    rounds: int = 1,
    trimmed: int = 0,
) -> WeightingReport:
    """What is said of a weighting."""
    factors = final / start * (start.sum() / final.sum())
    worst = worst_gap(final, margins) if margins else None
    return WeightingReport(
        method=method,
        rounds=rounds,
        converged=worst is None or worst.relative <= TOLERANCE,
        worst=worst,
        start=spread(start),
        final=spread(final),
        categories=tuple(_unusual(start, margins)),
        respondents_outside=outside_usual(factors),
        collapsed=tuple((one.name, *pair) for one in margins for pair in one.collapsed),
        small=small_categories(margins),
        trimmed=trimmed,
    )


def _unusual(start: Floats, margins: Sequence[Margin]) -> list[CategoryFactor]:
    found = []
    low, high = USUAL_FACTORS
    for one in margins:
        wanted = one.targets / one.targets.sum()
        factors = wanted / (one.totals(start) / start.sum())
        for category, factor in zip(one.categories, factors.tolist(), strict=True):
            if not low <= factor <= high:
                found.append(CategoryFactor(one.name, category, factor))
    return found
