"""Scale scores as columns of rectangular data: the mean of the items that a person answered.

Reversed items count as low + high - x. Who answered fewer than the least share of the items has no
score; nothing is imputed, and the mean of the answered items equals the pro-rated sum over k.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.domain.errors import BadInput
from app.evaluation.columns import Floats
from app.evaluation.plan import ScorePlan
from app.evaluation.rectangle import MOST_FAULTS, Rectangle
from app.evaluation.refusing import fault, refused

SAME = 1e-12


@dataclass(frozen=True)
class Scored:
    """Who has a score: ``complete`` (every item), ``some`` (enough of them), ``too_few`` (none)."""

    code: str
    items: int
    complete: int
    some: int
    too_few: int


def with_scores(
    data: Rectangle, plans: Sequence[ScorePlan]
) -> tuple[Rectangle, tuple[Scored, ...]]:
    """The data with a column for each score, and how many people have one.

    Raises ``BadInput`` by line for values outside the ends, and for a name that is taken.
    """
    reports = []
    for plan in plans:
        if plan.code in data.columns:
            raise refused(
                plan.code,
                ("Une colonne des données porte déjà ce nom.",
                 "A column of the data has this name already."),
                ("Nommez le score autrement.", "Give the score another name."),
            )  # fmt: skip
        values, answered = _mean(data, plan)
        cells = ["" if np.isnan(value) else repr(value) for value in values.tolist()]
        data = replace(data, columns={**data.columns, plan.code: cells})
        k, known = len(plan.items), np.isfinite(values)
        whole = int((answered == k).sum())
        there = int(known.sum())
        reports.append(Scored(plan.code, k, whole, there - whole, data.n - there))
    return data, tuple(reports)


def _mean(data: Rectangle, plan: ScorePlan) -> tuple[Floats, Floats]:
    """(score or NaN, items answered), float64[n] each."""
    items = np.column_stack([_item(data, plan, name) for name in plan.items])
    answered = np.isfinite(items).sum(axis=1).astype(np.float64)
    enough = (answered > 0) & (answered >= plan.least * len(plan.items) - SAME)
    total = np.where(np.isfinite(items), items, 0.0).sum(axis=1)
    return np.where(enough, total / np.maximum(answered, 1), np.nan), answered


def _item(data: Rectangle, plan: ScorePlan, name: str) -> Floats:
    values = data.numbers(name)
    if plan.ends is None:
        return values
    low, high = plan.ends
    beyond = np.flatnonzero((values < low) | (values > high))
    if len(beyond):
        raise BadInput(
            [
                fault(
                    f"{data.lines[row]} {name}",
                    ("Cette valeur est hors des bornes du score.",
                     "This value lies outside the ends of the score."),
                    ("Corrigez la cellule, ou min et max.", "Correct the cell, or min and max."),
                )
                for row in beyond[:MOST_FAULTS].tolist()
            ]
        )  # fmt: skip
    return low + high - values if name in plan.reverse else values
