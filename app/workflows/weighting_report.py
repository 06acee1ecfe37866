"""The weights that a wave's answers would get now: a job, so that a page need not wait for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.errors import Fault, NotFound
from app.domain.permissions import Verb
from app.domain.text import Text
from app.storage import extract
from app.storage.database import now
from app.storage.extract_reading import columns
from app.storage.wave_territories import territories_of_wave
from app.storage.waves import wave_by_id
from app.workflows import jobs
from app.workflows.acting import Actor, House, require
from app.workflows.jobs import JobHandle
from app.workflows.own_jobs import JobView, mine
from app.workflows.weighing import Frozen, frozen_totals, try_weights

KIND = "weighting"
STEPS = 2


@dataclass(frozen=True, slots=True)
class WeightingView:
    """``reports``: by place, see ``weighing``; ``faults``: what keeps other places from weights."""

    reports: Sequence[Frozen]
    faults: Sequence[Fault]
    at: datetime


def weighting_now(house: House, actor: Actor, wave_id: int) -> WeightingView:
    """Read the wave's answers and weigh them, in the actor's territories; nothing is stored.

    Raises NotFound, NotAllowed.
    """
    scope = actor.scope(Verb.MARGINS_VIEW)
    if not scope:
        require(house, actor, Verb.MARGINS_VIEW)
    with house.database.read() as session:
        wave = wave_by_id(session, actor.programme_id, wave_id)
        if wave is None:
            raise NotFound
        frozen = frozen_totals(session, wave)
        places = tuple(sorted(territories_of_wave(session, wave)))
    extract.refresh(house.database, house.folder, wave_id)
    living = extract.folder_of(house.folder, wave_id)
    reports, faults = try_weights(living, columns(living, places), frozen)
    return WeightingView(
        [each for each in reports if each["territory"] in scope],
        [each for each in faults if each.place.split(" ")[0] in scope],
        now(),
    )


def start_weighting(house: House, actor: Actor, wave_id: int) -> int:
    """Start the job that weighs the answers of now; its id. Raises NotFound, NotAllowed."""
    if not actor.scope(Verb.MARGINS_VIEW):
        require(house, actor, Verb.MARGINS_VIEW)
    with house.database.read() as session:
        if wave_by_id(session, actor.programme_id, wave_id) is None:
            raise NotFound
    return jobs.start(house, actor, KIND, {"wave": wave_id})


def weighting_job(house: House, job: JobHandle) -> None:
    """The job: its result is a ``WeightingView`` as plain data."""
    job.progress(0, STEPS)
    found = weighting_now(house, job.actor(), int(job.arguments["wave"]))
    job.progress(STEPS, STEPS)
    job.result = {
        "wave": job.arguments["wave"],
        "reports": list(found.reports),
        "faults": [
            {"place": f.place, "reason": f.reason.as_dict(), "remedy": f.remedy.as_dict()}
            for f in found.faults
        ],
        "at": found.at.isoformat(),
    }


def last_weighting(
    house: House, actor: Actor, wave_id: int
) -> tuple[JobView | None, WeightingView | None]:
    """The last such job of this account for the wave, and what the last finished one found."""
    last, found = None, None
    for job in mine(house, actor):
        if job.kind != KIND or job.result.get("wave", wave_id) != wave_id:
            continue
        last = last or job
        if job.state == "done" and found is None:
            found = _view(job.result)
    return last, found


def _view(result: Any) -> WeightingView:
    return WeightingView(
        result["reports"],
        [
            Fault(each["place"], Text.of(each["reason"]), Text.of(each["remedy"]))
            for each in result["faults"]
        ],
        datetime.fromisoformat(result["at"]),
    )


jobs.KINDS[KIND] = weighting_job
