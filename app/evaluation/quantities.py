"""Quantities: a value with its gradient over components, so that every error is exact.

Every figure beyond a component is a smooth function of component means of some territories. Its
variance is g' V g with the gradient g (delta method) and the full covariance V; territories are
sampled apart, so V has one block per territory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import exp, log, sqrt

import numpy as np

from app.evaluation.columns import Floats
from app.evaluation.estimation import TerritoryEstimates

Cell = tuple[str, str]  # territory, component


class Reason(StrEnum):
    """Why there is no figure, the strongest first."""

    WITHHELD = "withheld"
    NOT_ASKED = "not_asked"  # to nobody here
    NOT_EVERYWHERE = "not_everywhere"  # not in every territory: nothing to say of the nation
    NO_SERIES = "no_series"  # the administrative figure was not given
    NO_ANSWERS = "no_answers"  # asked, but nobody is in the base
    NO_POPULATION = "no_population"  # of any territory that has a figure
    UNDEFINED = "undefined"
    COVERAGE_BELOW = "coverage_below"  # too little of the weight has a figure
    NO_REST = "no_rest"  # no other territory to compare with


@dataclass(frozen=True)
class Quantity:
    """A value and its partial derivatives with respect to component means."""

    value: float
    gradient: Mapping[Cell, float] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()

    def __add__(self, other: Quantity) -> Quantity:
        return total(((1.0, self), (1.0, other)))

    def __sub__(self, other: Quantity) -> Quantity:
        return total(((1.0, self), (-1.0, other)))

    def __mul__(self, other: Quantity) -> Quantity:
        return self._smooth(self.value * other.value, other.value, other, self.value)

    def __truediv__(self, other: Quantity) -> Quantity:
        ratio = self.value / other.value
        return self._smooth(ratio, 1.0 / other.value, other, -ratio / other.value)

    def times(self, factor: float) -> Quantity:
        """Multiplied by a constant."""
        return self.mapped(factor * self.value, factor)

    def log(self) -> Quantity:
        """Natural logarithm of a positive quantity."""
        return self.mapped(log(self.value), 1.0 / self.value)

    def exp(self) -> Quantity:
        """The exponential."""
        value = exp(self.value)
        return self.mapped(value, value)

    def mapped(self, value: float, slope: float, *flags: str) -> Quantity:
        """A function of this quantity: its value and its derivative here."""
        gradient = {cell: slope * each for cell, each in self.gradient.items()} if slope else {}
        return Quantity(value, gradient, self.flags | set(flags))

    def _smooth(self, value: float, mine: float, other: Quantity, its: float) -> Quantity:
        return Quantity(
            value,
            total(((mine, self), (its, other))).gradient,
            self.flags | other.flags,
        )


Figure = Quantity | Reason


def total(terms: Iterable[tuple[float, Quantity]]) -> Quantity:
    """The weighted sum of quantities."""
    value = 0.0
    gradient: dict[Cell, float] = {}
    flags: frozenset[str] = frozenset()
    for weight, quantity in terms:
        value += weight * quantity.value
        flags |= quantity.flags
        for cell, slope in quantity.gradient.items():
            gradient[cell] = gradient.get(cell, 0.0) + weight * slope
    return Quantity(value, gradient, flags)


def strongest(reasons: Iterable[Reason]) -> Reason:
    """The reason that is named when there are several."""
    order = list(Reason)
    return min(reasons, key=order.index)


def weighted_mean(parts: Sequence[tuple[float, Figure]]) -> Figure:
    """The mean of all parts; if one is missing the strongest reason, never the mean of the rest."""
    missing = [figure for _, figure in parts if isinstance(figure, Reason)]
    if missing or not parts:
        return strongest(missing) if missing else Reason.UNDEFINED
    whole = sum(weight for weight, _ in parts)
    return total((weight / whole, part) for weight, part in parts if isinstance(part, Quantity))


class Errors:
    """Variances and degrees of freedom of quantities over some territories.

    ``across``: covariances between the components of two territories, where a calibration or a
    unit joins them; none where territories are sampled apart.
    """

    def __init__(
        self,
        by_territory: Mapping[str, TerritoryEstimates],
        across: Mapping[tuple[str, str], Floats] | None = None,
    ) -> None:
        self._by_territory = by_territory
        self._across = across or {}

    def variance(self, quantity: Quantity) -> float:
        """g' V g; 0 for a constant."""
        joined = float(self._between([quantity])[0, 0]) if self._across else 0.0
        return max(sum(self._by_block(quantity).values()) + joined, 0.0)

    def _between(self, quantities: Sequence[Quantity]) -> Floats:
        """What covariances between territories add, float64[m, m]."""
        found = np.zeros((len(quantities), len(quantities)))
        slopes = self._matrices(quantities)
        for (one, other), block in self._across.items():
            if one in slopes and other in slopes:
                part = slopes[one] @ block @ slopes[other].T
                found += part + part.T
        return found

    def se(self, quantity: Quantity) -> float:
        """Standard error."""
        return sqrt(self.variance(quantity))

    def covariance(self, quantities: Sequence[Quantity]) -> Floats:
        """Covariance matrix of several quantities, float64[m, m]."""
        found = np.zeros((len(quantities), len(quantities)))
        slopes = self._matrices(quantities)
        for territory, estimates in self._by_territory.items():
            if territory in slopes:
                found += slopes[territory] @ estimates.covariance @ slopes[territory].T
        found += self._between(quantities)
        return (found + found.T) / 2

    def df(self, quantity: Quantity) -> float | None:
        """Degrees of freedom: the territory's, combined over territories by Satterthwaite 1946.

        Of one territory the least of the components that enter. None where a component without
        degrees of freedom enters, or nothing does.
        """
        blocks = self._by_block(quantity)
        df: dict[str, int] = {}
        for (territory, component), slope in quantity.gradient.items():
            if slope:
                least = self._by_territory[territory].by_component[component].df
                df[territory] = min(df.get(territory, least), least)
        if not df or min(df.values()) <= 0:
            return None
        whole = sum(blocks.values())
        if whole <= 0:
            return float(min(df.values()))
        return whole**2 / sum(part**2 / df[territory] for territory, part in blocks.items())

    def _by_block(self, quantity: Quantity) -> dict[str, float]:
        """What each territory adds to the variance."""
        found = {}
        for territory, slopes in sorted(self._slopes(quantity).items()):
            covariance = self._by_territory[territory].covariance
            found[territory] = max(float(slopes @ covariance @ slopes), 0.0)
        return found

    def _slopes(self, quantity: Quantity) -> dict[str, Floats]:
        """The gradient over the components of each territory that has a part in it."""
        found: dict[str, Floats] = {}
        for (territory, component), slope in quantity.gradient.items():
            if slope:
                estimates = self._by_territory[territory]
                if territory not in found:
                    found[territory] = np.zeros(len(estimates.components))
                found[territory][estimates.index[component]] = slope
        return found

    def _matrices(self, quantities: Sequence[Quantity]) -> dict[str, Floats]:
        """The gradients of several quantities by territory, float64[m, components]."""
        found: dict[str, Floats] = {}
        for row, quantity in enumerate(quantities):
            for territory, slopes in self._slopes(quantity).items():
                if territory not in found:
                    found[territory] = np.zeros((len(quantities), len(slopes)))
                found[territory][row] = slopes
        return found
