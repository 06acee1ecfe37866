"""The distributions of a release: of every scale that is given out, in each territory by itself.

The nation has none: with those of the other territories it would give a withheld one away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from app.domain.frameworks import Scale, ShareOfItems
from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.evaluation.components import ComponentDefinition
from app.evaluation.coproduction import MARK
from app.evaluation.distribution import bands
from app.evaluation.isolation import Members
from app.evaluation.ledger import Ledger
from app.evaluation.scoring import score_component
from app.evaluation.tables import Observation, ProtectedTable, What
from app.storage.bitmaps import pack_numbers
from app.storage.extract_reading import Extracted


@dataclass(frozen=True)
class Distributions:
    """Shares by band as they may be shown, and who stands behind each band, for the ledger."""

    observations: tuple[Observation, ...]
    memberships: dict[str, bytes]


def distributions(
    data: Mapping[Audience, Extracted],
    definitions: Mapping[str, ComponentDefinition],
    table: ProtectedTable,
    ledger: Ledger,
) -> Distributions:
    """The bands of each scale in each territory where its mean is shown."""
    observations: list[Observation] = []
    memberships: dict[str, bytes] = {}
    for name, definition in sorted(definitions.items()):
        each = data.get(definition.audience)
        if each is None or not _has_levels(definition):
            continue
        scores = score_component(definition, each.answers)
        audience = definition.audience.value
        for place, territory in enumerate(each.respondents.territories):
            seen = table.one(territory, None, What.COMPONENT, definition.indicator, audience)
            if territory == NATION or seen is None or not seen.shown:
                continue
            here = scores.d & (each.respondents.territory == place)
            for band in bands(
                scores.x[here],
                each.respondents.weight[here],
                each.numbers[here],
                table.threshold,
                tuple(_told_before(ledger, territory, name)),
            ):
                code = f"{definition.indicator}.{band.low}-{band.high}"
                observations.append(
                    Observation(
                        territory, None, What.DISTRIBUTION, code, audience, band.share, n=seen.n,
                        flags=tuple(flag for flag in seen.flags if flag == "fragile"),
                    )
                )  # fmt: skip
                key = f"{territory}|{name}#{band.low}-{band.high}"
                memberships[key] = pack_numbers(band.members)
    return Distributions(tuple(observations), memberships)


def _has_levels(definition: ComponentDefinition) -> bool:
    """A scale of an indicator: a share is its own distribution, a side of a gap has none."""
    return (
        isinstance(definition.measure, Scale | ShareOfItems)
        and not definition.indicator.startswith(MARK)
        and definition.group is None
    )


def _told_before(ledger: Ledger, territory: str, name: str) -> Iterator[Members]:
    for given in ledger.past:
        told = given.bands.get((territory, name), ())
        if (territory, name) in given.shown:
            told = (*told, given.members[territory, name])
        yield from (np.asarray(each[each >= 0]) for each in told)
