"""Sobol shares by complete enumeration: which choice makes a result vary, exactly.

With every combination of equally likely choices computed, the variances are sums over a table and
need no sampling. First order: Var(E[Y | X]) / Var(Y), what a choice explains alone; total:
E[Var(Y | all others)] / Var(Y), with everything it does together with others. Sources: Sobol' 1993;
Saltelli et al. 2010; for composite indicators Saisana, Saltelli & Tarantola 2005.
"""

from __future__ import annotations

from typing import NamedTuple

from app.evaluation.columns import Floats


class Sobol(NamedTuple):
    """Shares from 0 to 1, one for each axis of the table."""

    first: tuple[float, ...]
    total: tuple[float, ...]


def sobol(table: Floats) -> Sobol | None:
    """The shares of each axis of a table with one cell for each combination; None if it is flat."""
    whole = float(table.var())
    if whole <= 1e-18:
        return None
    axes = range(table.ndim)
    first = []
    total = []
    for axis in axes:
        others = tuple(each for each in axes if each != axis)
        first.append(float(table.mean(axis=others).var()) / whole)
        total.append(float(table.var(axis=axis).mean()) / whole)
    return Sobol(tuple(first), tuple(total))
