"""Correlation ratio: the share of the index's variance that one indicator alone accounts for.

V(E[y | x]) / V(y), which a nominal weight is not (Paruolo, Saisana & Saltelli 2013). E[y | x] is
estimated by local-linear regression with a Gaussian kernel; the bandwidth is the one of a fixed
grid with the least leave-one-out error.
"""

from __future__ import annotations

import numpy as np

from app.evaluation.columns import Floats
from app.evaluation.undefined import Figure, Undefined

LEAST_UNITS = 10
BANDWIDTHS = np.geomspace(0.1, 10.0, 25)  # in standard deviations of x


def correlation_ratio(x: Floats, y: Floats) -> Figure:
    """0 to 1 for finite float64[n] each; undefined under 10 units or where one does not vary."""
    if len(x) < LEAST_UNITS:
        return Undefined("fewer_than_ten_units")
    spread, size = float(x.std()), float(np.abs(x).max())
    if spread <= 1e-12 * size or float(y.std()) <= 1e-12 * float(np.abs(y).max()):
        return Undefined("no_variance")
    scaled = (x - x.mean()) / spread
    centred = y - y.mean()
    fits = [_smooth(scaled, centred, float(width)) for width in BANDWIDTHS]
    errors = [error for _, error in fits]
    fitted = fits[int(np.argmin(errors))][0]
    return min(float(fitted.var()) / float(centred.var()), 1.0)


def _smooth(x: Floats, y: Floats, width: float) -> tuple[Floats, float]:
    """Fitted values and leave-one-out mean squared error; infinite where a unit stands alone."""
    apart = x[None, :] - x[:, None]
    kernel = np.exp(-0.5 * (apart / width) ** 2)
    s0, s1, s2 = (np.asarray((kernel * apart**k).sum(axis=1, keepdims=True)) for k in range(3))
    determinant = s0 * s2 - s1**2
    if (determinant <= 1e-10 * s0 * s0 * width**2).any():
        return np.zeros_like(y), np.inf
    rows = kernel * (s2 - s1 * apart) / determinant
    fitted = np.asarray(rows @ y)
    own = 1 - np.diag(rows)
    if (own <= 1e-8).any():
        return fitted, np.inf
    return fitted, float((((y - fitted) / own) ** 2).mean())
