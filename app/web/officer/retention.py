"""What is removed, and when: set aside first, and kept longer by the officer with a reason."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import BadInput
from app.domain.permissions import Verb
from app.domain.retention import CLASSES
from app.web.entrance import enters
from app.web.officer.entry import PARIS, blueprint
from app.web.pages import house, problems_of
from app.workflows import auditing, retaining
from app.workflows.acting import Actor


@blueprint.get("/retention")
@enters(Verb.DOSSIER_WRITE)
def retention() -> ResponseReturnValue:
    """What ends within thirty days or waits for its removal, and how long each class is kept."""
    return _page({})


@blueprint.post("/retention/<int:wave_id>/<name>")
@enters(Verb.DOSSIER_APPROVE)
def retention_keep(wave_id: int, name: str) -> ResponseReturnValue:
    """Keep a class of a wave until a day."""
    sent = request.form
    try:
        until, because = sent.get("until", ""), sent.get("because", "")
        retaining.keep_until(house(), g.actor, wave_id, name, until, because)
    except BadInput as refusal:
        return _page(problems_of(refusal), (wave_id, name)), 422
    return redirect(url_for("officer.retention"), 303)


def _page(problems: dict[str, str], at: tuple[int, str] | None = None) -> str:
    actor: Actor = g.actor
    return render_template(
        "officer/retention.html",
        found=retaining.due(house(), actor.programme_id),
        classes=CLASSES,
        log_since=auditing.too_old(house()),
        may_keep=actor.may(Verb.DOSSIER_APPROVE),
        problems=problems,
        at=at,
        sent=request.form,
        paris=PARIS,
    )
