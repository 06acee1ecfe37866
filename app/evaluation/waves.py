"""Change over waves: earlier values as they were given out, differences with their error, breaks.

A difference is given only where both figures are shown, so that it tells nothing that they do not.
It is broken, and says why, where the question's fingerprint, the measure, the frame or (for
composites) the framework or what entered it is not the same in both waves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.domain.frameworks import Framework
from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.evaluation.components import ComponentDefinition
from app.evaluation.composites import compose
from app.evaluation.crosswalk import Crosswalk
from app.evaluation.drafting import Draft, Withheld
from app.evaluation.figures import Programme
from app.evaluation.intervals import mean_interval
from app.evaluation.linked import Influences, TwoWaves, two_waves
from app.evaluation.quantities import Errors, Figure, Quantity, Reason
from app.evaluation.suppression import Cause, Tier
from app.evaluation.tables import Key, Observation, ProtectedTable, What

Prints = Mapping[tuple[str, Audience], Mapping[str, str]]  # fingerprint of each item, by place
BREAK = "break"
SAME = 1e-9  # a figure made again differs from the one given out by round-off only
MEASURED = (What.INDICATOR, What.LEDGER)
COMPOSED = (What.DIMENSION, What.TOTAL)


@dataclass(frozen=True, eq=False)
class Wave:
    """One wave as it was given out: its table, what it was made of, and what was asked how."""

    code: str
    frame: str
    programme: Programme
    crosswalks: Mapping[str, Crosswalk]
    table: ProtectedTable
    prints: Prints
    influences: Mapping[str, Influences]

    def draft(self) -> Draft:
        """The figures again, without what was withheld."""
        return Draft(self.programme, self.crosswalks, withheld_in(self.table))


def withheld_in(table: ProtectedTable) -> Withheld:
    """What a table does not show, as far as figures are made again without it."""
    cells, national = {}, {}
    for seen in table:
        if seen.confidentiality != "N":
            continue
        if seen.what == What.COMPONENT and seen.territory != NATION:
            code, dot, side = seen.code.partition(".")
            cells[seen.territory, f"{code}.{seen.audience}{dot}{side}"] = Cause.SMALL
        elif seen.what in MEASURED and seen.territory == NATION:
            national[seen.code] = frozenset({Tier.PLAIN})
    return Withheld(cells, national)


def over_waves(now: Wave, before: Wave) -> Iterator[Observation]:
    """Earlier values and changes since ``before``, for every indicator and score given out now."""
    comparison = _Comparison(now, before)
    for seen in now.table:
        if seen.what in (*MEASURED, *COMPOSED):
            yield from comparison.observations(seen)


class _Comparison:
    def __init__(self, now: Wave, before: Wave) -> None:
        self.now, self.before = now, before
        self.here, self.then = now.draft(), before.draft()
        self.together: TwoWaves = two_waves(
            (before.code, before.programme.estimates, before.influences),
            (now.code, now.programme.estimates, now.influences),
        )
        self.errors = Errors(self.together.blocks)

    def observations(self, seen: Observation) -> Iterator[Observation]:
        old = self.before.table.by_key.get(seen.key) or self._other_kind(seen)
        if old is None:
            return
        code = f"{seen.code}@{self.before.code}"
        yield replace(old, what=What.EARLIER, code=code, verdict=None)
        place = Observation(seen.territory, seen.framework, What.CHANGE, code)
        yield self._change(place, seen, old)

    def _other_kind(self, seen: Observation) -> Observation | None:
        """An indicator that moved between tree and ledger is still the same indicator."""
        if seen.what not in MEASURED:
            return None
        keys: list[Key] = [replace(seen, what=what).key for what in MEASURED]
        return next((found for key in keys if (found := self.before.table.by_key.get(key))), None)

    def _change(self, place: Observation, seen: Observation, old: Observation) -> Observation:
        for each in (seen, old):
            if each.confidentiality == "N":
                return replace(place, reason=str(Reason.WITHHELD), confidentiality="N")
            if each.value is None:
                return replace(place, reason=each.reason)
        broken = self._broken(seen)
        if broken:
            flags = tuple(f"{BREAK}:{why}" for why in broken)
            return replace(place, reason=BREAK, flags=flags)
        return self._difference(place, seen, old)

    def _difference(self, place: Observation, seen: Observation, old: Observation) -> Observation:
        after, earlier = figure(self.here, seen), figure(self.then, old)
        if not (_is(after, seen) and _is(earlier, old)):
            return replace(place, reason=str(Reason.UNDEFINED))  # answers were erased since
        assert isinstance(after, Quantity)
        assert isinstance(earlier, Quantity)
        change = self.together.of(self.now.code, after) - self.together.of(
            self.before.code, earlier
        )
        places = {cell[0] for cell in after.gradient}
        shared = sum(self.together.paired.get(each, 0) for each in places)
        flags = ("paired",) if shared else ("independent",)
        if not change.gradient:  # counted, not sampled
            return replace(place, value=change.value)
        found = replace(place, value=change.value, se=self.errors.se(change), flags=flags)
        df = self.errors.df(change)
        if df is None or not found.se:
            return replace(found, flags=(*flags, "no_df"))
        low, high = mean_interval(change.value, found.se**2, df)
        return replace(found, df=df, low=low, high=high)

    def _broken(self, seen: Observation) -> list[str]:
        """Why the figure of now cannot be put beside the one of then; nothing where it can."""
        if self.now.frame != self.before.frame:
            return ["frame"]
        if seen.what in COMPOSED:
            return self._composite_broken(seen)
        places = self._places(seen)
        why = [self._indicator_broken(place, seen.code) for place in places]
        if seen.territory == NATION and self._entered(seen.code) != self._entered(
            seen.code, then=True
        ):
            why.append("territories")
        return sorted({each for each in why if each})

    def _places(self, seen: Observation) -> tuple[str, ...]:
        return self.now.programme.territories if seen.territory == NATION else (seen.territory,)

    def _entered(self, code: str, *, then: bool = False) -> set[str]:
        draft = self.then if then else self.here
        return {
            place
            for place in draft.programme.territories
            if isinstance(draft.programme.by_territory.get((place, code)), Quantity)
        }

    def _indicator_broken(self, territory: str, code: str) -> str:
        now, before = (each.programme.parts.get(code) for each in (self.now, self.before))
        if now is None or before is None or now != before:
            return "measure"
        same = all(self._same_questions(territory, each) for each in now)
        return "" if same else "wording"

    def _same_questions(self, territory: str, component: ComponentDefinition) -> bool:
        place = (territory, component.audience)
        now, before = self.now.prints.get(place, {}), self.before.prints.get(place, {})
        return all(now.get(item) == before.get(item) for item in component.items)

    def _composite_broken(self, seen: Observation) -> list[str]:
        now, before = (tree_of(each.programme, seen.framework) for each in (self.now, self.before))
        if (
            now is None
            or before is None
            or replace(now, version=None) != replace(before, version=None)
        ):
            return ["framework"]
        if _available(self.here, seen, now) != _available(self.then, seen, before):
            return ["coverage"]
        found = set()
        for code in _available(self.here, seen, now):
            found |= {self._indicator_broken(place, code) for place in self._places(seen)}
        return sorted(found - {""})


def figure(draft: Draft, seen: Observation) -> Figure | None:
    """The figure behind an observation, made again."""
    nation = seen.territory == NATION
    if seen.what in MEASURED:
        if nation:
            return draft.nation(seen.code, Tier.PLAIN)
        return draft.figure(seen.territory, seen.code)
    tree = tree_of(draft.programme, seen.framework)
    if tree is None:
        return None
    nodes = (
        compose(tree, draft.national_scores(Tier.PLAIN))
        if nation
        else draft.composites(seen.territory, tree)
    )
    wanted = (str(seen.what), seen.code)
    return next((each.figure for each in nodes if (each.kind, each.code) == wanted), None)


def tree_of(programme: Programme, code: str | None) -> Framework | None:
    """The framework with this code."""
    trees = (programme.national, *programme.own.values())
    return next((tree for tree in trees if tree.code == code), None)


def _available(draft: Draft, seen: Observation, tree: Framework) -> set[str]:
    """The indicators that entered the tree."""
    scores: Callable[[], Mapping[str, Figure]] = (
        (lambda: draft.national_scores(Tier.PLAIN))
        if seen.territory == NATION
        else (lambda: draft.scores(seen.territory, tree))
    )
    return {code for code, each in scores().items() if isinstance(each, Quantity)}


def _is(found: Figure | None, seen: Observation) -> bool:
    return (
        isinstance(found, Quantity)
        and seen.value is not None
        and abs(found.value - seen.value) <= SAME * max(1.0, abs(seen.value))
    )
