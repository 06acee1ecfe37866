"""How one audience of a territory is weighted, out of what a cut froze; and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.known_totals import FRAME, KnownTotal, WeightingRule
from app.evaluation.place_weights import CELL_VARIABLES, KnownTotals, WeightPlan
from app.evaluation.response_cells import ResponseCell, effect
from app.storage.response_cells import ResponseCellsRow, cells_in, plain_cells


def plan_of(
    totals: Sequence[KnownTotal],
    rule: WeightingRule,
    drawn: Mapping[str, int],
    cells: tuple[ResponseCell, ...],
) -> WeightPlan:
    """The plan of a place. ``totals``: its own; ``drawn``: people of its sample by stratum."""
    margins: dict[str, list[KnownTotal]] = {}
    for each in totals:
        margins.setdefault(each.margin, []).append(each)
    frame = {each.category: each.count or 0.0 for each in margins.pop(FRAME, ())}
    bounds = None
    if rule.lower is not None and rule.upper is not None:
        bounds = (rule.lower, rule.upper)
    return WeightPlan(
        margins=tuple(_known(several) for several in margins.values()),
        frame=frame,
        sampled=drawn,
        cells=cells,
        bounds=bounds,
        collapse_below=rule.collapse_below,
    )


def _known(several: Sequence[KnownTotal]) -> KnownTotals:
    into = {each.category: each.into for each in several if each.into}
    targets = {
        each.category: 0.0 if each.into and each.count is None else each.count for each in several
    }
    return KnownTotals(several[0].variables, targets, into)


def variables_of(plan: WeightPlan) -> frozenset[str]:
    """What must be known of each person."""
    own = frozenset(name for known in plan.margins for name in known.variables)
    return own | frozenset(CELL_VARIABLES if plan.cells else ())


def frozen_cells(decided: Sequence[ResponseCellsRow]) -> list[dict[str, Any]]:
    """The accepted ones as plain data for a cut."""
    return [
        {"territory": each.territory, "audience": each.audience, "cells": each.cells}
        for each in decided
        if each.accepted
    ]


def cells_of(frozen: Mapping[str, Any]) -> dict[tuple[str, str], tuple[ResponseCell, ...]]:
    """The cells that a cut froze, by territory and audience."""
    return {
        (each["territory"], each["audience"]): cells_in(each["cells"])
        for each in frozen.get("cells", ())
    }


def told_cells(cells: Sequence[ResponseCell]) -> dict[str, Any]:
    """What a weighting report says of its non-response cells; nothing without any."""
    if not cells:
        return {}
    found = effect(cells)
    return {
        "response_cells": {
            "variables": list(CELL_VARIABLES),
            "deff_before": found.deff_before,
            "deff": found.deff,
            "cells": [
                {
                    "groups": [group["category"] for group in groups],
                    "eligible": cell.eligible,
                    "answered": cell.answered,
                    "rate": cell.rate,
                    "factor": cell.factor,
                }
                for cell, groups in zip(cells, plain_cells(cells), strict=True)
            ],
        }
    }
