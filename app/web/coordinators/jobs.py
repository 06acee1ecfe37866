"""Pages of one's own background work: progress, stopping, fetching what was made."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.permissions import Verb
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import JOB_KINDS, JOB_STATES, actor, names
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import own_jobs

TYPES = {"pdf": "application/pdf", "zip": "application/zip"}


@blueprint.get("/jobs")
@enters(Verb.WAVE_VIEW)
def wave_jobs() -> ResponseReturnValue:
    """The work that this account started, newest first."""
    return render_template(
        "coordinators/jobs.html",
        jobs=own_jobs.mine(house(), actor()),
        kind_words=JOB_KINDS,
        job_state_words=JOB_STATES,
        names=names(),
    )


@blueprint.get("/jobs/<int:job_id>")
@enters(Verb.WAVE_VIEW)
def wave_job(job_id: int) -> ResponseReturnValue:
    """One job: how far it is, what came of it."""
    return render_template(
        "coordinators/job.html",
        job=own_jobs.one(house(), actor(), job_id),
        kind_words=JOB_KINDS,
        job_state_words=JOB_STATES,
        names=names(),
    )


@blueprint.post("/jobs/<int:job_id>/cancel")
@enters(Verb.WAVE_VIEW)
def wave_job_cancel(job_id: int) -> ResponseReturnValue:
    """Ask the job to stop."""
    own_jobs.cancel(house(), actor(), job_id)
    return redirect(url_for("coordinators.wave_job", job_id=job_id), 303)


@blueprint.post("/jobs/<int:job_id>/file")
@enters(Verb.WAVE_VIEW)
def wave_job_file(job_id: int) -> Response:
    """Hand the file out, once."""
    name, content = own_jobs.take_file(house(), actor(), job_id)
    kind = TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=kind, headers=headers)
