"""The list of releases, and making a new one."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.domain.errors import NotFound
from app.domain.permissions import Verb
from app.storage.releases import releases_of
from app.storage.territories import ProgrammeRow
from app.storage.waves import waves_of
from app.web.entrance import enters
from app.web.evaluators import states
from app.web.evaluators.entry import blueprint
from app.web.pages import house
from app.workflows import opening_counts, opening_results, own_jobs
from app.workflows.acting import Actor
from app.workflows.evaluate import KIND, start_release

STATES = {
    "waiting": _l("waiting"),
    "running": _l("under way"),
    "stopping": _l("stopping"),
    "done": _l("done"),
    "failed": _l("not made"),
    "cancelled": _l("stopped"),
}


@blueprint.get("")
@enters(Verb.RELEASE_VIEW)
def releases() -> ResponseReturnValue:
    """Every release of the programme; who may, makes another."""
    actor: Actor = g.actor
    with house().database.read() as session:
        found = releases_of(session, actor.programme_id)
        code = session.get_one(ProgrammeRow, actor.programme_id).code
        every = waves_of(session, actor.programme_id)
    waves = [wave for wave in every if wave.opened_at]
    planned = every if actor.scope(Verb.FIELDWORK_VIEW) else ()
    may_publish = actor.may(Verb.RELEASE_PUBLISH)
    drawings = opening_results.drawings(house(), actor) if may_publish else {}
    asked = [job for job in own_jobs.mine(house(), actor) if job.kind == KIND][:3]
    working = [job for job in asked if job.state != "done"]
    return render_template(
        "evaluators/releases.html",
        releases=found,
        waves=waves,
        working=working,
        forecasts=planned,
        state_words=STATES,
        release_states=states.STATES,
        may_publish=may_publish,
        drawings=drawings,
        readable=any(row.state == "published" and row.id not in drawings for row, *_ in found),
        public=opening_results.is_public(house(), actor),
        counts=opening_counts.are_asked(house(), actor),
        programme_code=code,
        correctable=lambda wave_id: [
            release
            for release, _cut, wave in found
            if wave.id == wave_id and release.state in ("published", "withdrawn")
        ],
        may_make=actor.may(Verb.RELEASE_CREATE),
    )


@blueprint.post("/make/<int:wave_id>")
@enters(Verb.RELEASE_CREATE)
def make(wave_id: int) -> ResponseReturnValue:
    """Start the job that freezes the data and makes the release."""
    corrects = request.form.get("corrects", type=int)
    job = start_release(house(), g.actor, wave_id, corrects)
    return redirect(url_for("evaluators.making", job_id=job), 303)


@blueprint.get("/making/<int:job_id>")
@enters(Verb.RELEASE_CREATE)
def making(job_id: int) -> ResponseReturnValue:
    """How far the making of a release is; once done, the release itself."""
    job = own_jobs.one(house(), g.actor, job_id)
    if job.kind != KIND:
        raise NotFound
    if job.state == "done" and job.result.get("release"):
        return redirect(url_for("evaluators.overview", release_id=job.result["release"]), 303)
    return render_template("evaluators/making.html", job=job)


@blueprint.post("/making/<int:job_id>/cancel")
@enters(Verb.RELEASE_CREATE)
def cancel_making(job_id: int) -> ResponseReturnValue:
    """Ask the job to stop; nothing of it is kept."""
    own_jobs.cancel(house(), g.actor, job_id)
    return redirect(url_for("evaluators.making", job_id=job_id), 303)


@blueprint.post("/public")
@enters(Verb.RELEASE_PUBLISH)
def set_public() -> ResponseReturnValue:
    """Show published releases to everybody, or to nobody else."""
    opening_results.set_public(house(), g.actor, public=bool(request.form.get("public")))
    return redirect(url_for("evaluators.releases"), 303)


@blueprint.post("/counts")
@enters(Verb.RELEASE_PUBLISH)
def set_counts() -> ResponseReturnValue:
    """Let anybody ask for counts of published releases, or nobody any more."""
    opening_counts.set_counts(house(), g.actor, asked=bool(request.form.get("counts")))
    return redirect(url_for("evaluators.releases"), 303)
