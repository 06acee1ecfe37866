"""The perturbation table of the cell-key method: how likely each noise is at each count.

For every count the distribution of largest entropy among those that are unbiased, have the stated
variance, reach no further than the largest noise, and give neither a number below 0 nor one of the
small numbers that never appear. A count of 0 stays 0.

Sources: Fraser and Wooton (2005); Marley and Leaver (2011); Giessing (2016), "Computational issues
in the design of transition probabilities and disclosure risk estimation for additive noise".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.evaluation.columns import Floats, Integers

STEPS = 200  # of Newton's method at most; a dozen are usual
EXACT = 1e-12


@dataclass(frozen=True)
class Perturbation:
    """``largest``: of the noise, people; ``variance``: of the noise at every count above 0;
    ``never``: numbers from 1 to this one are never shown. Raises ValueError where no distribution
    has these properties."""

    largest: int
    variance: float
    never: int

    @cached_property
    def probabilities(self) -> Floats:
        """float[counts, 2 * largest + 1]: of each noise, from -largest on, at the counts 0, 1, …;
        the last row holds for every larger count too."""
        rows = [self._of(count) for count in range(self.largest + self.never + 2)]
        return np.array(rows)

    def noise(self, counts: Integers, keys: Floats) -> Integers:
        """The noise of cells with these counts and cell keys (from 0 up to, but without, 1)."""
        row = np.minimum(counts, len(self.probabilities) - 1)
        passed = self._cumulated[row] <= keys[..., None]
        found: Integers = passed.sum(axis=-1) - self.largest
        return found

    def lowest(self, shown: Integers) -> Integers:
        """The least count that may be shown so."""
        return np.where(shown == 0, 0, np.maximum(1, shown - self.largest))

    def highest(self, shown: Integers) -> Integers:
        """The greatest count that may be shown so."""
        return shown + self.largest

    @cached_property
    def _cumulated(self) -> Floats:
        sums = np.cumsum(self.probabilities, axis=1)
        found: Floats = sums / sums[:, -1:]  # exactly 1 from the last possible noise on
        return found

    def _of(self, count: int) -> Floats:
        noise = np.arange(-self.largest, self.largest + 1)
        found = np.zeros(len(noise))
        if count == 0:
            found[self.largest] = 1.0
            return found
        shown = count + noise
        allowed = (shown == 0) | (shown > self.never)
        found[allowed] = _widest(noise[allowed].astype(float), self.variance)
        return found


def _widest(noise: Floats, variance: float) -> Floats:
    """The probabilities of largest entropy with mean 0 and this variance: an exponential of a
    quadratic, whose two coefficients minimise the dual (Newton's method with halved steps)."""
    below, above = noise[noise <= 0].max(initial=-np.inf), noise[noise >= 0].min(initial=np.inf)
    if not -below * above < variance < -noise.min() * noise.max():
        raise ValueError(f"no unbiased noise among {noise.tolist()} has a variance of {variance}")
    scale = max(variance, 1.0)
    moments = np.stack([noise / np.sqrt(scale), (noise**2 - variance) / scale])
    slopes = np.zeros(2)
    for _ in range(STEPS):
        chances, size = _exponential(slopes, moments)
        gradient = moments @ chances
        if np.abs(gradient).max() < EXACT:
            return chances
        spread = (moments * chances) @ moments.T - np.outer(gradient, gradient)
        step, part = np.linalg.solve(spread, gradient), 1.0
        while part > EXACT and _exponential(slopes - part * step, moments)[1] > size + EXACT:
            part /= 2
        slopes = slopes - part * step
    raise ValueError(f"no distribution was found for a variance of {variance}")


def _exponential(slopes: Floats, moments: Floats) -> tuple[Floats, float]:
    """The distribution with these slopes, and the logarithm of what it was divided by."""
    powers = slopes @ moments
    top = powers.max()
    weights = np.exp(powers - top)
    chances: Floats = weights / weights.sum()
    return chances, float(np.log(weights.sum()) + top)
