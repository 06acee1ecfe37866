"""The covariance between two waves that share people, from the influence of each PSU.

In one wave the covariance of a territory's components is U'U, where the row of PSU c in stratum h
is sqrt(n_h / (n_h - 1)) (z_c - zbar_h), with the influences of ``estimation``. Two waves are put
side by side over all PSUs of either, zero where a PSU is in one only: the covariance between them
is the sum over the shared PSUs of the products of their rows. With everybody in both waves this is
the error of paired differences; with nobody, 0. The whole matrix is a product of one matrix with
itself, so that no variance of a difference can be negative.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.questionnaire import Audience
from app.evaluation.columns import AnswerColumns, Floats, Integers, Respondents
from app.evaluation.components import ComponentDefinition
from app.evaluation.crosswalk import Asked
from app.evaluation.estimation import TerritoryEstimates
from app.evaluation.measurement import Data, could_answer
from app.evaluation.quantities import Cell, Quantity
from app.evaluation.scoring import score_component

Keys = Mapping[Audience, Sequence[str | None]]  # who the PSU of each row is, in every wave


@dataclass(frozen=True, eq=False)
class Influences:
    """``rows`` float64[PSUs, components] of a territory; ``keys``: the PSUs, None where unknown."""

    keys: tuple[str | None, ...]
    rows: Floats


def influences(
    data: Data,
    keys: Keys,
    definitions: Mapping[str, ComponentDefinition],
    asked: Asked,
    estimates: Mapping[str, TerritoryEstimates],
) -> dict[str, Influences]:
    """The scaled influences of every territory, components in the order of its estimates."""
    parts: dict[str, list[_Rows]] = {}
    for audience, (columns, who) in data.items():
        names = [name for name, each in definitions.items() if each.audience is audience]
        z = {name: _scored(definitions[name], columns, who, asked) for name in names}
        labels = np.array([key or "" for key in keys[audience]], dtype=np.str_)
        for place, territory in enumerate(who.territories):
            here = np.flatnonzero((who.territory == place) & (who.weight > 0))
            if territory in estimates and len(here):
                matrix = _matrix(z, here, who.weight, estimates[territory])
                rows = _Rows(who.stratum[here], who.psu[here], labels[here], matrix)
                parts.setdefault(territory, []).append(rows)
    return {territory: _by_unit(several) for territory, several in parts.items()}


@dataclass(frozen=True, eq=False)
class _Rows:
    """Respondents of one audience in a territory."""

    stratum: Integers
    psu: Integers
    label: NDArray[np.str_]
    matrix: Floats


def _by_unit(several: Sequence[_Rows]) -> Influences:
    """Respondents summed to their PSUs, centred in their stratum and scaled."""
    stratum = np.concatenate([each.stratum for each in several])
    psu = np.concatenate([each.psu for each in several])
    label = np.concatenate([each.label for each in several])
    pairs = np.stack([stratum, psu], axis=1)
    units, place = np.unique(pairs, axis=0, return_inverse=True)
    place = place.reshape(-1)
    rows = np.zeros((len(units), several[0].matrix.shape[1]))
    np.add.at(rows, place, np.concatenate([each.matrix for each in several]))
    names = [""] * len(units)
    for i, said in zip(place.tolist(), label.tolist(), strict=True):
        names[i] = names[i] or said
    for each in np.unique(units[:, 0]):
        inside = units[:, 0] == each
        n = int(inside.sum())
        if n > 1:  # a lonely PSU stays centred on the mean of all, which is 0
            rows[inside] = np.sqrt(n / (n - 1)) * (rows[inside] - rows[inside].mean(axis=0))
    return Influences(tuple(name or None for name in names), rows)


Scored = tuple[Floats, Floats]  # x and d of one component over all rows


def _scored(
    definition: ComponentDefinition, columns: AnswerColumns, who: Respondents, asked: Asked
) -> Scored:
    scores = score_component(definition, columns)
    possible = could_answer(definition, who, asked)
    return scores.x, (scores.d & possible).astype(np.float64)


def _matrix(
    z: Mapping[str, Scored], here: Integers, weight: Floats, estimates: TerritoryEstimates
) -> Floats:
    """Influences float64[rows, components] of one audience in one territory."""
    matrix = np.zeros((len(here), len(estimates.components)))
    for name, (x, d) in z.items():
        estimate = estimates.by_component.get(name)
        if estimate is None or estimate.uniform:
            continue
        share = weight[here] * d[here] / estimate.weighted_base
        matrix[:, estimates.index[name]] = share * (x[here] - estimate.mean)
    return matrix


def shared_people(before: Influences, after: Influences) -> int:
    """How many PSUs are in both waves."""
    return len((set(before.keys) & set(after.keys)) - {None})


@dataclass(frozen=True, eq=False)
class TwoWaves:
    """Estimates of two waves as one set of blocks: one for a territory with shared people, else one
    for each wave, so that degrees of freedom combine as those of independent samples do."""

    before: str
    after: str
    blocks: Mapping[str, TerritoryEstimates]
    paired: Mapping[str, int]  # shared PSUs by territory, where there are any

    def of(self, wave: str, quantity: Quantity) -> Quantity:
        """A quantity of one of the waves, over the cells of the two together."""
        gradient = {self._cell(wave, cell): slope for cell, slope in quantity.gradient.items()}
        return Quantity(quantity.value, gradient, quantity.flags)

    def _cell(self, wave: str, cell: Cell) -> Cell:
        territory, component = cell
        block = territory if territory in self.paired else f"{territory}@{wave}"
        return (block, f"{wave}|{component}")


def two_waves(
    before: tuple[str, Mapping[str, TerritoryEstimates], Mapping[str, Influences]],
    after: tuple[str, Mapping[str, TerritoryEstimates], Mapping[str, Influences]],
) -> TwoWaves:
    """Put two waves side by side: code, estimates and influences of each."""
    blocks: dict[str, TerritoryEstimates] = {}
    paired: dict[str, int] = {}
    for territory in sorted({*before[1], *after[1]}):
        one, other = before[2].get(territory), after[2].get(territory)
        shared = shared_people(one, other) if one and other else 0
        if one and other and shared:
            paired[territory] = shared
            cross = _between(one, other)
            blocks[territory] = _joined(
                territory, (before[0], before[1][territory]), (after[0], after[1][territory]), cross
            )
            continue
        for code, estimates, _ in (before, after):
            if territory in estimates:
                name = f"{territory}@{code}"
                blocks[name] = _renamed(name, code, estimates[territory])
    return TwoWaves(before[0], after[0], blocks, paired)


def _between(before: Influences, after: Influences) -> Floats:
    """U_before' U_after over the shared PSUs."""
    place = {key: i for i, key in enumerate(after.keys) if key is not None}
    pairs = [(i, place[key]) for i, key in enumerate(before.keys) if key in place]
    left, right = (np.array(side) for side in zip(*pairs, strict=True))
    return np.asarray(before.rows[left].T @ after.rows[right])


def _joined(
    territory: str,
    before: tuple[str, TerritoryEstimates],
    after: tuple[str, TerritoryEstimates],
    cross: Floats,
) -> TerritoryEstimates:
    one, other = (_renamed(territory, code, estimates) for code, estimates in (before, after))
    return TerritoryEstimates(
        territory,
        one.components + other.components,
        np.block([[one.covariance, cross], [cross.T, other.covariance]]),
        {**one.by_component, **other.by_component},
        max(one.psus, other.psus),
        max(one.strata, other.strata),
    )


def _renamed(name: str, code: str, estimates: TerritoryEstimates) -> TerritoryEstimates:
    return TerritoryEstimates(
        name,
        tuple(f"{code}|{each}" for each in estimates.components),
        estimates.covariance,
        {f"{code}|{each}": found for each, found in estimates.by_component.items()},
        estimates.psus,
        estimates.strata,
    )
