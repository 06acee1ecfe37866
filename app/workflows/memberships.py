"""Who stands behind each cell that is shown, and what may be given out after an earlier release.

A cell that was shown before is shown again only unchanged, or when at least the threshold of
answers changed, so that the difference of two releases is never a few people's answers.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from sqlalchemy.orm import Session

from app.domain.errors import Conflict
from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.domain.text import Text
from app.evaluation.beside import Beside
from app.evaluation.components import ComponentDefinition, components_of
from app.evaluation.coproduction import MARK, code_of, kind_of
from app.evaluation.scoring import score_component
from app.evaluation.tables import ProtectedTable, What
from app.storage import releases
from app.storage.bitmaps import pack_numbers, unpack_numbers
from app.storage.extract_reading import Extracted
from app.storage.published import Content
from app.storage.releases import Release
from app.storage.waves import Wave


class NotYet(Conflict):
    """Too few answers changed since an earlier release; ``cells`` says in how many cells."""

    def __init__(self, cells: int, threshold: int) -> None:
        self.cells = cells
        super().__init__(
            Text.of(
                fr="Trop peu de réponses ont changé depuis la dernière diffusion\u00a0: "
                f"dans {cells} cellules, moins de {threshold}. Comparer les deux diffusions "
                "révélerait des réponses. Attendez d’autres réponses, ou la fin de la vague.",
                en=f"Too few answers changed since the last release: in {cells} cells, fewer than "
                f"{threshold}. Comparing the two releases would reveal answers. Wait for more "
                "answers, or for the end of the wave.",
            )
        )


def memberships_of(
    data: Mapping[Audience, Extracted], content: Content, table: ProtectedTable, beside: Beside
) -> dict[str, bytes]:
    """Who stands behind each component that is shown, by ``territory|component``."""
    found = {}
    definitions = components_of((content.national, *content.own.values())) | beside.definitions
    for name, definition in sorted(definitions.items()):
        each = data.get(definition.audience)
        if each is None:
            continue
        inside = score_component(definition, each.answers).d
        for place, territory in enumerate(each.respondents.territories):
            seen = table.one(territory, None, *_told_as(definition), definition.audience.value)
            if seen is not None and seen.shown and territory != NATION:
                here = inside & (each.respondents.territory == place)
                found[f"{territory}|{name}"] = pack_numbers(each.numbers[here])
    return found


def told_components(
    definitions: Mapping[str, ComponentDefinition], table: ProtectedTable
) -> frozenset[tuple[str, str]]:
    """(territory, component) of everything that is given out."""
    seen = {
        (each.territory, each.code, each.audience)
        for each in table.of(What.COMPONENT)
        if each.shown
    }
    return frozenset(
        (territory, name)
        for name, definition in definitions.items()
        for territory, code, audience in seen
        if (code, audience) == (_told_as(definition)[1], definition.audience.value)
    )


def _told_as(definition: ComponentDefinition) -> tuple[What, str]:
    """The kind and code of the observation that shows a component."""
    if definition.id.startswith(MARK):
        return kind_of(definition), code_of(definition)
    side = definition.id.removeprefix(f"{definition.indicator}.{definition.audience}")
    return What.COMPONENT, definition.indicator + side


def check_against_earlier(
    session: Session,
    wave: Wave,
    before: Release | None,
    members: Mapping[str, bytes],
    threshold: int,
) -> None:
    """Raise NotYet where an earlier release of the wave forbids this one."""
    tight: set[str] = set()
    for row in releases.earlier_releases(session, wave.id, before.id if before else None):
        for cell, bitmap in releases.memberships(session, row.id).items():
            if cell in members and 0 < _changed(bitmap, members[cell]) < threshold:
                tight.add(cell)
    if tight:
        raise NotYet(len(tight), threshold)


def _changed(one: bytes, other: bytes) -> int:
    """How many people are in one of the two sets only."""
    if one == other:
        return 0
    return len(np.setxor1d(unpack_numbers(one), unpack_numbers(other)))
