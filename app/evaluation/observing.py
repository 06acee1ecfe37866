"""Observations out of quantities: error, interval, base and flags of one figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.evaluation.estimation import Estimate, TerritoryEstimates
from app.evaluation.intervals import Interval, mean_interval
from app.evaluation.quantities import Cell, Errors, Figure, Quantity, Reason
from app.evaluation.suppression import FRAGILE
from app.evaluation.tables import Observation

MUCH_DONT_KNOW = 0.10
REGISTER = "register"  # flag: an administrative figure has a part in this one


@dataclass(frozen=True)
class Published:
    """An observation with the rows an attacker may write down from it.

    ``gradient``: how its value depends on the component cells; ``counts``: the cells whose bases
    its n adds up.
    """

    observation: Observation
    gradient: Mapping[Cell, float] = field(default_factory=dict)
    counts: tuple[Cell, ...] = ()


class Observer:
    """Makes observations of quantities from the estimates they are functions of."""

    def __init__(self, estimates: Mapping[str, TerritoryEstimates], errors: Errors) -> None:
        self._estimates = estimates
        self._errors = errors

    def estimate(self, cell: Cell) -> Estimate:
        """The component estimate behind a cell."""
        return self._estimates[cell[0]].by_component[cell[1]]

    def missing(self, place: Observation, reason: Reason) -> Published:
        """Nothing to show, and why; only what is withheld is confidential."""
        if reason is Reason.WITHHELD:
            return Published(replace(place, reason=str(reason), confidentiality="N"))
        return Published(replace(place, reason=str(reason)))

    def level(self, place: Observation, figure: Figure, *, based: bool = False) -> Published:
        """A level from 0 to 100 with its interval; ``based``: n and what goes with it too."""
        if isinstance(figure, Reason):
            return self.missing(place, figure)
        if REGISTER in figure.flags and not figure.gradient:  # counted, not sampled: no error
            flags = tuple(sorted({*place.flags, *figure.flags}))
            return Published(replace(place, value=figure.value, flags=flags))
        seen = self._with_error(place, figure)
        seen = self._with_interval(seen, self._level_interval(figure, seen))
        return self._based(seen, figure) if based else Published(seen, figure.gradient)

    def difference(
        self, place: Observation, figure: Figure, *, interval: bool, based: bool = False
    ) -> Published:
        """A signed difference; without ``interval`` it is described, not judged."""
        if isinstance(figure, Reason):
            return self.missing(place, figure)
        seen = self._with_error(place, figure)
        if interval and seen.df is not None and seen.se is not None:
            ends = mean_interval(figure.value, seen.se**2, seen.df)
            seen = self._with_interval(seen, ends if seen.se > 0 else None)
        return self._based(seen, figure) if based else Published(seen, figure.gradient)

    def _with_error(self, place: Observation, figure: Quantity) -> Observation:
        se, df = self._errors.se(figure), self._errors.df(figure)
        return replace(
            place,
            value=figure.value,
            se=None if df is None and se == 0.0 else se,  # nothing to tell an error from
            df=df,
            flags=tuple(sorted({*place.flags, *figure.flags})),
        )

    def _with_interval(self, seen: Observation, ends: Interval | None) -> Observation:
        if ends is None:
            return replace(seen, flags=(*seen.flags, "no_df")) if seen.df is None else seen
        return replace(seen, low=ends[0], high=ends[1])

    def _level_interval(self, figure: Quantity, seen: Observation) -> Interval | None:
        """Of a single component its own; where nothing varies, the components' ends added up."""
        cells = [(cell, slope) for cell, slope in figure.gradient.items() if slope]
        if seen.df is None or seen.se is None:
            return None
        if len(cells) == 1 and cells[0][1] == 1.0:
            ends = self.estimate(cells[0][0]).interval
            return _inside(ends) if ends else None
        if seen.se > 0:
            return _inside(mean_interval(figure.value, seen.se**2, seen.df))
        low = high = figure.value
        for cell, slope in cells:
            estimate = self.estimate(cell)
            if estimate.interval is None:
                return None
            steps = sorted(slope * (end - estimate.mean) for end in estimate.interval)
            low, high = low + steps[0], high + steps[1]
        return _inside((low, high))

    def _based(self, seen: Observation, figure: Quantity) -> Published:
        """With the base: summed over territories, so that a nation betrays no single one."""
        cells = tuple(figure.gradient)
        each = [self.estimate(cell) for cell in cells]
        n = sum(estimate.n for estimate in each)
        by_component: dict[str, list[Estimate]] = {}
        for (_, component), estimate in zip(cells, each, strict=True):
            by_component.setdefault(component, []).append(estimate)
        unsure = max(_pooled(several, "dont_know") for several in by_component.values())
        least = min(sum(estimate.n for estimate in several) for several in by_component.values())
        flags = {
            "fragile": least < FRAGILE,
            "lonely_psu": any(estimate.lonely for estimate in each),
            "dont_know": unsure > MUCH_DONT_KNOW,
        }
        seen = replace(
            seen,
            n=n,
            n_effective=each[0].n_effective if len(each) == 1 else None,
            weighted_base=sum(estimate.weighted_base for estimate in each),
            proxies=_pooled(each, "proxies"),
            dont_know=unsure,
            flags=(*seen.flags, *(name for name, raised in flags.items() if raised)),
        )
        return Published(seen, figure.gradient, cells)


def _inside(ends: Interval) -> Interval:
    return (max(ends[0], 0.0), min(ends[1], 100.0))


def _pooled(several: Sequence[Estimate], share: str) -> float:
    """A share of people over several bases."""
    whole = sum(estimate.n for estimate in several)
    return sum(float(getattr(estimate, share)) * estimate.n for estimate in several) / whole
