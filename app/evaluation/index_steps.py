"""Steps that values of an index go through, one after the other: logarithm, caps, outliers, pieces.

An indicator's go before its normalisation, a node's after its mean. Missing values stay missing.
Steps that read the data look at every unit of the table; the others are fixed, and goalposts and
targets go through them too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from app.evaluation.columns import Bools, Floats
from app.evaluation.index_outliers import without_outliers
from app.evaluation.index_refusals import NotComputable
from app.evaluation.ranking import alike

Numbers = tuple[float, ...]


class StepKind(StrEnum):
    """What a step does; those from ``winsorise`` on read the data."""

    LOG = "log"
    EXP = "exp"
    PLUS = "plus"
    TIMES = "times"
    POWER = "power"
    LEAST = "least"
    MOST = "most"
    THROUGH = "through"
    BANDS = "bands"
    WINSORISE = "winsorise"
    PERCENTILES = "percentiles"
    OUTLIERS = "outliers"
    MIN_MAX = "min_max"
    Z_SCORE = "z_score"
    RANK = "rank"
    PERCENTILE_RANK = "percentile_rank"


WORDS = (
    StepKind.LOG,
    StepKind.EXP,
    StepKind.MIN_MAX,
    StepKind.Z_SCORE,
    StepKind.RANK,
    StepKind.PERCENTILE_RANK,
)
RELATIVE = frozenset(WORDS) - {StepKind.LOG, StepKind.EXP}  # a unit's place among the others
BY_TABLE = frozenset((StepKind.WINSORISE, StepKind.PERCENTILES, StepKind.OUTLIERS))
CUTS = BY_TABLE | {StepKind.LEAST, StepKind.MOST}
_READS_DATA = RELATIVE | BY_TABLE


@dataclass(frozen=True)
class Step:
    """``given``: the number, the two numbers, or the points (x, y, x, y, …) of a step."""

    kind: StepKind
    given: Numbers = ()


@dataclass(frozen=True, eq=False)
class Stepped:
    """Values after the steps, and which of them a cap changed; float64[n] and bool[n]."""

    values: Floats
    treated: Bools


def stepped(values: Floats, steps: Sequence[Step], name: str, units: Sequence[str] = ()) -> Stepped:
    """A column or a node through its steps. Raises NotComputable with the unit and ``name``."""
    values = np.asarray(values, dtype=np.float64)
    treated = np.zeros(len(values), dtype=bool)
    for step in steps:
        known = np.isfinite(values)
        after = values.copy()
        after[known] = _one(step, values, known, name, units)
        if step.kind in CUTS:
            treated |= known & (after != values)
        values = after
    return Stepped(values, treated)


def fixed(numbers: Numbers, steps: Sequence[Step], name: str) -> Numbers:
    """Goalposts or a target through the steps that read no data; raises NotComputable."""
    kept = [step for step in steps if step.kind not in _READS_DATA]
    return tuple(stepped(np.array(numbers, dtype=float), kept, name).values.tolist())


def _one(step: Step, values: Floats, known: Bools, name: str, units: Sequence[str]) -> Floats:
    x = values[known]
    if step.kind in _DOMAINS:
        why, allowed = _DOMAINS[step.kind]
        _refuse(~allowed(x, step.given), why, known, name, units)
    if step.kind in _READS_DATA:
        found = _by_data(step, x, name)
    else:
        with np.errstate(over="ignore", divide="ignore"):
            found = _FIXED[step.kind](x, step.given)
    _refuse(~np.isfinite(found), "beyond_numbers", known, name, units)
    return found


def _refuse(wrong: Bools, why: str, known: Bools, name: str, units: Sequence[str]) -> None:
    if wrong.any():
        row = int(np.flatnonzero(known)[np.flatnonzero(wrong)[0]])
        raise NotComputable(why, f"{units[row]} {name}" if units else name)


def _can_be_raised(x: Floats, given: Numbers) -> Bools:
    """Whole powers of any number, others of 0 and more, negative ones not of 0."""
    wanted = np.ones(len(x), dtype=bool) if given[0].is_integer() else x >= 0
    return np.asarray(wanted & ((x != 0) | (given[0] > 0)))


_DOMAINS: dict[StepKind, tuple[str, Callable[[Floats, Numbers], Bools]]] = {
    StepKind.LOG: ("not_positive_for_log", lambda x, _: np.asarray(x > 0)),
    StepKind.POWER: ("not_positive_for_power", _can_be_raised),
}
_FIXED: dict[StepKind, Callable[[Floats, Numbers], Floats]] = {
    StepKind.LOG: lambda x, _: np.log(x),
    StepKind.EXP: lambda x, _: np.exp(x),
    StepKind.PLUS: lambda x, given: x + given[0],
    StepKind.TIMES: lambda x, given: x * given[0],
    StepKind.POWER: lambda x, given: x ** given[0],
    StepKind.LEAST: lambda x, given: np.maximum(x, given[0]),
    StepKind.MOST: lambda x, given: np.minimum(x, given[0]),
    StepKind.THROUGH: lambda x, given: np.interp(x, given[::2], given[1::2]),
    StepKind.BANDS: lambda x, given: _bands(x, np.array(given[::2]), np.array(given[1::2])),
}


def _bands(x: Floats, starts: Floats, gives: Floats) -> Floats:
    """The value of the last band that begins at ``x`` or below; of the first one before it."""
    return np.asarray(gives[np.maximum(np.searchsorted(starts, x, side="right") - 1, 0)])


def _by_data(step: Step, x: Floats, name: str) -> Floats:
    if not len(x):
        return x
    if step.kind is StepKind.WINSORISE:
        return _winsorised(x, int(step.given[0]), int(step.given[1]), name)
    if step.kind is StepKind.OUTLIERS:
        return without_outliers(x, step.given, name)
    if step.kind is StepKind.PERCENTILES:
        return np.asarray(np.clip(x, *np.quantile(x, step.given)))
    return _normalised(step.kind, x, name)


def _normalised(kind: StepKind, x: Floats, name: str) -> Floats:
    single = kind is StepKind.PERCENTILE_RANK and len(x) == 1
    if single or (kind in (StepKind.MIN_MAX, StepKind.Z_SCORE) and alike(x)):
        raise NotComputable("constant_column", name)
    if kind is StepKind.MIN_MAX:
        return np.asarray((x - x.min()) / np.ptp(x))
    if kind is StepKind.Z_SCORE:
        return np.asarray((x - x.mean()) / x.std(ddof=1))
    below = np.searchsorted(np.sort(x), x, side="left").astype(np.float64)
    return below + 1 if kind is StepKind.RANK else below / (len(x) - 1)


def _winsorised(x: Floats, low: int, high: int, name: str) -> Floats:
    """The ``low`` lowest values set to the next one up, the ``high`` highest to the next down."""
    if len(x) <= low + high:
        raise NotComputable("too_few_to_winsorise", name)
    ordered = np.sort(x)
    return np.asarray(np.clip(x, ordered[low], ordered[len(x) - 1 - high]))
