"""What a table of units tells besides an index: orders by several columns, and distances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from app.domain.errors import BadInput
from app.evaluation.columns import Floats
from app.evaluation.gower import Heterogeneity, Variable, VariableKind, gower, heterogeneity
from app.evaluation.ranking import Agreement, agreement, ranks
from app.evaluation.ready_tables import named_once
from app.evaluation.rectangle import MOST_FAULTS, Rectangle
from app.evaluation.refusing import fault, refused
from app.evaluation.undefined import Figure, Undefined

MOST_UNITS = 3_000


@dataclass(frozen=True)
class Pair:
    """Two columns compared. ``shifts``: places that each unit loses (above 0) or gains from the
    first column to the second, among the units that have both."""

    one: str
    other: str
    agreement: Agreement
    shifts: Mapping[str, int]


@dataclass(frozen=True)
class Orders:
    """``ranks``: by column and unit, 1 for the highest, equal values share the better rank."""

    ranks: Mapping[str, Mapping[str, int | Undefined]]
    pairs: tuple[Pair, ...]


def orders(data: Rectangle, unit: str, columns: Sequence[str]) -> Orders:
    """Ranks by each column, and how far each two agree. Raises ``BadInput``."""
    units = named_once(data, unit)
    _refuse_many(units)
    if len(set(columns)) < max(2, len(columns)):
        raise refused(
            "variants",
            ("Il faut au moins deux colonnes, chacune une fois.",
             "At least two columns are needed, each of them once."),
            ("Corrigez la liste des variantes.", "Correct the list of variants."),
        )  # fmt: skip
    values = {name: data.numbers(name) for name in columns}
    return Orders(
        {name: _by_unit(units, each) for name, each in values.items()},
        tuple(
            Pair(
                one,
                other,
                agreement(values[one], values[other]),
                _shifts(units, values, one, other),
            )
            for one, other in combinations(values, 2)
        ),
    )


def _by_unit(units: Sequence[str], values: Floats) -> dict[str, int | Undefined]:
    missing = Undefined("missing")
    return {unit: int(r) or missing for unit, r in zip(units, ranks(values), strict=True)}


def _shifts(
    units: Sequence[str], values: Mapping[str, Floats], one: str, other: str
) -> dict[str, int]:
    both = np.flatnonzero(np.isfinite(values[one]) & np.isfinite(values[other]))
    moved = ranks(values[other][both]) - ranks(values[one][both])
    return {units[k]: int(shift) for k, shift in zip(both.tolist(), moved, strict=True)}


@dataclass(frozen=True)
class VariablePlan:
    """A column and how two of its values are compared; see ``gower.Variable``."""

    column: str
    kind: VariableKind
    weight: float = 1.0
    bounds: tuple[float, float] | None = None


@dataclass(frozen=True)
class DistancePlan:
    """``group``: a column of groups whose mean distance is wanted, with its yardstick."""

    unit: str
    variables: tuple[VariablePlan, ...]
    group: str | None = None
    seed: int = 1
    draws: int = 9_999


@dataclass(frozen=True)
class UnitDistances:
    """``matrix``: of the units in their order, 0 to 1; ``groups``: by name."""

    units: tuple[str, ...]
    matrix: tuple[tuple[Figure, ...], ...]
    groups: Mapping[str, Heterogeneity | Undefined]


def distances(data: Rectangle, plan: DistancePlan) -> UnitDistances:
    """Gower's distances of all pairs of units. Raises ``BadInput``."""
    units = named_once(data, plan.unit)
    _refuse_many(units)
    found = gower([_variable(data, each) for each in plan.variables])
    every = range(len(units))
    matrix = tuple(tuple(found.between(one, other) for other in every) for one in every)
    groups: dict[str, Heterogeneity | Undefined] = {}
    if plan.group is not None:
        index, names = data.categories(plan.group)
        for place, name in enumerate(names):
            group = np.flatnonzero(index == place).tolist()
            groups[name] = heterogeneity(found, group, seed=plan.seed, draws=plan.draws)
    return UnitDistances(units, matrix, groups)


def _variable(data: Rectangle, plan: VariablePlan) -> Variable:
    if plan.kind is VariableKind.NOMINAL:
        index, _ = data.categories(plan.column)
        values = np.where(index < 0, np.nan, index.astype(np.float64))
    else:
        values = data.numbers(plan.column)
    _refuse_values(data, plan, values)
    return Variable(plan.column, plan.kind, values, plan.weight, plan.bounds)


def _refuse_values(data: Rectangle, plan: VariablePlan, values: Floats) -> None:
    """Raise ``BadInput`` by line where a value cannot be compared as the plan says."""
    known, wrong = np.isfinite(values), np.zeros(len(values), dtype=bool)
    if plan.kind is VariableKind.ASYMMETRIC:
        wrong = known & ~np.isin(values, (0.0, 1.0))
    elif plan.bounds is not None:
        wrong = known & ~((values >= plan.bounds[0]) & (values <= plan.bounds[1]))
    if wrong.any():
        raise BadInput(
            [
                fault(
                    f"{data.lines[row]} {plan.column}",
                    ("Une valeur sort des bornes fixées, ou une variable asymétrique n’est pas 0 "
                     "ou 1.",
                     "A value lies outside the fixed bounds, or an asymmetric variable is not 0 or "
                     "1."),
                    ("Corrigez la cellule, ou les bornes.", "Correct the cell, or the bounds."),
                )
                for row in np.flatnonzero(wrong)[:MOST_FAULTS].tolist()
            ]
        )  # fmt: skip


def _refuse_many(units: Sequence[str]) -> None:
    if len(units) > MOST_UNITS:
        raise refused(
            "unit",
            (f"Plus de {MOST_UNITS} unités.", f"More than {MOST_UNITS} units."),
            ("Comparez-en moins.", "Compare fewer."),
        )
