"""A release beside the earlier waves of its programme: values, changes, who is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.domain.questionnaire import Audience
from app.domain.territories import Territory
from app.evaluation.assessment import programme_of
from app.evaluation.attrition import attrition
from app.evaluation.beside import Beside
from app.evaluation.components import components_of
from app.evaluation.crosswalk import crosswalk
from app.evaluation.figures import Programme
from app.evaluation.linked import influences
from app.evaluation.measurement import measure
from app.evaluation.tables import Observation, ProtectedTable
from app.evaluation.waves import Wave as ComparedWave
from app.evaluation.waves import over_waves
from app.storage import releases
from app.storage.bitmaps import unpack_numbers
from app.storage.extract_reading import Extracted, columns
from app.storage.linking import keys_of, outcomes, prints_of
from app.storage.published import Content, content_of
from app.storage.releases import DataCut, Release
from app.storage.wave_territories import territories_of_wave
from app.storage.waves import Wave, waves_of
from app.workflows.acting import House
from app.workflows.besides import beside_of
from app.workflows.weighing import weigh_wave


@dataclass(frozen=True)
class Earlier:
    """The release that stands for an earlier wave."""

    release: Release
    cut: DataCut
    wave: Wave


@dataclass(frozen=True, eq=False)
class Side:
    """A wave with its answers and what judged it."""

    wave: Wave
    cut: DataCut
    content: Content
    data: Mapping[Audience, Extracted]
    beside: Beside
    programme: Programme
    table: ProtectedTable


def earlier(session: Session, wave: Wave, pinned: Sequence[str] | None) -> list[Earlier]:
    """The last release of each closed wave that began before this one, oldest first.

    ``pinned``: checksums of releases that were compared with when this one was first made.
    """
    found: dict[int, Earlier] = {}
    closed = {
        each.id
        for each in waves_of(session, wave.programme_id)
        if each.state == "closed" and each.period_start < wave.period_start
    }
    for release, cut, other in releases.releases_of(session, wave.programme_id):
        if pinned is not None:
            if release.checksum in pinned:
                found[other.id] = Earlier(release, cut, other)
        elif other.id in closed and release.withdrawn_at is None:
            found.setdefault(other.id, Earlier(release, cut, other))  # newest first
    return sorted(found.values(), key=lambda each: (each.wave.period_start, each.wave.id))


def compared(
    house: House, session: Session, now: Side, before: Sequence[Earlier], threshold: int
) -> Iterator[Observation]:
    """Everything that a release says of earlier waves."""
    if not before:
        return
    here = _compared(house, session, now)
    for each in before:
        then = _earlier_side(house, session, each)
        yield from over_waves(here, _compared(house, session, then))
        counts = outcomes(
            session,
            each.wave.id,
            now.wave.id,
            unpack_numbers(each.cut.membership).tolist(),
            unpack_numbers(now.cut.membership).tolist(),
        )
        yield from attrition(counts, each.wave.code, threshold)


def _compared(house: House, session: Session, side: Side) -> ComparedWave:
    folder = house.folder / side.cut.extract
    frameworks = (side.content.national, *(side.content.own[c] for c in sorted(side.content.own)))
    definitions = components_of(frameworks)
    return ComparedWave(
        code=side.wave.code,
        frame=side.wave.frame,
        programme=side.programme,
        crosswalks={
            code: crosswalk(side.content.national, own, side.content.asked)
            for code, own in side.programme.own.items()
        },
        table=side.table,
        prints=prints_of(house.database, session, side.wave.id),
        influences=influences(
            answers_of(side.data),
            keys_of(session, side.wave.id, folder, side.data),
            definitions,
            side.content.asked,
            side.programme.estimates,
        ),
    )


def answers_of(data: Mapping[Audience, Extracted]) -> Any:
    """Answers and respondents, as the evaluation takes them."""
    return {audience: (each.answers, each.respondents) for audience, each in data.items()}


def _earlier_side(house: House, session: Session, each: Earlier) -> Side:
    places: Mapping[str, Territory] = territories_of_wave(session, each.wave)
    content = content_of(house.database, session, each.wave.id)
    folder = house.folder / each.cut.extract
    read = columns(folder, tuple(sorted(places)))
    weighed = weigh_wave(folder, read, each.cut.counts.get("weighting", {}))
    data = weighed.final
    beside = beside_of(each.cut.counts, each.wave, each.release.threshold)
    frameworks = (content.national, *(content.own[code] for code in sorted(content.own)))
    definitions = components_of(frameworks) | beside.definitions
    programme = programme_of(
        measure(answers_of(weighed.kept), definitions, content.asked),
        content.national,
        content.own,
        content.asked,
        list(places.values()),
        {},
        beside,
        weighed.weighting,
    )
    table = ProtectedTable.from_dict(each.release.figures)
    return Side(each.wave, each.cut, content, data, beside, programme, table)
