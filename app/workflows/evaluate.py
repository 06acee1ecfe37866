"""From the responses that count to a release: the data cut, the assessment, and its record.

The same cut gives the same figures and the same files, byte for byte. The job ``release`` does
both steps; repeating it changes nothing, since equal content is not stored twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.domain.errors import Conflict, NotFound
from app.domain.permissions import Grant, Role, Verb
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage import cuts, releases
from app.storage.database import now
from app.storage.extract import refresh
from app.storage.extract_reading import modes
from app.storage.moments_cache import forget_moments
from app.storage.partials import rule_of
from app.storage.releases import DataCut, Release
from app.storage.territories import territories_of
from app.storage.waves import Wave, wave_by_id
from app.workflows import jobs
from app.workflows.acting import Actor, House, act, require
from app.workflows.assessing import Made, made_from, settings
from app.workflows.besides import frozen_beside
from app.workflows.jobs import JobHandle
from app.workflows.opening_counts import counts_again
from app.workflows.release_files import keep_files
from app.workflows.weighing import frozen_totals

KIND = "release"
STEPS = 3


def start_release(house: House, actor: Actor, wave_id: int, corrects: int | None = None) -> int:
    """Start the job that cuts the wave's data and makes a release of them; the job's id.

    ``corrects``: the published or withdrawn release of the same wave that the new one corrects.
    """
    require(house, actor, Verb.CUT_CREATE)
    with act(house, actor, Verb.RELEASE_CREATE, thing=f"wave:{wave_id}") as acted:
        wave = wave_by_id(acted.session, actor.programme_id, wave_id)
        if wave is None:
            raise NotFound
        _opened(wave)
        if corrects is not None:
            _correctable(acted.session, wave_id, corrects)
        arguments = {"wave": wave_id, "corrects": corrects}
        return jobs.start(house, actor, KIND, arguments, session=acted.session)


def _correctable(session: Session, wave_id: int, release_id: int) -> None:
    several = releases.earlier_releases(session, wave_id, None)
    old = next((each for each in several if each.id == release_id), None)
    if old is None or old.state not in ("published", "withdrawn"):
        raise NotFound


def _opened(wave: Wave) -> None:
    if wave.opened_at is None:
        raise Conflict(
            Text.of(
                fr="Cette vague n’est pas ouverte\u00a0: il n’y a pas encore de réponses.",
                en="This wave is not open: there are no answers yet.",
            )
        )


def release_job(house: House, job: JobHandle) -> None:
    """The job: cut, assess, keep. Its result names the cut and the release."""
    with house.database.read() as session:
        territories = territories_of(session, job.programme_id)
    actor = Actor(
        programme_id=job.programme_id,
        territories=territories,
        grants=(Grant(Role.EVALUATOR, NATION),),  # the right was checked when the job was started
        account_id=job.made_by,
        origin="job",
    )
    job.progress(0, STEPS)
    cut_id = make_cut(house, actor, int(job.arguments["wave"]))
    job.progress(1, STEPS)
    corrects = job.arguments.get("corrects")
    release_id = make_release(house, actor, cut_id, corrects=corrects, tell=job.progress)
    job.progress(STEPS, STEPS)
    job.result = {"cut": cut_id, "release": release_id}


def make_cut(house: House, actor: Actor, wave_id: int) -> int:
    """Freeze the wave's responses that count (``storage.extract``); the cut's id.

    Where nothing changed since the last cut, that one. Raises NotFound, NotAllowed, Conflict.
    """
    require(house, actor, Verb.CUT_CREATE)
    with house.database.read() as session:
        wave = wave_by_id(session, actor.programme_id, wave_id)
        if wave is None:
            raise NotFound
        _opened(wave)
        if cuts.forget_withdrawn(session, house.folder, wave_id):
            forget_moments(house.folder, wave_id)
    refresh(house.database, house.folder, wave_id)
    with house.database.read() as session:
        last = next(reversed(releases.earlier_releases(session, wave_id, None)), None)
        before = None if last is None else _released(house, session, last)
    frozen = cuts.freeze(house.folder, wave_id, before, settings().threshold)
    with house.database.read() as session:
        counts: dict[str, Any] = {
            "cells": cuts.collection_counts(session, wave_id),
            "submitted": dict(frozen.submitted),
            "partial": dict(frozen.partial),
            "partials_from": rule_of(session, wave_id),
            "modes": {name: dict(sorted(c.items())) for name, c in _modes(house, frozen).items()},
            "waiting": dict(frozen.waiting),
            "revisions": frozen.revisions,
            "beside": frozen_beside(session, wave),
            "weighting": frozen_totals(session, wave),
        }
        made = next(reversed(releases.cuts_of(session, wave_id)), None)
    if made is not None and (made.checksum, made.counts) == (frozen.checksum, counts):
        return made.id
    with act(house, actor, Verb.CUT_CREATE) as acted:
        cut = DataCut(
            wave_id=wave_id,
            made_at=now(),
            made_by=actor.account_id,
            membership=frozen.membership,
            counts=counts,
            extract=frozen.folder,
            checksum=frozen.checksum,
        )
        acted.session.add(cut)
        acted.session.flush()
        acted.thing = f"cut:{cut.id}"
        acted.details = {
            "responses": sum(frozen.submitted.values()),
            "partial": sum(frozen.partial.values()),
        }
        return cut.id


def _released(house: House, session: Session, last: Release) -> cuts.Released:
    cut = session.get_one(DataCut, last.cut_id)
    return cuts.Released(
        cuts.members_of(session, cut.id),
        house.folder / cut.extract,
        cuts.replaced(session, cut.wave_id),
    )


def _modes(house: House, frozen: cuts.FrozenExtract) -> dict[str, Any]:
    return dict(modes(house.folder / frozen.folder))


def make_release(
    house: House,
    actor: Actor,
    cut_id: int,
    *,
    corrects: int | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> int:
    """Assess a cut, protect it as a whole and keep it; the release's id.

    Where the cut already gave exactly these figures, that release. Raises NotFound, NotAllowed.
    """
    require(house, actor, Verb.RELEASE_CREATE)
    made = _made(house, actor.programme_id, cut_id, before=None)
    if tell is not None:
        tell(2, STEPS)  # whoever asked to stop is heard here
    with house.database.read() as session:
        for row in releases.earlier_releases(session, made.wave_id, None):
            if row.cut_id == cut_id and row.figures == made.figures and corrects is None:
                return row.id
    with act(house, actor, Verb.RELEASE_CREATE) as acted:
        row = Release(
            cut_id=cut_id,
            number=releases.next_number(acted.session, cut_id),
            made_at=now(),
            made_by=actor.account_id,
            threshold=made.threshold,
            manifest=made.manifest,
            figures=made.figures,
            protection=made.protection,
            checksum=made.checksum,
            corrects_id=corrects,
        )
        acted.session.add(row)
        acted.session.flush()
        releases.add_memberships(acted.session, row.id, sorted(made.memberships.items()))
        acted.thing = f"release:{row.id}"
        acted.details = {"figures": len(made.figures["observations"])}
    keep_files(house.folder, made.checksum, made.files)
    return row.id


def verify_release(house: House, actor: Actor, release_id: int) -> dict[str, Any]:
    """Make the release again and compare: what is the same, and what an erasure took away.

    ``figures``, ``files``, and ``counts`` where it has any: whether they come out the same;
    ``erased``: responses of the cut whose answers are gone. Raises NotFound, NotAllowed.
    """
    require(house, actor, Verb.RELEASE_VIEW)
    with house.database.read() as session:
        row = releases.release_of(session, actor.programme_id, release_id)
        if row is None:
            raise NotFound
        release, cut, _wave = row
        erased = cuts.erased_since(house.folder, cut)
    counts = counts_again(house, actor.programme_id, release_id)
    made = _made(house, actor.programme_id, cut.id, before=release)
    again = made.manifest["files"]
    return {
        "figures": made.figures == release.figures,
        "files": all(again.get(name) == sum_ for name, sum_ in release.manifest["files"].items()),
        "erased": erased,
    } | ({} if counts is None else {"counts": counts})


def _made(house: House, programme_id: int, cut_id: int, before: Release | None) -> Made:
    with house.database.read() as session:
        row = releases.cut_of(session, programme_id, cut_id)
        if row is None:
            raise NotFound
        cut, wave = row
        return made_from(house, session, cut, wave, before)


jobs.KINDS[KIND] = release_job
