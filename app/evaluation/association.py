"""Whether two classifications are associated: Pearson's chi-square with Rao & Scott's corrections.

Under a complex design Pearson's X^2 is a weighted sum of chi-squares whose weights are the
generalised design effects, the eigenvalues of Delta. First order divides by their mean; second
order (Satterthwaite) takes their spread into account and is referred to F. Sources: Rao & Scott
1981, 1984; R ``survey`` (``svychisq``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, fdtrc

from app.evaluation.columns import Bools, Floats, Integers
from app.evaluation.estimates import Statistic, mean
from app.evaluation.undefined import Undefined

Covariance = Callable[[list[Statistic]], Floats]


@dataclass(frozen=True)
class RaoScott:
    """``pearson``: X^2 of the shares times n people; ``mean_effect``: mean generalised design
    effect; ``first``: X^2 / mean_effect with ``df`` and its p from chi-square; ``second``: F =
    X^2 / sum of effects with ``df_second``, its p from chi-square; ``p_f``: from F with
    ``df_second`` and ``df_f``, the one to use."""

    n: int
    rows: int
    columns: int
    pearson: float
    df: int
    mean_effect: float
    first: float
    p_first: float
    f: float
    df_second: float
    df_f: float
    p_second: float
    p_f: float


def rao_scott(
    weight: Floats,
    row: Integers,
    column: Integers,
    members: Bools,
    covariance: Covariance,
    df: int,
) -> RaoScott | Undefined:
    """Test whether two classifications (index of each row's category, -1: missing) go together.

    ``df``: of the design. People without either are left out as a domain. Undefined with fewer
    than two categories on a side, and where the variances leave no test.
    """
    there = members & (row >= 0) & (column >= 0) & (weight > 0)
    rows, columns = (np.unique(each[there], return_inverse=True) for each in (row, column))
    r, c = len(rows[0]), len(columns[0])
    if r < 2 or c < 2:
        return Undefined("one_category")
    cell = np.full(len(weight), -1)
    cell[there] = columns[1].reshape(-1) * r + rows[1].reshape(-1)
    shares = []
    for k in range(r * c):
        share = mean(weight, (cell == k).astype(np.float64), there)
        assert isinstance(share, Statistic)  # somebody is there
        shares.append(share)
    p = np.array([each.value for each in shares])
    n = int(there.sum())
    delta = _effects(p, covariance(shares), n, r, c)
    if delta is None or df <= 0:
        return Undefined("no_variance" if df > 0 else "no_degrees_of_freedom")
    pearson = _pearson(p.reshape(c, r).T, n)
    trace, square = float(np.trace(delta)), float(np.trace(delta @ delta))
    if not trace > 0:
        return Undefined("no_variance")
    k = (r - 1) * (c - 1)
    df_second = trace**2 / square
    first, f = pearson / (trace / k), pearson / trace
    return RaoScott(
        n=n,
        rows=r,
        columns=c,
        pearson=pearson,
        df=k,
        mean_effect=trace / k,
        first=first,
        p_first=float(chdtrc(k, first)),
        f=f,
        df_second=df_second,
        df_f=df_second * df,
        p_second=float(chdtrc(df_second, f * df_second)),
        p_f=float(fdtrc(df_second, df_second * df, f)),
    )


def _pearson(table: Floats, n: int) -> float:
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    return float(n * ((table - expected) ** 2 / expected).sum())


def _effects(p: Floats, v: Floats, n: int, rows: int, columns: int) -> Floats | None:
    """Delta = (C' D^-1 P C)^-1 C' D^-1 V D^-1 C, C the interaction less the main effects."""
    contrasts = _interaction(rows, columns)
    inverse = np.where(p > 0, 1.0 / np.where(p > 0, p, 1.0), 0.0)
    scaled = contrasts * inverse[:, None]
    try:
        return np.asarray(np.linalg.solve(contrasts.T @ scaled / n, scaled.T @ v @ scaled))
    except np.linalg.LinAlgError:
        return None


def _interaction(rows: int, columns: int) -> Floats:
    """The products of row and column dummies, less what rows and columns explain alone."""
    i, j = np.tile(np.arange(rows), columns), np.repeat(np.arange(columns), rows)
    row = np.equal(i[:, None], np.arange(1, rows)).astype(np.float64)
    column = np.equal(j[:, None], np.arange(1, columns)).astype(np.float64)
    main = np.column_stack([np.ones(rows * columns), row, column])
    product = (row[:, :, None] * column[:, None, :]).reshape(rows * columns, -1)
    fitted = main @ np.linalg.lstsq(main, product, rcond=None)[0]
    return np.asarray(product - fitted)
