"""A territory's framework beside the national one: what documents alone say, without any answer.

The indicators of an own framework fall into three sets. C, common: everything they read was asked
of everyone. L, here only: asked in this territory, not everywhere. S: no comparison is possible
from answers, because an administrative series gives them or nobody here was asked. Part of L can
be exchanged: asked of a random part of the sample in every other territory too; then it has a rest
with its own error, and enters the comparison as C does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from app.domain.evidence import Evidence
from app.domain.frameworks import (
    Framework,
    Indicator,
    Relation,
    Series,
    global_weights,
    indicators,
)
from app.domain.questionnaire import Audience
from app.domain.text import NO_TEXT, Text
from app.evaluation.components import ComponentDefinition, definitions_of

Items = Mapping[str, Mapping[Audience, frozenset[str]]]


@dataclass(frozen=True)
class Asked:
    """The items that were asked, by territory and audience.

    ``by_territory``: of everyone, the core's and the module's; ``exchange``: of a random part of
    the sample only, items of other territories' modules.
    """

    by_territory: Items
    exchange: Items = field(default_factory=dict)

    def here(self, territory: str, component: ComponentDefinition) -> bool:
        """Whether everything the component reads was asked here, of everyone or of a part."""
        found = self._of_all(territory, component.audience)
        exchanged = self.exchange.get(territory, {}).get(component.audience, frozenset())
        return component.items <= found | exchanged

    def of_everyone(self, territory: str, component: ComponentDefinition) -> bool:
        """Whether everything the component reads was asked of everyone here."""
        return component.items <= self._of_all(territory, component.audience)

    def of_a_part(self, territory: str, component: ComponentDefinition) -> bool:
        """Whether the component can be computed here, but only for a part of the sample."""
        return not self.of_everyone(territory, component) and self.here(territory, component)

    def everywhere(self, component: ComponentDefinition) -> bool:
        """Whether everything the component reads was asked in every territory."""
        return all(self.here(territory, component) for territory in self.by_territory)

    def exchanged(self, component: ComponentDefinition) -> bool:
        """Whether some territory asked what the component reads of a part of its sample only."""
        return any(self.of_a_part(territory, component) for territory in self.by_territory)

    def _of_all(self, territory: str, audience: Audience) -> frozenset[str]:
        return self.by_territory.get(territory, {}).get(audience, frozenset())


class ComparableSet(StrEnum):
    """Where an indicator of an own framework can be compared."""

    COMMON = "common"  # C
    EXCHANGED = "exchanged"  # of L, compared through a part of the sample elsewhere
    HERE_ONLY = "here_only"  # L
    ELSEWHERE_IMPOSSIBLE = "elsewhere_impossible"  # S


COMPARED = (ComparableSet.COMMON, ComparableSet.EXCHANGED)


@dataclass(frozen=True)
class CrosswalkRow:
    """One line of the crosswalk: a national indicator, an own one, or both."""

    relation: Relation
    national: str | None
    own: str | None
    national_weight: Fraction
    own_weight: Fraction
    comparable: ComparableSet | None  # of the own one
    evidence: Evidence | None
    reason: Text
    source: Text


@dataclass(frozen=True)
class Overlap:
    """Sum of the smaller weights over shared indicators, and why the rest is not shared.

    ``lower`` counts adapted indicators as not shared, ``upper`` as shared with their origin.
    1 - lower = content + weight: what cannot be shared because the indicators differ, and what is
    lost because shared ones weigh differently.
    """

    lower: Fraction
    upper: Fraction
    content: Fraction
    weight: Fraction


@dataclass(frozen=True)
class Crosswalk:
    """Everything that two framework documents say about each other, and what was asked."""

    territory: str
    national: str
    own: str
    rows: tuple[CrosswalkRow, ...]
    overlap: Overlap

    @property
    def common(self) -> frozenset[str]:
        """The own indicators that can be compared: C, and what was exchanged."""
        return frozenset(
            row.own for row in self.rows if row.own is not None and row.comparable in COMPARED
        )

    @property
    def covered(self) -> Fraction:
        """The share of the own tree that can be compared."""
        return sum((self.own_weight(each) for each in COMPARED), Fraction(0))

    def own_weight(self, comparable: ComparableSet) -> Fraction:
        """Weight of one of the sets in the own tree."""
        return sum(
            (row.own_weight for row in self.rows if row.comparable is comparable), Fraction(0)
        )

    @property
    def unseen_weight(self) -> Fraction:
        """Own weight of what the national framework does not see: L and S."""
        return self.own_weight(ComparableSet.HERE_ONLY) + self.own_weight(
            ComparableSet.ELSEWHERE_IMPOSSIBLE
        )

    @property
    def dropped_weight(self) -> Fraction:
        """National weight of what the territory dropped."""
        return sum(
            (row.national_weight for row in self.rows if row.relation is Relation.DROPPED),
            Fraction(0),
        )


def crosswalk(national: Framework, own: Framework, asked: Asked) -> Crosswalk:
    """Line up an own framework with the national one; raises ValueError without a territory."""
    if own.territory is None:
        raise ValueError(f"framework {own.code} has no territory")
    theirs, mine = global_weights(national), global_weights(own)
    rows = [
        _row(indicator, own, theirs, mine, comparable_set(indicator, own.territory, asked))
        for indicator in indicators(own)
    ]
    taken = {row.national for row in rows}
    changes = {change.indicator: change for change in own.changes}
    for code, weight in theirs.items():
        if code not in taken:
            change = changes.get(code)
            rows.append(
                CrosswalkRow(
                    relation=Relation.DROPPED,
                    national=code,
                    own=None,
                    national_weight=weight,
                    own_weight=Fraction(0),
                    comparable=None,
                    evidence=change.evidence if change else None,
                    reason=change.reason if change else NO_TEXT,
                    source=change.source if change else NO_TEXT,
                )
            )
    return Crosswalk(own.territory, national.code, own.code, tuple(rows), _overlap(rows))


def comparable_set(indicator: Indicator, territory: str, asked: Asked) -> ComparableSet:
    """C, L (exchanged or not) or S, by the least comparable of the indicator's components."""
    definitions = tuple(definitions_of(indicator))
    series = any(isinstance(part.measure, Series) for part in indicator.components)
    if series or not all(asked.here(territory, each) for each in definitions):
        return ComparableSet.ELSEWHERE_IMPOSSIBLE
    if not all(asked.everywhere(each) for each in definitions):
        return ComparableSet.HERE_ONLY
    exchanged = any(asked.exchanged(each) for each in definitions)
    return ComparableSet.EXCHANGED if exchanged else ComparableSet.COMMON


def _row(
    indicator: Indicator,
    own: Framework,
    theirs: Mapping[str, Fraction],
    mine: Mapping[str, Fraction],
    comparable: ComparableSet,
) -> CrosswalkRow:
    code = indicator.code
    national = code if code in theirs else indicator.origin
    if code in theirs:
        relation = indicator.relation or Relation.KEPT
    elif national in theirs and national not in mine:
        relation = Relation.ADAPTED
    else:
        national, relation = None, Relation.ADDED
    change = next(
        (each for each in own.changes if code in (each.indicator, each.replaced_by)), None
    )
    return CrosswalkRow(
        relation=relation,
        national=national,
        own=code,
        national_weight=theirs.get(national or "", Fraction(0)),
        own_weight=mine[code],
        comparable=comparable,
        evidence=change.evidence if change else indicator.evidence,
        reason=change.reason if change else indicator.note,
        source=change.source if change else indicator.source,
    )


def _overlap(rows: Iterable[CrosswalkRow]) -> Overlap:
    rows = tuple(rows)
    shared = [row for row in rows if row.own is not None and row.own == row.national]
    adapted = [row for row in rows if row.relation is Relation.ADAPTED]
    lower = _sum(min(row.national_weight, row.own_weight) for row in shared)
    more = _sum(min(row.national_weight, row.own_weight) for row in adapted)
    reach = min(_sum(row.national_weight for row in shared), _sum(row.own_weight for row in shared))
    return Overlap(lower, lower + more, 1 - reach, reach - lower)


def _sum(weights: Iterable[Fraction]) -> Fraction:
    return sum(weights, Fraction(0))
