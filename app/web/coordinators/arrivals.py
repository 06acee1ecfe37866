"""The page that imports completed responses from a file."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Conflict
from app.domain.permissions import Verb
from app.interchange.responses_csv import FIXED
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor
from app.web.entrance import enters
from app.web.pages import house
from app.workflows import waves
from app.workflows.arrival_job import start_import


@blueprint.get("/waves/<int:wave_id>/responses")
@enters(Verb.RESPONSES_IMPORT)
def wave_responses(wave_id: int) -> ResponseReturnValue:
    """A file to bring: checked only, or imported."""
    return _page(wave_id, "")


@blueprint.post("/waves/<int:wave_id>/responses")
@enters(Verb.RESPONSES_IMPORT)
def wave_responses_start(wave_id: int) -> ResponseReturnValue:
    """Start the check or the import; it goes on in the background."""
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    if not content:
        return _page(wave_id, _("Choose a file: none came, or an empty one.")), 422
    dry_run = request.form.get("do") != "import"
    try:
        job_id = start_import(house(), actor(), wave_id, content, dry_run=dry_run)
    except Conflict as refusal:
        return _page(wave_id, refusal.message.in_(actor().language)), 422
    return redirect(url_for("coordinators.wave_job", job_id=job_id), 303)


def _page(wave_id: int, problem: str) -> str:
    wave = waves.wave(house(), actor(), wave_id)
    return render_template("coordinators/responses.html", wave=wave, problem=problem, columns=FIXED)
