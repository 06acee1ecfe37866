"""Trimming: weights cut at bounds, alone or together with raking, and said so.

Cutting breaks the margins. ``rake_within`` therefore cuts and rakes in turn until both hold, and
reports the margins and the bounds it ended with either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from app.domain.errors import BadInput
from app.evaluation.calibration import (
    STOP,
    Calibrated,
    indicators,
    rake,
    report,
    worst_gap,
)
from app.evaluation.columns import Floats
from app.evaluation.margins import Margin
from app.evaluation.refusing import unsettled
from app.evaluation.residuals import of_regression, over_margins

TURNS = 200


def trim(weights: Floats, lower: float, upper: float, *, strict: bool = False) -> Floats:
    """Cut at the bounds and spread what was cut equally over the others (R ``trimWeights``).

    ``strict``: again until no weight is outside. Raises ``BadInput`` where the bounds cannot hold
    this total.
    """
    mean = float(weights.mean())
    if not lower <= mean <= upper or not lower < upper:
        raise unsettled(
            "trim",
            ("Ces bornes ne peuvent contenir le total des poids.",
             "These bounds cannot hold the total of the weights."),
            (f"La moyenne des poids est {mean:.6g} : encadrez-la.",
             f"The mean weight is {mean:.6g}: put one bound on either side of it."),
        )  # fmt: skip
    found = weights
    while True:
        outside = (found < lower) | (found > upper)
        if not outside.any() or outside.all():
            return found
        cut = np.clip(found, lower, upper)
        more = float((found - cut).sum()) / int((~outside).sum())
        found = np.where(outside, cut, cut + more)
        if not strict:
            return found


def rake_within(
    start: Floats,
    margins: Sequence[Margin],
    lower: float,
    upper: float,
    *,
    variance: Literal["r", "converged"] = "r",
) -> Calibrated:
    """Rake with every weight between ``lower`` and ``upper``: cut and rake in turn.

    ``report.converged`` says whether margins and bounds both hold in the end (200 turns at most);
    ``report.trimmed``: weights at a bound. The variance takes the bounds as given. Raises
    ``BadInput`` like ``rake`` and ``trim``.
    """

    plain = rake(start, margins, variance=variance)

    def turns(weights: Floats) -> tuple[Floats, int]:
        cut = weights
        for turn in range(1, TURNS + 1):
            raked = plain.again(cut)
            there = raked > 0
            cut = raked.copy()
            cut[there] = trim(raked[there], lower, upper, strict=True)
            if not worst_gap(cut, margins).relative > STOP:
                return cut, turn
        return cut, TURNS

    def again(weights: Floats) -> Floats:
        try:
            return turns(weights)[0]
        except BadInput:  # a replicate that the bounds cannot hold
            return np.full(len(weights), np.nan)

    weight, used = turns(start)
    at_bound = np.isclose(weight, lower, rtol=1e-9) | np.isclose(weight, upper, rtol=1e-9)
    if variance == "r":
        residual = over_margins([one.category for one in margins], weight)
    else:
        residual = of_regression(indicators(margins), start, weight / start)
    said = report(
        "raking within bounds", start, weight, margins, rounds=used, trimmed=int(at_bound.sum())
    )
    return Calibrated(weight, residual, again, said)
