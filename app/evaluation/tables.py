"""Observations and tables: one tidy list is the source of every page, chart and download.

``Table`` holds unprotected figures and cannot leave the process; ``ProtectedTable`` is what is
stored in a release and shown. A withheld observation carries no figure at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, NoReturn


class What(StrEnum):
    """What an observation is about. The nation is the territory ``FR``: plain mean of territories.

    ``framework`` is None for components, indicators and ledger (one code is one thing in every
    framework) and the framework's code for all others. A territory's national score is ``TOTAL``
    with the national framework, its own score ``TOTAL`` with its own.
    """

    COMPONENT = (
        "component"  # a measure x audience; code of the indicator (gap: CODE.group, .others)
    )
    GROUP = "group"  # of a breakdown; code: indicator, group: BREAKDOWN.GROUP
    GROUP_GAP = "group_gap"  # group: BREAKDOWN.GROUP-FIRST; that group less the first one
    DISTRIBUTION = "distribution"  # code: CODE.LOW-HIGH; percent of a cell with such a score
    INDICATOR = "indicator"  # in its own unit, not turned
    LEDGER = "ledger"  # beside the scores, never scored; gaps are signed
    VALUE_NODE = "value_node"  # public value, 0 to 100, more is better; so are the next two
    DIMENSION = "dimension"
    TOTAL = "total"
    COMPONENT_BY_POPULATION = (
        "component_by_population"  # nation only, weighted by people of 75+, no n
    )
    INDICATOR_BY_POPULATION = "indicator_by_population"
    LEDGER_BY_POPULATION = "ledger_by_population"
    DIMENSION_BY_POPULATION = "dimension_by_population"
    TOTAL_BY_POPULATION = "total_by_population"
    GAP_DESCRIPTION = "gap_description"  # own score - national score: described, never tested
    DISTANCE = "distance"  # from the other territories, on the common set, by either framework
    STANDING_SHIFT = "standing_shift"  # distance by its own - distance by the national framework
    SHIFT_PART = "shift_part"  # code: weighted_differently, reformulated, dropped
    SHIFT_INDICATOR = "shift_indicator"  # code: indicator; what each one moves, sums to the shift
    MARGIN = "margin"  # what counts as a difference, points
    SMALLEST_DETECTABLE = "smallest_detectable"
    LARGEST_ATTAINABLE = "largest_attainable"
    METHOD_SHARE = "method_share"  # share of the admissible methods that keep the shift's sign
    METHOD_COUNT = "method_count"  # how many admissible methods were tried
    SOBOL = "sobol"  # code: first.LIST, total.LIST; what each list has to do with the sign
    CROSS = "cross"  # score by a framework cut to what was asked everywhere, the same for all
    RANK = "rank"  # code: marginal, simultaneous; low to high: the places it may hold, 1 the best
    FIRST_PLACE = "first_place"  # probability of the first place by that tree
    ORDER = "order"  # code: kendall_tau_b, spearman; agreement with the national order (described)
    FLIP = "flip"  # code: OTHER.national, OTHER.own; z of the difference where the order flips
    VARIANT_RANK = "variant_rank"  # code: VARIANT of a framework's common set; rank, 1 the best
    AGREEMENT = "agreement"  # code: MEASURE.NAT.VARIANT@OWN.VARIANT; of two orders (described)
    OVERLAP = "overlap"  # code: lower, upper, content, weight (shares of 1; from documents)
    COVERED_SHARE = "covered_share"  # weight of the common set in the own tree
    BLIND_SPOT = "blind_spot"  # code: here_only, elsewhere_impossible, dropped
    COPRODUCTION = "coproduction"  # code: PHASE.LEVEL; share of the audience that took part so
    BREADTH = "breadth"  # mean share of the four phases in which a person took part
    PARTICIPATION = "participation"  # share that took part in anything; code: profession, or all
    SEEN_IN_DESIGN = "seen_in_design"  # code: LEVEL; professionals who saw users do so
    TIE = "tie"  # code: role; share of the other professions that work with it every month
    MIRRORED = "mirrored"  # code: pair of questions with one meaning; the level of an audience
    AUDIENCE_GAP = "audience_gap"  # code: pair; first audience less second, judged for equivalence
    GAP_DETECTABLE = "gap_detectable"  # code: pair; smallest gap that could have been seen
    GAP_MARGIN = "gap_margin"  # largest gap that does not matter, points; set before the wave
    DESIGN_DISTANCE = "design_distance"  # code: territory; Gower's, 0 to 1, from descriptions
    COMPARABILITY = "comparability"  # with the other territories; value: people behind it; verdict
    RELIABILITY = "reliability"  # code: CODE.omega, CODE.alpha; of a scale in a territory
    DIF = "dif"  # code: CODE.ITEM; effect of an item that may work otherwise here (Mantel)
    DIF_LOGISTIC = "dif_logistic"  # code: CODE.ITEM; what the group explains more (Nagelkerke)
    DIF_P = "dif_p"  # code: CODE.ITEM.TEST; mantel, logistic, with _holm and _bh; p, of 1
    EARLIER = "earlier"  # code: CODE@WAVE; value in an earlier wave as it was given out
    CHANGE = "change"  # code: CODE@WAVE; now less then, same people paired
    ATTRITION = "attrition"  # code: OUTCOME@WAVE; of those who answered then, share of 1


Key = tuple[str, str | None, str, str, str | None, str | None]
FIGURES = (
    "value", "se", "low", "high", "df", "n", "n_effective", "weighted_base", "proxies",
    "dont_know", "coverage", "verdict",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure with everything that must stand beside it. Nothing here is rounded.

    ``se``, ``low``, ``high``: design-based error and 95 % interval (simultaneous over territories
    for the standing shift); ``n``: people in the base; ``weighted_base``: their weights;
    ``proxies``, ``dont_know``: shares of the base (0 to 1) answered by a proxy, or unsure;
    ``coverage``: share of a composite's weight that had a figure. Without a value ``reason`` says
    why (``quantities.Reason``): withheld, not_asked, not_everywhere, no_series, no_answers,
    no_population, undefined, coverage_below, no_rest. ``flags``: fragile
    (n under 30), lonely_psu, dont_know (over 10 %), incomplete, floored, at_goalpost,
    without:CODE (a territory left out of a national mean), no_df (no interval can be given),
    depends_on:LIST (the list of method choices that most turns the sign), resolved (both trees
    settle the order of a pair that they put in opposite orders).
    """

    territory: str
    framework: str | None
    what: str
    code: str = ""
    audience: str | None = None
    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    df: float | None = None
    n: int | None = None
    n_effective: float | None = None
    weighted_base: float | None = None
    proxies: float | None = None
    dont_know: float | None = None
    coverage: float | None = None
    confidentiality: Literal["F", "N"] = "F"
    reason: str | None = None
    flags: tuple[str, ...] = ()
    verdict: str | None = None
    period: str | None = None  # of an administrative figure: start/end, ISO 8601
    source: str | None = None
    group: str | None = None  # of a declared breakdown; None: everybody

    @property
    def key(self) -> Key:
        """What tells this observation from every other of its table."""
        return (
            self.territory,
            self.framework,
            str(self.what),
            self.code,
            self.audience,
            self.group,
        )

    @property
    def shown(self) -> bool:
        """Whether there is a figure to show."""
        return self.confidentiality == "F" and self.value is not None


class Table:
    """Unprotected observations. They cannot be written anywhere: protect them first."""

    def __init__(self, observations: Sequence[Observation]) -> None:
        self.observations = tuple(observations)

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.observations)

    def __len__(self) -> int:
        return len(self.observations)

    def __repr__(self) -> str:
        return f"<Table of {len(self)} unprotected observations>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an unprotected table does not leave the process")

    @cached_property
    def by_key(self) -> Mapping[Key, Observation]:
        """Each observation by its key."""
        return {observation.key: observation for observation in self.observations}


@dataclass(frozen=True)
class ProtectedTable:
    """Observations as they may be shown: withheld ones are marked N and have no figure.

    Raises ValueError where a withheld observation carries a figure, or a key stands twice.
    """

    observations: tuple[Observation, ...]
    threshold: int

    def __post_init__(self) -> None:
        if len(self.by_key) != len(self.observations):
            raise ValueError("two observations have the same key")
        for seen in self.observations:
            if seen.confidentiality == "N" and any(
                getattr(seen, name) is not None for name in FIGURES
            ):
                raise ValueError(f"withheld, but carries a figure: {seen.key}")

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.observations)

    def __len__(self) -> int:
        return len(self.observations)

    @cached_property
    def by_key(self) -> Mapping[Key, Observation]:
        """Each observation by its key."""
        return {observation.key: observation for observation in self.observations}

    @cached_property
    def by_what(self) -> Mapping[str, tuple[Observation, ...]]:
        """The observations of each kind, in order."""
        found: dict[str, list[Observation]] = {}
        for seen in self.observations:
            found.setdefault(str(seen.what), []).append(seen)
        return {what: tuple(kept) for what, kept in found.items()}

    @cached_property
    def unlike(self) -> tuple[Observation, ...]:
        """One observation of each kind, audience, code and group, whatever its territory."""
        return tuple(
            {(each.what, each.audience, each.code, each.group): each for each in self}.values()
        )

    def one(
        self,
        territory: str,
        framework: str | None,
        what: str,
        code: str = "",
        audience: str | None = None,
        group: str | None = None,
    ) -> Observation | None:
        """The observation with this key, or None. Audience None: the whole indicator; group None:
        everybody."""
        return self.by_key.get((territory, framework, str(what), code, audience, group))

    def of(self, what: str, **wanted: str | None) -> tuple[Observation, ...]:
        """All of one kind, in order, narrowed by field: ``of("total", framework="NAT")``."""
        return tuple(
            seen
            for seen in self.by_what.get(str(what), ())
            if all(getattr(seen, name) == value for name, value in wanted.items())
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain data for storage; fields without content are left out."""
        rows = []
        for seen in self.observations:
            row = {
                name: value
                for name, value in asdict(seen).items()
                if value is not None and value != ""
            }
            row["what"] = str(seen.what)
            row["flags"] = list(seen.flags)
            rows.append(row)
        return {"threshold": self.threshold, "observations": rows}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ProtectedTable:
        """The inverse of ``to_dict``; fields that this version does not know are ignored."""
        known = {each.name for each in fields(Observation)}
        observations = []
        for row in data["observations"]:
            content = {name: value for name, value in row.items() if name in known}
            content["flags"] = tuple(row.get("flags", ()))
            content.setdefault("framework", None)
            observations.append(Observation(**content))
        return cls(tuple(observations), int(data["threshold"]))
