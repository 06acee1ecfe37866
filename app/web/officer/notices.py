"""Notices on personal data: every version, and the form that publishes the next."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest

from app.domain.errors import BadInput
from app.domain.permissions import Verb
from app.storage.territories import programme_by_id
from app.web.entrance import enters
from app.web.officer.entry import PARIS, blueprint
from app.web.pages import house, problems_of
from app.workflows import notices as acts

WORDS = {
    "participants": _l("For participants"),
    "described": _l("For the people whom others describe"),
}


@blueprint.get("/notices")
@enters(Verb.WAVE_VIEW)
def notices() -> ResponseReturnValue:
    """Every version of both notices, newest first."""
    return _page({}, {})


@blueprint.post("/notices")
@enters(Verb.DOSSIER_WRITE)
def notice_publish() -> ResponseReturnValue:
    """Publish the next version of one of them."""
    kind = next((each for each in acts.KINDS if each == request.form.get("kind")), None)
    if kind is None:
        raise BadRequest
    tags = (*acts.LANGUAGES, *acts.EASY_LANGUAGES)
    wordings = {tag: request.form.get(f"text_{tag}", "") for tag in tags}
    try:
        acts.publish_notice(house(), g.actor, kind, wordings)
    except BadInput as refusal:
        return _page(problems_of(refusal), request.form), 422
    return redirect(url_for("officer.notices"), 303)


def _page(problems: dict[str, str], sent: Any) -> str:
    found = acts.notices(house(), g.actor)
    with house().database.read() as session:
        row = programme_by_id(session, g.actor.programme_id)
    return render_template(
        "officer/notices.html",
        notices=found,
        newest={
            kind: next((each for each in found if each.kind == kind), None) for kind in acts.KINDS
        },
        kinds=list(WORDS.items()),
        programme=row.code if row else "",
        may_write=g.actor.may(Verb.DOSSIER_WRITE),
        problems=problems,
        sent=sent,
        paris=PARIS,
    )
