"""Change between samples that share nobody; for the same people: ``estimates.difference``."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from app.evaluation.inference import Estimated
from app.evaluation.intervals import student
from app.evaluation.undefined import Undefined


@dataclass(frozen=True)
class Change:
    """``value`` after less before, its error, degrees of freedom (Satterthwaite 1946), interval."""

    value: float
    se: float
    df: float
    low: float
    high: float


def independent_change(
    before: Estimated, after: Estimated, level: float = 0.95
) -> Change | Undefined:
    """The change between two independent samples: variances add.

    Undefined where one of the figures or its error is, or has no degrees of freedom.
    """
    figures = (before.value, before.se, after.value, after.se)
    if any(isinstance(each, Undefined) for each in figures) or min(before.df, after.df) <= 0:
        return Undefined("one_side_undefined")
    one, other = (float(each.se) ** 2 for each in (before, after))  # type: ignore[arg-type]
    value = float(after.value) - float(before.value)  # type: ignore[arg-type]
    if one + other == 0:
        return Change(value, 0.0, float(min(before.df, after.df)), value, value)
    df = (one + other) ** 2 / (one**2 / before.df + other**2 / after.df)
    half = student(df, level) * sqrt(one + other)
    return Change(value, sqrt(one + other), df, value - half, value + half)
