"""Who stands behind each cell, and everything given out before: the ledger as it is kept.

Bitmaps over response numbers stay after an erasure: without them the difference of two releases
could tell what the erased person answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sqlalchemy.orm import Session

from app.domain.questionnaire import Audience
from app.domain.territories import NATION
from app.evaluation.components import ComponentDefinition
from app.evaluation.coproduction import MARK, code_of, kind_of
from app.evaluation.ledger import GivenOut, Ledger, Members, Relation
from app.evaluation.quantities import Cell
from app.evaluation.scoring import score_component
from app.evaluation.tables import ProtectedTable, What
from app.storage import releases
from app.storage.bitmaps import pack_numbers, unpack_numbers
from app.storage.cuts import changed_between
from app.storage.extract_reading import Extracted
from app.storage.releases import DataCut, Release

LARGEST_NUMBER = 2**40  # of a response


def members_of(
    data: Mapping[Audience, Extracted], definitions: Mapping[str, ComponentDefinition]
) -> dict[Cell, Members]:
    """The numbers of the responses behind each component of each territory, shown or not."""
    found = {}
    for name, definition in sorted(definitions.items()):
        each = data.get(definition.audience)
        if each is None:
            continue
        inside = score_component(definition, each.answers).d
        for place, territory in enumerate(each.respondents.territories):
            here = inside & (each.respondents.territory == place)
            if territory != NATION and here.any():
                found[territory, name] = np.sort(each.numbers[here])
    return found


def ledger_of(
    session: Session,
    folder: Path,
    cut: DataCut,
    before: Release | None,
    members: Mapping[Cell, Members],
    definitions: Mapping[str, ComponentDefinition],
    threshold: int,
) -> Ledger:
    """Everything given out of the cut's wave, up to the release ``before`` if that is made again.

    ``folder``: of the house, where the cuts are kept.
    """
    changed = {
        number: changed_between(folder, session.get_one(DataCut, number), cut)
        for number in {row.cut_id for row in _earlier(session, cut, before)}
    }
    earlier = _earlier(session, cut, before)
    return Ledger(
        members,
        {name: (each.audience, repr(each.measure)) for name, each in definitions.items()},
        tuple(
            _given_out(session, row, definitions, changed[row.cut_id], threshold) for row in earlier
        ),
    )


def _earlier(session: Session, cut: DataCut, before: Release | None) -> Sequence[Release]:
    return releases.earlier_releases(session, cut.wave_id, before.id if before else None)


def _given_out(
    session: Session,
    row: Release,
    definitions: Mapping[str, ComponentDefinition],
    changed: Members,
    threshold: int,
) -> GivenOut:
    members: dict[Cell, Members] = {}
    bands: dict[Cell, list[Members]] = {}
    for cell, bitmap in releases.memberships(session, row.id).items():
        territory, _, name = cell.partition("|")
        component, _, band = name.partition("#")
        found = as_then(unpack_numbers(bitmap), changed, row.cut_id, threshold)
        if band:
            bands.setdefault((territory, component), []).append(found)
        else:
            members[territory, component] = found
    table = ProtectedTable.from_dict(row.figures)
    shown, bases = {}, {}
    for territory, name in members:
        definition = definitions.get(name)
        if definition is not None:
            what, code, group = _told_as(definition)
            seen = table.one(territory, None, what, code, definition.audience.value, group)
            if seen is not None and seen.shown and seen.value is not None:
                shown[territory, name] = seen.value
                bases[territory, name] = seen.weighted_base or 0.0
    relations = [
        Relation(
            each["code"],
            {(territory, name): weight for territory, name, weight in each["weights"]},
            each["value"],
        )
        for each in row.protection.get("given", ())
    ]
    return GivenOut(members, shown, relations, bands, bases)


def as_then(members: Members, changed: Members, cut_id: int, threshold: int) -> Members:
    """The people of an earlier figure, where a few of whom something else counts now are others.

    Numbers below 0 stand for them as they were in that cut. Where many changed (new weights for
    everybody), a difference tells of none of them, and they stay who they are.
    """
    few = np.isin(members, changed)
    if not 0 < few.sum() < threshold:
        return members
    return np.sort(np.where(few, -(cut_id * LARGEST_NUMBER + members) - 1, members))


def bitmaps_of(members: Mapping[Cell, Members]) -> dict[str, bytes]:
    """What is kept of who stands behind each cell: bitmaps by ``territory|component``."""
    return {
        f"{territory}|{name}": pack_numbers(numbers)
        for (territory, name), numbers in members.items()
    }


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


def _told_as(definition: ComponentDefinition) -> tuple[What, str, str | None]:
    """The kind, code and group of the observation that shows a component."""
    if definition.within is not None:
        within = definition.within
        return What.GROUP, definition.indicator, f"{within.breakdown}.{within.group}"
    if definition.id.startswith(MARK):
        return kind_of(definition), code_of(definition), None
    side = definition.id.removeprefix(f"{definition.indicator}.{definition.audience}")
    return What.COMPONENT, definition.indicator + side, None
