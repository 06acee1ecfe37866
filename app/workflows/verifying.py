"""Moments that were kept, checked against the answers that they were made of."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.evaluation.breakdowns import group_definitions
from app.evaluation.components import components_of
from app.evaluation.moments import ADDED, Moments
from app.storage import extract
from app.storage.extract_reading import columns
from app.storage.moments_cache import cached_moments, folder_of
from app.storage.published import content_of
from app.storage.wave_territories import territories_of_wave
from app.storage.waves import wave_by_id
from app.workflows.acting import Actor, House, require
from app.workflows.besides import beside_of, frozen_beside
from app.workflows.measuring import anew
from app.workflows.weighing import frozen_totals, weigh_wave

CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class Verified:
    """``kept``, ``made``: blocks as they stood, and made again; ``difference``: largest, relative;
    ``parts``: of the moments; ``responses``: read again from the source."""

    kept: int
    made: int
    parts: int
    responses: int
    difference: float

    @property
    def same(self) -> bool:
        """Whether keeping changed nothing."""
        return self.difference <= CLOSE


def verify_moments(house: House, actor: Actor, wave_id: int) -> Verified:
    """Read every answer of the wave again, add up anew, and compare with what is kept.

    Raises NotFound, NotAllowed.
    """
    require(house, actor, Verb.RELEASE_VIEW)
    with house.database.read() as session:
        wave = wave_by_id(session, actor.programme_id, wave_id)
        if wave is None or wave.opened_at is None:
            raise NotFound
        content = content_of(house.database, session, wave_id)
        places = tuple(sorted(territories_of_wave(session, wave)))
        beside = beside_of({"beside": frozen_beside(session, wave)}, wave, 0)
        totals = frozen_totals(session, wave)
    frameworks = (content.national, *(content.own[code] for code in sorted(content.own)))
    components = components_of(frameworks)
    wanted = {"": components | beside.definitions}
    for each in content.national.breakdowns:
        wanted[each.code] = group_definitions(each, components)
    extract.refresh(house.database, house.folder, wave_id)
    living = extract.folder_of(house.folder, wave_id)
    data = weigh_wave(living, columns(living, places), totals).kept
    held = [
        cached_moments(
            folder_of(house.folder, wave_id) / under, living, data, definitions, content.asked
        )
        for under, definitions in wanted.items()
    ]
    with tempfile.TemporaryDirectory(dir=house.folder) as name:
        read = extract.refresh(house.database, Path(name), wave_id)
        again = extract.folder_of(Path(name), wave_id)
        fresh = weigh_wave(again, columns(again, places), totals).kept
        made = [
            anew(house, again, fresh, definitions, content.asked) for definitions in wanted.values()
        ]
    return Verified(
        sum(report.kept for _, report in held),
        sum(report.made for _, report in held),
        sum(len(each.parts) for each in made),
        read.read,
        max(apart(kept, each) for (kept, _), each in zip(held, made, strict=True)),
    )


def apart(one: Moments, other: Moments) -> float:
    """The largest difference of two moments, relative to the largest sum of its kind and part."""
    if one.layout != other.layout or one.parts.keys() != other.parts.keys():
        return float("inf")
    found = [0.0]
    for key, part in one.parts.items():
        for name in (*ADDED, "heaviest"):
            mine, its = getattr(part, name), getattr(other.parts[key], name)
            scale = max(1.0, float(np.abs(its).max(initial=0.0)))
            found.append(float(np.abs(mine - its).max(initial=0.0)) / scale)
    return max(found)
