"""Pages of the paper questionnaire: one blank, or one for each person as background work."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Conflict
from app.domain.permissions import Verb
from app.domain.questionnaire import Audience
from app.web.coordinators.entry import blueprint
from app.web.coordinators.field_words import actor, places
from app.web.entrance import enters
from app.web.pages import house, in_language
from app.workflows import papers as acts
from app.workflows import waves


@blueprint.get("/waves/<int:wave_id>/papers")
@enters(Verb.LETTERS_PRINT)
def wave_papers(wave_id: int) -> ResponseReturnValue:
    """Choose what to print."""
    return _page(wave_id, {})


def _page(wave_id: int, problems: dict[str, str]) -> str:
    return render_template(
        "coordinators/papers.html",
        wave=waves.wave(house(), actor(), wave_id),
        places=places(Verb.LETTERS_PRINT),
        problems=problems,
        sent=request.form,
    )


@blueprint.post("/waves/<int:wave_id>/papers")
@enters(Verb.LETTERS_PRINT)
def wave_papers_start(wave_id: int) -> ResponseReturnValue:
    """Start the printing; it goes on in the background."""
    territory = request.form.get("territory", "")
    if territory not in places(Verb.LETTERS_PRINT):
        return _page(wave_id, {"territory": _("Choose a territory.")}), 422
    try:
        job_id = acts.start_papers(
            house(),
            actor(),
            wave_id,
            territory,
            request.form.get("audience") or None,
            asked_only=request.form.get("who") != "all",
        )
    except Conflict as refusal:
        return _page(wave_id, {"territory": in_language(refusal.message)}), 422
    return redirect(url_for("coordinators.wave_job", job_id=job_id), 303)


@blueprint.get("/waves/<int:wave_id>/papers/blank.pdf")
@enters(Verb.LETTERS_PRINT)
def wave_paper_blank(wave_id: int) -> ResponseReturnValue:
    """One questionnaire without a code."""
    territory = request.args.get("territory", "")
    audience = request.args.get("audience", Audience.ELDERLY.value)
    wanted = request.args.get("language", "fr")
    content = acts.blank_paper(house(), actor(), wave_id, territory, audience, wanted)
    name = f"questionnaire-{territory}-{audience}-{wanted}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="application/pdf", headers=headers)
