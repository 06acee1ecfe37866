"""Variance by linearisation, for any design of ``sampling``, stage by stage.

With influence values z_i (already times the weight) summed to units,

    V = sum over strata h of (1 - f_h) n_h / (n_h - 1) * sum over units c (z_hc - zbar_h)^2
        + f_h * the same of the next stage inside each unit

with f_h = n_h / N_h, or each unit's own probability in its place (Brewer's approximation, R
``pps = "brewer"``). Without population sizes f is 0: only the first stage counts ("with
replacement"). Sources: Lumley 2010, *Complex Surveys*, ch. 2 and 3; R ``survey`` 4.5
(``svyrecvar``); docs/methods-estimation.md lists where other versions of it differ.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from app.evaluation.columns import Bools, Floats, Integers
from app.evaluation.refusing import refused
from app.evaluation.sampling import Design, Lonely, Stage

FEW = 3  # columns
CERTAIN = 1e-7  # a stratum with a smaller 1 - f was taken as a whole


def covariance(design: Design, influence: Floats, members: Bools | None = None) -> Floats:
    """Covariance float64[k, k] of figures with these influence values float64[n, k].

    Influence values are 0 outside a figure's domain; ``members`` bool[n, k] says who is inside
    (everyone without it): strata without members take no part in *adjust* and *average*.
    An entry that is not defined (*average* where every stratum has one unit) is NaN.
    Raises ``BadInput`` under the rule *fail*.
    """
    z = influence
    for residual in design.residuals:
        z = residual(z)
    if members is None or design.residuals:
        # After a calibration everyone counts for every figure.
        members = np.ones(z.shape, dtype=bool)
    if design.pairs is not None:
        first = design.stages[0]
        return design.pairs.covariance(sums(first.unit, len(first.stratum_of_unit), z))
    found = np.zeros((z.shape[1], z.shape[1]))
    share = np.ones(design.n)  # what a row's part of this stage counts: fractions of those above
    parent = np.zeros(design.n, dtype=np.int64)
    for stage in design.stages:
        deviations = _deviations(stage, z, members, share, parent, design.lonely)
        found += deviations.T @ deviations
        share = share * stage.probability[stage.unit]
        parent = stage.unit
        if not share.any():
            break
    return (found + found.T) / 2


def _deviations(
    stage: Stage, z: Floats, members: Bools, share: Floats, parent: Integers, lonely: Lonely
) -> Floats:
    """Rows, one per unit, whose cross product is the variance of this stage."""
    n, strata = stage.sampled, len(stage.names)
    totals = sums(stage.unit, len(stage.stratum_of_unit), z)
    centre = sums(stage.stratum_of_unit, strata, totals) / n[:, None]
    part = np.zeros(strata)
    part[stage.stratum] = share
    rest = 1.0 - stage.probability
    most = np.zeros(strata)  # of the strata's units, to tell strata that were taken as a whole
    np.maximum.at(most, stage.stratum_of_unit, rest)
    wide = (part * n / np.maximum(n - 1, 1))[stage.stratum_of_unit]
    scale = np.where(rest < CERTAIN, 0.0, rest * wide)
    single = (n == 1) & (most >= CERTAIN) & (part > 0)
    if single.any():
        group = np.zeros(strata, dtype=np.int64)
        group[stage.stratum] = parent
        touched = sums(stage.stratum, strata, members.astype(np.float64)) > 0
        if lonely is Lonely.FAIL:
            _refuse_lonely(stage, single & touched.any(axis=1))
        elif lonely is Lonely.ADJUST:
            grand = _grand_mean(group, sums(stage.stratum_of_unit, strata, totals), touched, n)
            centre = np.where(single[:, None], grand[group], centre)
        elif lonely is Lonely.AVERAGE:
            factor = _averaging(group, touched, single)[group][stage.stratum_of_unit]
            return np.asarray(
                (totals - centre[stage.stratum_of_unit]) * np.sqrt(scale[:, None] * factor)
            )
    deviations = totals - centre[stage.stratum_of_unit]
    again = sums(stage.stratum_of_unit, strata, deviations) / n[:, None]  # the sums' rounding
    deviations -= np.where(single[:, None], 0.0, again)[stage.stratum_of_unit]
    return np.asarray(deviations * np.sqrt(scale)[:, None])


def _grand_mean(group: Integers, totals: Floats, touched: Bools, n: Floats) -> Floats:
    """Mean of all units of the strata that a domain touches, inside each unit above."""
    groups = int(group.max()) + 1
    counted = sums(group, groups, touched * n[:, None])
    return np.asarray(sums(group, groups, totals) / np.maximum(counted, 1))


def _averaging(group: Integers, touched: Bools, single: Bools) -> Floats:
    """Strata over strata with more than one unit, inside each unit above; NaN without any."""
    groups = int(group.max()) + 1
    all_of_them = sums(group, groups, touched.astype(np.float64))
    usable = sums(group, groups, (touched & ~single[:, None]).astype(np.float64))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(all_of_them == 0, 1.0, np.where(usable > 0, all_of_them / usable, np.nan))


def _refuse_lonely(stage: Stage, single: Bools) -> None:
    if single.any():
        raise refused(
            f"stratum {stage.names[int(np.flatnonzero(single)[0])]}".rstrip(),
            ("Cette strate n’a qu’une unité tirée : sa variance n’est pas estimable.",
             "This stratum has one sampled unit: its variance cannot be estimated."),
            ("Fusionnez-la avec une autre, ou choisissez une règle : adjust, average, remove.",
             "Merge it with another one, or choose a rule: adjust, average, remove."),
        )  # fmt: skip


def sums(index: Integers, groups: int, values: Floats) -> Floats:
    """Sum the rows of ``values`` float64[n, k] by group: float64[groups, k]."""
    if 0 < values.shape[1] <= FEW:  # no matrix is built for a figure or two
        columns = [np.bincount(index, column, minlength=groups) for column in values.T]
        return np.column_stack(columns).astype(np.float64)
    n = len(index)
    by_group = csr_array((np.ones(n), (index, np.arange(n))), shape=(groups, n))
    return np.asarray(by_group @ values)
