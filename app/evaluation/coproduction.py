"""Co-production as components: each share is measured like any indicator, with its own base.

The level is asked once for everything that was ticked. So a cell counts who took part in the phase
and took part at the level, not necessarily in the same activity: words must say so.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.conditions import All, Any, Compare, Condition
from app.domain.coproduction import CoproductionPlan, TakingPart
from app.domain.frameworks import Part, Share, ShareOfItems
from app.domain.questionnaire import Audience
from app.evaluation.components import ComponentDefinition
from app.evaluation.tables import What

__all__ = ["CoproductionPlan", "code_of", "definitions", "kind_of"]

MARK = "~"  # no code of an indicator begins so


def definitions(plan: CoproductionPlan) -> dict[str, ComponentDefinition]:
    """Every component that the plan reports, by id: ``~KIND.CODE.AUDIENCE``."""
    found = (
        *(each for audience, part in plan.parts.items() for each in _taking_part(audience, part)),
        *_professions(plan),
        *_professional(plan),
        *_mirrored(plan),
    )
    return {each.id: each for each in found}


def kind_of(component: ComponentDefinition) -> What:
    """What an observation of this component is about."""
    return What(component.indicator.removeprefix(MARK).partition(".")[0])


def code_of(component: ComponentDefinition) -> str:
    """The code that its observation carries."""
    return component.indicator.partition(".")[2]


def _component(
    what: What, code: str, audience: Audience, measure: Share | ShareOfItems
) -> ComponentDefinition:
    name = f"{MARK}{what}" + (f".{code}" if code else "")
    return ComponentDefinition(f"{name}.{audience.value}", name, audience, measure)


def _taking_part(audience: Audience, part: TakingPart) -> Iterator[ComponentDefinition]:
    for phase, took_part in part.phases.items():
        for level, at_level in part.levels.items():
            # Who took part in nothing is not asked for a level, and did not take part at it.
            measure = Share(All((took_part, at_level)), not_shown="no")
            yield _component(What.COPRODUCTION, f"{phase}.{level}", audience, measure)
    breadth = ShareOfItems(tuple(Part(each) for each in part.phases.values()))
    yield _component(What.BREADTH, "", audience, breadth)
    yield _component(What.PARTICIPATION, "", audience, Share(_anything(part)))


def _anything(part: TakingPart) -> Condition:
    return Any(tuple(part.phases.values()))


def _professions(plan: CoproductionPlan) -> Iterator[ComponentDefinition]:
    audience = Audience.PROFESSIONAL
    if plan.professions is None or audience not in plan.parts:
        return
    item, codes = plan.professions
    for code in codes:
        measure = Share(_anything(plan.parts[audience]), base=Compare(item, "=", code))
        yield _component(What.PARTICIPATION, code, audience, measure)


def _professional(plan: CoproductionPlan) -> Iterator[ComponentDefinition]:
    audience = Audience.PROFESSIONAL
    for level, seen in plan.seen.items():
        yield _component(What.SEEN_IN_DESIGN, str(level), audience, Share(seen))
    if plan.ties is not None:
        for role, item in plan.ties.items.items():
            # One's own role is not shown and an absent one does not concern: both leave the base.
            often = Compare(item, ">=", str(plan.ties.at_least))
            yield _component(What.TIE, role, audience, Share(often))
        every = tuple(
            Part(Compare(item, ">=", str(plan.ties.at_least))) for item in plan.ties.items.values()
        )
        yield _component(What.TIE, "", audience, ShareOfItems(every))


def _mirrored(plan: CoproductionPlan) -> Iterator[ComponentDefinition]:
    for pair in plan.mirrored:
        for audience, measure in (pair.first, pair.second):
            name = f"{MARK}{What.MIRRORED}.{pair.code}"
            yield ComponentDefinition(f"{name}.{audience.value}", name, audience, measure)
