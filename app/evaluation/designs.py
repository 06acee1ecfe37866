"""How different the service designs of territories are: Gower's distance between descriptions.

A description, never a cause: it is computed from documents, without any answer. Features that are
not known of both territories are left out; ``n`` says how many were compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from app.domain.coproduction import Design, Designs, Feature
from app.evaluation.columns import Floats
from app.evaluation.gower import Variable, VariableKind, gower
from app.evaluation.quantities import Reason
from app.evaluation.tables import Observation, What
from app.evaluation.undefined import Undefined


def design_distances(found: Designs, territories: Collection[str]) -> Iterator[Observation]:
    """The distance of every pair of these territories, both ways, or why there is none."""
    designs = [each for each in found.designs if each.territory in territories]
    if len(designs) < 2:
        return
    variables = [_variable(feature, designs) for feature in found.features]
    distances = gower(variables)
    known = np.array([np.isfinite(variable.values) for variable in variables], dtype=np.int64)
    compared = known.T @ known
    for i, one in enumerate(designs):
        for j, other in enumerate(designs):
            if i == j:
                continue
            place = Observation(one.territory, None, What.DESIGN_DISTANCE, other.territory)
            distance = distances.between(i, j)
            if isinstance(distance, Undefined):
                yield replace(place, reason=str(Reason.UNDEFINED))
            else:
                yield replace(place, value=distance, n=int(compared[i, j]))


def _variable(feature: Feature, designs: list[Design]) -> Variable:
    values: Floats = np.array(
        [
            feature.values.index(each.values[feature.code])
            if feature.code in each.values
            else np.nan
            for each in designs
        ],
        dtype=np.float64,
    )
    kind = VariableKind(feature.kind.value)
    bounds = (0.0, len(feature.values) - 1.0) if kind is VariableKind.ORDINAL else None
    return Variable(feature.code, kind, values, bounds=bounds)
