"""Components: every distinct measure x audience of all frameworks, collected once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.domain import conditions, frameworks
from app.domain.checks import Finding, Level
from app.domain.conditions import Condition
from app.domain.errors import BadDefinition
from app.domain.frameworks import Framework, Gap, Indicator, Scale, Series, Share, ShareOfItems
from app.domain.questionnaire import Audience
from app.domain.text import Text


@dataclass(frozen=True, slots=True)
class Within:
    """A group of a declared breakdown. ``who``: who is in it by their answers; None: those for
    whom a proxy gave (``proxy``), or did not give, an answer that the measure reads."""

    breakdown: str
    group: str
    who: Condition | None = None
    proxy: bool = False


@dataclass(frozen=True, slots=True)
class ComponentDefinition:
    """One column of the moments: a measure for one audience, for one side of a group if any.

    ``id``: ``CODE.audience``, for the two sides of a gap ``CODE.audience.group`` and ``.others``,
    in a group of a breakdown ``CODE.audience@BREAKDOWN.GROUP``.
    """

    id: str
    indicator: str
    audience: Audience
    measure: Share | Scale | ShareOfItems
    group: Condition | None = None
    inside: bool = True  # in the group, or among the others
    within: Within | None = None  # a group of a breakdown: everybody without it

    @property
    def items(self) -> frozenset[str]:
        """Every item that must have been asked for this component to exist."""
        found = frameworks.items_of(self.measure)
        who = None if self.within is None else self.within.who
        for condition in (self.group, who):
            if condition is not None:
                found |= conditions.items_of(condition)
        return found

    @property
    def is_share(self) -> bool:
        """Whether a person's score is either 0 or 100."""
        return isinstance(self.measure, Share)


def component_id(indicator: str, audience: Audience, side: str = "") -> str:
    """The id of a component; ``side``: "group" or "others" of a gap."""
    return f"{indicator}.{audience.value}" + (f".{side}" if side else "")


def series_id(code: str) -> str:
    """The name under which the figure of a series stands among the components."""
    return f"series:{code}"


def all_indicators(framework: Framework) -> tuple[Indicator, ...]:
    """The scored indicators in tree order, then the ledger."""
    return (*frameworks.indicators(framework), *framework.ledger)


def components_of(several: Iterable[Framework]) -> dict[str, ComponentDefinition]:
    """The distinct components of these frameworks by id, in order of first appearance.

    The same code is the same component everywhere. Series are not here: no answer gives them.
    Raises BadDefinition if one code is measured in two ways.
    """
    found: dict[str, ComponentDefinition] = {}
    for framework in several:
        for indicator in all_indicators(framework):
            for definition in definitions_of(indicator):
                if found.setdefault(definition.id, definition) != definition:
                    raise BadDefinition([_measured_twice(framework, indicator)])
    return found


def definitions_of(indicator: Indicator) -> Iterator[ComponentDefinition]:
    """The components of one indicator, a gap giving two."""
    for part in indicator.components:
        measure = part.measure
        if isinstance(measure, Series):
            continue
        if not isinstance(measure, Gap):
            name = component_id(indicator.code, part.audience)
            yield ComponentDefinition(name, indicator.code, part.audience, measure)
            continue
        for side, inside in (("group", True), ("others", False)):
            name = component_id(indicator.code, part.audience, side)
            yield ComponentDefinition(
                name, indicator.code, part.audience, measure.measure, measure.group, inside
            )


def _measured_twice(framework: Framework, indicator: Indicator) -> Finding:
    return Finding(
        rule="one_code_one_measure",
        level=Level.ERROR,
        place=f"{framework.code}: {indicator.code}",
        message=Text.of(
            fr=f"L’indicateur {indicator.code} est mesuré de deux façons sous le même code.",
            en=f"Indicator {indicator.code} is measured in two ways under one code.",
        ),
        remedy=Text.of(
            fr="Donnez un code propre à l’indicateur adapté.",
            en="Give the adapted indicator a code of its own.",
        ),
    )
