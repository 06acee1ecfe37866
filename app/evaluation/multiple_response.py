"""Questions with several answers: shares on either of the two bases, which must be named.

Of respondents: everyone who was asked; the shares add up to more than 100 %. Of mentions: every
answer given; they add up to 100 % and are ratios, so that their error is that of a ratio.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from app.evaluation.columns import Bools, Floats
from app.evaluation.estimates import Statistic, mean, ratio
from app.evaluation.undefined import Undefined

Base = Literal["respondents", "mentions"]


def mentioned(
    weight: Floats, options: Sequence[Floats], members: Bools, base: Base
) -> list[Statistic | Undefined]:
    """The share of each option. ``options``: 0/1 columns float64[n], NaN where not answered.

    Who has a missing value in any option was not asked and leaves the base of all.
    """
    asked = members & np.isfinite(np.column_stack(options)).all(axis=1)
    ticked = [np.where(asked, each, np.nan) for each in options]
    if base == "respondents":
        return [mean(weight, each, asked) for each in ticked]
    given = np.sum(ticked, axis=0)
    return [ratio(weight, each, given, asked) for each in ticked]
