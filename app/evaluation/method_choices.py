"""How much a ranking depends on admissible method choices: all combinations, and exact shares.

Nothing is drawn at random: every combination of the options that the index lists is computed once,
and the variance of a result is split over the choices exactly (``sobol``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from app.domain.errors import BadInput, Fault
from app.domain.text import Text
from app.evaluation.columns import Floats, Integers
from app.evaluation.index_framework import Choices, IndexFramework
from app.evaluation.index_refusals import NotComputable
from app.evaluation.index_tables import Computed, IndexTable, Settings, compute
from app.evaluation.ranking import Agreement, agreement, ranks
from app.evaluation.sobol import sobol
from app.evaluation.undefined import Undefined

MOST = 5_000
Options = dict[str, tuple[object, ...]]
FACTORS = ("normalisation", "aggregation", "weights", "availability", "without")


@dataclass(frozen=True)
class Combination:
    """One way to compute the index, and how it agrees with the index as it is written."""

    settings: Settings
    agreement: Agreement | Undefined


@dataclass(frozen=True)
class Shares:
    """Sobol indices by choice: ``first``, what it explains alone; ``total``, with the others.

    ``variance``: of the result over all combinations, each as likely.
    """

    first: Mapping[str, float]
    total: Mapping[str, float]
    variance: float


@dataclass(frozen=True)
class RankBand:
    """One unit over the combinations in which it has a score.

    Percentiles interpolate linearly; ``sobol``: of its rank, by choice.
    """

    unit: str
    rank: int | Undefined
    scored_in: int
    least: float | Undefined
    p5: float | Undefined
    median: float | Undefined
    p95: float | Undefined
    most: float | Undefined
    sobol: Shares | Undefined


@dataclass(frozen=True)
class Robustness:
    """``choices``: the options by choice, in the order of the indices; ``sobol``: of the mean
    absolute shift of ranks."""

    choices: Mapping[str, tuple[object, ...]]
    combinations: tuple[Combination, ...]
    sobol: Shares | Undefined
    units: tuple[RankBand, ...]


def robustness(index: IndexFramework, table: IndexTable, computed: Computed) -> Robustness | None:
    """All combinations of the index's ``choices``; None where it lists none.

    ``computed``: the index as it is written. A combination that cannot be computed keeps its
    reason; shares are then undefined. Raises BadInput over 5,000 combinations.
    """
    options = _options(index.choices)
    if not options:
        return None
    number = prod(len(each) for each in options.values())
    if number > MOST:
        raise BadInput([_too_many(number)])
    combinations, positions = [], []
    for chosen in product(*options.values()):
        settings = Settings(**dict(zip(options, chosen, strict=True)))  # type: ignore[arg-type]
        found, order = _one(index, table, computed, settings)
        combinations.append(Combination(settings, found))
        positions.append(order)
    grid = np.array(positions)
    shifts: Floats = np.array([_shift(each.agreement) for each in combinations])
    return Robustness(
        choices=options,
        combinations=tuple(combinations),
        sobol=_shares(shifts, options),
        units=tuple(
            _band(unit, int(computed.ranks[i]), grid[:, i], options)
            for i, unit in enumerate(table.units)
        ),
    )


def _options(choices: Choices) -> Options:
    given = {name: getattr(choices, name) for name in FACTORS}
    return {name: options for name, options in given.items() if options}


def _one(
    index: IndexFramework, table: IndexTable, computed: Computed, settings: Settings
) -> tuple[Agreement | Undefined, Integers]:
    try:
        total = compute(index, table, settings).total
    except NotComputable as refused:
        return refused.why, np.zeros(len(table.units), dtype=np.int64)
    return agreement(computed.total, total), ranks(total)


def _shift(found: Agreement | Undefined) -> float:
    """The mean absolute shift of ranks; NaN, for the shares only, where there is none."""
    if isinstance(found, Undefined) or isinstance(found.mean_shift, Undefined):
        return float("nan")
    return found.mean_shift


def _band(unit: str, rank: int, found: Integers, options: Options) -> RankBand:
    scored = found[found > 0]
    grid: Floats = np.where(found > 0, found, np.nan)
    nothing = Undefined("no_score")
    marks: list[float | Undefined] = [nothing] * 5
    if len(scored):
        marks = [float(each) for each in np.quantile(scored, (0, 0.05, 0.5, 0.95, 1))]
    return RankBand(
        unit=unit,
        rank=rank or nothing,
        scored_in=len(scored),
        least=marks[0],
        p5=marks[1],
        median=marks[2],
        p95=marks[3],
        most=marks[4],
        sobol=_shares(grid, options),
    )


def _shares(y: Floats, options: Options) -> Shares | Undefined:
    """Indices of a result by combination, or how many combinations have none."""
    missing = int(np.isnan(y).sum())
    if missing:
        return Undefined("a_combination_is_missing", f"{missing} of {len(y)}")
    found = sobol(y.reshape([len(each) for each in options.values()]))
    if found is None:
        return Undefined("no_variance")
    return Shares(
        dict(zip(options, found.first, strict=True)),
        dict(zip(options, found.total, strict=True)),
        float(y.var()),
    )


def _too_many(number: int) -> Fault:
    return Fault(
        "choices",
        Text.of(fr=f"{number} combinaisons de choix.", en=f"{number} combinations of choices."),
        Text.of(
            fr=f"Gardez moins d’options : {MOST} combinaisons au plus.",
            en=f"Keep fewer options: at most {MOST} combinations.",
        ),
    )
