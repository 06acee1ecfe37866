"""Free text: reviewed word by word before evaluators may read it, and what they may read."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import Conflict
from app.domain.permissions import Verb
from app.web.entrance import enters
from app.web.officer.entry import blueprint
from app.web.pages import house
from app.workflows import passages as acts
from app.workflows.waves import wave


@blueprint.get("/passages/<int:wave_id>")
@enters(Verb.PASSAGE_REVIEW)
def passages(wave_id: int) -> ResponseReturnValue:
    """The next free texts of a wave, each word with a box that masks it."""
    found = acts.waiting(house(), g.actor, wave_id)
    return render_template(
        "officer/passages.html",
        wave=wave(house(), g.actor, wave_id),
        found=found,
        stale="stale" in request.args,
    )


@blueprint.post("/passages/<int:wave_id>/<int:response_id>/<item>")
@enters(Verb.PASSAGE_REVIEW)
def passage_review(wave_id: int, response_id: int, item: str) -> ResponseReturnValue:
    """Clear one text, some of its words masked, or withhold it."""
    hidden = request.form.getlist("hidden", type=int)
    withhold = request.form.get("decision") == "withhold"
    stale = None
    try:
        acts.review(house(), g.actor, response_id, item, hidden, withhold=withhold)
    except Conflict:
        stale = 1
    return redirect(url_for("officer.passages", wave_id=wave_id, stale=stale), 303)


@blueprint.get("/passages/<int:wave_id>/readable")
@enters(Verb.RELEASE_VIEW)
def passages_readable(wave_id: int) -> ResponseReturnValue:
    """What was cleared, by question."""
    return render_template(
        "officer/passages_readable.html",
        wave=wave(house(), g.actor, wave_id),
        found=acts.readable(house(), g.actor, wave_id),
    )
