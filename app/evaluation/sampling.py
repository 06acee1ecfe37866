"""Sampling designs: strata, clusters in one or more stages, finite populations, weights.

The words and rules are those of R ``survey`` (Lumley 2010, *Complex Surveys*, ch. 2 and 3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np

from app.evaluation.columns import Bools, Floats, Integers
from app.evaluation.pair_probabilities import Pairs
from app.evaluation.refusing import refused

Residual = Callable[[Floats], Floats]
Labels = Sequence[object] | Integers


class Lonely(StrEnum):
    """What a stratum with one sampled unit adds to the variance."""

    FAIL = "fail"  # it is refused
    REMOVE = "remove"  # nothing
    CERTAINTY = "certainty"  # nothing: the unit was certain to be drawn
    ADJUST = "adjust"  # its distance from the mean of all units
    AVERAGE = "average"  # as much as the other strata do on average


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage of sampling.

    ``unit`` and ``stratum`` int64[n]: each row's unit and stratum, numbered from 0 and nested in
    everything above; ``names``: of the strata; ``population`` float64[strata]: units in the
    population, inf where drawn with replacement; None where unknown for all; ``own``
    float64[units]: each unit's own probability, in the place of one for the stratum.
    """

    unit: Integers
    stratum: Integers
    names: tuple[str, ...]
    population: Floats | None = None
    own: Floats | None = None

    @cached_property
    def stratum_of_unit(self) -> Integers:
        """int64[units]."""
        found = np.zeros(int(self.unit.max()) + 1, dtype=np.int64)
        found[self.unit] = self.stratum
        return found

    @cached_property
    def sampled(self) -> Floats:
        """Units in the sample of each stratum, float64[strata]."""
        return np.bincount(self.stratum_of_unit, minlength=len(self.names)).astype(np.float64)

    @cached_property
    def fraction(self) -> Floats:
        """Share of the population that is in the sample, float64[strata]."""
        if self.population is None:
            return np.zeros(len(self.names))
        return self.sampled / self.population

    @cached_property
    def probability(self) -> Floats:
        """Of each unit, to be in the sample, float64[units]; 0: drawn with replacement."""
        return self.fraction[self.stratum_of_unit] if self.own is None else self.own


@dataclass(frozen=True, eq=False)
class Design:
    """How people came into the sample. ``weight`` float64[n] >= 0; ``residuals``: what calibration
    takes out of influence values before their variance is taken, in order; ``pairs``: of units of
    the first stage, where the variance is taken pair by pair."""

    weight: Floats
    stages: tuple[Stage, ...]
    lonely: Lonely = Lonely.ADJUST
    residuals: tuple[Residual, ...] = ()
    pairs: Pairs | None = None

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.weight)

    def reweighted(self, weight: Floats, residual: Residual | None = None) -> Design:
        """The same design after a calibration with this residual."""
        more = () if residual is None else (residual,)
        return replace(self, weight=weight, residuals=(*self.residuals, *more))


def sampling_design(
    weight: Floats,
    *,
    units: Sequence[Labels] = (),
    strata: Sequence[Labels] = (),
    populations: Sequence[Floats] = (),
    columns: Sequence[str] = (),
    lonely: Lonely = Lonely.ADJUST,
    unequal: bool = False,
) -> Design:
    """A design from columns, one entry per stage, the first stage first.

    ``units``: clusters (none: every row is a unit), nested in strata and in the units above
    (R ``nest = TRUE``); ``strata``; ``columns``: names of the populations, for refusals;
    ``populations``: for each row the size of its stratum's
    population, or the sampling fraction (all at most 1), inf: with replacement; ``unequal``: for
    each row the probability of its unit. Stages below the last one with a population add nothing.
    Raises ``BadInput``.
    """
    n = len(weight)
    if not (np.isfinite(weight).all() and (weight >= 0).all() and weight.any()):
        raise refused(
            "weight",
            ("Les poids doivent être finis, positifs ou nuls, et pas tous nuls.",
             "Weights must be finite, zero or above, and not all zero."),
            ("Corrigez la colonne des poids.", "Correct the column of weights."),
        )  # fmt: skip
    above = np.zeros(n, dtype=np.int64)
    stages = []
    for number in range(max(len(units), 1)):
        names: tuple[str, ...] = ("",)
        stratum = above
        if number < len(strata):
            inside, labels = _numbered(strata[number])
            stratum = _crossed(above, inside)
            if number == 0:
                names = labels
        if number > 0 or number >= len(strata):
            stratum = np.unique(stratum, return_inverse=True)[1]
            names = ("",) * (int(stratum.max()) + 1)
        unit = np.arange(n) if not units else _crossed(stratum, _numbered(units[number])[0])
        stage = Stage(unit, stratum, names)
        if number < len(populations):
            place = columns[number] if number < len(columns) else f"fpc {number + 1}"
            given = populations[number]
            if unequal:
                stage = replace(stage, own=_own(stage, given, place))
            else:
                stage = replace(stage, population=_population(stage, given, place))
        stages.append(stage)
        above = unit
    return Design(weight, tuple(stages), lonely)


def _numbered(labels: Labels) -> tuple[Integers, tuple[str, ...]]:
    values, index = np.unique(np.asarray(labels), return_inverse=True)
    return index.astype(np.int64), tuple(str(value) for value in values)


def _crossed(outer: Integers, inner: Integers) -> Integers:
    both = outer * (int(inner.max()) + 1) + inner
    return np.asarray(np.unique(both, return_inverse=True)[1], dtype=np.int64)


def _own(stage: Stage, given: Floats, place: str) -> Floats:
    """The probability of each unit from each row's; raises ``BadInput``."""
    found = np.zeros(len(stage.stratum_of_unit))
    found[stage.unit] = given
    if not ((given > 0) & (given <= 1) & (found[stage.unit] == given)).all():
        raise refused(
            place,
            ("Une probabilité n’est pas entre 0 et 1, ou varie à l’intérieur d’une unité.",
             "A probability is not between 0 and 1, or varies within a unit."),
            ("Donnez à chaque unité sa probabilité d’être tirée, la même sur toutes ses lignes.",
             "Give each unit its probability of being drawn, the same on all its rows."),
        )  # fmt: skip
    return found


def _population(stage: Stage, given: Floats, place: str) -> Floats:
    """The population of each stratum from each row's; raises ``BadInput``."""
    fractions = bool((given <= 1).all())
    if np.isnan(given).any() or (given <= 0).any() or (not fractions and (given < 1).any()):
        raise refused(
            place,
            ("Tailles et taux de sondage sont mêlés, ou une valeur manque ou n’est pas positive.",
             "Sizes and fractions are mixed, or a value is missing or not positive."),
            ("Donnez partout des tailles (1 ou plus) ou partout des taux (1 au plus).",
             "Give sizes everywhere (1 or more) or fractions everywhere (1 at most)."),
        )  # fmt: skip
    found = np.zeros(len(stage.names))
    found[stage.stratum] = given
    uneven = np.flatnonzero(found[stage.stratum] != given)
    if len(uneven):
        raise refused(
            f"{place} {stage.names[stage.stratum[uneven[0]]]}".rstrip(),
            ("La population varie à l’intérieur d’une strate.",
             "The population varies within a stratum."),
            ("Donnez la même valeur à toutes les lignes de la strate.",
             "Give all rows of the stratum the same value."),
        )  # fmt: skip
    if fractions:
        return np.asarray(stage.sampled / found)
    small = np.flatnonzero(found < stage.sampled)
    if len(small):
        raise refused(
            f"{place} {stage.names[small[0]]}".rstrip(),
            ("L’échantillon a plus d’unités que la population.",
             "The sample has more units than the population."),
            ("Vérifiez la taille de la population de cette strate.",
             "Check the size of this stratum's population."),
        )  # fmt: skip
    return found


def degrees_of_freedom(design: Design, members: Bools | None = None) -> int:
    """First-stage units minus strata, over the people with a weight (in the domain)."""
    there = design.weight > 0 if members is None else members & (design.weight > 0)
    first = design.stages[0]
    return len(np.unique(first.unit[there])) - len(np.unique(first.stratum[there]))
