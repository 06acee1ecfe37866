"""Making replicate weights: jackknife, balanced half-samples, Fay, Rao-Wu bootstrap; own ones.

All work on first-stage units. Sources: Wolter 2007, *Introduction to Variance Estimation*; Judkins
1990 (Fay); Rao & Wu 1988; R ``survey`` (``as.svrepdesign``).
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import hadamard

from app.domain.errors import BadInput
from app.evaluation.columns import Floats
from app.evaluation.refusing import refused, unsettled
from app.evaluation.replicates import Replicates
from app.evaluation.sampling import Design, Lonely

MOST_WEIGHTS = 400_000_000  # 3.2 GB


def jackknife_1(design: Design, *, mse: bool = False) -> Replicates:
    """JK1: leave out one unit at a time. Raises ``BadInput`` for a stratified design."""
    stage = design.stages[0]
    if len(stage.names) > 1:
        raise unsettled(
            "JK1",
            ("JK1 ne convient pas à un plan stratifié.", "JK1 does not suit a stratified design."),
            ("Prenez JKn.", "Use JKn."),
        )
    return jackknife_n(design, mse=mse)


def jackknife_n(design: Design, *, mse: bool = False) -> Replicates:
    """JKn: leave out one unit at a time and raise the others of its stratum.

    rscale (1 - f) (n_h - 1) / n_h. A stratum with one unit follows the design's rule, as in R.
    """
    stage = design.stages[0]
    units, strata = len(stage.stratum_of_unit), len(stage.names)
    if design.n * units > MOST_WEIGHTS:
        raise refused(
            "replicates",
            (f"Le jackknife ferait {units} répliques de {design.n} poids.",
             f"The jackknife would make {units} replicates of {design.n} weights."),
            ("Prenez bootstrap, ou regroupez les unités.", "Use bootstrap, or group the units."),
        )  # fmt: skip
    stratum, n = stage.stratum_of_unit, stage.sampled[stage.stratum_of_unit]
    rest = 1.0 - stage.fraction[stratum]
    factors = np.where(stratum[:, None] == stratum[None, :], n / np.maximum(n - 1, 1), 1.0)
    np.fill_diagonal(factors, 0.0)
    rscales = rest * (n - 1) / n
    lonely = (n == 1) & (rest > 0)
    used = n > 1
    scale = 1.0
    if lonely.any():
        if design.lonely is Lonely.FAIL:
            raise _lonely(stage.names[int(stratum[lonely][0])])
        if design.lonely is Lonely.ADJUST and strata > 1:
            factors[:, lonely] = np.where(
                stratum[:, None] == stratum[lonely], 0.0, strata / (strata - 1)
            )
            rscales[lonely] = (strata - 1) / strata
            used |= lonely
        if design.lonely is Lonely.AVERAGE:
            scale = units / int(used.sum())
    if not used.any():
        raise _lonely(stage.names[0])
    weights = design.weight[:, None] * factors[stage.unit][:, used]
    return Replicates(weights, scale, rscales[used], mse)


def half_samples(design: Design, *, rho: float = 0.0, mse: bool = False) -> Replicates:
    """BRR, or Fay's method with 0 < ``rho`` < 1: one of the two units of each stratum counts
    2 - rho times, the other rho times, balanced by a Hadamard matrix.

    Scale 1 / (R (1 - rho)^2). Raises ``BadInput`` where a stratum has not exactly two units.
    """
    stage = design.stages[0]
    wrong = np.flatnonzero(stage.sampled != 2)
    if len(wrong) or not 0 <= rho < 1:
        raise refused(
            f"stratum {stage.names[int(wrong[0])]}".rstrip() if len(wrong) else "rho",
            ("BRR demande exactement deux unités par strate, et rho entre 0 et 1.",
             "BRR needs exactly two units in every stratum, and rho between 0 and 1."),
            ("Formez des paires d’unités, ou prenez JKn.", "Pair the units, or use JKn."),
        )  # fmt: skip
    strata = len(stage.names)
    size = 1 << max(int(strata).bit_length(), 2)  # at least strata + 1, the first column is all 1
    signs = hadamard(size)[:, 1 : strata + 1].astype(np.float64)
    first = np.zeros(len(stage.stratum_of_unit), dtype=bool)
    first[np.unique(stage.stratum_of_unit, return_index=True)[1]] = True
    side = np.where(first, 1.0, -1.0)[:, None] * signs.T[stage.stratum_of_unit]
    factors = 1.0 + (1.0 - rho) * side
    scale = 1.0 / (size * (1.0 - rho) ** 2)
    return Replicates(design.weight[:, None] * factors[stage.unit], scale, np.ones(size), mse)


def bootstrap(design: Design, replicates: int, seed: int, *, mse: bool = False) -> Replicates:
    """Rao-Wu: draw n_h - 1 of n_h units with replacement, times n_h / (n_h - 1), scale 1/(R - 1).

    With a finite population the deviations are multiplied by sqrt(1 - f). At least 500 replicates
    for an error. Raises ``BadInput`` for strata with one unit unless the rule is to leave them out.
    """
    stage = design.stages[0]
    rng = np.random.default_rng(seed)
    factors = np.ones((len(stage.stratum_of_unit), replicates))
    for number, name in enumerate(stage.names):
        inside = np.flatnonzero(stage.stratum_of_unit == number)
        n, rest = len(inside), 1.0 - stage.fraction[number]
        if n == 1:
            if design.lonely not in (Lonely.REMOVE, Lonely.CERTAINTY) and rest > 0:
                raise _lonely(name)
            continue
        drawn = rng.multinomial(n - 1, np.full(n, 1.0 / n), size=replicates).T
        factors[inside] = 1.0 + np.sqrt(rest) * (drawn * n / (n - 1) - 1.0)
    weights = design.weight[:, None] * factors[stage.unit]
    return Replicates(weights, 1.0 / (replicates - 1), np.ones(replicates), mse)


def supplied(
    weights: Floats, *, scale: float, rscales: Floats | None = None, mse: bool = False
) -> Replicates:
    """Replicate weights that came with the data. Raises ``BadInput`` where they do not fit."""
    count = weights.shape[1]
    scales = np.ones(count) if rscales is None else rscales
    if not np.isfinite(weights).all() or len(scales) != count or (scales < 0).any() or scale <= 0:
        raise refused(
            "replicates",
            ("Un poids répliqué manque, ou les échelles ne conviennent pas.",
             "A replicate weight is missing, or the scales do not fit."),
            (f"Donnez {count} échelles positives et des poids partout.",
             f"Give {count} positive scales, and weights everywhere."),
        )  # fmt: skip
    return Replicates(weights, scale, scales, mse)


def _lonely(name: str) -> BadInput:
    return refused(
        f"stratum {name}".rstrip(),
        ("Cette strate n’a qu’une unité : ces répliques ne peuvent être formées.",
         "This stratum has one unit: these replicates cannot be made."),
        ("Fusionnez-la avec une autre, ou choisissez la règle remove.",
         "Merge it with another one, or choose the rule remove."),
    )  # fmt: skip
