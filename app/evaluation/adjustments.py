"""p values of several tests at once: Holm 1979 and Benjamini & Hochberg 1995 (R ``p.adjust``)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.evaluation.columns import Floats, Integers


def holm(p: Sequence[float]) -> list[float]:
    """Adjusted p values that hold the chance of any false finding; in the order given."""
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    stepped = values[order] * np.arange(len(values), 0, -1)
    return _in_place(np.maximum.accumulate(stepped), order)


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Adjusted p values that hold the expected share of false findings; in the order given."""
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    stepped = values[order] * len(values) / np.arange(1, len(values) + 1)
    return _in_place(np.minimum.accumulate(stepped[::-1])[::-1], order)


def _in_place(ordered: Floats, order: Integers) -> list[float]:
    found = np.empty(len(order))
    found[order] = np.minimum(ordered, 1.0)
    return [float(each) for each in found]
