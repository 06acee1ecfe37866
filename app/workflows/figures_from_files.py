"""Figures from files, whoever brings them: the command line and the API do the same.

Nothing is stored, and nothing of the house is read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.definitions.design_reading import read_design, read_margins
from app.definitions.distance_reading import read_distances
from app.definitions.index_reading import read_index
from app.evaluation.calibration import Calibrated
from app.evaluation.dif import Dif, dif
from app.evaluation.equivalence import equivalence
from app.evaluation.index_report import IndexReport, report
from app.evaluation.offline import judge
from app.evaluation.plain_items import as_planned
from app.evaluation.plan import Plan
from app.evaluation.ready_tables import index_table, item_values, two_groups, weights_of
from app.evaluation.rectangle import Rectangle
from app.evaluation.refusing import fault, refused
from app.evaluation.reliability import Reliability, reliability
from app.evaluation.scale_scores import with_scores
from app.evaluation.survey_building import build, calibrated
from app.evaluation.tabulation import tabulate
from app.evaluation.unit_tables import Orders, UnitDistances, distances, orders
from app.interchange.plain_json import plain
from app.interchange.rectangular import read_rectangle
from app.interchange.survey_json import judgement, survey_result
from app.workflows.brought_definitions import frameworks_in, items_in
from app.workflows.brought_files import BadFile, File, reading

WEIGHTS = "weight_calibrated"  # the column of weights that calibration adds


@dataclass(frozen=True)
class Data:
    """A file of rectangular data, read."""

    name: str
    rectangle: Rectangle


@dataclass(frozen=True)
class Design:
    """A design file, read."""

    name: str
    plan: Plan


def read_data(file: File) -> Data:
    """A CSV file as columns. Raises ``BadFile``, as everything here."""
    with reading(file.name):
        return Data(file.name, read_rectangle(io.BytesIO(file.content)))


def read_plan(file: File) -> Design:
    """A design file."""
    with reading(file.name):
        return Design(file.name, read_design(file.text))


def composite(data: Data, framework: File) -> IndexReport:
    """An index over a table of units by indicators."""
    with reading(framework.name):
        index = read_index(framework.text)
    with reading(data.name):
        return report(index, index_table(data.rectangle, index))


def reliability_of(
    data: Data, items: Sequence[str], weight: str | None, *, pairwise: bool
) -> Reliability:
    """Alpha, omega and item statistics of a scale."""
    with reading(data.name):
        weights = weights_of(data.rectangle, weight) if weight else None
        values = item_values(data.rectangle, items)
        return reliability(tuple(items), values, weights, pairwise=pairwise)


def dif_of(
    data: Data,
    items: Sequence[str],
    groups: tuple[str, str, str | None],
    *,
    least: int,
    purify: bool,
) -> Dif:
    """Differential item functioning; ``groups``: their column, the focal one, the reference."""
    with reading(data.name):
        values = item_values(data.rectangle, items)
        belongs, in_focal = two_groups(data.rectangle, *groups)
        return dif(tuple(items), values[belongs], in_focal[belongs], least=least, purify=purify)


def table(
    data: Data,
    design: Design,
    frameworks: Sequence[File] = (),
    questionnaires: Sequence[File] = (),
) -> dict[str, Any]:
    """Estimates of a survey, and what frameworks say of it."""
    plan = design.plan
    items = items_in(questionnaires)
    trees = frameworks_in(frameworks)
    with reading(data.name, design.name):
        rectangle, scored = with_scores(as_planned(data.rectangle, plan), plan.scores)
        survey, weighting = build(rectangle, plan)
        tabulated = tabulate(rectangle, survey, plan)
        found = survey_result(survey, weighting, tabulated)
        if scored:
            found["scores"] = plain(scored)
        if plan.equivalence is not None:
            found["equivalence"] = plain(equivalence(plan.equivalence, tabulated))
        if trees:
            national, *own = trees
            judged = judge(rectangle, survey, plan, national, own, items)
            found["judgement"] = judgement(judged)
    return found


def rake(data: Data, margins: File) -> Calibrated:
    """Weights that meet known totals; refused where they do not converge."""
    with reading(margins.name):
        column, plan = read_margins(margins.text)
    with reading(data.name, margins.name):
        if WEIGHTS in data.rectangle.columns:
            raise refused(
                f"1 {WEIGHTS}",
                ("Cette colonne est déjà là : les nouveaux poids portent ce nom.",
                 "This column is there already: the new weights have this name."),
                ("Renommez-la ; elle peut donner les poids de départ (weight).",
                 "Rename it; it may give the start weights (weight)."),
            )  # fmt: skip
        start = np.ones(data.rectangle.n) if column is None else data.rectangle.numbers(column)
        done = calibrated(data.rectangle, start, plan)
    if not done.report.converged:
        worst, rounds = done.report.worst, done.report.rounds
        raise BadFile(
            margins.name,
            [
                fault(
                    f"{worst.margin}: {worst.category}" if worst else "margins",
                    (f"Les poids ne convergent pas en {rounds} tours.",
                     f"The weights do not converge after {rounds} rounds."),
                    ("Fusionnez des catégories, élargissez les bornes ou corrigez les totaux.",
                     "Merge categories, widen the bounds, or correct the totals."),
                )
            ],
        )  # fmt: skip
    return done


def ranks_of(data: Data, unit: str, columns: Sequence[str]) -> Orders:
    """Ranks of units by several columns, and how far each two agree."""
    with reading(data.name):
        return orders(data.rectangle, unit, columns)


def distances_of(data: Data, file: File) -> UnitDistances:
    """Gower's distances of units by a distance file."""
    with reading(file.name):
        plan = read_distances(file.text)
    with reading(data.name):
        return distances(data.rectangle, plan)


def with_weights(data: Rectangle, weights: Sequence[float]) -> str:
    """The data as CSV with a last column, ``WEIGHTS``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*data.columns, WEIGHTS])
    for *cells, weight in zip(*data.columns.values(), weights, strict=True):
        writer.writerow([*cells, repr(weight)])
    return text.getvalue()
