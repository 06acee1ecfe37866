"""From rectangular data and a plan to a survey: design, calibration, replicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.evaluation.calibration import (
    Calibrated,
    indicators,
    post_stratify,
    rake,
)
from app.evaluation.columns import Floats
from app.evaluation.generalised_calibration import Factor, calibrate
from app.evaluation.inference import Survey
from app.evaluation.margins import Margin, check, margin
from app.evaluation.pair_probabilities import check_units, joint, overton, poisson
from app.evaluation.plan import CalibrationPlan, MarginPlan, Plan, ReplicatePlan, UnequalPlan
from app.evaluation.ready_tables import named_once, weights_of
from app.evaluation.rectangle import Rectangle
from app.evaluation.refusing import unsettled
from app.evaluation.replicate_weights import (
    bootstrap,
    half_samples,
    jackknife_1,
    jackknife_n,
    supplied,
)
from app.evaluation.replicates import Replicates
from app.evaluation.sampling import Design, Labels, sampling_design
from app.evaluation.trimming import rake_within
from app.evaluation.weighting import WeightingReport

ENDLESS = ("inf", "Inf")  # of a population: drawn with replacement


def build(data: Rectangle, plan: Plan) -> tuple[Survey, WeightingReport | None]:
    """The survey that the plan describes, and what is said of its weights where it is calibrated.

    Raises ``BadInput`` with the column, line, margin or stratum.
    """
    if plan.person is not None:
        named_once(data, plan.person)
    design = design_of(data, plan)
    replicates = None if plan.replicates is None else _replicates(data, design, plan.replicates)
    if plan.calibration is None:
        return Survey(design, replicates, plan.level), None
    done = calibrated(data, design.weight, plan.calibration)
    if replicates is not None:
        replicates = replicates.recalibrated(done.again)
    design = design.reweighted(done.weight, done.residual)
    return Survey(design, replicates, plan.level), done.report


def design_of(data: Rectangle, plan: Plan) -> Design:
    """Weights and stages before any calibration.

    Without a column of weights: population over sample of every stage, as R, else 1.
    """
    weight = np.ones(data.n)
    if plan.weight is not None:
        data.complete_numbers(plan.weight)
        weight = weights_of(data, plan.weight)
    units: list[Labels] = [
        data.complete_categories(each.unit)[0] for each in plan.stages if each.unit
    ]
    if units and len(units) < len(plan.stages):
        raise unsettled(
            "stages",
            ("Seule la dernière étape peut être sans colonne d’unités.",
             "A stage without a column of units stands in a design that has others."),
            ("Donnez la colonne des unités de chaque étape.",
             "Give the column of units of every stage."),
        )  # fmt: skip
    strata: list[Labels] = []
    populations: list[Floats] = []
    for stage in plan.stages:
        if stage.stratum:
            data.complete_categories(stage.stratum)
        strata.append(data.text(stage.stratum) if stage.stratum else [""] * data.n)
        if stage.population and len(populations) == len(strata) - 1:
            populations.append(_population(data, stage.population))
    design = sampling_design(
        weight,
        units=units,
        strata=strata,
        populations=populations,
        columns=[each.population for each in plan.stages if each.population],
        lonely=plan.lonely,
        unequal=plan.pps is not None,
    )
    if plan.weight is None and len(populations) == len(plan.stages):
        design = replace(design, weight=_by_fractions(design))
    return design if plan.pps is None else _with_pairs(data, design, plan, plan.pps)


def _with_pairs(data: Rectangle, design: Design, plan: Plan, pps: UnequalPlan) -> Design:
    """The design with its pairs of units, but for Brewer's approximation, which needs none."""
    first, differences = design.stages[0], pps.variance == "YG"
    if pps.method == "brewer":
        return design
    if pps.method == "poisson":
        return replace(design, pairs=poisson(first.probability))
    if pps.method == "overton":
        pairs = overton(first.probability, first.stratum_of_unit, differences=differences)
        return replace(design, pairs=pairs)
    check_units(data.n)
    names = list(pps.columns) or [f"{pps.prefix}{row}" for row in range(1, data.n + 1)]
    if len(names) != data.n:
        raise unsettled(
            "pps.columns",
            (f"{len(names)} colonnes pour {data.n} lignes.",
             f"{len(names)} columns for {data.n} rows."),
            ("Donnez une colonne par ligne, dans le même ordre.",
             "Give one column for each row, in the same order."),
        )  # fmt: skip
    both = np.column_stack([data.complete_numbers(name) for name in names])
    design = replace(design, pairs=joint(both, differences=differences))
    return design if plan.weight else replace(design, weight=1.0 / np.diag(both))


def _by_fractions(design: Design) -> Floats:
    """The weights that follow from the sampling fractions; 1 where drawn with replacement."""
    weight = np.ones(design.n)
    for stage in design.stages:
        fraction = stage.probability[stage.unit]
        weight = weight / np.where(fraction > 0, fraction, 1.0)
    return weight


def _population(data: Rectangle, column: str) -> Floats:
    """Sizes or fractions; ``inf``, or nothing in the whole column, is drawn with replacement."""
    cells = data.text(column)
    if all(cell in ("", "NA", *ENDLESS) for cell in cells):
        return np.full(data.n, np.inf)
    if not any(cell in ENDLESS for cell in cells):
        return data.complete_numbers(column)
    some = Rectangle({column: ["1" if cell in ENDLESS else cell for cell in cells]}, data.lines)
    found = some.complete_numbers(column)
    return np.where([cell in ENDLESS for cell in cells], np.inf, found)


def calibrated(data: Rectangle, start: Floats, plan: CalibrationPlan) -> Calibrated:
    """The calibration of a plan, from these start weights."""
    margins = [_margin(data, each) for each in plan.margins]
    if plan.method == "post_stratification":
        return post_stratify(start, margins[0])
    if plan.method != "raking":
        return _generalised(data, start, margins, plan, Factor(plan.method, plan.bounds))
    if plan.bounds is not None:
        return rake_within(start, margins, *plan.bounds, variance=plan.residuals)
    return rake(start, margins, variance=plan.residuals)


def _margin(data: Rectangle, plan: MarginPlan) -> Margin:
    parts = [data.text(column) for column in plan.columns]
    cells = ["|".join(row) for row in zip(*parts, strict=True)]
    return margin(
        plan.name,
        cells,
        plan.targets,
        into=plan.into,
        collapse_below=plan.collapse_below,
        lines=data.lines,
    )


def _generalised(
    data: Rectangle,
    start: Floats,
    margins: Sequence[Margin],
    plan: CalibrationPlan,
    factor: Factor,
) -> Calibrated:
    check(start, margins)
    columns = [indicators(margins)] if margins else []
    columns += [data.complete_numbers(name)[:, None] for name in plan.totals]
    targets = [each.targets for each in margins] + [np.array(list(plan.totals.values()))]
    return calibrate(start, np.hstack(columns), np.concatenate(targets), factor)


def sets_of_weights(data: Rectangle, plan: Plan) -> int:
    """How many sets of weights a survey of this plan would hold, the replicates counted."""
    if plan.replicates is None:
        return 1 if plan.pps is None or plan.pps.method == "brewer" else 1 + data.n
    if plan.replicates.kind == "supplied":
        return 1 + len(_named(data, plan.replicates))
    if plan.replicates.kind == "bootstrap":
        return 1 + plan.replicates.count
    first = plan.stages[0] if plan.stages else None
    if first is None or first.unit is None:
        return 1 + data.n
    strata = data.text(first.stratum) if first.stratum else [""] * data.n
    return 1 + len(set(zip(strata, data.text(first.unit), strict=True)))


def _replicates(data: Rectangle, design: Design, plan: ReplicatePlan) -> Replicates:
    if plan.kind == "supplied":
        weights = np.column_stack([data.complete_numbers(name) for name in _named(data, plan)])
        if not plan.combined:
            weights = weights * design.weight[:, None]
        rscales = np.array(plan.rscales) if plan.rscales else None
        scale = 1.0 if plan.scale is None else plan.scale
        return supplied(weights, scale=scale, rscales=rscales, mse=plan.mse)
    if plan.kind == "JK1":
        return jackknife_1(design, mse=plan.mse)
    if plan.kind == "JKn":
        return jackknife_n(design, mse=plan.mse)
    if plan.kind == "bootstrap":
        return bootstrap(design, plan.count, plan.seed, mse=plan.mse)
    return half_samples(design, rho=plan.rho if plan.kind == "Fay" else 0.0, mse=plan.mse)


def _named(data: Rectangle, plan: ReplicatePlan) -> list[str]:
    """The columns of replicate weights; raises ``BadInput`` where there are none."""
    if plan.columns:
        return list(plan.columns)
    found = [name for name in data.columns if name.startswith(plan.prefix)]
    if len(found) < 2:
        raise unsettled(
            f"replicates.prefix {plan.prefix}",
            ("Moins de deux colonnes commencent ainsi.", "Fewer than two columns begin like this."),
            ("Corrigez prefix.", "Correct the prefix."),
        )
    return found
