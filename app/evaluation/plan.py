"""What an analyst wants of rectangular data: how people were drawn, weighted, and which figures.

The words of a design file (docs/offline.md) as plain objects; ``tabulation`` carries them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from app.evaluation.sampling import Lonely

Kind = Literal[
    "total", "mean", "proportion", "ratio", "quantile", "shares", "mentions", "association"
]


@dataclass(frozen=True)
class StageColumns:
    """One stage of sampling by its columns; ``unit`` None: every row is one."""

    unit: str | None = None
    stratum: str | None = None
    population: str | None = None


@dataclass(frozen=True)
class UnequalPlan:
    """Units drawn with probabilities of their own, which the stages' populations hold.

    ``brewer``: any number of stages; the others are of one stage, pair by pair; ``joint``: the
    columns ``prefix``1, … or ``columns`` hold the probabilities of each row with every row.
    """

    method: Literal["brewer", "overton", "poisson", "joint"]
    columns: tuple[str, ...] = ()
    prefix: str = ""
    variance: Literal["HT", "YG"] = "HT"


@dataclass(frozen=True)
class ReplicatePlan:
    """Replicate weights that came with the data (``columns``) or are to be made (``kind``).

    ``prefix``: in place of ``columns``, what their names begin with; ``combined``: they are weights
    to use, not factors on the weight.
    """

    kind: Literal["JK1", "JKn", "BRR", "Fay", "bootstrap", "supplied"]
    columns: tuple[str, ...] = ()
    prefix: str = ""
    combined: bool = True
    scale: float | None = None
    rscales: tuple[float, ...] = ()
    mse: bool = False
    rho: float = 0.0
    count: int = 500
    seed: int = 1


@dataclass(frozen=True)
class MarginPlan:
    """Known totals by category of one column, or of several joined with ``|``."""

    name: str
    columns: tuple[str, ...]
    targets: Mapping[str, float]
    into: Mapping[str, str] = field(default_factory=dict)
    collapse_below: int = 0


@dataclass(frozen=True)
class CalibrationPlan:
    """How weights are brought to known totals. ``totals``: of columns, for the methods of
    ``generalised_calibration`` (the last three); ``bounds``: of the weights after raking, of the
    factors on them in those; ``residuals``: see ``calibration.rake``."""

    method: Literal["post_stratification", "raking", "linear", "exponential", "logit"]
    margins: tuple[MarginPlan, ...] = ()
    totals: Mapping[str, float] = field(default_factory=dict)
    bounds: tuple[float, float] | None = None
    residuals: Literal["r", "converged"] = "r"


@dataclass(frozen=True)
class Wanted:
    """One figure, in every combination of the columns ``by``.

    ``columns``: what is read (ratio: numerator, denominator; mentions: the options; association:
    the two classifications); ``equals``: the categories that count as 1 in a proportion;
    ``at``: of quantiles; ``rule``: of quantiles; ``interval``: "t" or a method of proportions;
    ``base``: of mentions.
    """

    code: str
    kind: Kind
    columns: tuple[str, ...]
    by: tuple[str, ...] = ()
    equals: tuple[str, ...] = ()
    at: tuple[float, ...] = (0.5,)
    rule: str = "math"
    interval: str = "t"
    base: Literal["respondents", "mentions"] = "respondents"


@dataclass(frozen=True)
class Contrast:
    """A linear combination ``of`` figures named ``CODE`` or ``CODE[column=category, …]``, or one
    of them over another (``ratio``)."""

    code: str
    of: Mapping[str, float] = field(default_factory=dict)
    ratio: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The figures that it reads."""
        return self.ratio or tuple(self.of)


@dataclass(frozen=True)
class ScorePlan:
    """A scale score as a column: the mean of at least the share ``least`` of ``items``.

    ``reverse``: items that count as low + high - x; ``ends``: (low, high) of every item.
    """

    code: str
    items: tuple[str, ...]
    reverse: tuple[str, ...] = ()
    ends: tuple[float, float] | None = None
    least: float = 0.5


@dataclass(frozen=True)
class EquivalencePlan:
    """Contrasts that are judged together: ``margin`` > 0, what matters, in their unit."""

    of: tuple[str, ...]
    margin: float


@dataclass(frozen=True)
class ItemPlan:
    """An item of plain columns: ``scores`` by code, or ``lowest`` to ``highest`` for numbers.

    ``missing``: what other cells mean (dont_know, prefer_not, not_concerned, skipped, not_shown),
    to frameworks and to estimates alike; ``column``: where its name is no code.
    """

    code: str
    scores: Mapping[str, float | None] = field(default_factory=dict)
    lowest: float | None = None
    highest: float | None = None
    several: bool = False
    missing: Mapping[str, str] = field(default_factory=dict)
    column: str | None = None

    @property
    def read(self) -> str:
        """The column of the item: its code, unless it is called otherwise."""
        return self.code if self.column is None else self.column


@dataclass(frozen=True)
class Plan:
    """Everything a design file says. ``person``: a column that names every row once;
    ``audience``: a fixed one, or ``audience_column``; ``territories``: the code of what stands in
    the column ``territory``, where that is none; ``exchange``: by territory, the items of its own
    that elsewhere a random part of the sample was asked."""

    weight: str | None = None
    stages: tuple[StageColumns, ...] = ()
    lonely: Lonely = Lonely.ADJUST
    pps: UnequalPlan | None = None
    replicates: ReplicatePlan | None = None
    calibration: CalibrationPlan | None = None
    estimates: tuple[Wanted, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    covariance: bool = False
    level: float = 0.95
    territory: str | None = None
    territories: Mapping[str, str] = field(default_factory=dict)
    audience: str = "elderly"
    audience_column: str | None = None
    proxy: str | None = None
    items: tuple[ItemPlan, ...] = ()
    populations: Mapping[str, int] = field(default_factory=dict)
    exchange: Mapping[str, Sequence[str]] = field(default_factory=dict)
    seed: int = 20140101
    person: str | None = None
    scores: tuple[ScorePlan, ...] = ()
    equivalence: EquivalencePlan | None = None
