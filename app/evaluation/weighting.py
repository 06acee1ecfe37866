"""What must be said beside weights: their spread, and what calibration did to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.evaluation.columns import Floats

USUAL_FACTORS = (0.3, 3.0)  # a calibration factor outside is worth a look
ROUND_OFF = 1e-12


@dataclass(frozen=True)
class Gap:
    """The margin's category that is furthest from its target, and by how much, relative to it."""

    margin: str
    category: str
    relative: float


@dataclass(frozen=True)
class CategoryFactor:
    """How much a calibration raised a category's share of the weights (1: not at all)."""

    margin: str
    category: str
    factor: float


@dataclass(frozen=True)
class Spread:
    """Of weights above zero: ``ratio`` largest over smallest; ``deff``: Kish 1965, 1 + cv^2 =
    n sum w^2 / (sum w)^2, the loss of precision by unequal weights alone; ``n_effective`` n/deff;
    ``negative``: how many are below zero (linear calibration may do that)."""

    n: int
    minimum: float
    maximum: float
    ratio: float
    mean: float
    deff: float
    n_effective: float
    negative: int


@dataclass(frozen=True)
class WeightingReport:
    """A weighting, as it is published beside every figure made with it.

    ``rounds``: of raking (or of trimming and raking); ``worst``: None where there is no margin.
    ``categories``: whose factor is outside 0.3 to 3, the total of the weights apart;
    ``respondents_outside``: how many people's factor is; ``collapsed``: (margin, category, into);
    ``small``: (margin, category, respondents) under 20 that were kept; ``trimmed``: weights cut.
    """

    method: str
    rounds: int
    converged: bool
    worst: Gap | None
    start: Spread
    final: Spread
    categories: tuple[CategoryFactor, ...] = ()
    respondents_outside: int = 0
    collapsed: tuple[tuple[str, str, str], ...] = ()
    small: tuple[tuple[str, str, int], ...] = ()
    trimmed: int = 0


def spread(weights: Floats) -> Spread:
    """The spread of weights, those of zero left out; needs one that is not zero."""
    used = weights if weights.all() else weights[weights != 0]
    total, squares = float(used.sum()), float(used @ used)
    deff = len(used) * squares / total**2
    return Spread(
        n=len(used),
        minimum=float(used.min()),
        maximum=float(used.max()),
        ratio=float(used.max() / used.min()),
        mean=total / len(used),
        deff=deff,
        n_effective=len(used) / deff,
        negative=int((used < 0).sum()),
    )


def outside_usual(factors: Floats) -> int:
    """How many factors are outside 0.3 to 3, with room for round-off."""
    low, high = USUAL_FACTORS
    return int(np.sum((factors < low * (1 - ROUND_OFF)) | (factors > high * (1 + ROUND_OFF))))
