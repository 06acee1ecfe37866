"""What the two frameworks say of each territory: overlap, scores side by side, shift, verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from statistics import stdev

from app.domain.frameworks import Framework
from app.evaluation.comparison import Shift
from app.evaluation.crosswalk import ComparableSet, Crosswalk
from app.evaluation.drafting import Draft
from app.evaluation.observing import Published
from app.evaluation.quantities import Quantity, Reason
from app.evaluation.robustness import Robustness, robustness
from app.evaluation.tables import Observation, What
from app.evaluation.verdicts import Verdict, critical_value, smallest_detectable, verdict


def documents(crosswalk: Crosswalk) -> Iterator[Published]:
    """Overlap, covered share and blind spots: properties of documents, shares of 1."""
    overlap = crosswalk.overlap
    shares: tuple[tuple[What, str, Fraction], ...] = (
        (What.OVERLAP, "lower", overlap.lower),
        (What.OVERLAP, "upper", overlap.upper),
        (What.OVERLAP, "content", overlap.content),
        (What.OVERLAP, "weight", overlap.weight),
        (What.COVERED_SHARE, "", crosswalk.covered),
        (What.BLIND_SPOT, "here_only", crosswalk.own_weight(ComparableSet.HERE_ONLY)),
        (
            What.BLIND_SPOT,
            "elsewhere_impossible",
            crosswalk.own_weight(ComparableSet.ELSEWHERE_IMPOSSIBLE),
        ),
        (What.BLIND_SPOT, "dropped", crosswalk.dropped_weight),
    )
    for what, code, share in shares:
        yield Published(
            Observation(crosswalk.territory, crosswalk.own, what, code, value=float(share))
        )


class Judge:
    """Compares and judges all territories of a draft together."""

    def __init__(self, draft: Draft, seed: int, threshold: int) -> None:
        self.draft = draft
        self.threshold = threshold
        self.observer = draft.observer
        self.errors = draft.programme.errors
        self._shifts = {
            territory: shift
            for territory, shift in draft.shifts.items()
            if isinstance(shift, Shift)
        }
        self.df = {
            territory: self.errors.df(each.shift) for territory, each in self._shifts.items()
        }
        self.critical = self._critical(seed)

    def _critical(self, seed: int) -> float | None:
        """One factor for the intervals of all territories; None without degrees of freedom."""
        judged = [
            territory
            for territory, shift in self._shifts.items()
            if not shift.same and self.df[territory] is not None
        ]
        if not judged:
            return None
        df = min(each for territory in judged if (each := self.df[territory]) is not None)
        together = self.errors.covariance([self._shifts[each].shift for each in judged])
        return critical_value(together, df, seed)

    def margin(self, own: Framework) -> float | None:
        """The least shift that matters: the framework's, else the national framework's, else a
        quarter of the standard deviation of the territories' national scores that are shown."""
        for framework in (own, self.draft.programme.national):
            if framework.margin is not None:
                return framework.margin
        return self._usual_margin

    @cached_property
    def _usual_margin(self) -> float | None:
        programme = self.draft.programme
        totals = [
            figure.value
            for territory in programme.territories
            if isinstance(figure := self.draft.total(territory, programme.national), Quantity)
        ]
        return stdev(totals) / 4 if len(totals) > 1 else None

    def observations(self) -> Iterator[Published]:
        """Everything about every territory that has a framework of its own."""
        for territory, crosswalk in self.draft.crosswalks.items():
            yield from documents(crosswalk)
            yield self._gap(territory)
            yield from self._comparison(territory, self.draft.shifts[territory])

    def _gap(self, territory: str) -> Published:
        """Own score minus national score: described, never tested."""
        programme = self.draft.programme
        own = programme.own[territory]
        one, other = (self.draft.total(territory, tree) for tree in (own, programme.national))
        place = Observation(territory, own.code, What.GAP_DESCRIPTION)
        for figure in (one, other):
            if isinstance(figure, Reason):
                return self.observer.missing(place, figure)
        assert isinstance(one, Quantity)
        assert isinstance(other, Quantity)
        return self.observer.difference(place, one - other, interval=False)

    def _comparison(self, territory: str, shift: Shift | Reason) -> Iterator[Published]:
        programme = self.draft.programme
        own = programme.own[territory]
        place = Observation(territory, own.code, What.STANDING_SHIFT)
        if isinstance(shift, Reason):
            yield self.observer.missing(place, shift)
            return
        yield from self._shift(place, shift, own)
        for part, figure in shift.parts.items():
            at = replace(place, what=What.SHIFT_PART, code=str(part))
            yield self.observer.difference(at, figure, interval=False)
        for code, figure in shift.by_indicator.items():
            at = replace(place, what=What.SHIFT_INDICATOR, code=code)
            yield self.observer.difference(at, figure, interval=False)
        for framework, figure in ((own, shift.own), (programme.national, shift.national)):
            at = Observation(territory, framework.code, What.DISTANCE)
            yield self.observer.difference(at, figure, interval=True)

    def _shift(self, place: Observation, shift: Shift, own: Framework) -> Iterator[Published]:
        published = self.observer.difference(place, shift.shift, interval=False)
        seen = replace(published.observation, coverage=float(shift.covered))
        margin = self.margin(own)
        df = self.df[place.territory]
        tried = robustness(self.draft, place.territory, shift, self.threshold)
        if shift.same:
            seen = replace(seen, verdict=str(verdict(0.0, 0.0, margin or 0.0, same=True)))
        elif df is None or self.critical is None:
            seen = replace(seen, flags=(*seen.flags, "no_df"))
        else:
            se = self.errors.se(shift.shift)
            half = self.critical * se
            low, high = shift.shift.value - half, shift.shift.value + half
            kept = 1.0 if tried is None else tried.kept
            said = None if margin is None else verdict(low, high, margin, kept=kept)
            seen = replace(seen, low=low, high=high, verdict=said and str(said))
            if said is Verdict.DEPENDS_ON_THE_METHOD and tried is not None:
                seen = replace(seen, flags=(*seen.flags, f"depends_on:{tried.leading}"))
            detectable = smallest_detectable(se, self.critical, df)
            yield _plain(place, What.SMALLEST_DETECTABLE, detectable)
        yield replace(published, observation=seen)
        if margin is None:
            yield self.observer.missing(replace(place, what=What.MARGIN), Reason.UNDEFINED)
        else:
            yield _plain(place, What.MARGIN, margin)
        yield _plain(place, What.LARGEST_ATTAINABLE, self._largest(shift.reach))
        if tried is not None:
            yield from _methods(place, tried)

    def _largest(self, reach: Mapping[str, float]) -> float:
        """The shift if every indicator stood as far from the rest as it does in any territory.

        Of the distances that are shown, each with the sign that adds to the shift.
        """
        steps = []
        for code, weight in reach.items():
            distances = [
                abs(each.by_indicator[code].value / each.reach[code])
                for each in self._shifts.values()
                if each.reach.get(code)
            ]
            steps.append(abs(weight) * max(distances, default=0.0))
        return sum(steps)


def _plain(place: Observation, what: What, value: float) -> Published:
    return Published(replace(place, what=what, value=value))


def _methods(place: Observation, tried: Robustness) -> Iterator[Published]:
    """How many methods keep the sign, and what each list of choices has to do with it."""
    yield _plain(place, What.METHOD_SHARE, tried.kept)
    yield _plain(place, What.METHOD_COUNT, tried.count)
    for number, factor in enumerate(tried.factors):
        for order in ("first", "total"):
            at = replace(place, code=f"{order}.{factor}")
            if tried.shares is None:
                undefined = replace(at, what=What.SOBOL, reason=str(Reason.UNDEFINED))
                yield Published(undefined)
            else:
                yield _plain(at, What.SOBOL, getattr(tried.shares, order)[number])
